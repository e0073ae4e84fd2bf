"""One ranking out of several, by reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from .records import Ranked, Ranking

_K: Final = 60
"""The constant of the paper: how little the first places of one ranking count above the next."""


def fuse(first: Ranking, *others: Ranking) -> Ranking:
    """Return what any ranking has, by the sum of 1 / (60 + rank); ties go to the earlier ranking.

    What else a ranking says is that of the first.
    """
    scores: dict[Ranked, float] = {}
    for ranking in (first, *others):
        for place, one in enumerate(ranking.entities, 1):
            scores[one] = scores.get(one, 0) + 1 / (_K + place)
    return replace(first, entities=tuple(sorted(scores, key=lambda one: -scores[one])))
