"""The pairs that may deserve an edge or a merger: found by meaning, names and identifiers, and ranked by worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from ..records.candidates import Candidate, Decision, Signals, State, candidate_id
from .labels import alike, trigrams
from .ranking import Ranking, learn, worth_of
from .rarity import rarity
from .reading import Pairs
from .records import Linked, Model
from .signals import shared_by_pairs, sharing_identifiers, signals
from .texts import texts_hash

LABEL_THRESHOLD: Final = 0.55
"""How alike two names are for their entities to be a candidate, whatever the cosine; docs/similarity.md says why."""

AT_MOST: Final = 20
"""How many candidates an entity has at most on its own account; it may be in more as the other member."""

IN_ALL: Final = 50_000
"""How many there are at most: more than anybody will look through, and each is ten triples of the store."""

_ROUNDING: Final = 1e-9


class Nearness(Protocol):
    """What a release knows of nearness in meaning, by rows: those of the entities sorted by their IRIs."""

    model: Model

    def pairs(self, threshold: float) -> Pairs:
        """Return each pair of rows at a threshold or nearer once, the lesser row first, with its cosine, in order."""
        ...

    def crowding(self) -> NDArray[np.float32]:
        """Return for each row the mean cosine of those nearest to it: near 1 for a hub."""
        ...

    def cosines(self, ones: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the cosines of rows with others, pair by pair."""
        ...


