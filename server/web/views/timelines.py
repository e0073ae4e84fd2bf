"""The timeline of an answer: what has dates, in rows along the scale of time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ...records.sentences import sentence
from .charts import TOP, WIDTH, Chart, Shape, left_out_of, name_beside
from .scales import padded, scale_of, year_ticks
from .series import series_of
from .table import Column, Table, years_of

_ROW: Final = 24.0
_MOST: Final = 150


def timeline(table: Table, columns: Mapping[str, Column]) -> Chart:
    """Draw what has dates along the scale of time, a row for each, the earliest first."""
    x, y, by = columns["x"], columns["y"], columns.get("by")
    series = series_of(by, table.rows)
    found: dict[tuple[float, str], int] = {}
    for row in range(table.rows):
        at = years_of(x.cells[row].text)
        if at is not None:
            found.setdefault((at, y.cells[row].text), row)
    rows = sorted(found.items(), key=lambda one: (one[0][0], one[1]))
    shown = rows[:_MOST]
    scale = padded(scale_of([at for (at, _), _ in shown] or [0.0], 20, WIDTH - 20), 0.02)
    shapes, names = [], []
    for place, ((at, _), row) in enumerate(shown):
        left, top = scale.at(at), TOP + 24 + place * _ROW
        cell = y.cells[row]
        kind = f" ({by.cells[row].shown})" if by and by.cells[row].text else ""
        shapes.append(Shape(left, top, 0, 0, series.of_row[row], f"{x.cells[row].shown}: {cell.shown}{kind}"))
        is_left = left > WIDTH * 0.55
        letters = int((left - 30 if is_left else WIDTH - left - 30) / 7.6) - len(x.cells[row].text) - 2
        side = "end" if is_left else "start"
        name = name_beside(cell, left + (-10 if is_left else 10), top + 5, max(letters, 8), side)
        names.append(name)
    bottom = TOP + 24 + len(shown) * _ROW
    return Chart(
        kind="timeline",
        title=f"{y.name} by {x.name}",
        width=WIDTH,
        height=bottom + 40,
        inner=(20, TOP, WIDTH - 20, bottom),
        x_ticks=tuple(year_ticks(scale)),
        x_label=x.name,
        shapes=tuple(shapes),
        names=tuple(names),
        legend=tuple(series.legend),
        left_out=left_out_of(len(rows), len(shown), sentence("dates")),
    )
