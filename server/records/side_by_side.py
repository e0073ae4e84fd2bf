"""Entities side by side: what they share, how they are joined to each other and to others, and where they differ."""

from __future__ import annotations

from dataclasses import dataclass

from .pages import EntityPage, EntityRef, Fact, Link


@dataclass(frozen=True)
class Value:
    """What an entity has in a row: a fact, or the entity at the other end of an edge."""

    fact: Fact | None = None
    entity: EntityRef | None = None
    link: Link | None = None
    holders: int = 1
    """How many of the compared entities have it in this row."""

    @property
    def text(self) -> str:
        """The value as one reads it."""
        return self.entity.label if self.entity else self.fact.value if self.fact else ""


@dataclass(frozen=True)
class Row:
    """A property, or a predicate in one direction, and what each of the compared entities has there."""

    name: str
    term: str
    """The IRI of a property, or the CURIE of a predicate; a word for what every entity has."""
    cells: tuple[tuple[Value, ...], ...]

    @property
    def values(self) -> tuple[Value, ...]:
        """The values of the first entity: in a row of what all share, those of all."""
        return self.cells[0]


@dataclass(frozen=True)
class Between:
    """An edge that joins two of the compared entities."""

    start: EntityRef
    link: Link
    end: EntityRef


@dataclass(frozen=True)
class Meeting:
    """An entity that is joined to several of the compared, but not to all of them alike."""

    entity: EntityRef
    cells: tuple[tuple[Link, ...], ...]
    """By which edges it is joined to each of the compared."""


@dataclass(frozen=True)
class SideBySide:
    """A comparison of two entities or more."""

    pages: tuple[EntityPage, ...]
    between: tuple[Between, ...]
    shared: tuple[Row, ...]
    """What all of them have."""
    meetings: tuple[Meeting, ...]
    differing: tuple[Row, ...]
    """What only some of them have; what all have is left out."""

    @property
    def entities(self) -> tuple[EntityRef, ...]:
        """The compared entities, in the order in which they were named."""
        return tuple(page.entity for page in self.pages)

    @property
    def size(self) -> int:
        """How many are compared."""
        return len(self.pages)
