"""The lists of entities: what they hold, and what was selected of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .pages import EntityRef


@dataclass(frozen=True)
class ListedEntity:
    """An entity as a row in the list of its class."""

    entity: EntityRef
    status: str
    issued: str
    edge_count: int
    kind: str = ""
    """Of which kind it is within its class: a claim a finding, a question open, a thinker a person; else empty."""
    kind_label: str = ""


class Order(StrEnum):
    """The orders of a list."""

    EDGES = "edges"
    NAME = "name"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True)
class ListSelection:
    """What is wanted of the list of a class, and in which order; what is left empty is not restricted."""

    statuses: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    since: int | None = None
    """A year, below 0 before the common era; what has no date is left out."""
    until: int | None = None
    words: str = ""
    """What the name holds, folded."""
    order: Order = Order.EDGES

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out."""
        return not (self.statuses or self.kinds or self.words) and self.since is None and self.until is None


@dataclass(frozen=True)
class ClassSummary:
    """A page class, and how many entities in use it has."""

    name: str
    label: str
    plural: str
    definition: str
    count: int
