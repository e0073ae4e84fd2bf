"""The picture of a neighbourhood: the entity in the middle, its neighbours on both sides of it, class by class.

Names are in rows, so that they never overlap, however many there are. For narrow screens there is a second
drawing, with all of them below each other. A small one of the most connected is shown beside the text of a page. The
same neighbourhood always gives the same picture.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ...knowledge.picturing import most_connected, pairs_among
from ...records.pages import EntityPage, Neighbour
from ..open_release import OpenRelease
from .drawing import ARROWS, LETTER, Drawing, Line, Mark, wrapped

MOST: Final = 40
"""How many entities a picture shows, with the one in the middle."""
_WIDTH, _REACH = 920.0, 185.0
_NARROW: Final = 300.0
_SMALL, _SMALL_WIDTH, _SMALL_REACH = 10, 320.0, 34.0
"""Of the small picture: how many neighbours it shows, its width, and how far they are from the middle."""
_SPARSE: Final = 24
"""Up to so many neighbours, names may take two lines."""


@dataclass(frozen=True)
class Picture:
    """A neighbourhood as drawn for wide screens and for narrow ones, and what it leaves out."""

    wide: Drawing
    narrow: Drawing
    shown: int
    left_out: int
    classes: tuple[tuple[str, str], ...]
    """The page classes in it, with their names in the plural."""


def picture_of(release: OpenRelease, page: EntityPage) -> Picture | None:
    """Draw the neighbourhood of an entity; None where nothing is joined to it."""
    shown = most_connected(page, MOST - 1)
    if not shown:
        return None
    pairs = pairs_among(release.store, release.namespaces, [one.entity.iri for one in shown])
    in_picture = {one.entity.class_name for one in shown} | {page.entity.class_name}
    terms = [term for term in release.schema.page_classes if term.notation in in_picture]
    return Picture(
        wide=wide(page, shown, pairs),
        narrow=narrow(page, shown),
        shown=len(shown),
        left_out=page.neighbours - len(shown),
        classes=tuple((term.notation, term.plural) for term in terms),
    )


def small_picture_of(page: EntityPage) -> Drawing | None:
    """Draw the most connected neighbours of an entity as a small picture; None where nothing is joined to it.

    The middle has no name: the picture is shown on the page of the entity.
    """
    shown = most_connected(page, _SMALL)
    if not shown:
        return None
    row, left = 38, (len(shown) + 1) // 2
    height = left * row + 20.0
    marks = [Mark(page.entity, _SMALL_WIDTH / 2, height / 2, ())]
    for place, neighbour in enumerate(shown):
        is_left = place < left
        rows, nth = (left, place) if is_left else (len(shown) - left, place - left)
        shift = -_SMALL_REACH if is_left else _SMALL_REACH
        marks.append(
            Mark(
                neighbour.entity,
                _SMALL_WIDTH / 2 + shift,
                height / 2 + (nth - (rows - 1) / 2) * row,
                wrapped(neighbour.entity.label, 15, 2),
                "",
                _text(page, neighbour),
                "end" if is_left else "start",
            )
        )
    lines = tuple(Line(0, place, _straight(marks[0], mark), "spoke") for place, mark in enumerate(marks) if place)
    return Drawing("small", *_said(page, shown), tuple(marks), lines, _SMALL_WIDTH, height)


def wide(page: EntityPage, shown: Sequence[Neighbour], pairs: Sequence[tuple[str, str]]) -> Drawing:
    """Draw the neighbours on both sides of the entity, and how they are joined to each other."""
    is_sparse = len(shown) <= _SPARSE
    row = 48 if is_sparse else 36
    left = (len(shown) + 1) // 2
    height = max(left * row + 24.0, 190.0)
    middle = Mark(page.entity, _WIDTH / 2, height / 2, wrapped(page.entity.label, 20, 4), side="middle", is_boxed=True)
    marks = [middle]
    for place, neighbour in enumerate(shown):
        is_left = place < left
        rows, nth = (left, place) if is_left else (len(shown) - left, place - left)
        y = (nth - (rows - 1) / 2) * row
        # On an ellipse a little higher than the picture, so that the outermost rows are clear of the middle too.
        x = _REACH * math.sqrt(1 - (y / (height * 0.55)) ** 2)
        marks.append(
            Mark(
                neighbour.entity,
                round(_WIDTH / 2 + (-x if is_left else x), 1),
                round(height / 2 + y, 1),
                wrapped(neighbour.entity.label, int((_WIDTH / 2 - x - 20) / LETTER), 2 if is_sparse else 1),
                _words(neighbour),
                _text(page, neighbour),
                "end" if is_left else "start",
            )
        )
    places = {mark.entity.iri: place for place, mark in enumerate(marks)}
    lines = [_bent(marks, places[one], places[other]) for one, other in pairs]
    lines += [Line(0, place, _straight(middle, mark), "spoke") for place, mark in enumerate(marks) if place]
    return Drawing("wide", *_said(page, shown), tuple(marks), tuple(lines), _WIDTH, height)


def narrow(page: EntityPage, shown: Sequence[Neighbour]) -> Drawing:
    """Draw the neighbours below each other; the edges between them are left out."""
    row, top = 54, 18
    marks = [Mark(page.entity, 12, top, wrapped(page.entity.label, 34, 1))]
    lines = []
    for place, neighbour in enumerate(shown, 1):
        y = top + place * row
        lines_of = wrapped(neighbour.entity.label, 30, 2)
        marks.append(Mark(neighbour.entity, 40, y, lines_of, _words(neighbour), _text(page, neighbour)))
        lines.append(Line(0, place, f"M12 {y - row if place > 1 else top}V{y}H40", "spoke"))
    return Drawing("narrow", *_said(page, shown), tuple(marks), tuple(lines), _NARROW, top + len(shown) * row + 34)


def _said(page: EntityPage, shown: Sequence[Neighbour]) -> tuple[str, str]:
    """Return the title of the picture, and in words what it shows."""
    left_out = page.neighbours - len(shown)
    rest = f" {left_out} more are left out." if left_out else ""
    return (
        f"Neighbourhood of {page.entity.label}",
        f"{page.entity.label} in the middle, and around it its neighbours, class by class: "
        f"{len(shown)} of {page.neighbours}, those with the most edges. Each leads to its page.{rest}",
    )


def _words(neighbour: Neighbour) -> str:
    """Return by which predicates a neighbour is joined, and which way."""
    words = dict.fromkeys(f"{ARROWS[link.direction]} {link.notation}" for link in neighbour.links)
    text = ", ".join(words)
    return text if len(text) <= 40 else text[:39] + "…"


def _text(page: EntityPage, neighbour: Neighbour) -> str:
    phrases = dict.fromkeys(link.label for link in neighbour.links)
    joined = "; ".join(f"{page.entity.label} {phrase} it" for phrase in phrases)
    return f"{neighbour.entity.label} ({neighbour.entity.class_name}): {joined}."


def _straight(start: Mark, end: Mark) -> str:
    return f"M{start.x:g} {start.y:g}L{end.x:g} {end.y:g}"


def _bent(marks: Sequence[Mark], start: int, end: int) -> Line:
    """Return a line between two neighbours, bent towards the middle so that it does not run through names."""
    one, other, middle = marks[start], marks[end], marks[0]
    x, y = ((one.x + other.x) / 2 + middle.x) / 2, ((one.y + other.y) / 2 + middle.y) / 2
    return Line(start, end, f"M{one.x:g} {one.y:g}Q{x:g} {y:g} {other.x:g} {other.y:g}", "chord")
