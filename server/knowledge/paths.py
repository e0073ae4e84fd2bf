"""What links two entities: the shortest chains of edges in use from one to the other, whichever way each edge runs."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from ..errors import TimeLimitError
from ..namespaces import Namespaces
from ..records.pages import Link
from ..records.paths import Path, Paths, Step
from ..sparql.queries import narrowed, narrowed_together, question
from ..store.interface import Queryable
from .edge_details import detailed, details_of
from .entity import entity_ref
from .rows import link_of

MOST_STEPS = 6
"""What is further apart is hardly linked, and in most bases almost everything is linked by as many steps."""
_MOST_SEEN = 20_000
"""Entities that a search looks at, before it gives up."""
_SECONDS = 10
_MOST_WEIGHED = 1_000
"""Chains of the same length among which the best are chosen."""


def shortest_paths(store: Queryable, namespaces: Namespaces, start: str, end: str, most: int = 8) -> Paths:
    """Return the shortest paths between two entities, at most so many.

    Raises NotFoundError for an unknown entity, and TimeLimitError when the search takes unreasonably long.
    """
    ends = entity_ref(store, start)[0], entity_ref(store, end)[0]
    if start == end:
        return Paths(*ends, (), 0, 0)
    search = _Search(store, namespaces, start, end)
    met = search.meet()
    if not met:
        return Paths(*ends, (), 0, search.steps, search.is_cut)
    chains = list(islice(search.chains(met), _MOST_WEIGHED))
    between = {iri for chain in chains for iri in chain[1:-1]}
    weights = _edge_counts(store, namespaces, between)
    chains.sort(key=lambda chain: (sum(weights.get(iri, 0) for iri in chain[1:-1]), chain))
    shown = _described(store, namespaces, chains[:most])
    return Paths(*ends, shown, search.count(met), search.steps)


class _Search:
    """Looks from both ends at once, a step at a time, always from where there is less to look at (breadth first)."""

    def __init__(self, store: Queryable, namespaces: Namespaces, start: str, end: str) -> None:
        self._store, self._namespaces = store, namespaces
        # For each side: what was seen, and from where one came to it by the shortest way.
        self._before: tuple[dict[str, set[str]], dict[str, set[str]]] = {start: set()}, {end: set()}
        self._edge: list[list[str]] = [[start], [end]]
        self.steps = 0
        self.is_cut = False
        self._deadline = time.monotonic() + _SECONDS

    def meet(self) -> list[str]:
        """Return the entities at which the two sides meet, all on shortest paths; none when they do not."""
        while self.steps < MOST_STEPS and self._edge[0] and self._edge[1]:
            if time.monotonic() > self._deadline:
                raise TimeLimitError(
                    f"The search for a path took longer than {_SECONDS} seconds and was stopped.",
                    "choose ends that have fewer edges.",
                )
            side = int(len(self._edge[1]) < len(self._edge[0]))
            pairs = self._reach(self._edge[side])
            if self.is_cut:
                return []
            seen, found = self._before[side], dict[str, set[str]]()
            for entity, neighbour in pairs:
                if neighbour not in seen:
                    found.setdefault(neighbour, set()).add(entity)
            seen.update(found)
            self._edge[side] = sorted(found)
            self.steps += 1
            if met := [iri for iri in self._edge[side] if iri in self._before[1 - side]]:
                return met
        return []

    def _reach(self, entities: Sequence[str]) -> list[tuple[str, str]]:
        """Return what is joined to entities, in pairs."""
        names = [self._namespaces.written(iri) for iri in entities]
        left = _MOST_SEEN - sum(map(len, self._before))
        # An entity may be reached from several; ten times as many rows as entities are plenty.
        query = narrowed(question("reach"), {"entity": names}) + f"LIMIT {10 * _MOST_SEEN}"
        pairs = [(str(row["entity"]), str(row["neighbour"])) for row in self._store.select(query)]
        self.is_cut = len(pairs) >= 10 * _MOST_SEEN or len({neighbour for _, neighbour in pairs}) > left
        return pairs

    def chains(self, met: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """Yield every shortest path as the entities on it, from start to end."""
        for middle in met:
            for first in self._ways(0, middle):
                for second in self._ways(1, middle):
                    yield (*first, *reversed(second[:-1]))

    def _ways(self, side: int, entity: str) -> Iterator[tuple[str, ...]]:
        """Yield the shortest ways from the end of a side to an entity."""
        before = sorted(self._before[side][entity])
        if not before:
            yield (entity,)
        for one in before:
            for way in self._ways(side, one):
                yield (*way, entity)

    def count(self, met: Sequence[str]) -> int:
        """Return how many shortest paths there are, without walking them."""
        known: tuple[dict[str, int], dict[str, int]] = {}, {}

        def ways(side: int, entity: str) -> int:
            if entity not in known[side]:
                known[side][entity] = sum(ways(side, one) for one in self._before[side][entity]) or 1
            return known[side][entity]

        return sum(ways(0, one) * ways(1, one) for one in met)


def _edge_counts(store: Queryable, namespaces: Namespaces, iris: set[str]) -> dict[str, int]:
    if not iris:
        return {}
    names = sorted(namespaces.written(iri) for iri in iris)
    rows = store.select(narrowed("SELECT ?entity ?count WHERE { ?entity akb:edgeCount ?count }", {"entity": names}))
    return {str(row["entity"]): int(row["count"]) for row in rows}


def _described(store: Queryable, namespaces: Namespaces, chains: Sequence[tuple[str, ...]]) -> tuple[Path, ...]:
    """Return paths with what each step is."""
    on_them = sorted({iri for chain in chains for iri in chain})
    refs = {iri: entity_ref(store, iri)[0] for iri in on_them}
    steps = {pair for chain in chains for pair in pairwise(chain)}
    ends = sorted(
        {tuple(map(namespaces.written, pair)) for one, other in steps for pair in ((one, other), (other, one))}
    )
    rows = store.select(narrowed_together(question("links_between"), ("subject", "object"), ends)) if ends else []
    links: dict[tuple[str, str], dict[str, Link]] = {}
    for row in rows:
        subject, object_ = str(row["subject"]), str(row["object"])
        for pair, direction in (((subject, object_), "out"), ((object_, subject), "in")):
            link = link_of({**row, "direction": direction}, namespaces)
            links.setdefault(pair, {})[link.edge] = link
    details = details_of(store, namespaces, (edge for between in links.values() for edge in between))
    return tuple(
        tuple(
            Step(refs[one], refs[other], detailed(links[one, other].values(), details))
            for one, other in pairwise(chain)
        )
        for chain in chains
    )
