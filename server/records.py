"""The records that rooms hand to each other: what a check found, what a page shows, what a build made.

They are plain data. Nothing here reads a store, a file or a request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

Progress = Callable[[str, int, int], None]
"""Told as work goes on: the name of the stage, how many steps are done, how many there are."""


def no_progress(_stage: str, _done: int, _total: int) -> None:
    """Tell nobody."""


# ---- validation ------------------------------------------------------------------------------------------


class Severity(StrEnum):
    """How bad a finding is; the names are those of SHACL (section 2.1.4) in lower case."""

    INFO = "info"
    WARNING = "warning"
    VIOLATION = "violation"

    @property
    def rank(self) -> int:
        """The place in the order from info to violation, from 0."""
        return list(Severity).index(self)


class Stage(StrEnum):
    """A part of a check, in the order in which they run."""

    SYNTAX = "syntax"
    SHAPES = "shapes"
    RULES = "rules"
    CONSISTENCY = "consistency"
    LINT = "lint"
    ONTOLOGY = "ontology"
    SHAPES_LINT = "shapes-lint"


@dataclass(frozen=True)
class Constraint:
    """What a SHACL validation result says beyond its message (SHACL, section 3.6.2): IRIs, and the value in Turtle."""

    component: str
    shape: str = ""
    path: str = ""
    value: str = ""


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that a check found wrong.

    `file` is relative to the root; `line` and `column` count from 1, in characters, and are 0 where there is none;
    `focus` is the CURIE of the focus node, and `label` its name; `rule` names what was broken; `mend` says what to do.
    """

    file: str
    line: int
    column: int
    focus: str
    label: str
    rule: str
    message: str
    mend: str
    severity: Severity = Severity.VIOLATION
    constraint: Constraint | None = field(default=None, compare=False)
    """Set for what a shape found; findings that differ in it alone are one."""


@dataclass(frozen=True)
class Report:
    """What a whole check found, and how much it looked at."""

    findings: tuple[Finding, ...]
    files: int
    entities: int
    edges: int
    waived: Mapping[Finding, str] = field(default_factory=dict)
    """The findings that are overlooked, with the reasons of their waivers."""
    is_whole: bool = True
    """Whether all was looked at: every stage, and not only what a change affects."""

    @property
    def clean(self) -> bool:
        """Whether nothing is violated; infos, warnings and what is waived do not count."""
        return not any(
            finding.severity is Severity.VIOLATION and finding not in self.waived for finding in self.findings
        )


@dataclass(frozen=True)
class Change:
    """A file that is not as it was: its path, relative to the root, and its text as it was (None: it was not there)."""

    path: str
    before: str | None


# ---- policy ----------------------------------------------------------------------------------------------


class Standing(StrEnum):
    """How a finding stands to what people agreed on before."""

    NEW = "new"
    KNOWN = "known"
    """It is in the baseline."""
    WAIVED = "waived"
    """A waiver that has not expired speaks of it."""


@dataclass(frozen=True)
class Judged:
    """A finding, its fingerprint (the same when lines move), and how it stands; `reason` is that of its waiver."""

    finding: Finding
    fingerprint: str
    standing: Standing = Standing.NEW
    reason: str = ""


@dataclass(frozen=True)
class Known:
    """A finding as a baseline remembers it: without a place, since places move."""

    fingerprint: str
    rule: str
    focus: str
    file: str
    message: str


@dataclass(frozen=True)
class Verdict:
    """A report as policy sees it: what is new, known, waived and mended, and whether that is a failure."""

    report: Report
    judged: tuple[Judged, ...]
    """Every finding of the report, in its order."""
    mended: tuple[Known, ...] = ()
    """What the baseline knows and the check no longer finds."""
    has_baseline: bool = False
    fail_on: Severity = Severity.VIOLATION
    """The least severity at which a new finding is a failure."""
    prefixes: Mapping[str, str] = field(default_factory=dict)
    """The prefixes of the CURIEs in the findings."""
    folder: str = ""
    """What leads from where the reader stands to the root, with a slash at its end; else empty."""

    def fails(self, judged: Judged) -> bool:
        """Tell whether a finding is a failure: new, and at least as bad as `fail_on`."""
        return judged.standing is Standing.NEW and judged.finding.severity.rank >= self.fail_on.rank

    @property
    def failed(self) -> bool:
        """Whether any finding is a failure."""
        return any(self.fails(judged) for judged in self.judged)

    def standing(self, *standings: Standing) -> tuple[Judged, ...]:
        """Return the findings that stand in one of these ways."""
        return tuple(judged for judged in self.judged if judged.standing in standings)

    def path(self, finding: Finding) -> str:
        """Return the path of a finding's file from where the reader stands; empty when it has no file."""
        return self.folder + finding.file if finding.file else ""


