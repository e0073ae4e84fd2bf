"""Charts with axes: bars, lines and scattered points."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import shorten
from typing import Final

from ...records.sentences import sentence
from .scales import Scale, Tick, number_ticks, padded, scale_of, written, year_ticks
from .series import distinct, series_of, values_of
from .table import Cell, Column, Table, number_of, years_of

WIDTH: Final = 920.0
_MOST_BARS: Final = 60
_BAR: Final = 26.0
_NAMES: Final = 300.0
"""How wide the names beside bars are."""
_LETTERS: Final = 40
TOP, _HEIGHT, _LEFT = 16.0, 380.0, 64.0


@dataclass(frozen=True)
class Shape:
    """A mark: a rectangle or a point at a place, of a series, with what it says and where it leads."""

    x: float
    y: float
    width: float
    height: float
    series: int
    text: str
    address: str = ""


@dataclass(frozen=True)
class Name:
    """A name in a drawing; `whole` is what it was cut from."""

    x: float
    y: float
    text: str
    whole: str
    address: str = ""
    side: str = "end"
    class_name: str = ""


@dataclass(frozen=True)
class Chart:
    """A drawing with axes."""

    kind: str
    title: str
    width: float
    height: float
    inner: tuple[float, float, float, float]
    """Left, top, right and bottom of the space between the axes."""
    x_ticks: tuple[Tick, ...] = ()
    y_ticks: tuple[Tick, ...] = ()
    x_label: str = ""
    y_label: str = ""
    shapes: tuple[Shape, ...] = ()
    names: tuple[Name, ...] = ()
    lines: tuple[tuple[int, str], ...] = ()
    """Paths, with the numbers of their series."""
    zero: float | None = None
    legend: tuple[tuple[int, str], ...] = ()
    left_out: str = ""
    """What is not drawn, in words."""


def bars(table: Table, columns: Mapping[str, Column]) -> Chart:
    """Draw a bar for each value of a column: how many rows it has, or the sum of another column, in parts by series."""
    x, y, by = columns["x"], columns.get("y"), columns.get("by")
    series = series_of(by, table.rows)
    things = distinct(x.cells)
    sums: dict[str, dict[int, float]] = {text: defaultdict(float) for text in things}
    for cell, value, number in zip(x.cells, values_of(y, table.rows), series.of_row, strict=True):
        sums[cell.text][number] += value or 0.0
    shown = list(things)[:_MOST_BARS]
    ends = [sum(part for part in sums[text].values() if part > 0) for text in shown]
    ends += [sum(part for part in sums[text].values() if part < 0) for text in shown]
    scale = scale_of(ends or [0.0], _NAMES + 10, WIDTH - 56, from_zero=True)
    shapes: list[Shape] = []
    names: list[Name] = []
    for place, text in enumerate(shown):
        top = TOP + place * _BAR + 4
        cell = things[text]
        up = down = 0.0
        for number, part in sorted(sums[text].items()):
            start, end = (up, up + part) if part >= 0 else (down + part, down)
            up, down = (end, down) if part >= 0 else (up, start)
            words = f"{cell.shown or 'none'}{f', {series.names[number]}' if by else ''}: {written(part)}"
            left, right = scale.at(start), scale.at(end)
            shapes.append(Shape(left, top, round(max(right - left, 0.0), 1), _BAR - 8, number, words))
        names.append(name_beside(cell, _NAMES, top + 13, _LETTERS))
        whole = written(up + down)
        names.append(Name(scale.at(up) + 6, top + 13, whole, "", side="start"))
    bottom = TOP + len(shown) * _BAR + 4
    return Chart(
        kind="bar",
        title=f"{_value(y)} by {x.name}{f' and {by.name}' if by else ''}",
        width=WIDTH,
        height=bottom + 44,
        inner=(_NAMES + 10, TOP, WIDTH - 56, bottom),
        x_ticks=tuple(number_ticks(scale)),
        x_label=_value(y),
        shapes=tuple(shapes),
        names=tuple(names),
        zero=scale.at(0.0),
        legend=tuple(series.legend),
        left_out=left_out_of(len(things), len(shown), sentence("bars")),
    )


def line(table: Table, columns: Mapping[str, Column]) -> Chart:
    """Draw a line for each series: how many rows each date or number has, or the sum of another column there."""
    x, y, by = columns["x"], columns.get("y"), columns.get("by")
    series = series_of(by, table.rows)
    sums: dict[int, dict[float, float]] = {number: defaultdict(float) for number in range(len(series.names))}
    texts: dict[float, str] = {}
    for cell, value, number in zip(x.cells, values_of(y, table.rows), series.of_row, strict=True):
        at = _number(x, cell)
        if at is not None and value is not None:
            sums[number][at] += value
            texts.setdefault(at, cell.shown)
    points = [(number, at, value) for number, found in sums.items() for at, value in sorted(found.items())]
    frame = _frame(x, [at for _, at, _ in points], [value for *_, value in points], from_zero=True)
    shapes = []
    for number, at, value in points:
        words = f"{texts[at]}{f', {series.names[number]}' if by else ''}: {written(value)}"
        shapes.append(Shape(frame.x.at(at), frame.y.at(value), 0, 0, number, words))
    paths = []
    for number in sums:
        places = [shape for shape in shapes if shape.series == number]
        if len(places) > 1:
            paths.append((number, "M" + "L".join(f"{one.x:g} {one.y:g}" for one in places)))
    return _with_frame(
        frame, Chart("line", f"{_value(y)} by {x.name}", WIDTH, 0, (0, 0, 0, 0)), x, _value(y), shapes, paths,
        series.legend,
    )  # fmt: skip


def scatter(table: Table, columns: Mapping[str, Column]) -> Chart:
    """Draw a point for each row, by two of its columns."""
    x, y, by = columns["x"], columns["y"], columns.get("by")
    series = series_of(by, table.rows)
    named = next((one for one in table.columns if one.is_things), None)
    points = []
    for row in range(table.rows):
        across, up = _number(x, x.cells[row]), _number(y, y.cells[row])
        if across is not None and up is not None:
            points.append((across, up, row))
    frame = _frame(x, [at for at, _, _ in points], [up for _, up, _ in points], y=y)
    shapes = []
    for across, up, row in points:
        thing = named.cells[row] if named else Cell("")
        said = f"{x.name} {x.cells[row].shown}, {y.name} {y.cells[row].shown}"
        words = f"{thing.shown}: {said}" if thing.text else said
        shapes.append(Shape(frame.x.at(across), frame.y.at(up), 0, 0, series.of_row[row], words, thing.address))
    chart = Chart("scatter", f"{y.name} by {x.name}", WIDTH, 0, (0, 0, 0, 0))
    return _with_frame(frame, chart, x, y.name, shapes, [], series.legend, table.rows - len(points))


@dataclass(frozen=True)
class _Frame:
    """The two scales of a chart, and their ticks."""

    x: Scale
    y: Scale
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]


def _frame(
    column: Column, across: list[float], up: list[float], *, from_zero: bool = False, y: Column | None = None
) -> _Frame:
    x_scale = padded(scale_of(across or [0.0], _LEFT, WIDTH - 20))
    y_scale = scale_of(up or [0.0], TOP + _HEIGHT, TOP, from_zero=from_zero)
    y_scale = y_scale if from_zero else padded(y_scale)
    return _Frame(
        x_scale,
        y_scale,
        tuple(year_ticks(x_scale) if column.is_dates else number_ticks(x_scale, 8)),
        tuple(year_ticks(y_scale, 6) if y and y.is_dates else number_ticks(y_scale)),
    )


def _with_frame(
    frame: _Frame,
    chart: Chart,
    x: Column,
    y_label: str,
    shapes: list[Shape],
    paths: list[tuple[int, str]],
    legend: list[tuple[int, str]],
    without: int = 0,
) -> Chart:
    return Chart(
        kind=chart.kind,
        title=chart.title,
        width=WIDTH,
        height=TOP + _HEIGHT + 48,
        inner=(_LEFT, TOP, WIDTH - 20, TOP + _HEIGHT),
        x_ticks=frame.x_ticks,
        y_ticks=frame.y_ticks,
        x_label=x.name,
        y_label=y_label,
        shapes=tuple(shapes),
        lines=tuple(paths),
        legend=tuple(legend),
        left_out=f"{without:,} rows without both values are left out." if without else "",
    )


def _number(column: Column, cell: Cell) -> float | None:
    return years_of(cell.text) if column.is_dates else number_of(cell.text)


def _value(column: Column | None) -> str:
    return column.name if column else "number of rows"


def name_beside(cell: Cell, x: float, y: float, letters: int, side: str = "end") -> Name:
    """Return the name of a cell at a place, cut to so many letters."""
    whole = cell.shown or "none"
    short = shorten(whole, letters, placeholder="…") if len(whole) > letters else whole
    text = short if len(short) > 1 else f"{whole[: letters - 1]}…"
    return Name(x, y, text, whole, cell.address, side, cell.class_name)


def left_out_of(all_of_them: int, shown: int, what: str) -> str:
    """Say how many are drawn, where those are not all."""
    if all_of_them <= shown:
        return ""
    return sentence(
        "The first %(shown)s of %(total)s %(things)s are drawn.",
        shown=f"{shown:,}",
        total=f"{all_of_them:,}",
        things=what,
    )
