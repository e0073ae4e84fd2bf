"""What is joined to an entity by class and date, as JSON and as a table."""

from __future__ import annotations

from ..records.by_year import ByYear
from .writing import ref_record, write_csv, write_json


def by_year_json(found: ByYear) -> str:
    """Return what is joined to an entity as plain JSON."""
    return write_json(
        {
            "entity": ref_record(found.entity),
            "total": found.total,
            "years": [
                {
                    "year": year,
                    "counts": {kin.class_name: count for kin, count in zip(found.kinds, counts, strict=True)},
                }
                for year, counts in found.years
            ],
            "classes": [
                {
                    "class": kin.class_name,
                    "label": kin.plural,
                    "count": len(kin.found),
                    "entities": [
                        {
                            **ref_record(met.listed.entity),
                            "issued": met.issued or None,
                            "by": ref_record(met.by) if met.by else None,
                        }
                        for met in kin.found
                    ],
                }
                for kin in found.kinds
            ],
        }
    )


def by_year_csv(found: ByYear) -> str:
    """Return what is joined to an entity as CSV; `by` is the work that has the date, if it is not the entity's own."""
    rows = (
        (
            kin.class_name,
            met.listed.entity.curie,
            met.listed.entity.iri,
            met.listed.entity.label,
            met.issued,
            met.by.curie if met.by else "",
        )
        for kin in found.kinds
        for met in kin.found
    )
    return write_csv(("class", "id", "iri", "label", "issued", "by"), rows)