# ---- the page of an entity -------------------------------------------------------------------------------


class Direction(StrEnum):
    """How an edge runs, seen from the entity whose page it is on."""

    OUT = "out"
    IN = "in"
    BOTH = "both"


@dataclass(frozen=True)
class EntityRef:
    """An entity as others mention it."""

    iri: str
    curie: str
    label: str
    class_name: str
    """The page class: `paper`, `thinker`, ..."""
    definition: str = ""


@dataclass(frozen=True)
class Link:
    """One edge between the entity of a page and a neighbour."""

    edge: str
    """IRI of the edge node."""
    predicate: str
    """IRI of the predicate, as asserted."""
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
    """A page of what is selected of the neighbours of an entity; the counts are of all pages together."""

    entity: EntityRef
    selection: Selection
    groups: tuple[Group, ...]
    """The neighbours on this page."""
    counts: tuple[tuple[str, int], ...]
    """How many neighbours of each page class are selected, by its name."""
    edges: int
    page: int
    """Counted from 1."""
    size: int
    """How many neighbours a page has at most."""

    @property
    def neighbours(self) -> int:
        """How many neighbours are selected."""
        return sum(count for _, count in self.counts)

    @property
    def items(self) -> tuple[Neighbour, ...]:
        """The neighbours on this page, all groups together."""
        return tuple(neighbour for group in self.groups for neighbour in group.neighbours)

    @property
    def pages(self) -> int:
        """How many pages there are; an empty selection has one, which is empty."""
        return max(1, -(-self.neighbours // self.size))


@dataclass(frozen=True)
class Fact:
    """A property of an entity that is not an edge: a date, a DOI, a code.

    `href` is where the value leads, empty when it leads nowhere.
    """

    name: str
    value: str
    href: str = ""


@dataclass(frozen=True)
class EntityPage:
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
    """The work in which a quote stands, or by which a thinker takes a position."""


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


@dataclass(frozen=True)
class Portrait:
    """What a page tells first of an entity, as its class asks for."""

    sides: tuple[Aspect, ...]
    """What stands side by side: what speaks for a claim, and what against it."""
    aspects: tuple[Aspect, ...]
    positions: tuple[Statement, ...] = ()
    """What the works by a thinker assert and dispute, the newest first."""


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
    """The orders in which a list can stand."""

    EDGES = "edges"
    NAME = "name"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True)
class ListSelection:
    """What is wanted of the list of a class, and in which order; what is left empty is not restricted."""

    statuses: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    since: int = 0
    """A year; what has no date is left out."""
    until: int = 0
    words: str = ""
    """What the name holds, in whatever case."""
    order: Order = Order.EDGES

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out."""
        return not (self.statuses or self.kinds or self.since or self.until or self.words)


@dataclass(frozen=True)
class Author:
    """Who wrote a work: a person, or people or an organisation under one name."""

    name: str
    is_person: bool = True


@dataclass(frozen=True)
class Citation:
    """What a reference to a work says; what is not known is empty."""

    iri: str
    title: str
    authors: tuple[Author, ...]
    """All, in the order of the work, where the base has its list; else those it knows, in the order of the alphabet."""
    issued: str
    doi: str
    arxiv: str
    url: str
    may_lack_authors: bool = False
    """Whether the base has no list of all authors of the work, so that others may have written it too."""
    container: str = ""
    """What it is a part of, for an entry of this base."""

    @property
    def year(self) -> str:
        """The year in which it came out."""
        return self.issued[:4]

    @property
    def address(self) -> str:
        """Where it is found."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url or self.iri

    @property
    def context_object(self) -> tuple[tuple[str, str], ...]:
        """The reference as an OpenURL context object, key by key (ANSI/NISO Z39.88-2004, the journal format)."""
        pairs = (
            ("ctx_ver", "Z39.88-2004"),
            ("rft_val_fmt", "info:ofi/fmt:kev:mtx:journal"),
            ("rft.genre", "preprint" if self.arxiv else "article"),
            ("rft.atitle", self.title),
            ("rft.date", self.issued),
            *(("rft.au", author.name) for author in self.authors),
            ("rft_id", f"info:doi/{self.doi}" if self.doi else ""),
            ("rft_id", self.url or self.iri),
        )
        return tuple(pair for pair in pairs if pair[1])


@dataclass(frozen=True)
class ClassSummary:
    """A page class, and how many entities in use it has."""

    name: str
    label: str
    plural: str
    definition: str
    count: int


# ---- the vocabulary --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Term:
    """One class or property of the ontology, or one that it borrows."""

    iri: str
    curie: str
    label: str
    notation: str
    definition: str
    example: str = ""
    parents: tuple[str, ...] = ()
    """CURIEs of the named direct super-classes or super-properties."""
    mappings: tuple[tuple[str, str], ...] = ()
    """Pairs of the mapping's kind and the CURIE or IRI of the term in another vocabulary."""

    @property
    def anchor(self) -> str:
        """The id of the term on the page of the ontology; for our own terms the fragment of their IRI."""
        prefix, _, name = self.curie.partition(":")
        return name if prefix == "akb" else f"{prefix}-{name}"


@dataclass(frozen=True)
class ClassTerm(Term):
    """A class. `display_order` and `plural` are set on page classes only."""

    plural: str = ""
    display_order: int = 0


@dataclass(frozen=True)
class PropertyTerm(Term):
    """A property, with its domain, range and inverse as IRIs, and its traits as OWL names them."""

    kind: str = ""
    """`object`, `datatype` or `annotation`."""
    domain: str = ""
    range: str = ""
    inverse: str = ""
    traits: tuple[str, ...] = ()
    is_predicate: bool = False
    """Whether it joins two entities, that is, whether an edge may carry it."""
    is_asserted: bool = False
    """Whether kb/ writes it; an inverse is only inferred."""


@dataclass(frozen=True)
class OntologyHeader:
    """What the ontology says of itself; what it does not say is empty."""

    iri: str
    title: str
    description: str
    version: str
    version_iri: str
    licence: str


@dataclass(frozen=True)
class ShapeTerm:
    """A shape, in words. Terms in them are CURIEs."""

    iri: str
    curie: str
    about: tuple[str, ...]
    """What its targets are; none for a shape that others name."""
    targets: tuple[str, ...]
    """CURIEs of the classes, properties or nodes of its targets."""
    path: str
    """The path of a property shape, as SPARQL writes it."""
    constraints: tuple[str, ...]
    parts: tuple[str, ...]
    """CURIEs of its property shapes."""
    message: str
    mend: str
    severity: str

    @property
    def anchor(self) -> str:
        """The fragment of its IRI."""
        return self.iri.rpartition("#")[2]


@dataclass(frozen=True)
class RuleTerm:
    """A rule that is a query over the whole base and must find nothing."""

    iri: str
    curie: str
    label: str
    message: str
    mend: str
    severity: str
    query: str

    @property
    def anchor(self) -> str:
        """The fragment of its IRI."""
        return self.iri.rpartition("#")[2]


@dataclass(frozen=True)
class TermUse:
    """How a term of the ontology is used: how often, an example from the data, and the shapes that speak of it."""

    count: int
    example: str
    shapes: tuple[ShapeTerm, ...]


# ---- the dataset as a whole ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """A part of the data, and how much of it there is: triples of a graph or a property, members of a class."""

    iri: str
    count: int


@dataclass(frozen=True)
class DatasetSummary:
    """What a release holds, all graphs together, as VoID counts it."""

    triples: int
    subjects: int
    objects: int
    entities: int
    graphs: tuple[Part, ...]
    """The named graphs with their triples."""
    classes: tuple[Part, ...]
    """Every class that something is of, with its members."""
    properties: tuple[Part, ...]
    """Every property that is used, with its triples."""
    examples: tuple[str, ...]
    """IRIs of the entities with the most edges."""
    licences: tuple[str, ...]
    """IRIs of the licences that the ontology names."""
    title: str = ""
    description: str = ""
    publisher: str = ""
    publisher_name: str = ""
    keywords: tuple[str, ...] = ()
    period: tuple[str, str] | None = None
    """When the first and the last of its dated works came out: years, months or days."""


@dataclass(frozen=True)
class BaseStatistics:
    """What the files of a base hold. Counts are of entities that are not retired, and of edges of any status."""

    entities: int
    edges: int
    retired: int
    entities_per_class: Mapping[str, int]
    """In display order, with noughts."""
    edges_per_predicate: Mapping[str, int]
    """In the order of the names, without noughts."""
    entity_statuses: Mapping[str, int]
    edge_statuses: Mapping[str, int]
    checked_entities: int
    """How many are active or contested and name what was looked at."""
    checked_edges: int
    edges_with_a_source: int
    """How many say which work or thinker asserts them."""
    orphans: tuple[str, ...]
    """CURIEs of the entities at which no edge in use ends."""
    components: int
    """How many parts there are between which no edge in use runs."""
    largest_component: int
    """How many entities the largest of them has."""
    gaps: Mapping[str, int]
    """How many nodes lack what each gap names: see `knowledge.gaps`."""


# ---- overviews -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bearing:
    """What one edge says of a claim or a question: by which phrase it leads to which other entity."""

    phrase: str
    entity: EntityRef
    note: str


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


# ---- gaps ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Gap:
    """Something that nodes of a base lack."""

    name: str
    title: str
    question: str
    """What its query asks, in a sentence."""
    mend: str
    query: str
    """Yields ?focus: the nodes that lack it, those that matter most first."""
    counting: str
    """Counts the same nodes, as ?count."""


@dataclass(frozen=True)
class GapEdge:
    """What an edge that lacks something says: by which predicate it leads where."""

    notation: str
    object: EntityRef


@dataclass(frozen=True)
class GapItem:
    """A node that lacks something: an entity, or an edge."""

    focus: str
    """CURIE of the node."""
    entity: EntityRef
    """The entity in whose file it stands: itself, or the one from which the edge starts."""
    status: str
    edge_count: int
    text: str
    """The definition of the entity, or the note of the edge; empty when there is none."""
    edge: GapEdge | None = None


@dataclass(frozen=True)
class GapPage:
    """A page of the nodes of a gap; `total` counts those of all pages."""

    gap: Gap
    total: int
    items: tuple[GapItem, ...]
    page: int
    """Counted from 1."""
    size: int
    """How many nodes a page has at most."""

    @property
    def pages(self) -> int:
        """How many pages there are; a gap that is filled has one, which is empty."""
        return max(1, -(-self.total // self.size))


# ---- releases --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Conflict:
    """Two statements that cannot both be true, and the axiom that says so."""

    axiom: str
    first: str
    second: str
    focus: str = ""
    """IRI of the node at which they meet."""
    statement: tuple[str, str, str] | None = None
    """The IRIs of the asserted triple that is the likelier slip: an edge rather than a type."""


@dataclass(frozen=True)
class ReleaseInfo:
    """What a build made; kept in the release as `release.json`."""

    name: str
    built: str
    """When, as an xsd:dateTime in UTC."""
    fingerprint: str
    """SHA-256 over the engine's version and every source file: equal means nothing has changed."""
    entities: Mapping[str, int] = field(default_factory=dict)
    """Entities in use per page class."""
    edges: int = 0
    asserted: int = 0
    inferred: int = 0
    ontology: int = 0
    embedding: str = ""
    """Name and version of what finds entities near in meaning; empty for none."""
    embedded: int = 0
    """Texts that were embedded anew; the vectors of the others were known."""
    seconds: float = 0.0
