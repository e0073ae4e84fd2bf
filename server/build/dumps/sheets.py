"""The tables of a base for spreadsheets and for programs: entities, edges, and claims with what speaks for and against.

Each is a row by row view of the database of `tables.py`, written as CSV (RFC 4180), whose cells no spreadsheet runs,
or handed to `parquet.py` with every value as it is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final

from ...records.downloads import Column
from ...spreadsheets import write_harmless

Cell = str | int | float | list[str] | None
_NOTHING: Final[tuple[str, Iterator[sqlite3.Row]]] = ("", iter(()))
_BETWEEN: Final = " | "
"""What comes between several values in a cell of CSV."""


@dataclass(frozen=True)
class Sheet:
    """One table: its name, what it is called, its columns and rows."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[[], Iterator[Sequence[Cell]]]


_ENTITY: Final = (
    Column("id", "Identifier: the name of its class and its own, with a colon between"),
    Column("iri", "IRI"),
    Column("class", "Name of its page class"),
    Column("label", "Name in English"),
    Column("definition", "What it is, in English"),
    Column("status", "Status"),
    Column("replacedBy", "Identifier of the entity that took its place"),
    Column("otherNames", "Its other names, in any language", "texts"),
    Column("edges", "Number of its edges in use", "integer"),
)
_EDGE: Final = (
    Column("id", "CURIE of the edge"),
    Column("iri", "IRI of the edge"),
    Column("subject", "Identifier of the entity from which it starts"),
    Column("subjectLabel", "Name of that entity"),
    Column("subjectClass", "Class of that entity"),
    Column("predicate", "CURIE of its predicate"),
    Column("phrase", "The predicate as a phrase, read from the subject to the object"),
    Column("object", "Identifier of the entity at which it ends"),
    Column("objectLabel", "Name of that entity"),
    Column("objectClass", "Class of that entity"),
    Column("note", "What is said about the edge, in English"),
    Column("source", "Identifier of the entity that asserts it"),
    Column("sourceLabel", "Name of that entity"),
    Column("locator", "Place in the source"),
    Column("confidence", "Confidence, from 0 to 1", "number"),
    Column("status", "Status of the edge"),
)
_EVIDENCE: Final = (
    Column("claim", "Identifier of the claim; one without evidence has one row"),
    Column("claimLabel", "The claim in a few words"),
    Column("claimDefinition", "The claim in full"),
    Column("claimStatus", "Status of the claim"),
    Column("stance", "`for` or `against`"),
    Column("by", "Identifier of the entity that speaks for the claim or against it"),
    Column("byLabel", "Name of that entity"),
    Column("byClass", "Class of that entity"),
    Column("predicate", "CURIE of the predicate of the edge between them"),
    Column("note", "What is said about the edge, in English"),
    Column("source", "Identifier of the entity that asserts the edge"),
    Column("sourceLabel", "Name of that entity"),
    Column("locator", "Place in the source"),
    Column("confidence", "Confidence, from 0 to 1", "number"),
    Column("edge", "CURIE of the edge"),
    Column("edgeStatus", "Status of the edge"),
)
_EDGES: Final = """
SELECT edge.id, edge.iri, subject, one.label, one.class, predicate, predicate.label, object, two.label, two.class, note,
  source, (SELECT label FROM entity WHERE id = source), locator, confidence, edge.status
FROM edge JOIN entity AS one ON one.id = subject JOIN entity AS two ON two.id = object
JOIN predicate ON predicate.id = predicate ORDER BY edge.id
"""
_EVIDENCES: Final = """
SELECT claim.entity, one.label, one.definition, one.status, stance, "by", two.label, two.class, predicate, note, source,
  (SELECT label FROM entity WHERE id = source), locator, confidence, edge.id, edge.status
FROM claim JOIN entity AS one ON one.id = claim.entity LEFT JOIN evidence ON evidence.claim = claim.entity
LEFT JOIN edge ON edge.id = evidence.edge LEFT JOIN entity AS two ON two.id = "by"
ORDER BY claim.entity, stance DESC, edge.id
"""


