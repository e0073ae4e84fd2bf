"""What the templates of the pages about the site are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ...records.feeds import FeedItem
from ...records.gaps import Gap
from ...records.history import Change
from ...records.lists import ClassSummary, ListedEntity
from ...records.manual import ManualEntry
from ...records.pages import EntityRef
from ...records.releases import ReleaseInfo
from ...records.site import Button
from ...records.snippets import Snippet
from .page import Page

if TYPE_CHECKING:
    from ...serialization import Format
    from ..http.links import Link


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
