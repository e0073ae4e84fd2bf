"""The graph of an answer: its things, and the edges that its rows are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import shorten
from typing import Final

from ...build.map.layout import positions
from ...records.sentences import sentence
from .table import Cell, Column, Table

WIDTH: Final = 920.0
_MOST_NODES: Final = 80
_NAMED_EDGES: Final = 40
"""With more edges than that, what they are is said by pointing at them only."""
_LETTERS: Final = 26
_LETTER: Final = 7.4
"""How wide a letter is at most, on the average."""
_HIGH: Final = 58.0
"""How far things above each other are apart: a mark, its name, and some of the edge between."""
_BELOW: Final = 29.0
"""How far below a mark its name ends."""
_ROUNDS: Final = 80


@dataclass(frozen=True)
class Node:
    """A thing in a graph: where it is, what it is called, and where it leads."""

    x: float
    y: float
    cell: Cell
    name: str
    said: str


@dataclass(frozen=True)
class Link:
    """An edge, from one place to another."""

    start: tuple[float, float]
    end: tuple[float, float]
    words: str
    said: str

    @property
    def middle(self) -> tuple[float, float]:
        """Where its words are."""
        return round((self.start[0] + self.end[0]) / 2, 1), round((self.start[1] + self.end[1]) / 2 - 4, 1)


@dataclass(frozen=True)
class GraphDrawing:
    """A graph as it is drawn."""

    title: str
    width: float
    height: float
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    names_edges: bool
    left_out: str
    kind: str = "graph"


def graph(_table: Table, columns: Mapping[str, Column]) -> GraphDrawing:
    """Draw the things of two columns, joined row by row; of many, those that are joined most."""
    x, y, by = columns["x"], columns["y"], columns.get("by")
    pairs: dict[tuple[str, str], list[str]] = {}
    cells: dict[str, Cell] = {}
    for row, (start, end) in enumerate(zip(x.cells, y.cells, strict=True)):
        for cell in (start, end):
            if cell.iri:
                cells.setdefault(cell.iri, cell)
        if start.iri and end.iri and start.iri != end.iri:
            words = pairs.setdefault((start.iri, end.iri), [])
            if by and by.cells[row].text and by.cells[row].shown not in words:
                words.append(by.cells[row].shown)
    degrees = Counter(end for pair in pairs for end in pair)
    order = {iri: place for place, iri in enumerate(cells)}
    shown = sorted(sorted(cells, key=lambda iri: (-degrees[iri], order[iri]))[:_MOST_NODES], key=order.__getitem__)
    places = {iri: place for place, iri in enumerate(shown)}
    ends = [(places[one], places[other]) for one, other in pairs if one in places and other in places]
    height = min(max(280.0, 90.0 + 22.0 * len(shown)), 1400.0)
    points = positions(len(shown), ends).tolist() if shown else []
    names = [_short(cells[iri].shown) for iri in shown]
    places_of = [[90 + left * (WIDTH - 180), 24 + top * (height - 60)] for left, top in points]
    _part(places_of, names, height)
    nodes = []
    for (left, top), name, iri in zip(places_of, names, shown, strict=True):
        joined = degrees[iri]
        said = f"{cells[iri].shown}: {joined} {'edge' if joined == 1 else 'edges'}"
        nodes.append(Node(round(left, 1), round(top, 1), cells[iri], name, said))
    links = []
    for (one, other), words in pairs.items():
        if one in places and other in places:
            first, last = nodes[places[one]], nodes[places[other]]
            said = f"{first.cell.shown} → {', '.join(words) or 'to'} → {last.cell.shown}"
            links.append(Link((first.x, first.y), _before(first, last), ", ".join(words), said))
    without = len(cells) - len(shown)
    return GraphDrawing(
        title=f"{x.name} and {y.name}",
        width=WIDTH,
        height=height,
        nodes=tuple(nodes),
        links=tuple(links),
        names_edges=by is not None and len(links) <= _NAMED_EDGES,
        left_out=sentence(
            "The %(shown)s things with the most edges are drawn; %(others)s are left out.",
            shown=f"{len(shown)}",
            others=f"{without:,}",
        )
        if without
        else "",
    )


def _short(text: str) -> str:
    name = shorten(text, _LETTERS, placeholder="…")
    return name if len(name) > 1 else f"{text[: _LETTERS - 1]}…"


def _part(places: list[list[float]], names: list[str], height: float) -> None:
    """Move things apart, so that neither marks nor the names below them lie on each other."""
    halves = [max(len(name) * _LETTER / 2, 14.0) for name in names]
    for _ in range(_ROUNDS):
        moved = False
        for one in range(len(places)):
            for other in range(one):
                across, down = places[one][0] - places[other][0], places[one][1] - places[other][1]
                wide, high = halves[one] + halves[other] + 10 - abs(across), _HIGH - abs(down)
                if wide <= 0 or high <= 0:
                    continue
                moved = True
                # Along the axis on which it takes less.
                axis, step, way = (0, wide, across) if wide < high * 2 else (1, high, down)
                half = (step / 2 + 0.5) * (1 if way >= 0 else -1)
                places[one][axis] += half
                places[other][axis] -= half
        for place, wide in zip(places, halves, strict=True):
            place[0] = min(max(place[0], wide + 6), WIDTH - wide - 6)
            place[1] = min(max(place[1], 18.0), height - 36)
        if not moved:
            return


def _before(start: Node, end: Node) -> tuple[float, float]:
    """Return the end of an arrow, which is where the mark of its thing begins."""
    across, down = end.x - start.x, end.y - start.y
    if down < -_BELOW - 8:
        # From below it would cross the name: it ends there, where the name is in its way.
        left = end.x - across * _BELOW / -down
        if abs(left - end.x) < len(end.name) * _LETTER / 2:
            return round(left, 1), round(end.y + _BELOW, 1)
    long = max((across**2 + down**2) ** 0.5, 1.0)
    return round(end.x - across / long * 11, 1), round(end.y - down / long * 11, 1)
