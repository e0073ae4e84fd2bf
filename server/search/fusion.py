"""One ranking out of several, by reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from .records import Ranked, Ranking

_WEIGHT: Final = 0.5
"""How much the other rankings count beside the first: what was measured decides, see docs/search.md."""
_K: Final = 60
"""The constant of the paper: how little the first places of one ranking count above the next."""


def fuse(first: Ranking, *others: Ranking) -> Ranking:
    """Return what any ranking has, by the sum of 1 / (60 + rank), of which the others count half.

    What has all the words stays first, in the order of the first ranking: it was asked for, and is not only near. Ties
    go to the one with more edges. All else is said as the first says it.
    """
    scores: dict[Ranked, float] = {}
    for ranking in (first, *others):
        weight = 1 if ranking is first else _WEIGHT
        for place, one in enumerate(ranking.entities, 1):
            scores[one] = scores.get(one, 0) + weight / (_K + place)
    sure = first.entities[: first.complete]
    by_score = sorted(scores.keys() - set(sure), key=lambda one: (-scores[one], one.row))
    return replace(first, entities=(*sure, *by_score))
