"""The dataset as a whole: how much of what it holds, counted in the store."""

from __future__ import annotations

from ..records.dataset import DatasetSummary, Part
from ..sparql.queries import question
from ..sparql.terms import Row
from ..store.interface import Queryable


def dataset_summary(store: Queryable) -> DatasetSummary:
    """Count what a store holds."""
    [totals] = store.select(question("dataset_totals"))
    headers = store.select(question("dataset_header"))
    # A base that does not describe itself goes by the name of its ontology.
    header = next(iter(headers or store.select(question("ontology_header"))), {})
    [period] = store.select(question("dataset_period"))
    return DatasetSummary(
        triples=int(totals["triples"]),
        subjects=int(totals["subjects"]),
        objects=int(totals["objects"]),
        entities=int(totals["entities"]),
        graphs=_parts(store.select(question("dataset_graphs"))),
        classes=_parts(store.select(question("dataset_classes"))),
        properties=_parts(store.select(question("dataset_properties"))),
        examples=tuple(str(row["entity"]) for row in store.select(question("dataset_examples"))),
        licences=licences(store),
        title=str(header.get("title", "")),
        description=str(header.get("description", "")),
        publisher=str(header.get("publisher", "")),
        publisher_name=str(header.get("publisher_name", "")),
        keywords=tuple(dict.fromkeys(str(row["keyword"]) for row in headers if "keyword" in row)),
        period=(str(period["first"]), str(period["last"])) if "first" in period else None,
    )


def licences(store: Queryable) -> tuple[str, ...]:
    """Return the IRIs of the licences under which the ontology, and with it the data, stand."""
    return tuple(str(row["licence"]) for row in store.select(question("dataset_licences")))


def _parts(rows: list[Row]) -> tuple[Part, ...]:
    return tuple(Part(str(row["part"]), int(row["count"])) for row in rows)
