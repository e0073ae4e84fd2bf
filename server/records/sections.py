"""The sections of the pages of entities, as the ontology describes them."""

from __future__ import annotations

from dataclasses import dataclass

from .directions import Direction


@dataclass(frozen=True)
class Way:
    """A predicate, and the direction in which its edges are followed from an entity."""

    predicate: str
    """Its IRI, as asserted."""
    direction: Direction
    label: str
    """How it is read in that direction."""


@dataclass(frozen=True)
class Section:
    """A heading on the pages of some classes, and the edges listed under it."""

    iri: str
    name: str
    """Its notation, which is part of an anchor on the page."""
    heading: str
    classes: tuple[str, ...]
    """The IRIs of its classes; the classes under them have it too."""
    ways: tuple[Way, ...]
    """What it shows, in order."""
    order: float = 0
    through: Way | None = None
    """Where set, the edges shown are those of the entities to which this leads."""
    empty: str = ""
    """What to do when there are none; `THIS` is replaced by the CURIE of the entity."""
    stance: str = ""
    """The notation of the side that it takes, `for` or `against`, or nothing."""
    stands_beside: bool = False
    in_full: bool = False
    by_date: bool = False
    ordered_by: str = ""
    """The IRI of the property of the entity that lists the names of what is shown, or nothing."""
    hides_predicate: bool = False
    shows_notes: bool = False


@dataclass(frozen=True)
class Item:
    """One line of a section that another package adds to a page."""

    text: str
    href: str = ""
    """Where it leads, or nothing."""


@dataclass(frozen=True)
class AddedSection:
    """A section that another package adds to the page of an entity."""

    name: str
    """The name of its entry point, which is part of an anchor on the page."""
    heading: str
    items: tuple[Item, ...]
