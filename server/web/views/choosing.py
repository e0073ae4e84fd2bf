"""Which view an answer is shown in, and which of its columns that draws: as asked, else those that fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from ...records.sentences import Series, sentence
from ...records.views import VIEWS
from .table import Column, Table

AXES: Final = ("x", "y", "by")
"""What a view can draw: the names are those in addresses."""
_GIVEN: Final = re.compile(r"(x|y|by)=\??(\w+)")


@dataclass(frozen=True)
class Axis:
    """What one of the columns of a view is for."""

    label: str
    fits: Callable[[Column], bool]
    wanted: str
    """What fits, in words."""
    is_needed: bool = True
    prefers: Callable[[Column], bool] | None = None
    """Which of the columns that fit is taken first."""
    none: str = ""
    """What goes in its place where it is not needed; empty where it stays out by itself."""


def _any(column: Column) -> bool:
    return bool(column.filled)


def _category(column: Column) -> bool:
    return _any(column) and not column.is_numbers


def _things(column: Column) -> bool:
    return column.is_things


def _dates(column: Column) -> bool:
    return column.is_dates


def _numbers(column: Column) -> bool:
    return column.is_numbers


def _ordered(column: Column) -> bool:
    return column.is_numbers or column.is_dates


def _few(column: Column) -> bool:
    """Tell whether a column names few things again and again, as the series of a drawing do."""
    return _category(column) and 1 < len({cell.text for cell in column.filled}) <= min(12, len(column.filled) - 1)


_HEIGHT: Final = Axis(
    sentence("Value"), _numbers, sentence("numbers"), is_needed=False, none=sentence("number of rows")
)
_SERIES: Final = Axis(sentence("Series"), _few, sentence("up to 12 different values"), is_needed=False)

OF_VIEW: Final[Mapping[str, Mapping[str, Axis]]] = {
    "table": {},
    "bar": {"x": Axis(sentence("Bars"), _any, sentence("any values"), prefers=_category), "y": _HEIGHT, "by": _SERIES},
    "line": {
        "x": Axis(sentence("Along"), _ordered, sentence("dates or numbers"), prefers=_dates),
        "y": _HEIGHT,
        "by": _SERIES,
    },
    "scatter": {
        "x": Axis(sentence("Across"), _ordered, sentence("numbers or dates")),
        "y": Axis(sentence("Up"), _ordered, sentence("numbers or dates"), prefers=_numbers),
        "by": _SERIES,
    },
    "timeline": {
        "x": Axis(sentence("Dates"), _dates, sentence("dates")),
        "y": Axis(sentence("What"), _category, sentence("names"), prefers=_things),
        "by": _SERIES,
    },
    "graph": {
        "x": Axis(sentence("From"), _things, sentence("IRIs"), prefers=lambda column: column.is_entities),
        "y": Axis(sentence("To"), _things, sentence("IRIs"), prefers=lambda column: column.is_entities),
        "by": Axis(sentence("Edge"), _category, sentence("words"), is_needed=False, prefers=_few),
    },
    "pivot": {
        "x": Axis(sentence("Rows"), _any, sentence("any values"), prefers=_category),
        "y": Axis(sentence("Columns"), _any, sentence("any values"), prefers=_few),
        "by": Axis(sentence("Sum of"), _numbers, sentence("numbers"), is_needed=False, none=sentence("number of rows")),
    },
    "cards": {"x": Axis(sentence("Things"), _things, sentence("IRIs"), prefers=lambda column: column.is_entities)},
}
"""The columns that each view draws, by the name of the axis."""
assert OF_VIEW.keys() == VIEWS.keys()


@dataclass(frozen=True)
class Wish:
    """A view, and the names of columns for its axes; nothing where the answer decides."""

    view: str = ""
    columns: Mapping[str, str] | None = None

    @property
    def named(self) -> Mapping[str, str]:
        """The columns that are wished for."""
        return self.columns or {}


@dataclass(frozen=True)
class Choice:
    """A view that an answer can be shown in, and the column for each of its axes."""

    view: str
    columns: Mapping[str, Column]
    missing: str = ""
    """What the answer lacks for this view; the view is a table then."""


def wish_of(text: str) -> Wish:
    """Return what the line `# view:` of a kept query wishes for: `bar x=?kind y=?count`."""
    view = text.split(maxsplit=1)[0] if text.split() else ""
    return Wish(view, dict(_GIVEN.findall(text)))


def asked(wish: Wish, parameters: Mapping[str, str]) -> Wish:
    """Return a wish with what the parameters of an address ask for in its place."""
    view = parameters.get("view", "")
    columns = {axis: parameters[axis] for axis in AXES if axis in parameters}
    if view in VIEWS and view != wish.view:
        return Wish(view, columns)
    return replace(wish, columns={**wish.named, **columns})


def choose(table: Table, wish: Wish) -> Choice:
    """Return the view to show; a table, which says what is missing, where the answer does not fit the one wished for.

    A column that is wished for and does not fit is passed over. An optional axis is filled by itself only where its
    column could be no other, and left out by `-`.
    """
    view = wish.view if wish.view in OF_VIEW else "table"
    chosen: dict[str, Column] = {}
    axes = OF_VIEW[view]
    for name, axis in axes.items():
        column = table.column(wish.named.get(name, ""))
        if column is not None and axis.fits(column):
            chosen[name] = column
    for name, axis in axes.items():
        if name in chosen or (not axis.is_needed and wish.named.get(name)):
            continue
        free = [one for one in table.columns if one not in chosen.values() and axis.fits(one)]
        if axis.prefers is not None:
            free = [one for one in free if axis.prefers(one)] or (free if axis.is_needed else [])
        if free:
            chosen[name] = free[0]
        elif axis.is_needed:
            return Choice("table", {}, _missing(view, axes.values()))
    return Choice(view, chosen)


def fits(table: Table, view: str) -> bool:
    """Tell whether an answer can be shown in a view."""
    return table.rows > 0 and choose(table, Wish(view)).view == view


def _missing(view: str, axes: Iterable[Axis]) -> str:
    needed = [axis.wanted for axis in axes if axis.is_needed]
    columns = Series(needed, " and one of ")
    return sentence(
        "The view %(view)s needs a column of %(columns)s, which this answer lacks.", view=VIEWS[view], columns=columns
    )
