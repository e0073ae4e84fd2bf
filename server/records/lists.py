"""The lists of entities: what they hold, and what was selected of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from .citations import Citation
from .evidence import Weight
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


class Facet(StrEnum):
    """By what lists are narrowed, in the order of pages: the names of parameters."""

    TOPIC = "topic"
    AUTHOR = "author"
    ORGANIZATION = "organization"
    VENUE = "venue"
    YEAR = "year"
    EVIDENCE = "evidence"
    KIND = "kind"
    STATUS = "status"


EVIDENCE: Final = ("for", "against")
"""The sides that something may take; a list is narrowed to what has one of them, both, or neither."""


@dataclass(frozen=True)
class FacetValue:
    """A value by which a list can be narrowed, and how many entities would be left."""

    value: str
    """The CURIE of an entity, a name, or a notation."""
    label: str
    count: int
    is_chosen: bool = False


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
    tags: tuple[tuple[Facet, str], ...] = ()
    """What else it is narrowed to, in order: of one facet any of the values, of each facet one."""
    order: Order = Order.EDGES

    def chosen(self, facet: Facet) -> tuple[str, ...]:
        """Return the values of a facet to which the list is narrowed."""
        own = {Facet.STATUS: self.statuses, Facet.KIND: self.kinds}
        return own[facet] if facet in own else tuple(value for name, value in self.tags if name is facet)

    def without(self, facet: Facet) -> ListSelection:
        """Return the same selection, whatever the values of one facet."""
        return self.narrowed(facet, ())

    def narrowed(self, facet: Facet, values: Sequence[str]) -> ListSelection:
        """Return the same selection, narrowed to these values of a facet and no others."""
        if facet is Facet.STATUS:
            return replace(self, statuses=tuple(sorted(values)))
        if facet is Facet.KIND:
            return replace(self, kinds=tuple(sorted(values)))
        order = list(Facet)
        tags = {*(one for one in self.tags if one[0] is not facet), *((facet, value) for value in values)}
        return replace(self, tags=tuple(sorted(tags, key=lambda one: (order.index(one[0]), one[1]))))

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out."""
        return (
            not (self.statuses or self.kinds or self.words or self.tags) and self.since is None and self.until is None
        )


@dataclass(frozen=True)
class ListedRow:
    """An entity of a list with all that its columns show."""

    listed: ListedEntity
    citation: Citation | None = None
    """A reference to it, where it is a work."""
    tags: Mapping[Facet, tuple[FacetValue, ...]] = field(default_factory=dict)
    """The values by which lists are narrowed to it, without counts."""
    weight: Weight | None = None
    """What speaks for it and against it; None where nothing does."""


@dataclass(frozen=True)
class ClassSummary:
    """A page class, and how many entities in use it has."""

    name: str
    label: str
    plural: str
    definition: str
    count: int
