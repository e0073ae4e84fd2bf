"""The parts of a group by which a query can be taken to pieces, and what is left of it with some of them.

A part is a triple pattern, where `;` and `,` are resolved, or any other element of the group as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from .prologue import Prologue, read_prologue
from .structure import Element, Group, Select, read_structure
from .triples import Part, Triple, read_triples

JOINED: Final = frozenset({"triple", "triples", "group", "graph", "values", "service"})
"""The kinds of parts of which each alone can leave nothing; filters come after them."""
_NARROWING: Final = frozenset({"filter", "minus"})
_SHOWN: Final = 200
"""Characters of a part that are shown."""


@dataclass(frozen=True)
class Piece:
    """A part of a group: its text, and where it is in the query."""

    kind: str
    text: str
    start: int
    end: int
    triple: Triple | None = None
    element: Element | None = None

    @property
    def shown(self) -> str:
        """Its text on one line, cut where it is long."""
        text = " ".join(self.text.split())
        return text if len(text) <= _SHOWN else f"{text[:_SHOWN]} ..."

    def with_part(self, part: Part, text: str) -> Piece:
        """Return a triple pattern with another text in the place of one of its terms."""
        assert self.triple is not None
        parts = (self.triple.subject, self.triple.predicate, self.triple.object)
        return replace(self, text=" ".join(text if one is part else one.text for one in parts))


@dataclass(frozen=True)
class Taken:
    """A query, taken to pieces at one of its groups."""

    query: str
    prologue: Prologue
    select: Select
    group: Group
    around: str = "{}"
    """What is around the pieces of the group, such as GRAPH; `{}` where these go."""

    def pieces(self) -> list[Piece]:
        """Return the parts of the group in their order."""
        found: list[Piece] = []
        for element in self.group.elements:
            triples = read_triples(self.query, element.start, element.end) if element.kind == "triples" else None
            if triples is None:
                text = self.query[element.start : element.end].strip(" \t\r\n.")
                found.append(Piece(element.kind, text, element.start, element.end, element=element))
            else:
                found += [Piece("triple", one.text, one.subject.start, one.object.end, one) for one in triples]
        return found

    def body(self, pieces: Iterable[Piece]) -> str:
        """Return a group of some pieces."""
        text = ""
        for piece in pieces:
            text += f"{piece.text} {'.' if piece.kind in {'triple', 'triples'} else ''}\n"
        return self.around.replace("{}", f"{{ {text}}}", 1)

    def asking(self, pieces: Iterable[Piece], what: str = "(1 AS ?found)", more: str = "", end: str = "LIMIT 1") -> str:
        """Return a SELECT over a group of some pieces; `more` is put beside them."""
        head = self.query[: self.prologue.end]
        return f"{head}\nSELECT {what} {self.select.dataset} WHERE {{ {self.body(pieces)} {more} }} {end}"

    def within(self, piece: Piece) -> list[Taken]:
        """Return the same for the groups inside a piece, one for each arm of UNION; none where it has none."""
        element = piece.element
        if element is None or element.kind not in {"group", "graph", "filter"}:
            return []
        if element.kind == "filter" and piece.text.upper().split()[1:2] != ["EXISTS"]:
            return []
        named = f"GRAPH {element.name.text} {{}}" if element.kind == "graph" and element.name is not None else "{}"
        around = self.around.replace("{}", f"{{ {named} }}", 1) if named != "{}" else self.around
        found = []
        for group in element.groups:
            inner = group.select.where if group.select is not None else group
            found.append(replace(self, group=inner, around=around))
        return found


def take_to_pieces(query: str, prefixes: dict[str, str], base: str | None) -> Taken:
    """Take a query to pieces at its outermost group. Raises QueryError where its groups are unclear."""
    prologue = read_prologue(query, prefixes, base)
    select = read_structure(query, prologue.end)
    group = select.where
    while group.select is not None:
        group = group.select.where
    return Taken(query, prologue, select, group)


Finds = Callable[[Sequence[Piece]], bool | None]
"""Whether some pieces together find anything; None where that is not known."""


def core_of(pieces: Sequence[Piece], finds: Finds) -> list[Piece]:
    """Return the fewest pieces found that together leave nothing; none where all together find something.

    What joins comes first, since a filter says nothing about variables that nothing binds. A piece is dropped for good
    only where the others are known to find nothing without it; so what is returned explains the answer, if it may be
    more than is needed where time was short.
    """
    joined = [piece for piece in pieces if piece.kind in JOINED]
    if joined and finds(joined) is False:
        # Rows that were looked up for what is beside them are none where that finds nothing.
        in_order = sorted(joined, key=lambda piece: piece.kind == "values")
        alone = next((piece for piece in in_order if finds([piece]) is False), None)
        return [alone] if alone is not None else _least(joined, lambda left: finds(left) is False)
    narrowing = [piece for piece in pieces if piece.kind in _NARROWING]

    def with_filters(chosen: Sequence[Piece]) -> list[Piece]:
        return [piece for piece in pieces if piece.kind not in _NARROWING or piece in chosen]

    if not narrowing or finds(with_filters(narrowing)) is not False:
        return []
    alone = next((one for one in narrowing if finds(with_filters([one])) is False), None)
    if alone is not None:
        return [alone]
    return _least(narrowing, lambda left: finds(with_filters(left)) is False)


def _least(pieces: Sequence[Piece], is_empty: Callable[[Sequence[Piece]], bool]) -> list[Piece]:
    left = list(pieces)
    for piece in pieces:
        fewer = [one for one in left if one is not piece]
        if fewer and is_empty(fewer):
            left = fewer
    return left
