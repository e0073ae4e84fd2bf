"""What the template of each page is given: a dataclass for each, whose fields are names in the template.

A theme may put a template of its own in the place of one of these, so that a field, once it is there, stays.
docs/theming.md lists them all, and a test holds it to them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from flask import render_template
from markupsafe import Markup

from ..records.answers import Answer, Difference
from ..records.candidates import Pair, Queue, Thresholds
from ..records.citations import Citation
from ..records.dataset import DatasetSummary
from ..records.downloads import Download
from ..records.evidence import Weight
from ..records.examples import Examples, InferredExample
from ..records.feeds import FeedItem
from ..records.gaps import Gap, GapPage
from ..records.history import Change
from ..records.kept import KeptQuery
from ..records.lists import (
    ClassSummary,
    Facet,
    FacetValue,
    ListedEntity,
    ListedRow,
    ListSelection,
    Order,
)
from ..records.manual import ManualEntry
from ..records.moments import BaseMoment
from ..records.overviews import Topic
from ..records.pages import EntityPage, EntityRef, Mentioned
from ..records.releases import ReleaseInfo
from ..records.sections import AddedSection
from ..records.site import Button
from ..records.snippets import Snippet
from ..records.terms import ClassTerm, CodeList, OntologyHeader, PropertyTerm, RuleTerm, ShapeTerm, TermUse
from .catalogues import Catalogue, write_in

if TYPE_CHECKING:
    from ..records.asked import Written
    from ..records.empty_answers import Emptied
    from ..serialization import Format
    from .http.links import Link
    from .http.paging import Pages


@dataclass(frozen=True)
class Page:
    """A page: `template` is the name of its template, the fields are what that is given."""

    template: ClassVar[str]

    def render_in(self, fields: Mapping[str, Any], catalogue: Catalogue) -> str:
        """Render the page in the language of a catalogue, with its fields as a reader gets them."""
        return write_in(catalogue, lambda: render_template(self.template, **fields))


@dataclass(frozen=True)
class HomePage(Page):
    """The home page."""

    template = "home.html"

    classes: Sequence[ClassSummary]
    """The page classes in display order, with the number of entities in use."""
    info: ReleaseInfo
    """The release: when it was built, how many edges and inferred statements it has."""
    map: Any
    """The map of the whole base: `places`, and `left_out`, how many entities it does not show."""
    map_classes: Sequence[tuple[str, str]]
    """The names of the page classes, and what they are called in the plural."""
    buttons: Sequence[Button]
    """The buttons, each with `label` and `address`."""
    example: EntityRef | None
    """An entity to try the interfaces with; None in an empty base."""
    example_class: str
    """CURIE of a class to try SPARQL with."""
    address: str
    """The address of the site, with a slash at its end."""
    data: Markup
    """The element with the data for search engines."""
    formats: Sequence[Format]
    """The formats of the catalogue."""
    news: Sequence[Change]
    """What was added or changed last, the newest first; empty where the base has no history."""
    topics: Sequence[ListedEntity]
    """Entities with the most edges, of the class that others are most often about."""


@dataclass(frozen=True)
class AboutPage(Page):
    """What the base is, how it is checked, by whom, and how to correct it."""

    template = "about.html"

    info: ReleaseInfo
    """The release: when it was built, how many edges and inferred statements it has, and which drafts it leaves out."""
    classes: Sequence[ClassSummary]
    """The page classes in display order, with the number of entities in use."""
    shapes: int
    """How many shapes the data are held to."""
    rules: int
    """How many rules that are queries."""
    is_enforced: bool
    """Whether data that break a shape or a rule stop a build; False for data of others, published as they are."""
    agents: Sequence[tuple[str, str, int]]
    """What kinds of agents made the edges: the IRI and the name of each kind, and how many edges."""
    gaps: Sequence[tuple[Gap, int]]
    """What is missing in the base, with how many things lack it."""
    source: str
    """The address of the repository of the base; empty where it is not known."""
    engine: str
    """The version of the engine."""


@dataclass(frozen=True)
class ManualContentsPage(Page):
    """The contents of the manual."""

    template = "docs.html"

    entries: Sequence[ManualEntry]
    """The pages: `name`, `title`, `summary`, `sections`."""


@dataclass(frozen=True)
class ManualPage(Page):
    """A page of the manual."""

    template = "doc.html"

    entry: ManualEntry
    """The page: its `name`, `title` and `sections`, each with `id`, `title` and `level`."""
    heading: Markup
    """Its heading."""
    text: Markup
    """What it says below that."""
    before: ManualEntry | None
    """The page before it; None before the first."""
    after: ManualEntry | None
    """The page after it; None after the last."""


@dataclass(frozen=True)
class ApiPage(Page):
    """Every address, what it takes and in what formats it answers."""

    template = "api.html"

    groups: Sequence[tuple[str, Sequence[Any]]]
    """The addresses by what they are for: the name of a group, and its operations."""
    snippets: Sequence[Snippet]
    """How to ask for an entity from a program: `language` and `text`."""
    queries: Sequence[Snippet]
    """How to ask a query from a program."""
    example: EntityRef | None
    """The entity that they ask for; None in an empty base."""


@dataclass(frozen=True)
class DownloadPage(Page):
    """The downloads."""

    template = "download.html"

    groups: Sequence[tuple[str, Sequence[Download]]]
    """The downloads under their headings, each with `name`, `title`, `label`, `size`, `made`, `sha256` and more."""
    notes: Sequence[str]
    """Sentences on downloads that are not there."""
    info: ReleaseInfo
    """The release."""
    formats: Sequence[Format]
    """The formats of the list."""
    path: str
    """The path of the page."""


@dataclass(frozen=True)
class EntityDocumentPage(Page):
    """The page of an entity."""

    template = "entity.html"

    page: EntityPage
    """What is known of the entity: `entity`, names, facts, `groups` of neighbours."""
    picture: Any
    """The small picture of its neighbourhood; None where nothing is joined to it."""
    at_most: int
    """How many neighbours of a class the page lists."""
    at_first: int
    """How many similar entities it lists before a fold."""
    portrait: Any
    """The sections that its class asks for."""
    added: Sequence[AddedSection]
    """The sections that other packages add: `name`, `heading`, `items` with `text` and `href`."""
    history: Any
    """When it was entered and last changed; None where that is not known."""
    related: Any
    """The pairs with similar entities that wait for a decision."""
    data: Markup
    """The element with the data for search engines."""
    citation: Citation
    """A reference to the entity, or to the entry of the base about it."""
    reference: str
    """The same in words."""
    references: Sequence[Format]
    """The formats of references."""
    formats: Sequence[Format]
    """The formats of the description."""
    path: str
    """The path of the page, without an extension."""
    snippets: Sequence[Snippet]
    """How to ask for the entity from a program: `language` and `text`."""
    frame: str
    """The element that shows its card on a page of another site."""
    file: str
    """The path of its file from the root of the base; empty where it is not known."""
    versions: bool
    """Whether the base has a history, so that there is a page of it."""
    then: Any = None
    """The `version` that the page shows, what came after and links; None for the entity as it is."""


@dataclass(frozen=True)
class ClassPage(Page):
    """The list of a class."""

    template = "class.html"

    summary: ClassSummary
    """The class: `name`, `plural`, `definition`, `count`."""
    shown: Sequence[ListedEntity]
    """The entities on this page."""
    total: int
    """How many entities the filters let through, on all pages together."""
    pages: Pages
    """Which page this is: `page`, `last`, `skipped`."""
    steps: Mapping[str, str]
    """The addresses of other pages by link relations: `first`, `prev`, `next`, `last`."""
    selection: ListSelection
    """The filters and the order."""
    counting: str
    """The address of the query that counts them."""
    statuses: Any
    """The statuses by which one can filter, with counts."""
    kinds: Any
    """The kinds of claims likewise."""
    has_dates: bool
    """Whether entities of the class have dates."""
    orders: Mapping[Order, str]
    """The orders that there are, and what they are called."""
    data: Markup
    """The element with the data for search engines."""
    citations: Mapping[str, Citation]
    """References to the works on this page, by IRI."""
    formats: Sequence[tuple[Format, str]]
    """The formats of the list, with the address of each."""
    path: str
    """The path of the list."""
    rows: Sequence[ListedRow] = ()
    """The entities on this page as rows: `listed`, `citation`, `tags` by facet, and `weight`."""
    facets: Mapping[Facet, Sequence[FacetValue]] = field(default_factory=dict)
    """By what the list can be narrowed: of each facet its values, with `value`, `label`, `count`, `is_chosen`."""
    chosen: Sequence[tuple[Facet, str, str]] = ()
    """The values to which it is narrowed: the facet, the label, and the address without it."""
    columns: Sequence[str] = ()
    """The columns that are chosen; none for a list that is no table."""
    offered: Sequence[str] = ()
    """The columns that there are to choose."""


@dataclass(frozen=True)
class SearchPage(Page):
    """The search."""

    template = "search.html"

    asked: Any
    """What is looked for: `text`, `classes`, `statuses`, `mode`."""
    found: Any
    """What was found: `hits`, `total`, `meant`."""
    facets: Mapping[str, Sequence[tuple[str, str, int, bool]]]
    """The filters `class` and `status`: of each value its name, its label, its count, and whether it is chosen."""
    close: Sequence[EntityRef]
    """Entities with similar names, where nothing was found."""
    classes: Sequence[ClassSummary]
    """The page classes, to browse."""
    modes: Sequence[Any]
    """The ways to search that there are."""
    meant: str
    """The address of the search for the corrected text."""
    unfiltered: str
    """The address of the search without filters."""
    pages: Pages
    """Which page this is."""
    steps: Mapping[str, str]
    """The addresses of other pages by link relations."""
    formats: Sequence[tuple[Format, str]]
    """The formats of the answer, with the address of each."""
    text: str
    """The text that is looked for."""
    longest: int
    """How many characters it may have."""
    weights: Mapping[str, Weight] = field(default_factory=dict)
    """What speaks for and against what was found, by IRI."""


@dataclass(frozen=True)
class ComparePage(Page):
    """Entities side by side."""

    template = "compare.html"

    named: Sequence[Any]
    """What was named: of each what was `typed`, its `entity`, or `close` ones; `without` is the address without it."""
    found: Any
    """The comparison: `entities`, `between`, `shared`, `meetings`, `differing`; None before there are two entities."""
    most: int
    """How many entities are compared at once, at most."""
    is_full: bool
    """Whether so many are named already."""
    example: str
    """The address of a comparison to look at; empty where there are no examples."""
    formats: Sequence[tuple[Format, str]]
    """The formats of the comparison, with the address of each."""


@dataclass(frozen=True)
class ByYearPage(Page):
    """What is joined to an entity, by class and year."""

    template = "by-year.html"

    found: Any
    """The `entity`, the `years` with counts, and the `kinds`: `class_name`, `plural`, `found`, `facet` of each."""
    path: str
    """The path of the page."""
    formats: Sequence[Format]
    """The formats of it."""
    above: str
    """The path of the page of the entity."""


@dataclass(frozen=True)
class BrowsePage(Page):
    """The classes, with the entities of each that have the most edges."""

    template = "browse.html"

    classes: Sequence[tuple[ClassSummary, Sequence[ListedEntity]]]
    """The page classes with entities in use, each with the first of its list."""
    empty: Sequence[ClassSummary]
    """Those that have none."""
    lists: Sequence[Button]
    """The pages across the classes."""
    formats: Sequence[Format]
    """The formats of the page."""
    path: str
    """The path of the page."""


@dataclass(frozen=True)
class MapPage(Page):
    """The map of the whole base."""

    template = "map.html"

    map: Any
    """The map: `places`, and `left_out`, how many entities it does not show."""
    map_classes: Sequence[tuple[str, str]]
    """The names of the page classes, and what they are called in the plural."""


@dataclass(frozen=True)
class ReadingListPage(Page):
    """A reading list."""

    template = "reading-list.html"

    name: str
    """What the list is called."""
    title: str
    """The same, if whoever made it named it."""
    entries: Sequence[Any]
    """Its entities: of each a `row` with `listed` and `citation`, and the address of the list `without` it."""
    unknown: Sequence[str]
    """What was named and is not in the base."""
    counts: Sequence[tuple[str, str, int]]
    """The classes of which it has entities: the label, the plural, and how many."""
    is_full: bool
    """Whether no more fit."""
    compare: str
    """The address that compares them; empty where they are too few or too many."""
    drawn: Any
    """The picture of the list; None where it has fewer than two entities."""
    drawn_at: str
    """The address of the picture."""
    address: str
    """The address of the list."""
    formats: Sequence[tuple[Format, str]]
    """The formats of the list, with the address of each."""


@dataclass(frozen=True)
class ErrorPage(Page):
    """An error. It may be shown before there is a release."""

    template = "error.html"

    status: int
    """The HTTP status."""
    title: str
    """What that is called."""
    detail: str
    """What is wrong."""
    mend: str
    """How to mend the fault; may be empty."""
    close: Sequence[EntityRef]
    """Entities with similar names."""
    links: Sequence[Link]
    """Links to what is available instead."""
    request_id: str
    """The id of the request in the log, for a fault of the server; else empty."""
    words: str
    """Words of the address to search for, if nothing was found there; else empty."""
    whole: str
    """The address without its query, if the query is what is wrong; else empty."""


@dataclass(frozen=True)
class NeighbourhoodPage(Page):
    """The neighbours of an entity, filtered and paged."""

    template = "neighbourhood.html"

    found: Any
    """What was found: `groups` of neighbours by class, and the `selection`."""
    entity: EntityRef
    """The entity."""
    counts: Mapping[str, int]
    """How many neighbours of each class there are."""
    neighbours_query: str
    """The address of the query that counts the neighbours."""
    edges_query: str
    """The address of the query that counts the edges."""
    by_class: Mapping[str, str]
    """The address of the query that counts those of a class."""
    classes: Sequence[ClassTerm]
    """The page classes, to filter by."""
    predicates: Sequence[PropertyTerm]
    """The predicates, to filter by."""
    directions: Any
    """The directions, to filter by, and what they are called."""
    is_filtered: bool
    """Whether anything is filtered."""
    picture: Any
    """The picture of the whole neighbourhood; None where a part is listed."""
    pages: Pages
    """Which page this is."""
    steps: Mapping[str, str]
    """The addresses of other pages by link relations."""
    formats: Sequence[tuple[Format, str]]
    """The formats of the answer, with the address of each."""
    path: str
    """The path of the page."""


@dataclass(frozen=True)
class PathPage(Page):
    """What links two entities."""

    template = "path.html"

    start: Any
    """What was typed for the one, and the `entity` that it names."""
    end: Any
    """The same for the other."""
    found: Any
    """The shortest paths; None before there are two entities."""
    most: int
    """How many steps a path may have."""
    examples: Examples
    """Entities that serve as examples."""
    drawing: Any = None
    """The picture of the paths."""
    turned: str = ""
    """The query of the address that asks the other way round."""
    as_json: str = ""
    """The address of the answer as JSON."""


@dataclass(frozen=True)
class ExplorePage(Page):
    """A walk through the graph."""

    template = "explore.html"

    found: Any
    """The open entities and what is shown for them; None while no entity is open."""
    unknown: Sequence[Any]
    """The texts that name no entity, or several, each with entities of similar names (`close`)."""
    way: Any
    """What the address says: what is `opened`, `predicates`, `size`; `with_open` and `with_one_more` return others."""
    wide: Any
    """The picture for wide screens."""
    narrow: Any
    """The picture for narrow screens."""
    classes: Sequence[tuple[str, str]]
    """The page classes in it, with their names in the plural."""
    address: Callable[[EntityRef], str]
    """Returns the address that opens an entity or, if it is open, closes it."""
    back: Sequence[str]
    """The address of each step so far; the last is the present one."""
    most_open: int
    """The maximum number of open entities."""
    sizes: Sequence[int]
    """The numbers of neighbours from which the reader can choose."""
    examples: Examples
    """Entities that serve as examples."""
    unfiltered: str
    """The address of the same picture without a filter by predicate."""


@dataclass(frozen=True)
class ExplanationPage(Page):
    """Why a statement holds."""

    template = "explain.html"

    typed: Mapping[str, str]
    """What was typed for `subject`, `predicate` and `object`."""
    found: Any
    """The explanation; None before there is a whole statement."""
    about: Sequence[Any]
    """What is inferred about the subject, where that alone was typed."""
    example: InferredExample | None
    """A statement that is inferred; None where there is none."""
    query: str = ""
    """The query of the address of this answer."""


@dataclass(frozen=True)
class OverviewPage(Page):
    """A page across the classes."""

    template = "overview.html"

    found: Sequence[Any]
    """The content of this page."""
    total: int
    """How many there are on all pages together."""
    pages: Pages
    """Which page this is."""
    steps: Mapping[str, str]
    """The addresses of other pages by link relations."""
    formats: Sequence[Format]
    """The formats of the overview."""
    path: str
    """The path of the page."""


@dataclass(frozen=True)
class DebatesPage(OverviewPage):
    """The claims with something on both sides."""

    template = "debates.html"

    topics: Sequence[Topic] = ()
    """What the debates are about: `entity`, and `debates`, how many."""
    topic: str = ""
    """The CURIE of the topic that is chosen; empty for all."""


@dataclass(frozen=True)
class ListedNamePage(Page):
    """What lists a name, such as that of an author who has no page."""

    template = "listed.html"

    name: str
    """The name."""
    found: Sequence[Mentioned]
    """What lists it, the newest first: `entity`, `issued`."""


@dataclass(frozen=True)
class OpenQuestionsPage(OverviewPage):
    """The questions that are not answered."""

    template = "open-questions.html"


@dataclass(frozen=True)
class TimelinePage(OverviewPage):
    """The works by date."""

    template = "timeline.html"


@dataclass(frozen=True)
class HistoryPage(Page):
    """The history of an entity."""

    template = "history.html"

    curie: str
    """The id of the entity."""
    label: str
    """Its name; the last one that it had where it is gone."""
    entity_path: str
    """The path of its page."""
    class_name: str
    """The name of its page class."""
    is_here: bool
    """Whether it is in the base."""
    has_history: bool
    """Whether the base has a history at all."""
    changes: Sequence[Any]
    """The versions on this page, newest first: each has a `change`, and the `sections` of what changed in it."""
    total: int
    """How many there are on all pages together."""
    words: Callable[[str, str], Any]
    """How one text became another, in parts."""
    pages: Pages
    """Which page this is."""
    steps: Mapping[str, str]
    """The addresses of other pages by link relations."""
    formats: Sequence[tuple[Format, str]]
    """The formats of the history, with the address of each."""


@dataclass(frozen=True)
class DifferencePage(Page):
    """What differs between two moments, of an entity or of the base."""

    template = "difference.html"

    title: str
    """What is compared: the name of the entity, or of the base."""
    above: Sequence[tuple[str, str]]
    """The pages above, with their addresses."""
    summary: str
    """What differs, in a line."""
    sections: Sequence[Any]
    """What differs: each section has a `title` and `blocks`."""
    words: Callable[[str, str], Any]
    """How one text became another, in parts."""
    before: Any
    """The commit at the one moment; None where there is none."""
    after: Any
    """The commit at the other; None where there is none."""
    sent: Mapping[str, str]
    """What was asked for, as `from` and `to`."""
    pages: Pages
    """Which page this is."""
    steps: Mapping[str, str]
    """The addresses of other pages by link relations."""
    formats: Sequence[tuple[Format, str]]
    """The formats of the difference, with the address of each."""
    path: str
    """The path of the page."""


@dataclass(frozen=True)
class ChangesPage(Page):
    """The changes of the whole base."""

    template = "changes.html"

    has_history: bool
    """Whether the base has a history at all."""
    commits: Sequence[Any]
    """The commits on this page, newest first: each has a `commit`, and its `changes`."""
    total: int
    """How many changes there are on all pages together."""
    classes: Sequence[ClassTerm]
    """The page classes, to filter by."""
    authors: Sequence[str]
    """The authors, to filter by."""
    sent: Mapping[str, str]
    """What is filtered by: `class`, `topic` and `author`."""
    pages: Pages
    """Which page this is."""
    steps: Mapping[str, str]
    """The addresses of other pages by link relations."""
    formats: Sequence[tuple[Format, str]]
    """The formats of the list, with the address of each."""
    path: str
    """The path of the page."""


@dataclass(frozen=True)
class GapsPage(Page):
    """What is missing, counted."""

    template = "gaps.html"

    counts: Sequence[tuple[Gap, int, str]]
    """Each gap, how many things lack what it names, and the address of the query that counts them."""
    formats: Sequence[Format]
    """The formats of the list."""
    path: str
    """The path of the page."""


@dataclass(frozen=True)
class OneGapPage(Page):
    """What lacks one thing."""

    template = "gap.html"

    found: GapPage
    """What lacks it."""
    mend: str
    """What to do about it."""
    query: str
    """The address of the query that finds it."""
    counting: str
    """The address of the query that counts it."""
    pages: Pages
    """Which page this is."""
    steps: Mapping[str, str]
    """The addresses of other pages by link relations."""
    formats: Sequence[tuple[Format, str]]
    """The formats of the answer, with the address of each."""


@dataclass(frozen=True)
class ReviewQueuePage(Page):
    """The pairs that wait for a decision."""

    template = "review.html"

    found: Queue
    """The part of the queue on this page."""
    matches: Sequence[Any]
    """The likeliest matches with other bases."""
    matches_total: int
    """How many of these there are."""
    narrower: Any
    """The address of the queue with another filter."""
    signals: Any
    """The signals, to filter by."""
    states: Any
    """The states, to filter by."""
    reasons: Callable[[Any], Any]
    """Why a pair may belong together, in words."""
    described: Mapping[str, str]
    """The definitions of the entities on this page, by their IRIs."""
    counting: str
    """The address of the query that counts the queue."""
    pages: Pages
    """Which page this is."""
    steps: Mapping[str, str]
    """The addresses of other pages by link relations."""
    formats: Sequence[tuple[Format, str]]
    """The formats of the queue, with the address of each."""


@dataclass(frozen=True)
class CandidatePage(Page):
    """A pair that waits for a decision."""

    template = "candidate.html"

    pair: Pair
    """The pair."""
    sides: Sequence[EntityPage]
    """What is known of each of the two."""
    reasons: Any
    """Why they may belong together, in words."""
    measure: Thresholds
    """By what their nearness was measured."""
    offers: Any
    """The decisions that can be made."""
    statuses: Any
    """The statuses that a new edge may have."""
    sent: Mapping[str, str]
    """The decision that was sent, if one was."""
    error: Any
    """What is wrong with it; None for nothing."""
    path: str
    """The path of the page."""
    formats: Sequence[Format]
    """The formats of the pair."""


@dataclass(frozen=True)
class PatchPage(Page):
    """The patch that a decision makes."""

    template = "patch.html"

    pair: Pair
    """The pair that was decided."""
    patch: str
    """The patch."""
    file: str
    """The name of a file for it."""
    changes: Any
    """What it changes."""
    fields: Sequence[tuple[str, str]]
    """The fields of the form, to ask for the patch as a file."""


@dataclass(frozen=True)
class ProposePage(Page):
    """How a change is proposed, with a form."""

    template = "propose.html"

    sent: str
    """The proposal in the form, as JSON."""
    found: Any
    """What was found of it; None where none was sent."""
    words: Callable[[str, str], Any]
    """Returns the differences between two texts, word by word."""
    error: Any
    """The error that prevented the check; None if there was none."""
    kinds: Sequence[str]
    """The kinds of parts."""
    settings: Any
    """The settings of the server, which say what may wait, and how long a proposal may be."""


@dataclass(frozen=True)
class CorrectPage(Page):
    """The form with which an entity or an edge is corrected."""

    template = "correct.html"

    entity: EntityRef
    """The entity, or that from which the edge starts."""
    edge: Any
    """The edge: its `curie`, the `phrase` of its predicate, and `object`; None where an entity is corrected."""
    fields: Sequence[Any]
    """The fields of its own: `name`, `label`, `hint`, `kind`, `values`, `others`, `choices`, `limits`."""
    edge_fields: Sequence[Any]
    """The fields of an edge that is added."""
    rows: Sequence[Any]
    """The edges to add: `number`, and `fitting`, the values of `joinings` that allow the class of the other end."""
    joinings: Sequence[Any]
    """The predicates that may join the entity: `value`, `label`, `definition`, `is_turned`, `classes`."""
    links: Sequence[Any]
    """The existing edges, each with the neighbour and the link."""
    sent: Mapping[str, str]
    """The values that were sent, by field name."""
    close: Mapping[str, Sequence[EntityRef]]
    """Entities with similar names, by the name of the field whose text names none."""
    wrong: Mapping[str, str]
    """Error messages, by field name."""
    verdict: str
    """The result in a sentence; empty if nothing was sent."""
    found: Any
    """The result of checking the proposal; None if nothing was sent or changed."""
    places: Sequence[tuple[str, str]]
    """For each part of the proposal, the name and the label of the field that it comes from."""
    texts: Mapping[str, str]
    """The complete new text of each file, by path, if it was asked for."""
    words: Callable[[str, str], Any]
    """How one text became another, in words."""
    error: Any
    """What keeps it from being checked; None for nothing."""
    settings: Any
    """The settings of the server, which say whether proposals are accepted."""
    has_files: bool
    """Whether the files of the base are here, so that a change can be checked."""
    file: str
    """The path of the file from the root of the base."""
    path: str
    """The path of the page."""


@dataclass(frozen=True)
class ProposalsPage(Page):
    """The proposals that wait for a decision."""

    template = "proposals.html"

    found: Sequence[Any]
    """The proposals on this page, in the order in which they are shown."""
    settings: Any
    """The settings of the server, which say whether more may come."""
    batches: Sequence[Any]
    """The same by their sources."""
    total: int
    """How many wait on all pages together."""
    about: str
    """The CURIE of the source of all of them; empty for any."""
    accepted: Sequence[Any]
    """The proposals that are accepted and not in the files yet."""
    damaged: int
    """How many files of the queue cannot be read."""
    title_of: Callable[[Any], str]
    """A proposal in one line."""
    score_of: Callable[[Any], str]
    """How sure whoever proposes one is; empty where they do not say."""
    nearest_to: Callable[[Any], Sequence[Any]]
    """The entities of the base that are nearest to the new ones of a proposal."""
    reasons: Sequence[str]
    """Reasons to reject one, each with a button."""
    done: Sequence[Any]
    """What became of each proposal on which was just decided: the proposal, and an error or None."""
    patch: str
    """The patch of those that were accepted; else empty."""
    is_kept: bool
    """Whether it was written down, by who has the key of the reviewers."""
    sent: Mapping[str, str]
    """The decision that was sent, if one was."""
    chosen: Sequence[str]
    """The ids of the proposals that it was on."""
    error: Any
    """What is wrong with it; None for nothing."""
    has_key: bool
    """Whether decisions can be written down here, by who has the key of the reviewers."""
    pages: Pages
    """Which page this is."""
    steps: Mapping[str, str]
    """The addresses of other pages by link relations."""
    formats: Sequence[tuple[Format, str]]
    """The formats of the list, with the address of each."""


@dataclass(frozen=True)
class ProposalPage(Page):
    """A proposal beside its passages, with the form of a decision."""

    template = "proposal.html"

    found: Any
    """The proposal in the queue: its id, when it came, and the decision if there is one."""
    title: str
    """The proposal in one line."""
    record: Mapping[str, Any]
    """What was found of it."""
    fields: Sequence[Any]
    """The fields of its parts, which a reviewer may change."""
    quoted: Sequence[Any]
    """What it quotes, each passage once: evidence, numbers of parts, and the passage before, in and after the quote."""
    score: str
    """How sure whoever proposes it is; empty where they do not say."""
    nearest: Sequence[Any]
    """The entities of the base that are nearest to the new ones."""
    repeated: Sequence[tuple[Any, str]]
    """The others that wait and would add the same, each with its title."""
    named: Sequence[str]
    """The CURIEs of the entities of the base that it names."""
    words: Callable[[str, str], Any]
    """How one text became another, in words."""
    sent: Mapping[str, str]
    """The decision that was sent, if one was."""
    patch: str
    """The patch of an accepted proposal; else empty."""
    file: str
    """The name of a file for it."""
    error: Any
    """What is wrong with the decision; None for nothing."""
    has_key: bool
    """Whether decisions can be written down here, by who has the key of the reviewers."""
    reasons: Sequence[str]
    """Reasons to reject it, each with a button."""
    position: int | None
    """Its place among those that wait, from 0; None where it does not."""
    total: int
    """How many wait."""
    previous: str
    """The id of the one before it; else empty."""
    following: str
    """The id of the one after it; else empty."""
    after: Any
    """The proposal on which was just decided, and its title; None where none was."""
    path: str
    """The path of the page."""


@dataclass(frozen=True)
class DecisionPage(Page):
    """A decision on a pair."""

    template = "decided.html"

    found: Any
    """The decision."""
    path: str
    """The path of the page."""
    formats: Sequence[Format]
    """The formats of the decision."""


@dataclass(frozen=True)
class MatchesPage(Page):
    """The matches with other bases that wait for a decision."""

    template = "matches.html"

    rows: Sequence[Any]
    """The matches on this page, each with its entity."""
    total: int
    """How many there are on all pages together."""
    pages: Pages
    """Which page this is."""
    steps: Mapping[str, str]
    """The addresses of other pages by link relations."""
    formats: Sequence[tuple[Format, str]]
    """The formats of the list, with the address of each."""


@dataclass(frozen=True)
class OntologyPage(Page):
    """The ontology and its code lists."""

    template = "ontology.html"

    header: OntologyHeader
    """What the ontology says of itself."""
    schema: Any
    """Its classes and properties."""
    uses: Mapping[str, TermUse]
    """How each term is used, by its IRI."""
    diagrams: Sequence[Any]
    """The diagrams of the classes, for wide screens and narrow ones."""
    schemes: Sequence[CodeList]
    """The code lists."""
    features: Sequence[Any]
    """The services in queries that the endpoint answers itself."""
    linked: Callable[[str], Markup]
    """A text with links at the names in it."""
    compact: Callable[[str], str]
    """The CURIE of an IRI."""
    formats: Sequence[Format]
    """The formats of the ontology."""
    path: str
    """The path of the page."""


@dataclass(frozen=True)
class SchemesPage(Page):
    """The code lists."""

    template = "schemes.html"

    schemes: Sequence[CodeList]
    """The lists: `label`, `definition`, `properties` and `codes`, each with its `uses`."""
    in_use: Sequence[str]
    """The statuses with which an edge counts."""
    formats: Sequence[Format]
    """The formats of the ontology, of which the lists are a part."""
    path: str
    """The path of the page."""


@dataclass(frozen=True)
class ShapesPage(Page):
    """The shapes and the rules."""

    template = "shapes.html"

    wholes: Sequence[ShapeTerm]
    """The shapes of whole nodes."""
    on_ends: Sequence[ShapeTerm]
    """The shapes of the ends of predicates."""
    by_name: Mapping[str, ShapeTerm]
    """All shapes, by CURIE."""
    rules: Sequence[RuleTerm]
    """The rules that are queries."""
    linked: Callable[[str], Markup]
    """A text with links at the names in it."""
    formats: Sequence[Format]
    """The formats of the shapes."""
    path: str
    """The path of the page."""


@dataclass(frozen=True)
class DatasetPage(Page):
    """The data, counted."""

    template = "dataset.html"

    summary: DatasetSummary
    """The counts of the whole base; those of entities include retired ones."""
    in_use: int
    """How many entities are in use: the number that other pages show."""
    info: ReleaseInfo
    """The release."""
    peers: Sequence[tuple[Any, str]]
    """The endpoints that a query may call, and how much it may take from each."""
    compact: Callable[[str], str]
    """The CURIE of an IRI."""
    examples: int
    """How many example queries there are."""
    formats: Sequence[Format]
    """The formats of the description."""
    path: str
    """The path of the page."""


@dataclass(frozen=True)
class ExamplesPage(Page):
    """The example queries."""

    template = "examples.html"

    examples: Sequence[Any]
    """The queries, each with `name`, `title` and `text`."""
    formats: Sequence[Format]
    """The formats of the list."""
    path: str
    """The path of the page."""


@dataclass(frozen=True)
class ProfilesPage(Page):
    """The profiles in which an entity can be had."""

    template = "profiles.html"

    profiles: Sequence[Any]
    """The profiles."""
    example: EntityRef | None
    """An entity to show them with; None in an empty base."""
    formats: Sequence[Format]
    """The formats of the list."""
    path: str
    """The path of the page."""


@dataclass(frozen=True)
class SparqlPage(Page):
    """The form for queries, and an answer."""

    template = "sparql.html"

    query: str
    """The query; empty for none."""
    examples: Sequence[tuple[str, str]]
    """The titles and texts of the example queries."""
    prefixes: Mapping[str, str]
    """The prefixes that are declared."""
    hints: Sequence[str]
    """What may be wrong with the query."""
    result: Any
    """The answer; None for none."""
    shown: Any = None
    """Its rows in the view that was asked for: `table`, `view`, `drawing`, `tabs`, `fields`; None where it has none."""
    snippets: Sequence[Snippet] = ()
    """How to ask this from a program."""
    views: Mapping[str, str] = field(default_factory=dict)
    """The names of the views in which rows can be shown, and what they are called."""
    kept: Sequence[tuple[str, str]] = ()
    """The titles and the addresses of the kept queries."""
    at: str = ""
    """The commit, date or state that was asked for; empty for now."""
    info: ReleaseInfo | None = None
    """The release over which the answer is: `state`, `revision`, `committed`, `is_clean`, `built`."""
    is_past: bool = False
    """Whether that is another one than the current one."""
    can_be_cited: bool = False
    """Whether the answer is the same at any time, so that it has a permalink."""
    why: Emptied | None = None
    """Why the query found nothing: `patterns`, `said`, `changes`; None where it found something."""
    explanation: Any = None
    """What the parts of the query find, and the time that it took; None where nobody asked."""
    written: Written | None = None
    """The query for a question in words: `words`, `query`, `understood`, `by`, `notes`; None where nobody asked."""
    words_example: str = ""
    """A question that can be asked."""
    model: str = ""
    """The name of the model that writes queries; empty for none."""


@dataclass(frozen=True)
class KeptQueriesPage(Page):
    """The list of the kept queries."""

    template = "kept-queries.html"

    kept: Sequence[KeptQuery]
    """The kept queries: `name`, `title`, `description`, `parameters`."""
    formats: Sequence[Format]
    """The formats of the list."""
    path: str
    """The path of the list."""


@dataclass(frozen=True)
class KeptQueryPage(Page):
    """A kept query: a form for its parameters, and its answer."""

    template = "kept-query.html"

    kept: KeptQuery
    """The query: `name`, `title`, `description`, `parameters`."""
    fields: Sequence[Any]
    """The fields of the form: `parameter`, `value`, `options`, `input`, `fault`, `close`."""
    query: str
    """The query with its values; empty where a value is at fault."""
    shown: Any
    """Its rows in the view that was asked for: `table`, `view`, `drawing`, `tabs`, `fields`; None without an answer."""
    permalink: str
    """The address of the query with these values."""
    can_be_cited: bool
    """Whether the answer is the same at any time, so that it can be cited."""
    snippets: Sequence[Snippet]
    """How to ask this from a program."""
    formats: Sequence[tuple[Format, str]]
    """The formats of the answer, with the address of each."""


@dataclass(frozen=True)
class AnswerPage(Page):
    """An answer that is cited."""

    template = "answer.html"

    query: str
    """The query."""
    title: str
    """What it is called."""
    moment: BaseMoment
    """Since when the state was so, `at`, its `revision`, and `name`."""
    state: str
    """The hash of the state."""
    then: Answer
    """The answer: `kind`, `names`, `lines`, `hash`."""
    rows: Sequence[Sequence[tuple[str, str]]]
    """Its first rows, of texts and the addresses to which they lead."""
    gone: Sequence[Sequence[tuple[str, str]]]
    """The first of the rows that are gone since."""
    came: Sequence[Sequence[tuple[str, str]]]
    """The first of those that came since."""
    since: Difference
    """All of them, as lines: `gone` and `came`."""
    is_current: bool
    """Whether the state is that of now."""
    reference: str
    """A reference to the answer in words."""
    bibtex: str
    """The same as BibTeX."""
    csl: str
    """The same as CSL-JSON."""
    address: str
    """The address of the answer at the canonical base."""
    parameters: str
    """The query part of its address."""
    formats: Sequence[tuple[Format, str]]
    """The formats of the answer, with the address of each."""
    path: str
    """The path of the page."""


@dataclass(frozen=True)
class CardPage(Page):
    """A few lines on an entity, beside a link to it."""

    template = "card.html"

    entity: EntityRef
    """The entity."""
    names: Sequence[str]
    """All its names."""
    classes: Sequence[ClassTerm]
    """Its classes."""
    edges: int
    """How many edges it has."""
    weight: Weight | None = None
    """What speaks for it and what against it; None where nothing is said about that."""


@dataclass(frozen=True)
class PreviewPage(CardPage):
    """The same for other programs, with a link in its heading."""

    template = "preview.html"


@dataclass(frozen=True)
class FeedsPage(Page):
    """What feeds there are, the one that the address selects, and how to keep a copy of the base."""

    template = "feeds.html"

    title: str
    """Which changes the feed has."""
    selected: Any
    """What selects it: `classes`, `entity`, `topic`, `author`, `query`; `pairs`, the parameters of its address."""
    addresses: Sequence[tuple[Format, str]]
    """The feed in each format, with its whole address."""
    total: int
    """How many changes it has in all."""
    items: Sequence[FeedItem]
    """The newest of them: `title`, `address`, `at`, `author`, `text`."""
    classes: Sequence[tuple[str, str]]
    """The names of the page classes, and what they are called in the plural."""
    address: str
    """The address of the site, with a slash at its end."""
    stream: str
    """The whole address of the event stream."""
    stream_total: int
    """How many changes that has."""
    hub: str
    """The address of a WebSub hub; empty for none."""
