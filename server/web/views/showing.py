"""An answer as pages show it: one view of it, the links to the others, and the form for what that draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from ...records.views import VIEWS
from .charts import bars, line, scatter
from .choosing import AXES, OF_VIEW, Choice, Wish, choose, fits
from .graphs import graph
from .table import Table
from .tables import cards, pivot
from .timelines import timeline

_DRAWN: Final[Mapping[str, Any]] = {
    "bar": bars,
    "line": line,
    "scatter": scatter,
    "timeline": timeline,
    "graph": graph,
    "pivot": pivot,
}


@dataclass(frozen=True)
class Tab:
    """A view in the list of views: where it is, and whether the answer can be shown in it."""

    name: str
    label: str
    address: str
    is_current: bool
    is_possible: bool


@dataclass(frozen=True)
class Field:
    """A field of the form for what a view draws: its name, its label, the columns that fit, and the chosen one."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True)
class Shown:
    """An answer as a page shows it."""

    table: Table
    view: str
    drawing: Any
    """The drawing, the pivot table or the cards; None for a table."""
    tabs: tuple[Tab, ...]
    fields: tuple[Field, ...]
    path: str
    parameters: tuple[tuple[str, str], ...]
    """What selects the answer at its path: hidden fields of the form."""
    missing: str
    """What the answer lacks for the view that was asked for."""


def shown(table: Table, wish: Wish, path: str, parameters: Sequence[tuple[str, str]], base: str) -> Shown:
    """Show a table in the view that is wished for, at the address of `path` and `parameters`."""
    choice = choose(table, wish) if table.rows else Choice("table", {})
    drawing = None
    if choice.view == "cards":
        drawing = cards(table, choice.columns, base)
    elif choice.view != "table":
        drawing = _DRAWN[choice.view](table, choice.columns)
    tabs = (
        Tab(
            name,
            label,
            f"{path}?{urlencode([*parameters, ('view', name)])}#result",
            name == choice.view,
            name == "table" or fits(table, name),
        )
        for name, label in VIEWS.items()
    )
    return Shown(
        table=table,
        view=choice.view,
        drawing=drawing,
        tabs=tuple(tabs) if table.rows else (),
        fields=tuple(_fields(table, choice)),
        path=path,
        parameters=tuple(parameters),
        missing=choice.missing,
    )


def _fields(table: Table, choice: Choice) -> list[Field]:
    found = []
    for name, axis in OF_VIEW[choice.view].items():
        options = [(one.name, one.name) for one in table.columns if axis.fits(one)]
        if not axis.is_needed:
            options.insert(0, ("-", axis.none or "none"))
        chosen = choice.columns.get(name)
        if len(options) > 1:
            found.append(Field(name, axis.label, tuple(options), chosen.name if chosen else "-"))
    return found


def without_view(parameters: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the parameters of an address but for those of views."""
    return [(name, value) for name, value in parameters if name not in {"view", *AXES}]
