"""The pages across the classes: debates, the timeline, open questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .languages import Localizable, Said, Translate
from .pages import EntityRef


@dataclass(frozen=True)
class Bearing(Localizable):
    """What one edge says of a claim or a question: by which phrase it leads to which other entity."""

    phrase: str
    entity: EntityRef
    note: str
    edge: str
    """CURIE of the edge."""

    def localized(self, translate: Translate) -> Mapping[str, object]:
        """Return the note."""
        return {"note": translate(self.edge, Said.NOTE, self.note)}


@dataclass(frozen=True)
class Debate:
    """A claim of which something speaks for it, and something against it."""

    claim: EntityRef
    status: str
    speaks_for: tuple[Bearing, ...]
    against: tuple[Bearing, ...]


@dataclass(frozen=True)
class Dated:
    """A work, and when it came out: a year, a month or a day."""

    entity: EntityRef
    issued: str


@dataclass(frozen=True)
class OpenQuestion:
    """A question that is not answered, or in part only."""

    question: EntityRef
    state: str
    state_label: str
    bearing: tuple[Bearing, ...]
    """What answers a part of it, addresses it or raises it."""
    about: tuple[EntityRef, ...]
