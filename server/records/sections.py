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
    through: tuple[Way, ...] = ()
    """Where there are any, the edges shown are those of the entities to which these lead."""
    empty: str = ""
    """What to do when there are none; `THIS` is replaced by the CURIE of the entity."""
    stance: str = ""
    """The notation of the side that it takes, `for`, `against` or `qualifying`, or nothing."""
    is_position: bool = False
    """Whether its edges say who takes that side, and are no evidence."""
    stands_beside: bool = False
    in_full: bool = False
    by_date: bool = False
    ordered_by: str = ""
    """The IRI of the property of the entity that lists the names of what is shown, or nothing."""
    also_listed_in: str = ""
    """The IRI of the property of others whose lists of names are searched for those of the entity, or nothing."""
    hides_predicate: bool = False
    shows_notes: bool = False
    shows_weights: bool = False


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
