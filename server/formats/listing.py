"""The list of a class in plain formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from ..records.evidence import AGAINST, FOR, QUALIFYING, Weight
from ..records.lists import ClassSummary, ListedEntity
from .writing import ref_record, weight_record, write_csv, write_json

COLUMNS = ("id", "iri", "label", "definition", "status", "issued", "edges", "for", "against", "qualifying", "contested")
_NONE: Final[Mapping[str, Weight]] = MappingProxyType({})


def listing_json(summary: ClassSummary, listed: Sequence[ListedEntity], weights: Mapping[str, Weight] = _NONE) -> str:
    """Return a class and its entities in use as plain JSON; `weights` are what speaks for and against them, by IRI."""
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
                    "evidence": weight_record(weights.get(one.entity.iri)),
                }
                for one in listed
            ],
        }
    )


def listing_csv(listed: Sequence[ListedEntity], weights: Mapping[str, Weight] = _NONE) -> str:
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
            *_weight_cells(weights.get(one.entity.iri)),
        )
        for one in listed
    )
    return write_csv(COLUMNS, rows)


def _weight_cells(weight: Weight | None) -> tuple[object, ...]:
    if weight is None:
        return ("",) * 4
    counts = weight.counts
    return counts[FOR], counts[AGAINST], counts[QUALIFYING], "true" if weight.is_contested else "false"
