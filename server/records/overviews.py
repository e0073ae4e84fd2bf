"""The pages across the classes: debates, the timeline, open questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from .dates import date_of
from .evidence import Weight
from .languages import Localizable, Said, Translate
from .pages import EntityRef, Fact


@dataclass(frozen=True)
class Bearing(Localizable):
    """What one edge says of a claim or a question: by which phrase it leads to which other entity."""

    phrase: str
    entity: EntityRef
    note: str
    edge: str
    """CURIE of the edge."""
    facts: tuple[Fact, ...] = ()
    """What else the edge says."""
    is_position: bool = False
    """Whether it only says who takes the side."""
    confidence: str = ""

    def localized(self, translate: Translate) -> Mapping[str, object]:
        """Return the note."""
        return {"note": translate(self.edge, Said.NOTE, self.note)}


@dataclass(frozen=True)
class Debate:
    """A claim of which something speaks for it, and something against it, or a question with such answers."""

    claim: EntityRef
    status: str
    speaks_for: tuple[Bearing, ...]
    against: tuple[Bearing, ...]
    between: tuple[Bearing, ...] = ()
    """Answers that take neither side."""
    qualifying: tuple[Bearing, ...] = ()
    """What says within which limits it holds."""
    weight: Weight = field(default_factory=Weight)
    """The same, counted and weighed."""

    @property
    def tipping(self) -> tuple[Bearing, ...]:
        """The edges of the side that weighs more without which it would not: see `Weight.tipping`."""
        edges = {edge for one in self.weight.tipping for edge in one.edges}
        return tuple(one for one in (*self.speaks_for, *self.against) if one.edge in edges)

    @property
    def otherwise(self) -> str:
        """The side that would weigh more without these, or an empty string where none would."""
        return self.weight.lean(one.entity for one in self.weight.tipping)


@dataclass(frozen=True)
class Topic:
    """What debates are about, and how many."""

    entity: EntityRef
    debates: int


class Year(NamedTuple):
    """A year of the timeline: what it is called, and the fragment of its place on the page."""

    name: str
    anchor: str


_NO_YEAR = Year("Without a year", "undated")


@dataclass(frozen=True)
class Dated:
    """A work, and when it came out: a year, a month or a day."""

    entity: EntityRef
    issued: str

    @property
    def year(self) -> Year:
        """The year under which the timeline has it."""
        date = date_of(self.issued)
        return Year(date.year_in_words, f"y{date.year}") if date else _NO_YEAR


@dataclass(frozen=True)
class OpenQuestion:
    """A question that is not answered, or in part only."""

    question: EntityRef
    state: str
    state_label: str
    bearing: tuple[Bearing, ...]
    """What answers a part of it, addresses it or raises it."""
    about: tuple[EntityRef, ...]
