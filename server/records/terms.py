"""The terms of the ontology and the shapes, as their pages show them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from .identifiers import address_of


def anchor_of(curie: str) -> str:
    """Return the id of a term on the page of the ontology; for our own terms the fragment of their IRI.

    >>> anchor_of("akb:extends"), anchor_of("skos:broader")
    ('extends', 'skos-broader')
    """
    prefix, _, name = curie.partition(":")
    return name if prefix == "akb" else f"{prefix}-{name}"


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
    means: tuple[str, ...] = ()
    """IRIs of all terms to which it is mapped, those that the ontology declares included."""

    @property
    def anchor(self) -> str:
        """The id of the term on the page of the ontology; for our own terms the fragment of their IRI."""
        return anchor_of(self.curie)


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
    is_known_elsewhere: bool = True
    """Whether other bases may know its entities too."""


@dataclass(frozen=True)
class PropertyTerm(Term):
    """A property, with its domain, range and inverse as IRIs, and its traits as OWL names them.

    What it is used for, and how it is shown, the shapes say.
    """

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
    name: str = ""
    """What pages call it: `sh:name`, else its label."""
    order: float | None = None
    """Its place among those that pages show, from `sh:order`."""
    role: str = ""
    """`label`, `description`, `id`, `depiction` or `key info`: the roles of DASH; empty for none."""
    classes: tuple[str, ...] = ()
    """IRIs of the classes that have it, by the targets of its shapes."""
    is_many: bool = True
    """Whether a node may have several values of it."""
    is_iri: bool = False
    """Whether its values are IRIs."""
    datatypes: tuple[str, ...] = ()
    """IRIs of the datatypes that its values may have; none where nothing says so."""
    has_pattern: bool = False
    """Whether a shape says how its values are written."""
    scheme: str = ""
    """IRI of the code list of its values; empty where they are no codes."""
    address: str = ""
    """Where a value can be looked up: an address with `{value}` in the place of the value."""
    version: str = ""
    """Where a version of what a value identifies can be looked up: an address with `{value}` and `{version}`."""

    @property
    def key(self) -> str:
        """What it is called in JSON and in the heads of tables: its notation in camel case, else its local name."""
        if self.curie.startswith("akb:") or not self.notation:
            return re.split("[:/#]", self.curie)[-1]
        head, *rest = self.notation.split("_")
        return head + "".join(word.capitalize() for word in rest)

    @property
    def is_identifying(self) -> bool:
        """Whether a value of it is that of one entity only."""
        return self.role == "id"

    @property
    def values(self) -> Literal["iri", "text", "literal"]:
        """What its values are: IRIs, texts that carry a language, or other literals."""
        if self.is_iri:
            return "iri"
        return "text" if self.datatypes == (_TEXT,) else "literal"

    def address_of(self, value: str) -> str:
        """Return where a value can be looked up; empty where that is nowhere."""
        return address_of(self.address, value) if self.address else ""


_TEXT = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"


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


@dataclass(frozen=True)
class Code:
    """A code of a list."""

    iri: str
    notation: str
    label: str
    definition: str
    uses: tuple[tuple[PropertyTerm, int], ...]
    """The properties whose value it is, and of how many things."""

    @property
    def anchor(self) -> str:
        """Where it is on the page of the code lists."""
        return self.iri.rpartition("#")[2]


@dataclass(frozen=True)
class CodeList:
    """A list from which properties take their values."""

    iri: str
    label: str
    definition: str
    codes: tuple[Code, ...]

    @property
    def anchor(self) -> str:
        """Where it is on the page of the code lists."""
        return self.iri.rpartition("#")[2]

    @property
    def properties(self) -> tuple[PropertyTerm, ...]:
        """The properties whose values its codes are, each once."""
        return tuple({term.iri: term for code in self.codes for term, _ in code.uses}.values())
