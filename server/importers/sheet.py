"""The rows that an import makes, as they are put together, with what is said of them to whoever imports."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from ..namespaces import SLUG
from ..records.findings import Finding
from ..turtle.authoring import slug_of
from ..turtle.base import Base
from .known import Known
from .tables import Row, Table
from .terms import WorkTerms
from .works import Described, Place, Work

PROPOSER: Final = "akb import"
LEAST_WORKS: Final = 3
"""Works of which somebody is an author who gets a page."""
_LONGEST_SLUG: Final = 60


@dataclass(frozen=True)
class Wishes:
    """What whoever imports wants."""

    status: str = "draft"
    """That of new entities."""
    least_works: int = LEAST_WORKS
    follows: bool = False
    """Whether what is in the base gives way to the records."""
    citing: str = ""
    """The IRI of a work whose references the records are: then none of them is written that is not there."""


@dataclass
class Joining:
    """What an import makes of its records."""

    tables: list[Table] = field(default_factory=list)
    faults: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What was not understood or left out, and what differs, each with its place."""
    proposals: list[dict[str, Any]] = field(default_factory=list)
    """What a person has to decide, as docs/proposing.md has it."""
    counts: Counter[str] = field(default_factory=Counter)


class Sheet:
    """The rows so far, and what they are made from."""

    def __init__(self, base: Base, terms: WorkTerms, wishes: Wishes) -> None:
        self.namespaces = base.namespaces
        self.terms = terms
        self.wishes = wishes
        self.known = Known(base, terms)
        self.found = Joining()
        works = self.known.works.values()
        self.titles = {work.iri: work.titles[0] for work in works if work.titles}
        """The titles of works, by IRI; `years` likewise."""
        self.years = {work.iri: work.issued.year for work in works if work.issued}
        self.by_key: dict[str, str] = {}
        """The ids of what records and notes are about, by the names that links have for it."""
        self._entities: list[Row] = []
        self._edges: list[Row] = []
        self._taken = {self.id(iri) for iri in self.known.ids}
        self._left_out: defaultdict[str, defaultdict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))

    def id(self, iri: str) -> str:
        """Return the CURIE of an entity."""
        return self.namespaces.compact(iri)

    def has(self, curie: str) -> bool:
        """Tell whether an id is that of an entity of the base, or of a row."""
        return curie in self._taken

    def entity(self, place: Place, cells: dict[str, str]) -> None:
        """Add a row of an entity."""
        self._entities.append(_row(place, cells))

    def fact(self, place: Place, iri: str, cells: dict[str, str]) -> None:
        """Add a row that says more of an entity that is there."""
        page, _, slug = self.id(iri).partition(":")
        self.entity(place, {"class": page, "slug": slug, **cells})

    def edge(
        self,
        subject: str,
        predicate: str,
        object_: str,
        place: Place,
        *,
        note: str,
        sources: str,
        locator: str = "",
        confidence: float | None = None,
        status: str = "active",
        is_said_there: bool = True,
        issued: str = "",
    ) -> None:
        """Add a row of an edge; `is_said_there` tells whether the subject is where it is asserted."""
        self._edges.append(
            _row(
                place,
                {
                    "subject": self.id(subject),
                    "predicate": predicate,
                    "object": self.id(object_),
                    "note": note,
                    "assertedIn": self.id(subject) if is_said_there else "",
                    "locator": locator,
                    "confidence": str(confidence) if confidence is not None else "",
                    "status": status,
                    "agentType": "machine-extracted",
                    "sources": sources,
                    "issued": issued,
                },
            )
        )

    def is_new_edge(self, subject: str, predicate: str, object_: str) -> bool:
        """Tell whether two entities are not joined by a predicate, and take note that they are from now on."""
        ends = (subject, predicate, object_)
        if subject == object_ or ends in self.known.joined:
            return False
        self.known.joined.add(ends)
        return True

    def leave_out(self, one: Work | Described, *names: str) -> None:
        """Take note of fields that have no place in the base."""
        for name in names:
            self._left_out[one.place.file][name].append(one.place)

    def slug(self, page: str, name: str, number: str = "", year: int = 0) -> str:
        """Return a slug that is free for something new: of its name, else of a number, with the year where it must."""
        whole = slug_of(name)
        cut = whole[: _LONGEST_SLUG + 1].rpartition("-")[0] or whole[:_LONGEST_SLUG]
        short = whole if len(whole) <= _LONGEST_SLUG else cut
        if not SLUG.fullmatch(short) or len(short) < 3:
            number = re.sub("[^A-Za-z0-9]+", " ", number or hashlib.sha256(name.encode()).hexdigest()[:10])
            short = slug_of(f"{page} {number}")
        dated = f"{short}-{year}" if year > 0 else short
        candidates = (short, dated, *(f"{dated}-{count}" for count in range(2, 10_000)))
        found = next(slug for slug in candidates if not self.has(f"{page}:{slug}"))
        self._taken.add(f"{page}:{found}")
        return found

    def finish(self) -> Joining:
        """Return all rows, and what is to be said of them."""
        for file, fields in self._left_out.items():
            names = ", ".join(f"{name} ({len(places)})" for name, places in sorted(fields.items()))
            first = min(place.line for places in fields.values() for place in places)
            self.found.notes.append(
                f"{file}: the base has no place for these fields (of so many records): {names}; "
                f"the first is at line {first}."
            )
        for rows, is_of_edges in ((self._entities, False), (self._edges, True)):
            if rows:
                self.found.tables.append(Table(is_of_edges, tuple(rows), ()))
        return self.found


def cell(text: str) -> str:
    """Return a value for a cell that may hold several, which bars would divide."""
    return " ".join(text.replace(" | ", " / ").split())


def many(values: Iterable[str]) -> str:
    """Return a cell with several values."""
    return " | ".join(map(cell, values))


def _row(place: Place, cells: dict[str, str]) -> Row:
    return Row(place.file, place.line, {name: value for name, value in cells.items() if value.strip()}, {})
