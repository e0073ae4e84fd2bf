"""The neighbourhood of an entity in plain formats: JSON has an item for each neighbour, CSV a row for each edge."""

from __future__ import annotations

from collections.abc import Mapping

from ..records.pages import Neighbourhood
from .writing import facts_in_line, link_record, ref_record, write_csv, write_json

COLUMNS = (
    *("neighbour", "iri", "label", "class", "edge_count"),
    *("edge", "predicate", "direction", "note", "source", "locator", "confidence", "status"),
    *("version", "read_at", "facts"),
)
"""First what is said of the neighbour, then what is said of the edge."""


def neighbourhood_json(found: Neighbourhood, pages: Mapping[str, object]) -> str:
    """Return a page as JSON; `pages` says which it is, and where the others are."""
    return write_json(
        {
            "entity": ref_record(found.entity),
            "class": found.selection.classes,
            "predicate": found.selection.predicates,
            "direction": found.selection.directions,
            "neighbours": found.neighbours,
            "edges": found.edges,
            "classes": dict(found.counts),
            **pages,
            "items": [
                {
                    **ref_record(neighbour.entity),
                    "edge_count": neighbour.edge_count,
                    "edges": [link_record(link) for link in neighbour.links],
                }
                for neighbour in found.items
            ],
        }
    )


def neighbourhood_csv(found: Neighbourhood) -> str:
    """Return the edges on a page as CSV."""
    rows = []
    for neighbour in found.items:
        ref = neighbour.entity
        mentioned = (ref.curie, ref.iri, ref.label, ref.class_name, neighbour.edge_count)
        for link in neighbour.links:
            source = link.source.curie if link.source else ""
            edge = (link.edge, link.predicate, link.direction, link.note, source)
            said = (link.version, " ; ".join(link.read_at), facts_in_line(link.facts))
            rows.append((*mentioned, *edge, link.locator, link.confidence, link.status, *said))
    return write_csv(COLUMNS, rows)
