"""The pairs that may deserve an edge or a merger: found by meaning, names and identifiers, and ranked by worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from .labels import alike
from .ranking import learn
from .records import Candidate, Decision, Model, Placed, Signals, State, candidate_id
from .signals import sharing_identifiers, signals
from .texts import texts_hash

LABEL_THRESHOLD: Final = 0.55
"""How alike two names are for their entities to be a candidate, whatever the cosine; docs/similarity.md says why."""

AT_MOST: Final = 20
"""How many candidates an entity has at most on its own account; it may stand in more as the other's."""


class Nearness(Protocol):
    """What a release knows of nearness in meaning, by rows: those of the entities sorted by their IRIs."""

    model: Model

    def pairs(self, threshold: float) -> Iterator[tuple[int, int, float]]:
        """Yield each pair of rows at a threshold or nearer once, the lesser row first, with its cosine."""
        ...

    def crowding(self) -> NDArray[np.float32]:
        """Return for each row the mean cosine of those nearest to it: near 1 for a hub."""
        ...

    def cosine(self, one: str, other: str) -> float | None:
        """Return the cosine of two entities by their IRIs."""
        ...


def find_candidates(
    entities: Sequence[Placed], nearness: Nearness | None, decisions: Iterable[Decision] = ()
) -> tuple[Candidate, ...]:
    """Return the candidates among the entities in use, that of most worth first.

    `entities` are sorted by their IRIs; `nearness` is None in a release without an embedding. A pair that an edge joins
    is no candidate, nor is one that was rejected, as long as both texts are what they were then. Only what is left
    after that counts towards AT_MOST.
    """
    decisions = tuple(decisions)
    latest = {decision.id: decision for decision in decisions}
    near = {(low, high): cosine for low, high, cosine in nearness.pairs(nearness.model.threshold)} if nearness else {}
    crowding = nearness.crowding() if nearness else None
    model = nearness.model.full_name if nearness else ""
    pairs = {*near, *alike([one.names for one in entities], LABEL_THRESHOLD), *sharing_identifiers(entities)}
    found: list[tuple[str, str, str, Signals, State]] = []
    for low, high in sorted(pairs):
        one, other = entities[low], entities[high]
        if other.iri in one.joined or one.iri in other.joined:
            continue
        name = candidate_id(one.iri, other.iri)
        state = _state(one, other, latest.get(name))
        if state is None:
            continue
        cosine = near.get((low, high), nearness.cosine(one.iri, other.iri) if nearness else None)
        corrected = None
        if cosine is not None and crowding is not None:
            # CSLS: Conneau and others, "Word translation without parallel data" (2018), section 2.3.
            corrected = float(2 * cosine - crowding[low] - crowding[high])
        found.append((name, one.iri, other.iri, signals(one, other, cosine, corrected), state))
    worths = learn(decisions).worth([known for *_, known, _ in found])
    ranked = sorted(
        (
            Candidate(name, first, second, known, worth, model, state)
            for (name, first, second, known, state), worth in zip(found, worths, strict=True)
        ),
        key=lambda candidate: (-candidate.worth, candidate.id),
    )
    return tuple(_capped(ranked))


def _state(one: Placed, other: Placed, decision: Decision | None) -> State | None:
    """Return how a pair stands to what was decided on it; None when that holds."""
    if decision is None:
        return "undecided"
    if decision.outcome == "later":
        return "postponed"
    return None if decision.texts == texts_hash(one.entity, other.entity) else "reopened"


def _capped(ranked: Iterable[Candidate]) -> Iterator[Candidate]:
    """Yield the candidates that are among the best of either member."""
    counts: Counter[str] = Counter()
    for candidate in ranked:
        if min(counts[candidate.first], counts[candidate.second]) < AT_MOST:
            counts.update((candidate.first, candidate.second))
            yield candidate
