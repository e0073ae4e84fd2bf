"""Looks at the sections of pages: whether each can be shown, and names only what the ontology declares."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from rdflib import RDF, RDFS, SKOS, Graph, URIRef

from ..namespaces import AKBV, SLUG, Namespaces
from ..records.findings import Finding, Severity
from ..records.sections import Section
from ..schema.schema import Schema
from ..schema.sections import listed, way_of
from ..turtle.edges import VOCAB
from .locating import Locator
from .rule_text import RuleText

UNKNOWN = RuleText(
    "section-unknown-term",
    "A section of pages names only classes, predicates and properties that the ontology declares for such a use.",
    "{property} leads to {term}, which is not a {kind}.",
    "correct the name, or choose another {kind} from docs/ontology.md.",
    Severity.VIOLATION,
)
INCOMPLETE = RuleText(
    "section-incomplete",
    "A section of pages has a heading, a class, and something to show.",
    "The section has no {property}, so that no page can show it.",
    "add {property} with {value}.",
    Severity.VIOLATION,
)
NAME = RuleText(
    "section-name",
    "The notation of a section can be a part of an address, as it does after # in that of the section.",
    "The notation {name} is no part of an address.",
    "write lower-case letters and digits, joined by single hyphens.",
    Severity.VIOLATION,
)
SHARED_NAME = RuleText(
    "section-shared-name",
    "No two sections of a page share a notation.",
    "On the pages of {class_}, the notation {name} is that of {other} too.",
    "give one of them another.",
    Severity.VIOLATION,
)

RULES = (UNKNOWN, INCOMPLETE, NAME, SHARED_NAME)

_NEEDED = {
    RDFS.label: "its heading",
    VOCAB.sectionOf: "the class whose pages have it",
    VOCAB.shows: "a list of predicates",
}
_LEADING_TO = {
    VOCAB.sectionOf: "class of entities",
    VOCAB.shows: "predicate",
    VOCAB.through: "predicate",
    VOCAB.orderedBy: "property",
    VOCAB.alsoListedIn: "property",
    VOCAB.stance: "stance",
}


def section_findings(graph: Graph, schema: Schema, namespaces: Namespaces, locator: Locator) -> Iterator[Finding]:
    """Yield what is wrong with the sections in an ontology."""
    for iri in sorted(iri for iri in graph.subjects(RDF.type, VOCAB.Section) if isinstance(iri, URIRef)):
        for needed, value in _NEEDED.items():
            if not any(True for _ in listed(graph, iri, needed)):
                yield INCOMPLETE.broken_by(locator, iri, property=namespaces.compact(needed), value=value)
        yield from _unknown(graph, iri, schema, namespaces, locator)
    for section in schema.sections:
        if not SLUG.fullmatch(section.name):
            yield NAME.broken_by(locator, section.iri, SKOS.notation, section.name, name=section.name)
    yield from _shared(schema, namespaces, locator)


def _unknown(graph: Graph, iri: URIRef, schema: Schema, namespaces: Namespaces, locator: Locator) -> Iterator[Finding]:
    for property_, kind in _LEADING_TO.items():
        for node in listed(graph, iri, property_):
            if property_ == VOCAB.sectionOf:
                is_known = _has_pages(schema, str(node))
            elif property_ in {VOCAB.orderedBy, VOCAB.alsoListedIn}:
                is_known = str(node) in schema.properties
            elif property_ == VOCAB.stance:
                is_known = (node, SKOS.inScheme, URIRef(f"{AKBV}stance-scheme")) in graph
            else:
                is_known = way_of(graph, node, schema.properties) is not None
            if not is_known:
                term = namespaces.compact(str(node)) if isinstance(node, URIRef) else "something without a name"
                yield UNKNOWN.broken_by(
                    locator, iri, property_, str(node), property=namespaces.compact(property_), term=term, kind=kind
                )


def _has_pages(schema: Schema, class_: str) -> bool:
    """Tell whether a class is, is above or is under one whose entities have pages."""
    return schema.page_class_of(class_) is not None or any(
        schema.is_under(page.iri, class_) for page in schema.page_classes
    )


def _shared(schema: Schema, namespaces: Namespaces, locator: Locator) -> Iterator[Finding]:
    found: dict[tuple[Section, Section], str] = {}
    for page in sorted(schema.classes):
        for one, other in combinations(schema.sections_of([page]), 2):
            if one.name == other.name:
                found.setdefault((one, other), page)
    for (one, other), page in found.items():
        yield SHARED_NAME.broken_by(
            locator,
            other.iri,
            SKOS.notation,
            other.name,
            name=other.name,
            other=namespaces.compact(one.iri),
            class_=namespaces.compact(page),
        )
