"""What the templates of lists, of the search and of comparisons are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ...records.citations import Citation
from ...records.evidence import Weight
from ...records.lists import ClassSummary, Facet, FacetValue, ListedEntity, ListedRow, ListSelection, Order
from ...records.pages import EntityRef, Mentioned
from ...records.site import Button
from .page import Page

if TYPE_CHECKING:
    from ...serialization import Format
    from ..http.paging import Pages


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
    """The position of this page among the pages of the list."""
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
class ListedNamePage(Page):
    """What lists a name, such as that of an author who has no page."""

    template = "listed.html"

    name: str
    """The name."""
    found: Sequence[Mentioned]
    """What lists it, the newest first: `entity`, `issued`."""
