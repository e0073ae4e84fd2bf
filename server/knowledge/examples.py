"""The examples on pages that explain how to ask: entities of the base itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ..namespaces import Namespaces
from ..records.examples import ExampleQuery, Examples, InferredExample
from ..records.files import read_records, write_records
from ..records.pages import EntityRef
from ..sparql.queries import narrowed, question
from ..sparql.terms import Iri
from ..store.interface import Queryable
from ..turtle.base import Base
from ..validation.example_files import read_examples
from .rows import ref_of

QUERIES: Final = "examples.json"
"""The file of a release that has the example queries of its base."""


def write_example_queries(folder: Path, base: Base) -> None:
    """Write the example queries of a base into the folder of a release."""
    write_records(folder / QUERIES, read_examples(base)[0])


def example_queries_in(folder: Path) -> tuple[ExampleQuery, ...]:
    """Return the example queries of a release. Raises UnreadableError when their file is damaged."""
    return read_records(folder / QUERIES, ExampleQuery)


def examples(store: Queryable, namespaces: Namespaces, chosen: Sequence[str]) -> Examples:
    """Return the examples of a base: of the entities `chosen` by the base those in use, else those with the most edges.

    An empty base has none.
    """
    found: dict[str, EntityRef] = {}
    if chosen:
        rows = store.select(narrowed(question("example_entities"), {"entity": [f"<{iri}>" for iri in chosen]}))
        in_use = {str(row["entity"]): ref_of(row) for row in rows}
        found = {iri: in_use[iri] for iri in chosen if iri in in_use}
    if not found:
        rows = store.select(question("most_connected"))
        found = {str(row["entity"]): ref_of(row) for row in rows[:1]}
    if not found:
        return Examples()
    entity, *more = found.values()
    others = [ref_of(row, "other") for row in store.select(question("example_other"), {"entity": Iri(entity.iri)})]
    apart = [one for one in others if one.class_name != entity.class_name]
    inferred = [
        InferredExample(entity, namespaces.compact(str(row["predicate"])), str(row["phrase"]), ref_of(row, "other"))
        for row in store.select(question("example_inferred"), {"entity": Iri(entity.iri)})
    ]
    return Examples(entity, next(iter((*more, *apart, *others)), None), next(iter(inferred), None))
