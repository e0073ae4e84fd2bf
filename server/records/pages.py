"""What the page of an entity shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .directions import Direction as Direction  # noqa: PLC0414 - for those who read pages
from .languages import Localizable, Said, Text, Translate


@dataclass(frozen=True)
class EntityRef(Localizable):
    """An entity as others mention it."""

    iri: str
    curie: str
    label: str
    class_name: str
    """The page class: `paper`, `thinker`, ..."""
    definition: str = ""

    def localized(self, translate: Translate) -> Mapping[str, object]:
        """Return label and definition."""
        label = translate(self.curie, Said.LABEL, self.label)
        definition = self.definition and translate(self.curie, Said.DEFINITION, self.definition)
        return {"label": label, "definition": definition}


@dataclass(frozen=True)
class Link(Localizable):
    """One edge between the entity of a page and a neighbour."""

    edge: str
    """CURIE of the edge node."""
    predicate: str
    """CURIE of the predicate, as asserted."""
    notation: str
    """The predicate's snake_case name, as asserted."""
    label: str
    """The predicate as a phrase, read from the page's entity to the neighbour."""
    direction: Direction
    note: str
    source: EntityRef | None
    locator: str
    confidence: str
    status: str
    version: str = ""
    """Which version of the source says so."""
    version_address: str = ""
    """Where that version can be looked up."""
    read_at: tuple[str, ...] = ()
    """Where it was read: addresses, and then words that name what has none."""
    facts: tuple[Fact, ...] = ()
    """What else it says, in the order of pages."""

    def localized(self, translate: Translate) -> Mapping[str, object]:
        """Return the note and the phrase."""
        phrase = Said.INVERSE_PHRASE if self.direction is Direction.IN else Said.PHRASE
        return {
            "note": translate(self.edge, Said.NOTE, self.note),
            "label": translate(self.predicate, phrase, self.label),
        }


@dataclass(frozen=True)
class Neighbour:
    """An entity joined to the page's entity by one edge or more.

    `edge_count` is the number of its active and contested edges in the whole base, by which it is ranked.
    """

    entity: EntityRef
    edge_count: int
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Group:
    """The neighbours of one page class."""

    class_name: str
    plural: str
    neighbours: tuple[Neighbour, ...]


@dataclass(frozen=True)
class Selection:
    """What is wanted of a neighbourhood; what is left empty is not restricted."""

    classes: tuple[str, ...] = ()
    """Names of page classes of the neighbours."""
    predicates: tuple[str, ...] = ()
    """CURIEs of predicates of the edges."""
    directions: tuple[Direction, ...] = ()


@dataclass(frozen=True)
class Neighbourhood:
    """One page of the selected neighbours of an entity; the counts cover all pages."""

    entity: EntityRef
    selection: Selection
    groups: tuple[Group, ...]
    """The neighbours on this page."""
    counts: tuple[tuple[str, int], ...]
    """How many neighbours of each page class are selected, by its name."""
    edges: int

    @property
    def neighbours(self) -> int:
        """How many neighbours are selected."""
        return sum(count for _, count in self.counts)

    @property
    def items(self) -> tuple[Neighbour, ...]:
        """The neighbours on this page, all groups together."""
        return tuple(neighbour for group in self.groups for neighbour in group.neighbours)


@dataclass(frozen=True)
class Fact:
    """A property of an entity that is not an edge: a date, a DOI, a code.

    `href` is where the value leads, empty when it leads nowhere.
    """

    name: str
    value: str
    href: str = ""
    property: str = ""
    """IRI of the property."""
    code: str = ""
    """Notation of the value, where that is a code."""
    parts: tuple[Fact, ...] = ()
    """What is said of the value, where that is a node without a name; `value` has the same in one line."""


@dataclass(frozen=True)
class EntityPage(Localizable):
    """Everything that the page of an entity shows."""

    entity: EntityRef
    type_label: str
    status: str
    alt_labels: tuple[str, ...]
    facts: tuple[Fact, ...]
    sources: tuple[str, ...]
    groups: tuple[Group, ...]

    @property
    def neighbours(self) -> int:
        """How many distinct neighbours the entity has."""
        return sum(len(group.neighbours) for group in self.groups)

    def localized(self, translate: Translate) -> Mapping[str, object]:
        """Return the other names: where the label is in another language, the English one is among them."""
        label = translate(self.entity.curie, Said.LABEL, self.entity.label)
        if not isinstance(label, Text):
            return {}
        return {"alt_labels": (self.entity.label, *(one for one in self.alt_labels if one != label))}


@dataclass(frozen=True)
class Statement:
    """What one edge says of the entity of a page, or of a work by it: the other end, and the edge."""

    entity: EntityRef
    link: Link
    issued: str = ""
    """When the other end came out, where it is a work."""
    text: str = ""
    """What the other end says, word for word, where it is a quote."""
    work: EntityRef | None = None
    """The work of a quote, or the entity whose edge this is, if it is not the entity of the page."""


@dataclass(frozen=True)
class Aspect:
    """What a page tells of an entity under one heading, picked from the edges that touch it."""

    name: str
    heading: str
    statements: tuple[Statement, ...]
    """Those that are shown; there may be more."""
    total: int
    filters: tuple[tuple[str, str], ...]
    """The parameters that select the same edges in the neighbourhood of the entity."""
    empty: str = ""
    """What to do when there is none, with commands between backticks; without it an empty aspect is not shown."""
    in_full: bool = False
    """Whether notes and sources are shown, and not only names."""
    by_work: bool = False
    """Whether the edges are those of other entities, each the `work` of its statements, and are grouped by it."""
    hides_predicate: bool = False
    shows_notes: bool = False
    """Whether notes are shown after the names, where edges are not shown in full."""


@dataclass(frozen=True)
class Portrait:
    """What a page shows first of an entity, as the sections of its classes ask for."""

    sides: tuple[Aspect, ...]
    """Sections shown first and side by side, such as those for and against a claim."""
    aspects: tuple[Aspect, ...]


@dataclass(frozen=True)
class History:
    """When the file of an entity came into the repository of its base, and when it was last changed."""

    entered: datetime
    changed: datetime | None
    """None when it differs from the last commit."""
    commits: int
    """How many commits changed it, the first one included."""


@dataclass(frozen=True)
class Retired:
    """An entity that is no longer in use, and the one that took its place, if any did."""

    entity: EntityRef
    status: str
    successor: EntityRef | None
