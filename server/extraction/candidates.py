"""What a maker of proposals yields, and what it is given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, Protocol

from ..texts.passages import Passages
from ..texts.records import Spot
from .known import Known
from .works import Work

Role = Literal["claim", "question", "method", "artifact", "quote", "edge"]
ROLES: tuple[Role, ...] = ("claim", "question", "method", "artifact", "quote", "edge")


@dataclass(frozen=True)
class Candidate:
    """Something that a text may say: a new entity, or an edge from the work to one that the base has."""

    role: Role
    label: str
    """Of a new entity; empty for an edge."""
    definition: str
    spots: tuple[Spot, ...]
    """The sentences that say it."""
    quote: str
    """The words of the text among them."""
    score: float
    """From 0 to 1."""
    reason: str
    """Why it is proposed, as a sentence."""
    about: tuple[str, ...] = ()
    """The CURIEs of the entities of the base that it speaks of; of an edge, the one to which it leads."""


@dataclass(frozen=True)
class Found:
    """What a maker found in a text."""

    candidates: tuple[Candidate, ...]
    notes: tuple[str, ...] = field(default=())
    """Sentences on what it could not do, or left out."""


class Maker(Protocol):
    """Looks for candidates in a text."""

    @property
    def name(self) -> str:
        """Who proposes what it finds."""
        ...

    @property
    def model(self) -> str:
        """With which model, as the provenance of edges says it."""
        ...

    def find(self, passages: Passages, work: Work, known: Known) -> Found:
        """Return what a text may say. Nothing is raised: what goes wrong is a note."""
        ...


def ranked(candidates: Iterator[Candidate] | tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Return candidates in the order of their scores, the best first; equal ones as they were."""
    return tuple(sorted(candidates, key=lambda one: -one.score))
