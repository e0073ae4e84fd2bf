"""Which pair is worth looking at first: a logistic regression that learns from the decisions in the data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..records.candidates import Decision, Signals

FEATURES: Final = ("cosine", "corrected", "label", "shared", "identifier")
"""The signals that are weighed, in the order of the weights."""

START: Final = (-1.5, 4.0, 3.0, 0.0, 3.0, 3.0)
"""The weights before there is any decision: the constant, then one for each of FEATURES. See docs/similarity.md."""

_TRUST: Final = 1.0
"""How hard START is to move: the inverse of the variance that each weight is given around it."""
_STEPS: Final = 100
_EXACT: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Ranking:
    """How much each signal weighs."""

    weights: tuple[float, ...] = START
    decisions: int = 0
    """From how many decisions it was learned."""

    def worth(self, pairs: Sequence[Signals]) -> list[float]:
        """Return how likely each pair is to become an edge or a merger."""
        return worth_of(self.scores(pairs)).tolist() if pairs else []

    def scores(self, pairs: Sequence[Signals]) -> NDArray[np.float64]:
        """Return what the signals of each pair come to: the more, the higher its worth."""
        return self._sum(_matrix(pairs).T)

    def scores_of(self, signals: Mapping[str, NDArray[np.floating] | None], count: int) -> NDArray[np.float64]:
        """Return what the signals of so many pairs come to, given as columns by the names in FEATURES.

        One that is missing, or None, counts as nothing.
        """
        nothing = np.zeros(count)
        columns = [nothing if (one := signals.get(name)) is None else one.astype(np.float64) for name in FEATURES]
        return self._sum([np.ones(count), *columns])

    def _sum(self, columns: Iterable[NDArray[np.float64]]) -> NDArray[np.float64]:
        # Column by column: the last digit of a matrix product may depend on the number of rows.
        return np.asarray(sum(weight * column for weight, column in zip(self.weights, columns, strict=True)))

    def weight(self, feature: str) -> float:
        """Return the weight of one of FEATURES."""
        return self.weights[1 + FEATURES.index(feature)]


def worth_of(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the worth of pairs whose signals come to these scores."""
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -500, 500))))


def learn(decisions: Sequence[Decision]) -> Ranking:
    """Return the ranking that earlier decisions suggest: START without any, and further from it the more there are.

    An edge and a merger count for a pair, a rejection against it; what was left for later says nothing. The weights
    are the most likely ones when each is normally distributed around its start; Newton's method finds them.
    """
    decided = [decision for decision in decisions if decision.outcome != "later"]
    if not decided:
        return Ranking()
    features = _matrix([decision.signals for decision in decided])
    signs = np.array([1.0 if decision.outcome in {"edge", "merged"} else -1.0 for decision in decided])
    start = np.array(START)

    def likelihood(weights: NDArray[np.float64]) -> float:
        distance = weights - start
        return float(-np.logaddexp(0, -signs * (features @ weights)).sum() - _TRUST / 2 * distance @ distance)

    weights = start
    for _ in range(_STEPS):
        expected = worth_of(features @ weights)
        slope = features.T @ ((signs + 1) / 2 - expected) - _TRUST * (weights - start)
        curve = (features * (expected * (1 - expected))[:, None]).T @ features + _TRUST * np.eye(len(start))
        step = np.linalg.solve(curve, slope)
        # The whole step may lead too far where the curve is flat; it is concave, so that a shorter one leads up.
        while likelihood(weights + step) < likelihood(weights) and np.abs(step).max() > _EXACT:
            step /= 2
        weights = weights + step
        if np.abs(step).max() <= _EXACT:
            break
    return Ranking(tuple(float(weight) for weight in weights), len(decided))


def _matrix(pairs: Sequence[Signals]) -> NDArray[np.float64]:
    # What a release without an embedding does not know counts as nothing.
    columns = ([value or 0.0 for value in map(attrgetter(name), pairs)] for name in FEATURES)
    return np.column_stack([np.ones(len(pairs)), *(np.array(column, np.float64) for column in columns)])
