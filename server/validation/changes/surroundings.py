"""Finds out what a change can affect, and what must be read to judge it.

What a finding says of a node depends on the statements about the node, about the nodes that those name, and about the
nodes that name it; on those that share a key or a joined value with it; and for circles on all that lead from it to
itself. So a change of some subjects can affect themselves and all nodes related so, before the change or after:
the affected. And to judge those, the nodes related to them must be read in turn: the surroundings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ...namespaces import VOCABULARIES
from ...turtle.statements import Statement
from ..lint.circles import strongly_connected_components
from .alike import related_keys
from .blocks import Block, by_subject, read_statements
from .index import Index


@dataclass(frozen=True)
class Ways:
    """The relations of nodes beyond naming one another: those that shapes, rules and the ontology depend on."""

    joins: frozenset[str]
    """IRIs of properties whose equal values join."""
    upward: frozenset[str]
    """IRIs of properties of which no circle should be made."""


@dataclass
class Surroundings:
    """What a change affects, and the blocks around it."""

    affected: set[str]
    """The IRIs of the nodes of which findings may have come or gone."""
    blocks: dict[tuple[str, str], Block] = field(default_factory=dict)
    """What must be read, by file and subject."""


def surroundings(index: Index, ways: Ways, paths: Iterable[str], before: Mapping[str, str]) -> Surroundings:
    """Return what a change of some files affects; `before` holds the texts of those that there were."""
    reader = _Reader(index, ways)
    changed: set[str] = set()
    described: set[str] = set()
    lost: list[Statement] = []
    for path in paths:
        new = {block.subject: block for block in index.of_file(path)}
        old = by_subject(read_statements(before.get(path, "").encode()) or [])
        reader.take(new.values())
        described |= new.keys()
        # A file is a change of those subjects only of which it says something else than before.
        for subject in new.keys() | old.keys():
            was, now = old.get(subject, []), new[subject].statements if subject in new else []
            if set(was) != set(now):
                changed.add(subject)
                lost += was
    affected = changed | described | reader.around(changed) | reader.beside(lost)
    affected |= reader.on_circles(changed, lost)
    affected -= {iri for iri in affected if iri.startswith(tuple(VOCABULARIES.values()))}
    reader.around(affected)
    reader.climb(affected, ())
    return Surroundings(affected, reader.blocks)


class _Reader:
    """Reads blocks from the index, each once."""

    def __init__(self, index: Index, ways: Ways) -> None:
        self._index = index
        self._ways = ways
        self._about: dict[str, list[Block]] = {}
        self.blocks: dict[tuple[str, str], Block] = {}

    def take(self, blocks: Iterable[Block]) -> set[str]:
        """Keep some blocks, and return their subjects."""
        subjects = set()
        for block in blocks:
            self.blocks[block.file, block.subject] = block
            subjects.add(block.subject)
        return subjects

    def around(self, nodes: Collection[str]) -> set[str]:
        """Return the neighbours of some nodes, and read the statements about both."""
        said = list(self._statements(nodes))
        found = self.beside(said)
        found |= self.take(self._index.naming(nodes))
        list(self._statements(found))
        return found

    def beside(self, said: Collection[Statement]) -> set[str]:
        """Return the nodes that some statements name, and those that share a key or a value with them."""
        named = {value[1:-1] for _, predicate, value in said if value[0] == "<" and predicate != _TYPE}
        named -= {iri for iri in named if iri.startswith(_WORDS)}
        joined = {_term(value) for _, predicate, value in said if predicate[1:-1] in self._ways.joins}
        alike = self.take(self._index.alike(set(related_keys(said))))
        return named | alike | self.take(self._index.naming(joined))

    def on_circles(self, nodes: Collection[str], old: Collection[Statement]) -> set[str]:
        """Return the nodes that some nodes lead to and that lead back, counting the steps that there were before."""
        found: set[str] = set()
        for steps in self.climb(nodes, old).values():
            for component in strongly_connected_components(steps):
                if not component.isdisjoint(nodes):
                    found |= component
        return found

    def climb(self, nodes: Collection[str], old: Collection[Statement]) -> dict[str, set[tuple[str, str]]]:
        """Return the steps upward from some nodes, property by property, and read what is said on the way."""
        steps: dict[str, set[tuple[str, str]]] = {}
        for property_ in self._ways.upward:
            found = {(s[1:-1], o[1:-1]) for s, p, o in old if p[1:-1] == property_ and s[0] == o[0] == "<"}
            reached = {*nodes, *(end for _, end in found)}
            queue = reached
            while queue:
                taken = {(s[1:-1], o[1:-1]) for s, p, o in self._statements(queue) if p[1:-1] == property_}
                found |= taken
                queue = {end for _, end in taken} - reached
                reached |= queue
            steps[property_] = found
        return steps

    def _statements(self, nodes: Iterable[str]) -> Iterator[Statement]:
        """Yield what is said of some nodes."""
        wanted = set(nodes)
        missing = wanted - self._about.keys()
        self._about.update({node: [] for node in missing})
        for block in self._index.about(missing):
            self.take([block])
            self._about.setdefault(block.subject, []).append(block)
        for node in wanted:
            for block in self._about[node]:
                yield from block.statements


def _term(value: str) -> str:
    return value[1:-1] if value[0] == "<" else value


_TYPE = f"<{VOCABULARIES['rdf']}type>"
_WORDS = tuple(VOCABULARIES.values())
