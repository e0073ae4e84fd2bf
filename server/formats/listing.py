"""The list of a class in plain formats."""

from __future__ import annotations

from collections.abc import Sequence

from ..records.lists import ClassSummary, ListedEntity
from .writing import ref_record, write_csv, write_json

COLUMNS = ("id", "iri", "label", "definition", "status", "issued", "edges")


def listing_json(summary: ClassSummary, listed: Sequence[ListedEntity]) -> str:
    """Return a class and its entities in use as plain JSON."""
    return write_json(
        {
            "class": summary.name,
            "label": summary.label,
            "plural": summary.plural,
            "definition": summary.definition,
            "count": summary.count,
            "entities": [
                {
                    **ref_record(one.entity),
                    "definition": one.entity.definition,
                    "status": one.status,
                    "issued": one.issued or None,
                    "edges": one.edge_count,
                }
                for one in listed
            ],
        }
    )


def listing_csv(listed: Sequence[ListedEntity]) -> str:
    """Return the entities of a class as CSV."""
    rows = (
        (
            one.entity.curie,
            one.entity.iri,
            one.entity.label,
            one.entity.definition,
            one.status,
            one.issued,
            one.edge_count,
        )
        for one in listed
    )
    return write_csv(COLUMNS, rows)
