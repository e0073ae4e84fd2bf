"""What the templates of the pages about one entity, or about the way between several, are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ...records.citations import Citation
from ...records.evidence import Weight
from ...records.examples import Examples, InferredExample
from ...records.pages import EntityPage, EntityRef
from ...records.sections import AddedSection
from ...records.snippets import Snippet
from ...records.terms import ClassTerm, PropertyTerm
from .page import Page

if TYPE_CHECKING:
    from ...serialization import Format
    from ..http.paging import Pages


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
    """The position of this page among the pages of the list."""
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
    """What the address selects: `opened`, `predicates`, `size`; `with_open` and `with_one_more` return others."""
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
