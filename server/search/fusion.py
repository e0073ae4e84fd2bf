"""One ranking out of several, by reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from .records import Ranked, Ranking

_K: Final = 60
"""The constant of the paper: how little the first places of one ranking count above the next."""


def fuse(first: Ranking, *others: Ranking) -> Ranking:
    """Return what any ranking has, by the sum of 1 / (60 + rank); ties go to the one with more edges.

    What has the text for a name stays first: it was named, and is not only near. All else is said as the first says it.
    """
    scores: dict[Ranked, float] = {}
    for ranking in (first, *others):
        for place, one in enumerate(ranking.entities, 1):
            scores[one] = scores.get(one, 0) + 1 / (_K + place)
    named = first.entities[: first.exact]
    others_by_score = sorted(scores.keys() - set(named), key=lambda one: (-scores[one], one.row))
    return replace(first, entities=(*named, *others_by_score))
