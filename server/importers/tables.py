"""Reads a table, comma- or tab-separated (RFC 4180), into rows that know their place in the file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..errors import UsageError
from ..guessing import nearest
from ..records.findings import Finding
from .files import text_of_file

_ENDS: Final = ("subject", "predicate", "object")
DELIMITERS: Final = {".csv": ",", ".tsv": "\t"}
"""What divides the cells of a table, by the end of its name."""
_OTHER_DELIMITERS: Final = (";", "\t", ",")
"""What spreadsheets write in place of commas where these are in numbers."""
_NOT_IN_NAMES: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Columns:
    """The names of the columns that tables may have."""

    of_entities: tuple[str, ...]
    of_edges: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One row of a table. `cells` holds the cells that are not empty, without white space around them."""

    file: str
    line: int
    cells: dict[str, str]
    places: dict[str, int]
    """The number of each column, counted from 1."""

    def get(self, column: str) -> str:
        """Return a cell, or an empty text."""
        return self.cells.get(column, "")

    def many(self, column: str) -> list[str]:
        """Return the parts of a cell that holds several, divided by bars with a space on either side."""
        return [part for part in (part.strip() for part in self.get(column).split(" | ")) if part]

    def fault(self, column: str, message: str, mend: str, focus: str = "") -> Finding:
        """Return what is wrong with a cell of this row; without a column, with all of it."""
        return Finding(self.file, self.line, self.places.get(column, 0), focus, "", "table", message, mend)


@dataclass(frozen=True)
class Table:
    """A table of entities or of edges, with what could not be read of it."""

    is_of_edges: bool
    rows: tuple[Row, ...]
    faults: tuple[Finding, ...]


def read_table(path: Path, columns: Columns) -> Table:
    """Read a table, whose first line names its columns: those of entities or those of edges, in any order.

    What is wrong within it is among its `faults`. Raises UsageError for a file that cannot be a table.
    """
    delimiter = DELIMITERS.get(path.suffix.lower())
    if delimiter is None:
        raise UsageError(f"{path} is neither .csv nor .tsv.", "save the table as one of these, and name it so.")
    text = text_of_file(path)
    # A cell may hold line ends of its own, which must reach the reader as they are.
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, delimiter, columns), strict=True)
    try:
        header = _header(next(lines, []), columns)
    except csv.Error as error:
        return Table(False, (), (Row(str(path), 1, {}, {}).fault("", f"Not a table: {error}.", "fix the quotes."),))
    is_of_edges = "subject" in header
    head = Row(str(path), 1, {}, {name: place for place, name in reversed(list(enumerate(header, 1)))})
    if faults := list(_header_faults(head, header, columns, is_of_edges=is_of_edges)):
        return Table(is_of_edges, (), tuple(faults))
    rows, broken = _read_rows(lines, head, header)
    return Table(is_of_edges, rows, broken)


def _delimiter(text: str, usual: str, columns: Columns) -> str:
    """Return what divides the cells of a table: what makes names of columns of the first line."""
    first = text.partition("\n")[0]
    known = {spelled(name) for name in (*columns.of_entities, *columns.of_edges)}

    def count(delimiter: str) -> int:
        return sum(1 for name in first.split(delimiter) if spelled(name.strip('"')) in known)

    best = max((usual, *_OTHER_DELIMITERS), key=count)
    return best if count(best) > count(usual) else usual


def _header(cells: list[str], columns: Columns) -> list[str]:
    """Return the names of the columns as we write them; empty cells at the end are no columns."""
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    known = {spelled(name): name for name in (*columns.of_edges, *columns.of_entities)}
    return [name if name in known.values() else known.get(spelled(name), name) for name in map(str.strip, cells)]


def spelled(name: str) -> str:
    """Return the name of a column without what people write in several ways: case, blanks, hyphens, underscores."""
    return _NOT_IN_NAMES.sub("", name).lower()


def table_of(file: str, rows: Sequence[tuple[int, Mapping[str, str]]], columns: Columns, *, is_of_edges: bool) -> Table:
    """Return rows that were not read from a table as one; each has its line and its cells by column."""
    names = list(dict.fromkeys(name for _, cells in rows for name in cells))
    places = dict.fromkeys(names, 0)
    filled = (
        Row(file, line, {name: value.strip() for name, value in cells.items() if value.strip()}, places)
        for line, cells in rows
    )
    head = Row(file, rows[0][0] if rows else 1, {}, places)
    return Table(is_of_edges, tuple(filled), tuple(_header_faults(head, names, columns, is_of_edges=is_of_edges)))


def _header_faults(head: Row, header: list[str], known: Columns, *, is_of_edges: bool) -> Iterator[Finding]:
    columns = known.of_edges if is_of_edges else known.of_entities
    for place, name in enumerate(header, 1):
        if name not in columns:
            best = nearest(name, columns)
            hint = f"did you mean {best}?" if best else f"use {', '.join(columns)}."
            yield head.fault(name, f"{name!r} in column {place} is not the name of a column.", hint)
        elif header.index(name) < place - 1:
            yield head.fault(name, f"The column {name!r} is there twice.", "leave one.")
    missing = [name for name in (_ENDS if is_of_edges else ("class",)) if name not in header]
    if missing:
        yield head.fault(
            "",
            f"The column {missing[0]!r} is missing.",
            "start a table of entities with a line that has class and label, one of edges with subject, predicate "
            "and object (docs/curation.md).",
        )


def _read_rows(lines: Iterator[list[str]], head: Row, header: list[str]) -> tuple[tuple[Row, ...], tuple[Finding, ...]]:
    rows: list[Row] = []
    faults: list[Finding] = []
    while True:
        line = _line_of(lines) + 1
        row = Row(head.file, line, {}, head.places)
        try:
            values = next(lines, None)
        except csv.Error as error:
            faults.append(row.fault("", f"Not a table: {error}.", "close each quote, and double one inside a cell."))
            break
        if values is None:
            break
        while len(values) > len(header) and not values[-1].strip():
            values.pop()
        if len(values) > len(header):
            faults.append(
                row.fault(
                    "",
                    f"The row has {len(values)} cells, and the table {len(header)} columns.",
                    "put quotes around a cell that contains the delimiter.",
                )
            )
            continue
        # zip may stop early: the last cells of a row may be left out.
        cells = {name: value.strip() for name, value in zip(header, values, strict=False) if value.strip()}
        if cells:
            rows.append(Row(head.file, line, cells, head.places))
    return tuple(rows), tuple(faults)


def _line_of(lines: Iterator[list[str]]) -> int:
    return int(getattr(lines, "line_num", 0))
