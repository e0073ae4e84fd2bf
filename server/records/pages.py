"""What the page of an entity shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .directions import Direction as Direction  # noqa: PLC0414 - for those who read pages
from .evidence import Weight
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
    is_own_reading: bool = False
    """Whether no source says so itself."""

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
    is_quotation: bool = False
    """Whether the value is a text in some language, which is shown as the words of the source."""


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
    others: tuple[Link, ...] = ()
    """Further edges that say the same, by other sources, where edges are not shown in full."""
    source_kind: str = ""
    """What the source is, such as `report`."""
    source_issued: str = ""
    """When the source came out."""
    weight: Weight | None = None
    """What speaks for the other end and what against it, where a section shows that."""
    anchors: tuple[str, ...] = ()
    """The CURIEs of the edges to whose place on the page addresses lead here."""

    @property
    def links(self) -> tuple[Link, ...]:
        """All edges that say so."""
        return (self.link, *self.others)


@dataclass(frozen=True)
class Byname:
    """A name in a list, and the statement about whom it names; None where nobody of that name has a page."""

    name: str
    statement: Statement | None = None


@dataclass(frozen=True)
class Mentioned:
    """An entity that lists a name of the entity of the page, without an edge between the two."""

    entity: EntityRef
    issued: str = ""


@dataclass(frozen=True)
class Aspect:
    """What a page tells of an entity under one heading, picked from the edges that touch it."""

    name: str
    heading: str
    statements: tuple[Statement, ...]
    at_most: int
    """How many of them a page shows."""
    filters: tuple[tuple[str, str], ...]
    """The parameters that select the same edges in the neighbourhood of the entity, or the edges to their works."""
    empty: str = ""
    """What to do when there is none, with commands between backticks; without it an empty aspect is not shown."""
    in_full: bool = False
    """Whether notes and sources are shown, and not only names."""
    by_work: bool = False
    """Whether the edges are those of other entities, each the `work` of its statements, and are grouped by it."""
    hides_predicate: bool = False
    shows_notes: bool = False
    """Whether notes are shown after the names, where edges are not shown in full."""
    order: float = 0
    stance: str = ""
    """The side that it takes: `for`, `against`, `qualifying`, or nothing."""
    is_position: bool = False
    """Whether it says who takes that side, and gives no evidence."""
    ordered_by: str = ""
    """The IRI of the property whose list of names orders it, or nothing."""
    names: tuple[Byname, ...] = ()
    """All names of the list by which it is ordered, where there is one."""
    mentioned: tuple[Mentioned, ...] = ()
    """What lists a name of the entity, where the section asks for that."""

    @property
    def shown(self) -> tuple[Statement, ...]:
        """The statements that a page shows."""
        return self.statements[: self.at_most]

    @property
    def total(self) -> int:
        """How many statements there are."""
        return len(self.statements)

    @property
    def things(self) -> int:
        """How many things it is about: what several edges lead to is one."""
        return len({one.entity.iri for one in self.statements})

    @property
    def contested(self) -> int:
        """How many of them have something for them and something against them, where that is shown."""
        weights = {one.entity.iri: one.weight for one in self.statements if one.weight}
        return sum(weight.is_contested for weight in weights.values())

    @property
    def has_something(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.statements or self.names or self.mentioned)


@dataclass(frozen=True)
class Portrait:
    """What a page shows first of an entity, as the sections of its classes ask for."""

    sides: tuple[Aspect, ...]
    """Sections shown first and side by side, such as those for and against a claim."""
    aspects: tuple[Aspect, ...]
    weight: Weight | None = None
    """What speaks for the entity and what against it; None where that is not asked of it."""
    newest: Statement | None = None
    """The newest thing that an edge of the sections leads to."""
    beyond: tuple[Group, ...] = ()
    """The neighbours that an edge joins which no section shows, each with these edges only."""

    @property
    def weighed(self) -> Aspect | None:
        """The first section that says how much speaks for and against what it shows."""
        return next((one for one in self.told if any(statement.weight for statement in one.statements)), None)

    @property
    def bylines(self) -> tuple[Aspect, ...]:
        """The lists of names, which stand below the title."""
        return tuple(one for one in self.aspects if one.names)

    @property
    def before(self) -> tuple[Aspect, ...]:
        """The sections that come before those side by side."""
        first = min((one.order for one in self.sides), default=None)
        return tuple(one for one in self.aspects if not one.names and first is not None and one.order < first)

    @property
    def after(self) -> tuple[Aspect, ...]:
        """The sections that come after those side by side."""
        return tuple(one for one in self.aspects if not one.names and one not in self.before)

    @property
    def told(self) -> tuple[Aspect, ...]:
        """The sections that have something to show, in the order of the page, without lists of names."""
        return tuple(one for one in (*self.before, *self.sides, *self.after) if one.has_something)


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
