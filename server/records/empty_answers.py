"""Why a query finds nothing, and what its parts find, as pages and programs show it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """Something to write instead."""

    text: str
    """What to write in the place of what, as a sentence."""
    query: str
    """The query with it; empty where it could not be put in."""
    finds: bool
    """Whether the whole query then finds something; where not, it only mends the part."""


@dataclass(frozen=True, slots=True)
class Emptied:
    """What left nothing of an answer."""

    patterns: tuple[str, ...]
    """The parts of the query that together leave nothing."""
    said: tuple[str, ...]
    """Sentences about them."""
    changes: tuple[Change, ...]
    """The most promising first."""
    is_whole: bool
    """Whether there was time for all; where not, fewer patterns might be to blame."""


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a query, and how much it finds: alone, and with all before it. None for what was not found out."""

    text: str
    alone: int | None
    together: int | None
    milliseconds: float
    """How long it took to count both."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done to answer a query."""

    calls: tuple[str, ...]
    """What was asked of others, or searched for, before."""
    steps: tuple[Step, ...]
    counted: int
    """Up to how many rows were counted."""
