"""An entity in plain formats. docs/addresses.md says what each member and column means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..records.candidates import Pair, Related
from ..records.evidence import Weight
from ..records.pages import EntityPage, Link, Neighbour
from .writing import facts_in_line, ref_record, said_of, weight_record, write_csv, write_json

COLUMNS = (
    "class",
    "id",
    "iri",
    "label",
    "edges",
    "direction",
    "predicate",
    "phrase",
    "note",
    "source",
    "locator",
    "confidence",
    "status",
    "edge",
    "version",
    "read_at",
    "facts",
)
"""The columns of a neighbourhood: a row for each edge, so a neighbour that is joined twice has two."""


def entity_json(page: EntityPage, related: Related, weight: Weight | None = None) -> str:
    """Return an entity with its facts, its neighbourhood and what is near to it as plain JSON."""
    return write_json(
        {
            **ref_record(page.entity),
            "type": page.type_label,
            "status": page.status,
            "altLabels": page.alt_labels,
            "definition": page.entity.definition,
            "facts": [{"name": one.name, "value": one.value, "href": one.href or None} for one in page.facts],
            "sources": page.sources,
            "evidence": weight_record(weight),
            "neighbours": page.neighbours,
            "neighbourhood": [
                {
                    "class": group.class_name,
                    "label": group.plural,
                    "count": len(group.neighbours),
                    "neighbours": [neighbour_record(one) for one in group.neighbours],
                }
                for group in page.groups
            ],
            "related": {
                "model": related.thresholds.model or None,
                "threshold": related.thresholds.threshold,
                "labelThreshold": related.thresholds.label_threshold,
                "count": len(related.pairs),
                "candidates": [_candidate_record(pair, page.entity.iri) for pair in related.pairs],
            },
        }
    )


def entity_csv(page: EntityPage) -> str:
    """Return the neighbourhood of an entity as CSV."""
    return write_csv(COLUMNS, (row for group in page.groups for one in group.neighbours for row in neighbour_rows(one)))


def neighbour_record(neighbour: Neighbour) -> dict[str, Any]:
    """Return a neighbour as JSON."""
    return {
        **ref_record(neighbour.entity),
        "definition": neighbour.entity.definition,
        "edges": neighbour.edge_count,
        "links": [_link_record(link) for link in neighbour.links],
    }


def neighbour_rows(neighbour: Neighbour) -> Iterator[tuple[object, ...]]:
    """Yield a row of COLUMNS for each edge that joins a neighbour."""
    ref = neighbour.entity
    for link in neighbour.links:
        yield (
            ref.class_name,
            ref.curie,
            ref.iri,
            ref.label,
            neighbour.edge_count,
            link.direction.value,
            link.predicate,
            link.label,
            link.note,
            link.source.curie if link.source else "",
            link.locator,
            link.confidence,
            link.status,
            link.edge,
            link.version,
            " ; ".join(link.read_at),
            facts_in_line(link.facts),
        )


def _candidate_record(pair: Pair, iri: str) -> dict[str, Any]:
    other, known = pair.other(iri), pair.signals
    return {
        "candidate": pair.id,
        **ref_record(other),
        "definition": other.definition,
        "score": known.cosine,
        "strong": pair.strong,
        "correctedScore": known.corrected,
        "labelScore": known.label,
        "sharedScore": known.shared,
        "sharesIdentifier": known.identifier,
        "worth": pair.worth,
        "state": pair.state,
    }


def _link_record(link: Link) -> dict[str, Any]:
    return {
        "edge": link.edge,
        "predicate": link.predicate,
        "phrase": link.label,
        "direction": link.direction.value,
        "note": link.note or None,
        "source": ref_record(link.source) if link.source else None,
        **said_of(link),
        "confidence": float(link.confidence) if link.confidence else None,
        "status": link.status,
    }
