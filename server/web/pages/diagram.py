"""The diagram of the classes: a tree to the right for wide screens, and one downward for narrow ones.

It is drawn by `templates/diagram.html` as SVG whose boxes are links; colours come from the style sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from ...records.terms import ClassTerm
from ...schema.schema import Schema

_HEIGHT: Final = 30


@dataclass(frozen=True)
class Box:
    """A class in the diagram; `hue` is the name of its page class, whose colour it has, or empty."""

    term: ClassTerm
    count: int
    hue: str
    x: float
    y: float
    width: float
    height: float = _HEIGHT


@dataclass(frozen=True)
class Diagram:
    """Boxes, the lines between them as SVG path data, and the size of the whole."""

    name: str
    boxes: tuple[Box, ...]
    lines: tuple[str, ...]
    width: float
    height: float


def class_diagrams(schema: Schema, counts: Mapping[str, int]) -> tuple[Diagram, Diagram]:
    """Return the diagram of the classes for wide screens, and the one for narrow screens."""
    tree = _Tree(schema)

    def wide(term: ClassTerm) -> tuple[float, float, float]:
        return tree.depth[term.curie] * 200, tree.middle[term.curie] * 38, 176

    def narrow(term: ClassTerm) -> tuple[float, float, float]:
        x = tree.depth[term.curie] * 16
        return x, tree.order.index(term.curie) * 38, 280 - x

    return (
        _drawn("wide", tree, schema, counts, wide, lambda box: (box.x + box.width, box.y + box.height / 2)),
        _drawn("narrow", tree, schema, counts, narrow, lambda box: (box.x + 8, box.y + box.height)),
    )


class _Tree:
    """The classes below each other: how deep each is, in which order, and the height of its middle, in rows."""

    def __init__(self, schema: Schema) -> None:
        terms = {term.curie: term for term in schema.classes.values() if term.curie.startswith("akb:")}
        self.depth: dict[str, int] = {}
        self.middle: dict[str, float] = {}
        self.order: list[str] = []
        self._below: dict[str, list[str]] = {}
        self._rows = 0
        for term in terms.values():
            for parent in term.parents[:1]:
                self._below.setdefault(parent, []).append(term.curie)
        tops = [curie for curie, term in terms.items() if not term.parents]
        # The entities first, then what there is beside them.
        for top in sorted(tops, key=lambda curie: (curie not in self._below, curie)):
            self._place(top, 0)

    def _place(self, curie: str, depth: int) -> None:
        self.depth[curie] = depth
        self.order.append(curie)
        below = sorted(self._below.get(curie, ()))
        for child in below:
            self._place(child, depth + 1)
        if below:
            self.middle[curie] = (self.middle[below[0]] + self.middle[below[-1]]) / 2
        else:
            self.middle[curie] = self._rows
            self._rows += 1


def _drawn(
    name: str,
    tree: _Tree,
    schema: Schema,
    counts: Mapping[str, int],
    place: Callable[[ClassTerm], tuple[float, float, float]],
    start: Callable[[Box], tuple[float, float]],
) -> Diagram:
    """Draw the tree with each box where `place` says (x, y, width), each line from where `start` says of its parent."""
    terms = {term.curie: term for term in schema.classes.values()}
    boxes: dict[str, Box] = {}
    for curie in tree.order:
        term = terms[curie]
        page = schema.page_class_of(term.iri)
        boxes[curie] = Box(term, counts.get(term.iri, 0), page.notation if page else "", *place(term))
    lines = tuple(
        _line(start(boxes[parent]), box) for box in boxes.values() for parent in box.term.parents if parent in boxes
    )
    width = max((box.x + box.width for box in boxes.values()), default=0)
    height = max((box.y + box.height for box in boxes.values()), default=0)
    return Diagram(name, tuple(boxes.values()), lines, width, height)


def _line(start: tuple[float, float], box: Box) -> str:
    """Return the path from a parent to a box: half way, then up or down, then on; straight down where it is near."""
    (x, y), middle = start, box.y + box.height / 2
    bend = (x + box.x) / 2 if box.x - x > 12 else x
    return f"M{x:g} {y:g}H{bend:g}V{middle:g}H{box.x:g}"
