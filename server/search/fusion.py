"""One ranking out of several, by reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from .records import Ranked, Ranking

W = 1.0
COMPLETE = True
_K: Final = 60
"""The constant of the paper: how little the first places of one ranking count above the next."""


def fuse(first: Ranking, *others: Ranking) -> Ranking:
    """Return what any ranking has, by the sum of 1 / (60 + rank); ties go to the one with more edges.

    What has a name that is the text, or begins with it, stays first: it was named, and is not only near. All else is said as the first says it.
    """
    scores: dict[Ranked, float] = {}
    for weight, ranking in zip((1, *(W for _ in others)), (first, *others)):
        for place, one in enumerate(ranking.entities, 1):
            scores[one] = scores.get(one, 0) + weight / (_K + place)
    named = first.entities[: first.leading]
    complete = set(first.entities[: first.complete]) if COMPLETE else set()
    others_by_score = sorted(scores.keys() - set(named), key=lambda one: (one not in complete, -scores[one], one.row))
    return replace(first, entities=(*named, *others_by_score))
