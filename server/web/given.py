"""What the template of each page is given: a dataclass for each, whose fields are names in the template.

A theme may put a template of its own in the place of one of these, so that a field, once it is there, stays.
docs/theming.md lists them all, and a test holds it to them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from markupsafe import Markup

from ..records.citations import Citation
from ..records.lists import ClassSummary, ListedEntity, ListSelection, Order
from ..records.pages import EntityPage, EntityRef
from ..records.releases import ReleaseInfo
from ..records.sections import AddedSection
from ..records.site import Button

if TYPE_CHECKING:
    from ..serialization import Format
    from .http.links import Link
    from .http.paging import Pages


@dataclass(frozen=True)
class Page:
    """A page: `template` is the name of its template, the fields are what that is given."""

    template: ClassVar[str]


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
    data: Markup
    """The element with the data for search engines."""
    formats: Sequence[Format]
    """The formats of the catalogue."""


@dataclass(frozen=True)
class EntityDocumentPage(Page):
    """The page of an entity."""

    template = "entity.html"

    page: EntityPage
    """What is known of the entity: `entity`, names, facts, `groups` of neighbours."""
    picture: Any
    """The picture of its neighbourhood; None where nothing is joined to it."""
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
    """The address of the search for what was meant."""
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
    """What to do; may be empty."""
    close: Sequence[EntityRef]
    """Entities that may have been meant."""
    links: Sequence[Link]
    """What there is instead."""
    request_id: str
    """The id of the request in the log, for a fault of the server; else empty."""
