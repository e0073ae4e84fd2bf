"""Looks at each term of the ontology alone: whether it is explained, of one kind, and well named."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import RDFS, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.namespace import VANN
from rdflib.term import Node

from ..namespaces import Namespaces
from ..records.findings import Finding, Severity
from ..records.languages import is_english
from .locating import Locator
from .rule_text import RuleText

LABEL = RuleText(
    "term-label",
    "Each term has an English label.",
    "The term has no English label.",
    'add rdfs:label "..."@en with the words that a reader would use.',
    Severity.VIOLATION,
)
DEFINITION = RuleText(
    "term-definition",
    "Each term has an English definition.",
    "The term has no English definition.",
    'add skos:definition "..."@en with one sentence that says when to use it.',
    Severity.VIOLATION,
)
EXAMPLE = RuleText(
    "term-example",
    "Each term has an example.",
    "The term has no example.",
    "add vann:example with one line of Turtle that uses it.",
)
NOTATION = RuleText(
    "term-notation",
    "Each term has the snake_case name that pages show.",
    "The term has no notation.",
    'add skos:notation "{expected}".',
    Severity.VIOLATION,
)
DEFINED_BY = RuleText(
    "term-defined-by",
    "Each term says which ontology defines it.",
    "The term does not say that {ontology} defines it.",
    "add rdfs:isDefinedBy <{ontology}>.",
)
DOMAIN = RuleText(
    "term-domain",
    "Each property says what it is said of.",
    "The property has no domain.",
    "add rdfs:domain with one class, or schema:domainIncludes with each of several.",
)
RANGE = RuleText(
    "term-range",
    "Each property says what its values are.",
    "The property has no range.",
    "add rdfs:range with one class or datatype, or schema:rangeIncludes with each of several.",
)
NAME = RuleText(
    "term-name",
    "Classes are named in UpperCamelCase, properties in lowerCamelCase.",
    "The name of {kind} starts with a letter of the wrong case.",
    "call it {expected}, unless it is in use already.",
    Severity.INFO,
)
KIND = RuleText(
    "term-kind",
    "A term is of one kind.",
    "The term is declared as {kinds} at once.",
    "keep one of them.",
    Severity.VIOLATION,
)

RULES = (LABEL, DEFINITION, EXAMPLE, NOTATION, DEFINED_BY, DOMAIN, RANGE, NAME, KIND)

_SCHEMA = Namespace("http://schema.org/")
_DEFINITIONS = (SKOS.definition, SKOS.scopeNote, RDFS.comment)


def term_findings(
    graph: Graph,
    term: URIRef,
    kinds: set[str],
    ontology: Node,
    namespaces: Namespaces,
    locator: Locator,
    *,
    with_notation: bool,
) -> Iterator[Finding]:
    """Yield what is wrong with a term of an ontology, which declares it as `kinds`.

    `with_notation` says whether the terms of this ontology have notations, so that one without it is a fault.
    """
    yield from _explained(graph, term, ontology, locator)
    yield from _fitting(graph, term, kinds, namespaces, locator)
    if with_notation and (term, SKOS.notation, None) not in graph:
        yield NOTATION.broken_by(locator, term, expected=_snake(_local(term)))


def _explained(graph: Graph, term: URIRef, ontology: Node, locator: Locator) -> Iterator[Finding]:
    if not _in_english(graph, term, (RDFS.label,)):
        yield LABEL.broken_by(locator, term)
    if not _in_english(graph, term, _DEFINITIONS):
        yield DEFINITION.broken_by(locator, term)
    if not any((term, property_, None) in graph for property_ in (VANN.example, SKOS.example)):
        yield EXAMPLE.broken_by(locator, term)
    if (term, RDFS.isDefinedBy, ontology) not in graph:
        yield DEFINED_BY.broken_by(locator, term, ontology=str(ontology))


def _in_english(graph: Graph, term: URIRef, properties: tuple[URIRef, ...]) -> bool:
    texts = [text for property_ in properties for text in graph.objects(term, property_) if str(text).strip()]
    return any(isinstance(text, Literal) and is_english(text.language or "") for text in texts)


def _fitting(
    graph: Graph, term: URIRef, kinds: set[str], namespaces: Namespaces, locator: Locator
) -> Iterator[Finding]:
    if len(kinds - {"a property"}) > 1:
        yield KIND.broken_by(locator, term, kinds=" and ".join(sorted(kinds)))
    is_class = "a class" in kinds
    if kinds & {"an object property", "a datatype property"}:
        for rule, plain, several in (
            (DOMAIN, RDFS.domain, _SCHEMA.domainIncludes),
            (RANGE, RDFS.range, _SCHEMA.rangeIncludes),
        ):
            if (term, plain, None) not in graph and (term, several, None) not in graph:
                yield rule.broken_by(locator, term)
    name = _local(term)
    if name[:1].isalpha() and name[:1].isupper() != is_class:
        expected = (name[:1].upper() if is_class else name[:1].lower()) + name[1:]
        curie = namespaces.compact(term).removesuffix(name) + expected
        yield NAME.broken_by(locator, term, kind="a class" if is_class else "a property", expected=curie)


def _local(term: str) -> str:
    return term.rpartition("#")[2] if "#" in term else term.rpartition("/")[2]


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))