def sheets(tables: sqlite3.Connection) -> Iterator[Sheet]:
    """Yield the tables that a base has; without claims there is none of these."""
    yield _with_facts(tables, Sheet("entities", "Entities", _ENTITY, lambda: _entities(tables)), "fact", "entity")
    edges = Sheet("edges", "Edges", _EDGE, lambda: _plain(tables, _EDGES))
    yield _with_facts(tables, edges, "edge_fact", "edge")
    if tables.execute("SELECT 1 FROM claim").fetchone():
        yield Sheet("evidence", "Claims with evidence", _EVIDENCE, lambda: _plain(tables, _EVIDENCES))


def write_csv(sheet: Sheet, path: Path) -> int:
    """Write a table for spreadsheets into a new file, and return how many rows it has."""
    counted = _Counted(sheet.rows())
    with path.open("wb", 1 << 17) as file:
        names = [column.name for column in sheet.columns]
        write_harmless(names, ([_text(cell) for cell in row] for row in counted), file, ",")
    return counted.count


def _text(cell: Cell) -> str:
    if isinstance(cell, list):
        return _BETWEEN.join(cell)
    return "" if cell is None else str(cell)


def _plain(tables: sqlite3.Connection, query: str) -> Iterator[Sequence[Cell]]:
    for row in tables.execute(query):
        yield [cell if cell != "" else None for cell in row]


def _entities(tables: sqlite3.Connection) -> Iterator[Sequence[Cell]]:
    names = "SELECT DISTINCT name FROM name WHERE entity = ? AND name <> ? ORDER BY language, name"
    for row in tables.execute(
        "SELECT id, iri, class, label, definition, status, replaced_by, edges FROM entity ORDER BY id"
    ):
        others = [name for (name,) in tables.execute(names, (row["id"], row["label"]))]
        yield [*(cell if cell != "" else None for cell in row[:7]), others, row["edges"]]


def _with_facts(tables: sqlite3.Connection, sheet: Sheet, facts: str, about: str) -> Sheet:
    """Return a table with a column more for each property that something in it has, besides."""
    properties = tables.execute(
        f"""SELECT id, name, label, definition, is_many FROM property
        WHERE id IN (SELECT property FROM {facts}) ORDER BY position"""  # noqa: S608 - names of tables of ours
    ).fetchall()
    taken = {column.name.lower() for column in sheet.columns}
    columns: list[Column] = []
    for one in properties:
        # Two properties may share the end of their IRIs; databases do not tell names by their case.
        name = one["name"] if one["name"].lower() not in taken else one["id"]
        taken.add(name.lower())
        columns.append(Column(name, one["definition"] or one["label"], "texts" if one["is_many"] else "text"))
    query = f"SELECT {about}, property, value FROM {facts} ORDER BY {about}, property, language, value"  # noqa: S608 - likewise

    def rows() -> Iterator[Sequence[Cell]]:
        # Both come in the order of their identifiers; there may be facts of what has no row.
        facts_of = groupby(tables.execute(query), itemgetter(0))
        known, some = next(facts_of, _NOTHING)
        for row in sheet.rows():
            identifier = str(row[0])
            while known and known < identifier:
                known, some = next(facts_of, _NOTHING)
            found: dict[str, list[str]] = {}
            if known == identifier:
                for _, property_, value in some:
                    found.setdefault(property_, []).append(value)
            yield [*row, *(_cell(found.get(one["id"], []), is_many=one["is_many"]) for one in properties)]

    return Sheet(sheet.name, sheet.title, (*sheet.columns, *columns), rows)


def _cell(values: list[str], *, is_many: bool) -> Cell:
    if is_many:
        return values
    return _BETWEEN.join(values) or None


class _Counted:
    """Yields rows, and counts them."""

    def __init__(self, rows: Iterable[Sequence[Cell]]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        for row in self._rows:
            self.count += 1
            yield row
