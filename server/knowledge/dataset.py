"""The dataset as a whole: what it says of itself, and how much of what it holds, counted in the store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ..namespaces import DCAT, DCTERMS, FOAF, VOID, is_web_address
from ..records.dataset import DatasetSummary, Part
from ..records.dates import date_of
from ..records.languages import Text
from ..records.site import DatasetHeader, Licence
from ..schema.schema import Schema
from ..sparql.queries import question
from ..sparql.terms import Row, Value
from ..store.interface import Queryable


def dataset_header(store: Queryable, preferred: str = "") -> DatasetHeader:
    """Return how the ontology describes the base as a dataset.

    Of several datasets the one that is called `preferred` counts, else the first. A base that describes none goes by
    the name and the licence of its ontology.
    """
    by_dataset: defaultdict[str, list[Row]] = defaultdict(list)
    for row in store.select(question("dataset_header")):
        by_dataset[str(row["dataset"])].append(row)
    iri = preferred if preferred in by_dataset else min(by_dataset, default="")
    rows = by_dataset.get(iri, [])

    def said(property_: str) -> list[Value]:
        values = dict.fromkeys(row["value"] for row in rows if row["property"] == property_)
        return sorted(values, key=lambda value: isinstance(value, Text))

    def first(property_: str) -> str:
        return str(next(iter(said(property_)), ""))

    def labels(property_: str) -> dict[str, str]:
        return {str(row["value"]): str(row.get("label", "")) for row in reversed(rows) if row["property"] == property_}

    publishers = labels(f"{DCTERMS}publisher")
    publisher = min(publishers, default="")
    [ontology, *_] = store.select(question("ontology_header")) or [{}]
    return DatasetHeader(
        iri=iri,
        title=first(f"{DCTERMS}title") or str(ontology.get("title", "")),
        description=first(f"{DCTERMS}description") or str(ontology.get("description", "")),
        abstract=first(f"{DCTERMS}abstract"),
        publisher=publisher,
        publisher_name=publishers.get(publisher, ""),
        keywords=tuple(str(value) for value in said(f"{DCAT}keyword")),
        licences=_licences(labels(f"{DCTERMS}license").items())
        or _licences(
            (str(row["licence"]), str(row.get("label", ""))) for row in store.select(question("dataset_licences"))
        ),
        homepage=first(f"{FOAF}homepage"),
        contact=first(f"{DCAT}contactPoint"),
        languages=tuple(str(value) for value in said(f"{DCTERMS}language")),
        examples=tuple(str(value) for value in said(f"{VOID}exampleResource")),
    )


def dataset_summary(store: Queryable, schema: Schema, preferred: str = "") -> DatasetSummary:
    """Count what a store holds; `preferred` as in `dataset_header`."""
    header = dataset_header(store, preferred)
    [totals] = store.select(question("dataset_totals"))
    issued = (date_of(str(row["issued"])) for row in store.select(question("dataset_dates", schema.roles)))
    dates = [date for date in issued if date]
    ranked = (str(row["entity"]) for row in store.select(question("dataset_examples")))
    return DatasetSummary(
        triples=int(totals["triples"]),
        subjects=int(totals["subjects"]),
        objects=int(totals["objects"]),
        entities=int(totals["entities"]),
        graphs=_parts(store.select(question("dataset_graphs"))),
        classes=_parts(store.select(question("dataset_classes"))),
        properties=_parts(store.select(question("dataset_properties"))),
        examples=header.examples or tuple(ranked),
        licences=tuple(licence.iri for licence in header.licences),
        title=header.title,
        description=header.description,
        publisher=header.publisher,
        publisher_name=header.publisher_name,
        keywords=header.keywords,
        period=(min(dates).iso, max(dates).iso) if dates else None,
    )


def _licences(found: Iterable[tuple[str, str]]) -> tuple[Licence, ...]:
    by_iri = {iri: Licence(iri, label) for iri, label in found if is_web_address(iri)}
    return tuple(by_iri[iri] for iri in sorted(by_iri))


def _parts(rows: list[Row]) -> tuple[Part, ...]:
    return tuple(Part(str(row["part"]), int(row["count"])) for row in rows)
