"""What links two entities."""

from __future__ import annotations

from dataclasses import dataclass

from .pages import EntityRef, Link


@dataclass(frozen=True)
class Step:
    """From one entity to the next, and by which edges; the phrases of the links are read in this direction."""

    start: EntityRef
    end: EntityRef
    links: tuple[Link, ...]


Path = tuple[Step, ...]


@dataclass(frozen=True)
class Paths:
    """The shortest paths between two entities; none where there is none, or none was found."""

    start: EntityRef
    end: EntityRef
    shown: tuple[Path, ...]
    """The best of them: those that lead over what has few other edges, since a path over a hub tells little."""
    total: int
    """How many of this length there are."""
    steps: int
    """How long each is; how far was looked where there is none."""
    is_cut: bool = False
    """Whether the search gave up because there was too much to look at."""
