"""The terms of the ontology and the shapes, as their pages show them."""

from __future__ import annotations

from dataclasses import dataclass


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
    """A class. What follows is set on page classes only."""

    plural: str = ""
    display_order: int = 0
    navigation_order: int = 0
    """Its place among the links at the head of pages; 0 for none."""
    glyph: str = ""
    """Its shape in pictures, as SVG path data around its middle; empty for one that the engine chooses."""
    hue: str = ""
    """Its colour on a light ground, as #rrggbb; empty likewise."""
    dark_hue: str = ""
    """Its colour on a dark ground."""


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