@dataclass(frozen=True)
class _Near:
    """Pairs of rows, in order, and what their embeddings say of them; nothing in a release without an embedding."""

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    rare: NDArray[np.float64]
    """How rarely edges join their classes: 0 or less (`rarity.py`)."""
    cosine: NDArray[np.float32] | None = None
    corrected: NDArray[np.float32] | None = None

    def __getitem__(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> _Near:
        cosine, corrected = (None if one is None else one[chosen] for one in (self.cosine, self.corrected))
        return _Near(self.low[chosen], self.high[chosen], self.rare[chosen], cosine, corrected)


def find_candidates(
    entities: Sequence[Linked], nearness: Nearness | None, decisions: Iterable[Decision] = ()
) -> tuple[Candidate, ...]:
    """Return the candidates among the entities in use, that of most worth first.

    `entities` are sorted by their IRIs; `nearness` is None in a release without an embedding. A pair that an edge joins
    is no candidate, nor is one that was rejected, as long as both texts are what they were then. Only what is left
    after that counts towards AT_MOST. Pairs come from neighbours in meaning, names and identifiers, of each of which an
    entity has a bounded number, so that the time goes with the number of entities.
    """
    decisions = tuple(decisions)
    ranking = learn(decisions)
    model = nearness.model.full_name if nearness else ""
    pairs = _pairs(entities, nearness)
    states = _states(entities, pairs, decisions)
    is_open = np.array([state is not None for state in states], dtype=bool)
    pairs, states = pairs[is_open], states[is_open]
    least, most = _bounds(entities, pairs, ranking)
    may_be = _may_be_among_the_best(pairs, least, most, len(entities))
    pairs, kept, most = pairs[may_be], states[may_be], most[may_be]
    found: list[Candidate] = []
    best: tuple[Candidate, ...] = ()
    order = np.argsort(-most, kind="stable").astype(np.int64)
    for start in range(0, len(order), IN_ALL):
        chosen = order[start : start + IN_ALL]
        known = [
            signals(entities[low], entities[high], cosine, corrected)
            for low, high, cosine, corrected in zip(*_columns(pairs[chosen]), strict=True)
        ]
        found += (
            Candidate(candidate_id(entities[low].iri, entities[high].iri), entities[low].iri, entities[high].iri,
                      one, worth, model, state)
            for low, high, one, worth, state in zip(
                pairs.low[chosen].tolist(), pairs.high[chosen].tolist(), known,
                worth_of(ranking.scores(known) + pairs.rare[chosen] * _unlike(known)).tolist(), kept[chosen],
                strict=True,
            )
        )  # fmt: skip
        found.sort(key=lambda candidate: (-candidate.worth, candidate.id))
        # An upper bound of the worth of all pairs that were not scored yet.
        rest = float(worth_of(most[order[start + IN_ALL : start + IN_ALL + 1]] + _ROUNDING).max(initial=-1))
        best = tuple(islice(_capped(one for one in found if one.worth > rest), IN_ALL))
        if len(best) == IN_ALL:
            break
    trigrams.cache_clear()  # the names of a large base take hundreds of megabytes
    return best


def _pairs(entities: Sequence[Linked], nearness: Nearness | None) -> _Near:
    """Return the pairs that some signal holds for near, but for those that an edge joins."""
    count = max(1, len(entities))
    others = {*alike([one.names for one in entities], LABEL_THRESHOLD), *sharing_identifiers(entities)}
    codes = np.array([low * count + high for low, high in others], np.int64)
    rows = {one.iri: row for row, one in enumerate(entities)}
    joined = np.array(
        [
            min(row, rows[other]) * count + max(row, rows[other])
            for row, one in enumerate(entities)
            for other in one.joined
            if other in rows
        ],
        np.int64,
    )
    if nearness is None:
        codes = np.setdiff1d(codes, joined)
        low, high = codes // count, codes % count
        return _Near(low, high, rarity(entities, low, high))
    low, high, cosine = nearness.pairs(nearness.model.threshold)
    near = low * count + high
    more = np.setdiff1d(codes, near)
    codes = np.concatenate([near, more])
    cosine = np.concatenate([cosine, nearness.cosines(more // count, more % count)])
    order = np.argsort(codes)
    codes, cosine = codes[order], cosine[order]
    free = ~np.isin(codes, joined)
    low, high, cosine = codes[free] // count, codes[free] % count, cosine[free]
    crowding = nearness.crowding()
    # CSLS: Conneau and others, "Word translation without parallel data" (2018), section 2.3.
    return _Near(low, high, rarity(entities, low, high), cosine, 2 * cosine - crowding[low] - crowding[high])


def _columns(pairs: _Near) -> tuple[list[int], list[int], list[float | None], list[float | None]]:
    unknown: list[float | None] = [None] * len(pairs.low)
    cosine, corrected = (
        unknown if values is None else values.astype(float).tolist() for values in (pairs.cosine, pairs.corrected)
    )
    return pairs.low.tolist(), pairs.high.tolist(), cosine, corrected


def _bounds(
    entities: Sequence[Linked], pairs: _Near, ranking: Ranking
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a lower and an upper bound of the score of each pair, without comparing names.

    To compare names takes the most time, and changes the score the least.
    """
    count = len(entities)
    identified = np.array([low * count + high for low, high in sharing_identifiers(entities)], np.int64)
    identifier = np.isin(pairs.low * count + pairs.high, identified).astype(np.float64)
    shared = shared_by_pairs(entities, pairs.low, pairs.high)
    scores = ranking.scores_of(
        {"cosine": pairs.cosine, "corrected": pairs.corrected, "shared": shared, "identifier": identifier},
        len(pairs.low),
    )
    of_other_names = scores + pairs.rare * (1 - identifier)
    of_one_name = scores + ranking.weight("label")
    return np.minimum(of_other_names, of_one_name), np.maximum(of_other_names, of_one_name)


def _unlike(known: Sequence[Signals]) -> NDArray[np.float64]:
    """Return, for each pair, the weight of the rarity of its classes, from 0 to 1.

    Two entities with the same name or identifier may be the same thing, whatever their classes: the weight is then 0.
    """
    return np.array([0.0 if one.identifier else 1 - one.label for one in known])


def _may_be_among_the_best(
    pairs: _Near, least: NDArray[np.float64], most: NDArray[np.float64], count: int
) -> NDArray[np.bool_]:
    """Tell which pairs can be among the AT_MOST best pairs of either member; there are `count` entities."""
    ends = np.concatenate([pairs.low, pairs.high])
    twice = np.concatenate([least, least])
    order = np.lexsort((-twice, ends))
    place = np.arange(len(ends)) - np.searchsorted(ends[order], ends[order])
    last = order[place == AT_MOST - 1]
    bounds = np.full(count, -np.inf)
    bounds[ends[last]] = twice[last]
    may_be: NDArray[np.bool_] = most >= np.minimum(bounds[pairs.low], bounds[pairs.high]) - _ROUNDING
    return may_be


def _states(entities: Sequence[Linked], pairs: _Near, decisions: Iterable[Decision]) -> NDArray[np.object_]:
    """Return the state of each pair; None for one on which a decision still holds."""
    states = np.full(len(pairs.low), "undecided", dtype=object)
    count = max(1, len(entities))
    places = {code: at for at, code in enumerate((pairs.low * count + pairs.high).tolist())}
    rows = {one.iri: row for row, one in enumerate(entities)}
    for decision in decisions:
        low, high = sorted((rows.get(decision.first, -1), rows.get(decision.second, -1)))
        if low >= 0 and (at := places.get(low * count + high)) is not None:
            states[at] = _state(entities[low], entities[high], decision)
    return states


def _state(one: Linked, other: Linked, decision: Decision) -> State | None:
    """Return the state of a pair after the last decision on it; None when the decision still holds."""
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
