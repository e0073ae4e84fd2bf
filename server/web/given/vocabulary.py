"""What the templates of the pages about the ontology, the code lists and the shapes are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ...records.terms import CodeList, OntologyHeader, RuleTerm, ShapeTerm, TermUse
from .page import Page

if TYPE_CHECKING:
    from ...serialization import Format


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
