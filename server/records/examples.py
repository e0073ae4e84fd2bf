"""What serves as an example where pages explain how to ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .pages import EntityRef


@dataclass(frozen=True)
class InferredExample:
    """A statement that follows from what is asserted."""

    subject: EntityRef
    predicate: str
    """CURIE."""
    phrase: str
    """The predicate in words."""
    object: EntityRef


@dataclass(frozen=True)
class ExampleQuery:
    """A query that shows what can be asked."""

    name: str
    """The name of its file, without the ending."""
    title: str
    text: str
    form: str
    """SELECT, ASK or CONSTRUCT."""


@dataclass(frozen=True)
class Examples:
    """The examples of one base; None for what it has none of."""

    entity: EntityRef | None = None
    other: EntityRef | None = None
    """An entity with many edges, of which none leads to the first."""
    inferred: InferredExample | None = None

    @property
    def curie(self) -> str:
        """What an id looks like in this base."""
        return self.entity.curie if self.entity else "prefix:name"
