"""Series: the groups of a drawing that have one colour each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .table import Cell, Column, number_of

MOST: Final = 8
"""How many colours there are; what has no colour of its own is among the others."""
_OTHERS: Final = "others"


@dataclass(frozen=True)
class Series:
    """The series of each row, and what they are called, by their numbers."""

    names: tuple[str, ...]
    of_row: tuple[int, ...]

    @property
    def legend(self) -> list[tuple[int, str]]:
        """The numbers of the colours, and their names; empty where there is one series alone."""
        return list(enumerate(self.names)) if len(self.names) > 1 else []


def series_of(column: Column | None, rows: int) -> Series:
    """Return the series that a column makes of the rows: its most frequent values, in the order of the answer."""
    if column is None:
        return Series(("",), (0,) * rows)
    counts = Counter(cell.text for cell in column.cells)
    shown = {cell.text: cell.shown or "none" for cell in column.cells}
    own = {text for text, _ in counts.most_common(MOST if len(counts) <= MOST else MOST - 1)}
    names = [text for text in shown if text in own]
    places = {text: place for place, text in enumerate(names)}
    others = [_OTHERS] if len(counts) > len(names) else []
    return Series(
        (*(shown[text] for text in names), *others),
        tuple(places.get(cell.text, len(names)) for cell in column.cells),
    )


def values_of(column: Column | None, rows: int) -> list[float | None]:
    """Return the value of each row: that of a column, or 1 where rows are counted."""
    if column is None:
        return [1.0] * rows
    return [number_of(cell.text) for cell in column.cells]


def distinct(cells: Sequence[Cell]) -> dict[str, Cell]:
    """Return the different cells by their texts, in order."""
    found: dict[str, Cell] = {}
    for cell in cells:
        found.setdefault(cell.text, cell)
    return found
