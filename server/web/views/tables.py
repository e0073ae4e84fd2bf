"""Views that are no drawings: pivot tables and cards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ...records.sentences import sentence
from .scales import written
from .series import distinct, values_of
from .table import Cell, Column, Table

_MOST_ROWS, _MOST_COLUMNS, _MOST_CARDS = 200, 40, 100
_SHADES: Final = 5
_PICTURE: Final = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp")


@dataclass(frozen=True)
class PivotRow:
    """A row of a pivot table: its head, the texts and shades of its cells, and its sum."""

    head: Cell
    cells: tuple[tuple[str, int], ...]
    total: str


@dataclass(frozen=True)
class Pivot:
    """A pivot table."""

    title: str
    heads: tuple[Cell, ...]
    rows: tuple[PivotRow, ...]
    totals: tuple[str, ...]
    total: str
    left_out: str
    kind: str = "pivot"


def pivot(table: Table, columns: Mapping[str, Column]) -> Pivot:
    """Cross-tabulate two columns: count the rows that have both values, or sum a third column over them."""
    x, y, by = columns["x"], columns["y"], columns.get("by")
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for one, other, value in zip(x.cells, y.cells, values_of(by, table.rows), strict=True):
        sums[one.text, other.text] += value or 0.0
    rows, heads = distinct(x.cells), distinct(y.cells)
    across = list(heads)[:_MOST_COLUMNS]
    down = list(rows)[:_MOST_ROWS]
    most = max((abs(value) for value in sums.values()), default=0.0)

    def cell(pair: tuple[str, str]) -> tuple[str, int]:
        if pair not in sums:
            return "", 0
        return written(sums[pair]), round(abs(sums[pair]) / most * _SHADES) if most else 0

    def total(pairs: Sequence[tuple[str, str]]) -> str:
        return written(sum(sums.get(pair, 0.0) for pair in pairs))

    without = max(len(rows) - len(down), 0), max(len(heads) - len(across), 0)
    return Pivot(
        title=f"{by.name if by else 'Number of rows'} by {x.name} and {y.name}",
        heads=tuple(heads[text] for text in across),
        rows=tuple(
            PivotRow(rows[one], tuple(cell((one, other)) for other in across), total([(one, two) for two in heads]))
            for one in down
        ),
        totals=tuple(total([(one, other) for one in rows]) for other in across),
        total=total(list(sums)),
        left_out=sentence(
            "%(rows)s more rows and %(columns)s more columns are left out.",
            rows=f"{without[0]:,}",
            columns=f"{without[1]:,}",
        )
        if any(without)
        else "",
    )


@dataclass(frozen=True)
class Card:
    """A thing on a card: what the other columns say of it, and the picture that is one of their values."""

    thing: Cell
    facts: tuple[tuple[str, tuple[Cell, ...]], ...]
    picture: str


@dataclass(frozen=True)
class Cards:
    """Cards of things."""

    title: str
    cards: tuple[Card, ...]
    left_out: str
    kind: str = "cards"


def cards(table: Table, columns: Mapping[str, Column], base: str) -> Cards:
    """Make a card of each thing of a column, with all that its rows say of it.

    A picture is shown where an IRI under `base` names one: pages load nothing from elsewhere.
    """
    x = columns["x"]
    rows: dict[str, list[int]] = defaultdict(list)
    for row, cell in enumerate(x.cells):
        if cell.text:
            rows[cell.text].append(row)
    found = []
    for numbers in list(rows.values())[:_MOST_CARDS]:
        picture = ""
        facts = []
        for column in table.columns:
            values = distinct([column.cells[row] for row in numbers if column.cells[row].text])
            pictures = [one for one in values.values() if _is_picture(one, base)]
            picture = picture or next((one.iri for one in pictures), "")
            rest = tuple(one for one in values.values() if one not in pictures)
            # What repeats the name of the thing says nothing new.
            if column is not x and rest and [one.text for one in rest] != [x.cells[numbers[0]].label]:
                facts.append((column.name, rest))
        found.append(Card(x.cells[numbers[0]], tuple(facts), picture))
    without = len(rows) - len(found)
    return Cards(x.name, tuple(found), f"{without:,} more are left out." if without else "")


def _is_picture(cell: Cell, base: str) -> bool:
    return cell.iri.startswith(base) and cell.iri.lower().endswith(_PICTURE)
