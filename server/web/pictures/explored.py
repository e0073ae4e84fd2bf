"""The picture of a walk: a column for each step away from where it starts, and each entity in a row of its own.

Whatever is opened, what was there stays in its column, and names never overlap. For narrow screens there is a second
drawing, with what an entity brought indented below it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from ...records.explored import Shown, Walk
from ...records.pages import EntityRef
from .drawing import ARROWS, Drawing, Line, Mark
from .lettering import BOLD, extent, fitted

_COLUMN, _ROW, _EDGE = 300.0, 50.0, 34.0
_SPACE: Final = 236.0
"""What a name may take in a column: between it and the next mark, lines have to turn."""
_NARROW, _INDENT, _DEEPEST = 320.0, 18.0, 6
_SIZE, _WORDS = 14, 12
Address = Callable[[EntityRef], str]
"""Where an entity is opened or closed; without it, marks lead to pages."""


def wide(walk: Walk, address: Address | None = None) -> Drawing:
    """Draw a walk in columns."""
    places = _placed(walk)
    marks: list[Mark] = []
    by_iri: dict[str, int] = {}
    for one in walk.shown:
        column, y = places[one.entity.iri]
        by_iri[one.entity.iri] = len(marks)
        marks.append(_mark(one, 20 + column * _COLUMN, y, _SPACE, address))
    right = max(mark.x for mark in marks) + _COLUMN - 20
    bottom = max(mark.y for mark in marks) + _EDGE
    return Drawing("wide", *_said(walk), tuple(marks), tuple(_lines(walk, marks, by_iri)), right, bottom)


def narrow(walk: Walk, address: Address | None = None) -> Drawing:
    """Draw a walk as a list in which what an entity added is indented below it; other edges are left out."""
    brought = _brought(walk)
    marks: list[Mark] = []
    lines: list[Line] = []

    def below(one: Shown, depth: int, parent: int) -> None:
        x, y, place = 14 + _INDENT * min(depth, _DEEPEST), 24 + _ROW * len(marks), len(marks)
        marks.append(_mark(one, x, y, _NARROW - x - 15, address))
        if parent >= 0:
            start = marks[parent]
            lines.append(Line(parent, place, f"M{start.x:g} {start.y + 11:g}V{y:g}H{max(x - 11, start.x):g}", "spoke"))
        for child in brought.get(one.entity.iri, ()):
            below(child, depth + 1, place)

    for one in brought[""]:
        below(one, 0, -1)
    return Drawing("narrow", *_said(walk), tuple(marks), tuple(lines), _NARROW, marks[-1].y + _EDGE)


def _brought(walk: Walk) -> dict[str, list[Shown]]:
    """Return the entities that each open one added, by its IRI, in order; the starts of walks under an empty text."""
    found: dict[str, list[Shown]] = {}
    for one in walk.shown:
        found.setdefault(one.brought_by, []).append(one)
    return found


def _placed(walk: Walk) -> Mapping[str, tuple[int, float]]:
    """Return the column and the height of each entity; what an entity added is at about its height."""
    brought = _brought(walk)
    places: dict[str, tuple[int, float]] = {}
    # The starts are in the middle of what they brought, so that the second column is placed first.
    end = _EDGE
    for start in brought[""]:
        children = brought.get(start.entity.iri, ())
        for nth, child in enumerate(children):
            places[child.entity.iri] = (1, end + nth * _ROW)
        places[start.entity.iri] = (0, end + max(len(children) - 1, 0) / 2 * _ROW)
        end += max(len(children), 1) * _ROW + (_ROW / 2)
    column = [child for start in brought[""] for child in brought.get(start.entity.iri, ())]
    for number in range(2, len(walk.shown)):
        end, following = _EDGE, []
        for parent in column:
            children = brought.get(parent.entity.iri, [])
            if not children:
                continue
            top = max(end, places[parent.entity.iri][1] - (len(children) - 1) / 2 * _ROW)
            for nth, child in enumerate(children):
                places[child.entity.iri] = (number, top + nth * _ROW)
            end = top + len(children) * _ROW + _ROW / 2
            following += children
        if not following:
            break
        column = following
    return places


def _mark(one: Shown, x: float, y: float, space: float, address: Address | None) -> Mark:
    ref = one.entity
    size = _SIZE * (BOLD if one.is_open else 1)
    words = ", ".join(dict.fromkeys(f"{ARROWS[link.direction]} {link.notation}" for link in one.links))
    shown = "".join(fitted(words, space, _WORDS, 1))
    said = "; ".join(dict.fromkeys(link.label for link in one.links))
    text = f"{ref.label} ({ref.class_name}){': ' if said else ''}{said}"
    href = address(ref) if address else ""
    if href:
        text += ". Close it" if one.is_open else ". Show its neighbours"
    lines = fitted(ref.label, space, size, 2) or ("…",)
    return Mark(ref, x, y, lines, shown, text, href=href, is_open=one.is_open)


def _lines(walk: Walk, marks: Sequence[Mark], places: Mapping[str, int]) -> Iterator[Line]:
    """Yield a line for each two that are joined: solid from an entity to what it brought, else dashed."""
    drawn: set[tuple[int, int]] = set()
    brought_by = {one.entity.iri: one.brought_by for one in walk.shown}
    for opened in walk.opened:
        for joined in opened.neighbours:
            one, other = places[opened.entity.iri], places[joined.entity.iri]
            pair = (min(one, other), max(one, other))
            if pair in drawn:
                continue
            drawn.add(pair)
            is_spoke = brought_by[joined.entity.iri] == opened.entity.iri
            start, end = (one, other) if marks[one].x <= marks[other].x else (other, one)
            yield Line(start, end, _path(marks[start], marks[end]), "spoke" if is_spoke else "chord")


def _path(start: Mark, end: Mark) -> str:
    """Return a curve from the end of one name to the mark of another, or between two marks of one column."""
    right = end.x - 13
    if start.x == end.x:
        left = start.x - 13
        return f"M{left:g} {start.y:g}C{left - 30:g} {start.y:g} {left - 30:g} {end.y:g} {left:g} {end.y:g}"
    left = round(start.x + 20 + max(_width(start), default=0), 1)
    turn = round((left + right) / 2 if right - left < _COLUMN else right - 25, 1)
    return f"M{left:g} {start.y:g}C{turn:g} {start.y:g} {turn:g} {end.y:g} {right:g} {end.y:g}"


def _width(mark: Mark) -> Iterator[float]:
    size = _SIZE * (BOLD if mark.is_open else 1)
    yield from (extent(line, size) for line in mark.lines)
    yield extent(mark.words, _WORDS)


def _said(walk: Walk) -> tuple[str, str]:
    """Return the title of the picture, and in words what it shows."""
    names = ", ".join(one.entity.label for one in walk.opened)
    return (
        f"Beside {names}",
        f"{len(walk.shown)} entities, those that are open with bold names. What was opened is joined to its neighbours "
        "in the next column; dashed lines are other edges of what is open. The same follows below in words.",
    )
