"""IRIs: the vocabularies, the base under which entities live, and the way between an IRI and its CURIE.

The IRIs of the vocabularies that the engine itself uses are constants, because its queries are written against them.
The base of the entities is a setting; the page classes and further prefixes come from the ontology of the base.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

CANONICAL_BASE: Final = "https://w3id.org/alignment-kb/"

AKB: Final = f"{CANONICAL_BASE}ontology#"
AKBV: Final = f"{CANONICAL_BASE}schemes#"
BIBO: Final = "http://purl.org/ontology/bibo/"
DCAT: Final = "http://www.w3.org/ns/dcat#"
DCTERMS: Final = "http://purl.org/dc/terms/"
FOAF: Final = "http://xmlns.com/foaf/0.1/"
HYDRA: Final = "http://www.w3.org/ns/hydra/core#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
PROV: Final = "http://www.w3.org/ns/prov#"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
SCHEMA: Final = "http://schema.org/"
SD: Final = "http://www.w3.org/ns/sparql-service-description#"
SH: Final = "http://www.w3.org/ns/shacl#"
SHAPES: Final = f"{CANONICAL_BASE}shapes#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
VANN: Final = "http://purl.org/vocab/vann/"
VOID: Final = "http://rdfs.org/ns/void#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"

VOCABULARIES: Final = {
    "akb": AKB,
    "akbv": AKBV,
    "bibo": BIBO,
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "foaf": FOAF,
    "hydra": HYDRA,
    "owl": OWL,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA,
    "sd": SD,
    "sh": SH,
    "shape": SHAPES,
    "skos": SKOS,
    "vann": VANN,
    "void": VOID,
    "xsd": XSD,
}
"""Prefix to namespace, for the vocabularies that kb/, queries, shapes and the description of the dataset use."""

NOWHERE: Final = "urn:akb:no-graph"
"""The IRI of a graph that does not exist, for a query over no data."""

REVIEW: Final = "review"
"""The folder of `kb/` that holds decisions on pairs of entities, and the prefix of their IRIs."""

KEPT: Final = "query"
"""The folder of `kb/` that holds kept queries, and the first part of the paths of their pages."""

GRAPHS: Final = ("asserted", "inferred", "entities", "ontology", "shapes", "similarity", "statistics")
"""The names of the named graphs of a release; they share no triple."""

REPEATED: Final = "repeated"
"""The name of one more graph, of a base whose entities are stated in `graph:entities`: what pages need of these and the
data say already. Queries from outside do not see it, since they would count each triple twice."""

_FIRST_PARTS: Final = """
    about answers browse candidate catalogue changes compare debates diff docs download edge examples explain explore
    feed gaps graph graph-store healthz language ldes listed map mcp metrics oembed ontology open-questions openapi path
    profiles proposal propose query random reading-list readyz reconcile releases resolve review schemes search shapes
    sparql static theme timeline timemap
"""
RESERVED: Final = frozenset([*VOCABULARIES, *_FIRST_PARTS.split()])
"""Names that no page class may have: the prefixes of vocabularies, and the first parts of the paths of other pages."""

SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""The pattern of a slug: lower-case letters and digits, joined by single hyphens."""

CLASS_SLUG: Final = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
"""The pattern of the name of a page class, which is a part of addresses, a folder of `kb/` and a prefix."""


def is_web_address(text: str) -> bool:
    """Tell whether a text is meant for an address of the web: an IRI of http or https."""
    return text.startswith(("http://", "https://"))


@dataclass(frozen=True)
class Namespaces:
    """The IRIs of one knowledge base, all of which start with `base` (which ends with a slash)."""

    base: str = CANONICAL_BASE
    classes: tuple[str, ...] = ()
    """The names of the page classes in display order: the prefixes of the entities, and the folders of `kb/`."""
    declared: tuple[tuple[str, str], ...] = ()
    """The prefixes that the files of the ontology declare, with their namespaces."""
    is_foreign: bool = False
    """Whether the base is a project in another form than ours, with the prefixes that its files declare."""

    def of(self, classes: Iterable[str], declared: Mapping[str, str]) -> Namespaces:
        """Return the namespaces of a base with these page classes, and these prefixes beside ours."""
        return replace(self, classes=tuple(classes), declared=tuple(sorted(declared.items())))

    @property
    def edge(self) -> str:
        """The namespace of edge nodes."""
        return f"{self.base}edge/"

    @property
    def candidate(self) -> str:
        """The namespace of the pairs that wait for a decision."""
        return f"{self.base}candidate/"

    @property
    def review(self) -> str:
        """The namespace of the decisions on such pairs."""
        return f"{self.base}{REVIEW}/"

    @property
    def graph(self) -> str:
        """The namespace of the named graphs: asserted, inferred, ontology."""
        return f"{self.base}graph/"

    @property
    def graphs(self) -> tuple[str, ...]:
        """The IRIs of the named graphs of a release."""
        return tuple(f"{self.graph}{name}" for name in GRAPHS)

    @property
    def dataset(self) -> str:
        """The IRI of the knowledge base as a dataset; what belongs to its description has fragments of it."""
        return f"{self.base}dataset"

    @property
    def examples(self) -> str:
        """The namespace of the example queries."""
        return f"{self.base}examples#"

    def prefixes(self) -> dict[str, str]:
        """Return every prefix that the base's Turtle, queries and answers use, with its namespace."""
        if self.is_foreign:
            return {**VOCABULARIES, "graph": self.graph, **dict(self.declared)}
        return {**dict(self.declared), **VOCABULARIES, **self.own_prefixes()}

    def own_prefixes(self) -> dict[str, str]:
        """Return the prefixes of the entities and of what the base says of them, with their namespaces."""
        names = (*self.classes, "candidate", "edge", "graph", REVIEW)
        return {name: f"{self.base}{name}/" for name in names}

    @cached_property
    def _longest_first(self) -> list[tuple[str, str]]:
        """The prefixes with their namespaces, the most specific first."""
        return sorted(self.prefixes().items(), key=lambda pair: -len(pair[1]))

    def expand(self, curie: str) -> str:
        """Return the IRI of a CURIE such as `concept:alignment-faking`.

        Raises KeyError when the prefix is not one of `prefixes()`.
        """
        prefix, _, local = curie.partition(":")
        return self.prefixes()[prefix] + local

    def compact(self, iri: str) -> str:
        """Return the CURIE of an IRI, or the IRI itself when no prefix covers it."""
        for prefix, namespace in self._longest_first:
            if iri.startswith(namespace):
                local = iri[len(namespace) :]
                return f"{prefix}:{local}" if _LOCAL.fullmatch(local) else iri
        return iri

    def written(self, iri: str) -> str:
        """Return an IRI as SPARQL and Turtle write it: its CURIE, or the IRI in angle brackets."""
        name = self.compact(iri)
        return f"<{iri}>" if name == iri else name

    def compact_all(self, text: str) -> str:
        """Return a text with every `<IRI>` in it replaced by its CURIE, where a prefix covers it."""
        return re.sub(r"<([^<>\s]+)>", lambda match: self.compact(match[1]), text)

    def entity(self, name: str, slug: str) -> str:
        """Return the IRI of the entity `slug` in the page class `name`."""
        return f"{self.base}{name}/{slug}"


_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")
