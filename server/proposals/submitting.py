"""A proposal on its way: checked, and, where that is allowed, put into the queue."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ..settings import Settings
from ..similarity.reading import Similarity
from .duplicates import near_ones
from .proposing import propose
from .queue import Queue, Queued
from .reading import proposal_of
from .records import Near
from .writing import outcome_record, public_record

Run = Callable[[Any, Iterable[Near]], dict[str, Any]]
"""Tries a proposal, given as JSON has it, with what is near to it, and returns the record of what was found."""


@dataclass(frozen=True)
class Submitted:
    """What became of a proposal."""

    record: dict[str, Any]
    """See `writing.outcome_record`."""
    queued: Queued | None = None
    """The proposal in the queue; None where it was only checked, or refused."""
    is_new: bool = False
    """Whether it was not in the queue before."""

    @property
    def told(self) -> dict[str, Any]:
        """What an agent is told of it: the public record, and its id in the queue."""
        return public_record(self.record) | ({"id": self.queued.id} if self.queued else {})


def submit(
    settings: Settings,
    given: Any,
    *,
    similarity: Similarity | None = None,
    caller: str = "",
    lands: bool | None = None,
    run: Run | None = None,
) -> Submitted:
    """Check a proposal, and put it into the queue where `lands` says so, or else the settings.

    `similarity` is that of a release of the base, `caller` the address that sent it, `run` what tries it elsewhere,
    such as in a process that can be stopped. Raises as `propose` and `Queue.add` do.
    """

    def here(proposal: Any, near: Iterable[Near]) -> dict[str, Any]:
        return outcome_record(propose(settings, proposal, near))

    proposal, faults = proposal_of(given)
    record = (run or here)(given, () if faults else near_ones(proposal, similarity))
    if not record["accepted"] or not (settings.allow_propose if lands is None else lands):
        return Submitted(record)
    return Submitted(record, *Queue(settings).add(record, caller))
