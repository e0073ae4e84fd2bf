"""What is like a proposal: the entities of the base nearest to it, and others that wait and would say it twice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from ..similarity.labels import likeness
from .batches import title_of
from .queue import Queued
from .records import NearEntity
from .texts import clean_line

_ALIKE: Final = 0.75
"""From which likeness of two labels on two proposals may be about one thing."""


def score_of(one: Queued) -> str:
    """Return how sure whoever proposes it is, from 0.00 to 1.00; empty where they do not say."""
    score = one.proposal.get("score")
    return f"{score:.2f}" if isinstance(score, int | float) else ""


def nearest_to(one: Queued) -> tuple[NearEntity, ...]:
    """Return the entities of the base that were nearest to the new ones of a proposal when it came, part by part."""
    return tuple(NearEntity(**near) for near in one.record.get("near") or ())


def repeated_by(one: Queued, waiting: Iterable[Queued]) -> tuple[Queued, ...]:
    """Return the others that wait and would add the same: an entity of one class, and of nearly one name."""
    ours = _new(one)
    return tuple(
        other
        for other in waiting
        if other.id != one.id
        and any(
            kind == kinds and likeness([name], [names]) >= _ALIKE for kind, name in ours for kinds, names in _new(other)
        )
    )


def told_of(one: Queued, waiting: Iterable[Queued]) -> tuple[str, ...]:
    """Return lines for a terminal: the score of a proposal, what is nearest to it, and what would say it twice."""
    lines = [f"score: {score}"] if (score := score_of(one)) else []
    lines += [f"nearest in the base: {_said(near)}" for near in nearest_to(one)]
    lines += [
        f"waits too, and is like it: proposal {other.id}, {title_of(other)}" for other in repeated_by(one, waiting)
    ]
    return tuple(lines)


def _new(one: Queued) -> list[tuple[str, str]]:
    return [(_kind(part), str(part["label"])) for part in one.parts if part.get("label")]


def _kind(part: Any) -> str:
    return str(part.get("class") or part["kind"]).lower()


def _said(near: NearEntity) -> str:
    same = "; it says the same" if near.duplicate else ""
    return clean_line(f"{near.id} {near.label!r} (cosine {near.cosine:.2f}){same}")
