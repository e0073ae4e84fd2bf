"""A walk through the graph: the entities that a reader opened, in order, and the neighbours that each added."""

from __future__ import annotations

from dataclasses import dataclass

from .pages import EntityRef, Link


@dataclass(frozen=True)
class Joined:
    """A neighbour of an open entity; the links are read from the open entity to it."""

    entity: EntityRef
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Opened:
    """An open entity with those of its neighbours that are shown, whichever entity added them."""

    entity: EntityRef
    neighbours: tuple[Joined, ...]
    total: int
    """The number of neighbours that pass the filter by predicate; not all of them need be shown."""


@dataclass(frozen=True)
class Shown:
    """An entity that is shown, and the open entity that added it."""

    entity: EntityRef
    brought_by: str
    """The IRI of the entity that added it; empty for the start of a walk."""
    links: tuple[Link, ...]
    """The links between the two, read from the open entity."""
    is_open: bool


@dataclass(frozen=True)
class Walk:
    """The open entities and all that are shown, each once."""

    opened: tuple[Opened, ...]
    shown: tuple[Shown, ...]
    """In the order in which they were added."""
    predicates: tuple[tuple[str, str, int], ...]
    """The predicates at the open entities: CURIE, name and number of edges of each."""
    selected: tuple[str, ...]
    """The CURIEs of the predicates to which the edges are filtered; empty for all."""

    def without(self, iri: str) -> tuple[EntityRef, ...]:
        """Return what stays open when an entity is closed: all but it and those that it added, directly or not."""
        closed = {iri}
        for one in self.shown:
            if one.brought_by in closed:
                closed.add(one.entity.iri)
        return tuple(one.entity for one in self.opened if one.entity.iri not in closed)
