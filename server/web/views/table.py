"""A table of an answer: its cells, and of which kind its columns are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

from ...namespaces import Namespaces
from ...store.labels import beside

_DATE: Final = re.compile(r"(-?\d{4,9})(?:-(\d\d)(?:-(\d\d)(?:T.*)?)?)?(?:Z|[+-]\d\d:\d\d)?")
_SAYS_YEAR: Final = re.compile(r"year|date|since|until|issued", re.IGNORECASE)
_YEARS: Final = range(1000, 2500)
_WEB: Final = ("http://", "https://")


class Cell(NamedTuple):
    """A term in a table."""

    text: str
    """Its text; of an IRI the CURIE, where a prefix covers it."""
    iri: str = ""
    """The IRI that it is, or an empty text."""
    kind: str = ""
    """`number` or `date` for such literals."""
    label: str = ""
    """What an IRI is called, where it is known."""
    class_name: str = ""
    """The page class of an IRI, where it has a page."""

    @property
    def shown(self) -> str:
        """What drawings write for it."""
        return self.label or self.text

    @property
    def address(self) -> str:
        """The IRI, where it can be followed: a query can make up any."""
        return self.iri if self.iri.startswith(_WEB) else ""


@dataclass(frozen=True)
class Column:
    """A column of a table: its name, and its cells from the first row to the last."""

    name: str
    cells: tuple[Cell, ...]

    @cached_property
    def filled(self) -> tuple[Cell, ...]:
        """The cells that are not empty."""
        return tuple(cell for cell in self.cells if cell.text)

    @cached_property
    def is_dates(self) -> bool:
        """Whether its cells are moments: years, months, days. Numbers are where the column is called so."""
        if not self.filled or not all(_DATE.fullmatch(cell.text) and not cell.iri for cell in self.filled):
            return False
        if all(cell.kind == "date" for cell in self.filled):
            return True
        return bool(_SAYS_YEAR.search(self.name)) and all(years_of(cell.text) in _Within for cell in self.filled)

    @cached_property
    def is_numbers(self) -> bool:
        """Whether its cells are numbers, and no years."""
        return bool(self.filled) and all(cell.kind == "number" for cell in self.filled) and not self.is_dates

    @cached_property
    def is_things(self) -> bool:
        """Whether its cells are IRIs."""
        return bool(self.filled) and all(cell.iri for cell in self.filled)

    @cached_property
    def is_entities(self) -> bool:
        """Whether some of its cells have pages here."""
        return self.is_things and any(cell.class_name for cell in self.filled)


class _Range:
    def __contains__(self, year: object) -> bool:
        return isinstance(year, float) and _YEARS.start <= year < _YEARS.stop


_Within: Final = _Range()


def years_of(text: str) -> float | None:
    """Return a moment as years, with its month and day as a fraction; None for a text that is none.

    >>> years_of("2024"), years_of("2024-07"), years_of("soon")
    (2024.0, 2024.5, None)
    """
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day = int(found[1]), int(found[2] or 1), int(found[3] or 1)
    return year + (month - 1) / 12 + (day - 1) / 372


def number_of(text: str) -> float | None:
    """Return a number; None for a text that is none, or none that can be drawn."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < 1e300 else None


@dataclass(frozen=True)
class Table:
    """The rows of an answer that are shown, and how many it has."""

    columns: tuple[Column, ...]
    count: int

    @property
    def rows(self) -> int:
        """How many rows are here."""
        return len(self.columns[0].cells) if self.columns else 0

    def column(self, name: str) -> Column | None:
        """Return a column by its name, with or without a question mark."""
        return next((one for one in self.columns if one.name == name.removeprefix("?")), None)

    @cached_property
    def labelled(self) -> tuple[Column, ...]:
        """The columns, and beside each of IRIs one of what they are called, where the answer has none."""
        holding = [one.name for one in self.columns if any(cell.label for cell in one.cells)]
        added = beside([one.name for one in self.columns], holding)
        said = {tuple(cell.text for cell in one.cells) for one in self.columns}
        found: list[Column] = []
        for one in self.columns:
            found.append(one)
            labels = tuple(cell.label for cell in one.cells)
            if one.name in added and labels not in said:
                found.append(Column(added[one.name], tuple(map(Cell, labels))))
        return tuple(found)

    @property
    def lines(self) -> list[tuple[Cell, ...]]:
        """The rows of these columns."""
        return list(zip(*(one.cells for one in self.labelled), strict=True))


def table_of(excerpt: Mapping[str, Any], namespaces: Namespaces) -> Table:
    """Return the table of an excerpt, as `store/answers.py` writes it."""
    labels: Mapping[str, Sequence[str]] = excerpt["labels"]

    def cell(raw: Sequence[str]) -> Cell:
        text, iri, kind = raw
        label, class_name = labels.get(iri, ("", "")) if iri else ("", "")
        return Cell(namespaces.compact(iri) if iri else text, iri, kind, label, class_name)

    rows = [[cell(raw) for raw in row] for row in excerpt["rows"]]
    columns = tuple(Column(name, tuple(row[place] for row in rows)) for place, name in enumerate(excerpt["names"]))
    return Table(columns, int(excerpt["count"]))
