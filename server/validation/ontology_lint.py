"""Looks at the ontology itself: each of its terms alone, whether they fit together, and the sections of pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Final, TypeGuard

from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, Graph, URIRef
from rdflib.term import Node

from ..namespaces import CLASS_SLUG, RESERVED, Namespaces
from ..records.findings import Finding, Severity
from ..schema.looks import COLOUR, CONTRAST, GLYPH, GROUNDS, contrast
from ..schema.recorded import TERMS_FILE, namespaces_of_ontology, recorded_terms
from ..schema.schema import Schema
from ..turtle.base import Base
from ..turtle.defaults import slug_of
from ..turtle.edges import VOCAB
from .lint.circles import circle_finding, circles
from .locating import Locator
from .rule_text import RuleText
from .section_lint import RULES as OF_SECTIONS
from .section_lint import section_findings
from .sound import Sound
from .term_lint import RULES as OF_A_TERM
from .term_lint import term_findings
from .theme_lint import TEMPLATE, theme_findings

HEADER = RuleText(
    "ontology-header",
    "An ontology states its title, its licence, and its version.",
    "The ontology has no {property}.",
    "add {property} to the ontology's own statements.",
)
SHARED_NOTATION = RuleText(
    "term-shared-notation",
    "No two terms of one kind share a notation.",
    "The notation {notation} is that of {other} too.",
    "give one of them another.",
    Severity.VIOLATION,
)
CLASS_NAME = RuleText(
    "class-name",
    "A class with pages is called by lower-case letters and digits, and not like another page or a vocabulary.",
    "The class is called {name}, {fault}.",
    "call it otherwise in skos:notation, such as {expected}, and its folder in kb/ likewise.",
    Severity.VIOLATION,
)
UNDECLARED = RuleText(
    "term-undeclared",
    "The ontology declares each term of its own that it uses.",
    "{term} is used here, and declared nowhere.",
    "correct the name, or declare the term as a class or a property.",
    Severity.VIOLATION,
)
CIRCLE = RuleText(
    "term-circle",
    "No class or property is, by several steps, its own super-class or super-property.",
    "{property} runs in a circle: {path}.",
    "delete the step that is wrong; for two terms that mean the same write owl:equivalentClass or "
    "owl:equivalentProperty.",
    Severity.VIOLATION,
)
INVERSE = RuleText(
    "inverse-uneven",
    "A property and its inverse mirror one another.",
    "The property and its inverse {inverse} do not mirror one another: {fault}.",
    "{mend}.",
)
INVERSE_TWICE = RuleText(
    "inverse-declared-twice",
    "Of two inverse predicates one carries owl:inverseOf: the one that is only inferred.",
    "The property and {inverse} each say that the other is its inverse, so that neither can be asserted in kb/.",
    "delete owl:inverseOf from the one that kb/ writes.",
    Severity.VIOLATION,
)
REMOVED = RuleText(
    "term-removed",
    "A term that was once declared stays declared.",
    "{term} was declared before, and is not any more.",
    "declare it again with owl:deprecated true, and with dcterms:isReplacedBy if another took its place.",
    Severity.VIOLATION,
)
LOOK = RuleText(
    "class-look",
    "What a class says of its look can be drawn, and its colours have enough contrast to the background of the pages.",
    "The {property} of the class {fault}.",
    "{mend}, or leave {property} out: the engine then chooses one.",
)

RULES = (
    *(HEADER, *OF_A_TERM, SHARED_NOTATION, CLASS_NAME, UNDECLARED, CIRCLE, INVERSE, INVERSE_TWICE, REMOVED),
    *(LOOK, TEMPLATE, *OF_SECTIONS),
)

_PROPERTIES = {
    OWL.ObjectProperty: "an object property",
    OWL.DatatypeProperty: "a datatype property",
    OWL.AnnotationProperty: "an annotation property",
}
_KINDS = {OWL.Class: "a class", RDFS.Class: "a class", RDF.Property: "a property", **_PROPERTIES}
_MIRRORED = {
    OWL.TransitiveProperty: "transitive",
    OWL.AsymmetricProperty: "asymmetric",
    OWL.IrreflexiveProperty: "irreflexive",
}
_VERSIONS = (OWL.versionIRI, OWL.priorVersion, OWL.imports)


def ontology_findings(base: Base, schema: Schema, locator: Locator) -> Iterator[Finding]:
    """Yield what is wrong with the ontology's own terms; those that it borrows are their owners' matter."""
    graph = base.ontology
    namespaces = base.namespaces
    yield from _SOUND.findings(
        graph,
        (namespaces, schema),
        lambda: chain(
            _graph_findings(graph, namespaces, locator), section_findings(graph, schema, namespaces, locator)
        ),
    )
    yield from _removed(base.root, graph, namespaces)
    yield from theme_findings(base.root)


_SOUND: Final = Sound()
"""Graphs of ontologies with nothing wrong in their terms and sections."""


def _graph_findings(graph: Graph, namespaces: Namespaces, locator: Locator) -> Iterator[Finding]:
    """Yield what is wrong with an ontology whatever else the base holds; where it is may depend on that."""
    declared = _declared(graph)
    for ontology in _named(graph.subjects(RDF.type, OWL.Ontology)):
        yield from _header(graph, ontology, namespaces, locator)
        own = {
            term: kinds
            for term, kinds in declared.items()
            if str(term).startswith(namespaces_of_ontology(graph, ontology))
        }
        with_notation = any((term, SKOS.notation, None) in graph for term in own)
        for term, kinds in sorted(own.items()):
            yield from term_findings(graph, term, kinds, ontology, namespaces, locator, with_notation=with_notation)
        yield from _undeclared(graph, namespaces_of_ontology(graph, ontology), namespaces, locator)
    yield from _shared_notations(graph, declared, namespaces, locator)
    yield from _class_names(graph, locator)
    for property_ in (RDFS.subClassOf, RDFS.subPropertyOf):
        for circle in circles((str(start), str(end)) for start, end in graph.subject_objects(property_)):
            yield circle_finding(CIRCLE, property_, circle, namespaces, locator)
    yield from _inverses(graph, namespaces, locator)
    yield from _looks(graph, namespaces, locator)


def _declared(graph: Graph) -> dict[URIRef, set[str]]:
    found: dict[URIRef, set[str]] = defaultdict(set)
    for type_, kind in _KINDS.items():
        for term in graph.subjects(RDF.type, type_):
            if isinstance(term, URIRef):
                found[term].add(kind)
    return found


def _header(graph: Graph, ontology: Node, namespaces: Namespaces, locator: Locator) -> Iterator[Finding]:
    for property_ in (DCTERMS.title, DCTERMS.license, OWL.versionIRI):
        if (ontology, property_, None) not in graph:
            yield HEADER.broken_by(locator, str(ontology), property=namespaces.compact(property_))


def _undeclared(graph: Graph, own: tuple[str, ...], namespaces: Namespaces, locator: Locator) -> Iterator[Finding]:
    seen: set[Node] = set()
    typed = set(graph.subjects(RDF.type, None))

    def undeclared(term: Node) -> TypeGuard[URIRef]:
        return isinstance(term, URIRef) and str(term).startswith(own) and term not in typed

    # Terms of rdflib are slow to sort, and few triples, if any, have one that is not declared.
    suspect = [triple for triple in graph if triple[1] not in _VERSIONS and any(map(undeclared, triple))]
    for subject, predicate, value in sorted(suspect):
        for term in (subject, predicate, value):
            if undeclared(term) and term not in seen:
                seen.add(term)
                place = (str(predicate), str(value)) if isinstance(subject, URIRef) else ("", "")
                focus = str(subject) if isinstance(subject, URIRef) else str(term)
                yield UNDECLARED.broken_by(locator, focus, *place, term=namespaces.compact(term))


def _shared_notations(
    graph: Graph, declared: dict[URIRef, set[str]], namespaces: Namespaces, locator: Locator
) -> Iterator[Finding]:
    owners: dict[tuple[bool, str], list[URIRef]] = defaultdict(list)
    for term, kinds in declared.items():
        for value in graph.objects(term, SKOS.notation):
            owners["a class" in kinds, str(value)].append(term)
    for (_, notation), terms in owners.items():
        first, *others = sorted(terms)
        for term in others:
            yield SHARED_NOTATION.broken_by(
                locator, term, SKOS.notation, notation, notation=notation, other=namespaces.compact(first)
            )


def _class_names(graph: Graph, locator: Locator) -> Iterator[Finding]:
    for term in _named(graph.subjects(VOCAB.displayOrder, None)):
        for notation in graph.objects(term, SKOS.notation):
            name = str(notation)
            if name in RESERVED:
                fault = "which is the name of another page, or the prefix of a vocabulary"
                yield CLASS_NAME.broken_by(
                    locator, term, SKOS.notation, name, name=name, fault=fault, expected=f"{name}-record"
                )
            elif not CLASS_SLUG.fullmatch(name):
                fault = "which is not in lower-case letters and digits, with single hyphens or underscores between"
                expected = slug if CLASS_SLUG.fullmatch(slug := slug_of(name)) else "record"
                yield CLASS_NAME.broken_by(
                    locator, term, SKOS.notation, name, name=repr(name), fault=fault, expected=expected
                )


def _inverses(graph: Graph, namespaces: Namespaces, locator: Locator) -> Iterator[Finding]:
    pairs = [(one, other) for one, other in graph.subject_objects(OWL.inverseOf) if isinstance(other, URIRef)]
    for one, other in sorted((one, other) for one, other in pairs if isinstance(one, URIRef)):
        curie = namespaces.compact(other)
        carried = VOCAB.related in graph.transitive_objects(one, RDFS.subPropertyOf)
        if carried and one < other and (other, OWL.inverseOf, one) in graph:
            yield INVERSE_TWICE.broken_by(locator, one, OWL.inverseOf, other, inverse=curie)
        for fault, mend in _unlike(graph, one, other, namespaces):
            yield INVERSE.broken_by(locator, one, OWL.inverseOf, other, inverse=curie, fault=fault, mend=mend)


def _unlike(graph: Graph, one: URIRef, other: URIRef, namespaces: Namespaces) -> Iterator[tuple[str, str]]:
    for here, there, name, name_there in (
        (RDFS.domain, RDFS.range, "domain", "range"),
        (RDFS.range, RDFS.domain, "range", "domain"),
    ):
        mine, theirs = set(graph.objects(one, here)), set(graph.objects(other, there))
        if mine and theirs and mine != theirs:
            shown = [" ".join(sorted(namespaces.compact(str(node)) for node in nodes)) for nodes in (mine, theirs)]
            yield (
                f"its {name} is {shown[0]}, and the {name_there} of the other is {shown[1]}",
                f"let the {name} of one be the {name_there} of the other",
            )
    for trait, name in _MIRRORED.items():
        if ((one, RDF.type, trait) in graph) != ((other, RDF.type, trait) in graph):
            yield f"only one of them is {name}", f"make both {name}, or neither"


def _removed(root: Path, graph: Graph, namespaces: Namespaces) -> Iterator[Finding]:
    typed = set(graph.subjects(RDF.type, None))
    for line, term in recorded_terms(root, namespaces):
        if URIRef(term) not in typed:
            curie = namespaces.compact(term)
            yield REMOVED.broken_at(TERMS_FILE.as_posix(), line, 1, curie, term=curie)


def _looks(graph: Graph, namespaces: Namespaces, locator: Locator) -> Iterator[Finding]:
    for property_, grounds in zip((VOCAB.hue, VOCAB.darkHue), GROUNDS, strict=True):
        for term, value in sorted(graph.subject_objects(property_)):
            if not COLOUR.fullmatch(str(value)):
                fault, mend = f"is {str(value)!r}, which is not a colour", "write it as #rrggbb"
            elif (found := min(contrast(str(value), ground) for ground in grounds)) < CONTRAST:
                fault = f"has a contrast of {found:.1f} to the ground of the pages, of which text needs {CONTRAST}"
                mend = "take a darker colour" if property_ == VOCAB.hue else "take a lighter colour"
            else:
                continue
            name = namespaces.compact(property_)
            yield LOOK.broken_by(locator, str(term), property_, str(value), property=name, fault=fault, mend=mend)
    for term, value in sorted(graph.subject_objects(VOCAB.glyph)):
        if not GLYPH.fullmatch(str(value)):
            fault, mend = "is not SVG path data", 'write path data such as "M0 -9L9 0L0 9L-9 0Z"'
            name = namespaces.compact(VOCAB.glyph)
            yield LOOK.broken_by(locator, str(term), VOCAB.glyph, str(value), property=name, fault=fault, mend=mend)


def _named(nodes: Iterable[Node]) -> list[URIRef]:
    return sorted(node for node in nodes if isinstance(node, URIRef))
