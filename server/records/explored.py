"""A walk through the graph: the entities that a reader opened, in order, and the neighbours that this brought."""

from __future__ import annotations

from dataclasses import dataclass

from .pages import EntityRef, Link


@dataclass(frozen=True)
class Joined:
    """An entity beside one that was opened; the links are read from that to it."""

    entity: EntityRef
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Opened:
    """An entity that was opened, with those of its neighbours that are shown, whatever brought them."""

    entity: EntityRef
    neighbours: tuple[Joined, ...]
    total: int
    """How many neighbours are selected by the predicates; there may be more than are shown."""


@dataclass(frozen=True)
class Shown:
    """An entity that is shown, and the opened one that brought it."""

    entity: EntityRef
    brought_by: str
    """The IRI of that one; empty where a walk starts."""
    links: tuple[Link, ...]
    """Between the two, read from the one that was opened."""
    is_open: bool


@dataclass(frozen=True)
class Walk:
    """All that was opened, and all that is shown for it, each entity once."""

    opened: tuple[Opened, ...]
    shown: tuple[Shown, ...]
    """In the order in which they came into view."""
    predicates: tuple[tuple[str, str, int], ...]
    """What there is to choose from at what was opened: CURIE and name of each predicate, and how many edges it has."""
    selected: tuple[str, ...]
    """The CURIEs of the predicates that are chosen; all of them where there is none."""

    def without(self, iri: str) -> tuple[EntityRef, ...]:
        """Return what stays open when one is closed: all but that and what was opened among what it brought."""
        closed = {iri}
        for one in self.shown:
            if one.brought_by in closed:
                closed.add(one.entity.iri)
        return tuple(one.entity for one in self.opened if one.entity.iri not in closed)
