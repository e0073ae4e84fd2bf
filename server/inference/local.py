"""Tells whether each contradiction that an ontology allows is between a node and the triples that name it.

That holds as long as an ontology says no more than which classes and properties are under which others, inverse,
symmetric, disjoint, asymmetric or irreflexive, and what their domains and ranges are: all that follows about a node
then follows from its own triples (rules cax-sco, cax-dw, cax-adc, prp-dom, prp-rng, prp-spo1, prp-inv1, prp-inv2,
prp-symp, prp-asyp, prp-irp of OWL 2 Profiles, section 4.3). So the check of a change needs to look no farther.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Final

from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef
from rdflib.term import Node

_PLAIN_TYPES: Final = frozenset(
    (
        OWL.Class,
        OWL.ObjectProperty,
        OWL.DatatypeProperty,
        OWL.AnnotationProperty,
        OWL.Ontology,
        OWL.NamedIndividual,
        OWL.AllDisjointClasses,
        OWL.SymmetricProperty,
        OWL.TransitiveProperty,
        OWL.AsymmetricProperty,
        OWL.IrreflexiveProperty,
    )
)
_PLAIN_PREDICATES: Final = frozenset(
    (
        *(RDF.type, RDF.first, RDF.rest),
        *(RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, RDFS.isDefinedBy, RDFS.seeAlso),
        *(OWL.inverseOf, OWL.disjointWith, OWL.members, OWL.versionIRI, OWL.priorVersion),
    )
)
_LOGIC: Final = (str(RDF), str(RDFS), str(OWL))


@lru_cache(maxsize=4)
def is_local(ontology: Graph) -> bool:
    """Tell whether each contradiction that an ontology allows is between a node and the triples that name it.

    That holds of facts which do not speak of the logic itself, as a file of `kb/` never should.
    """
    axioms = [axiom for axiom in ontology if _is_logical(*axiom)]
    if not all(_is_plain_axiom(*axiom) for axiom in axioms):
        return False
    strict = {OWL.AsymmetricProperty, OWL.IrreflexiveProperty}
    return not any(
        (property_, RDF.type, kind) in ontology
        for transitive in ontology.subjects(RDF.type, OWL.TransitiveProperty)
        for property_ in _reached(transitive, lambda one: _next_properties(ontology, one))
        for kind in strict
    )


def _next_properties(ontology: Graph, property_: Node) -> Iterator[Node]:
    """Yield the properties that hold, one way round or the other, where one holds."""
    yield from ontology.objects(property_, RDFS.subPropertyOf)
    yield from ontology.objects(property_, OWL.inverseOf)
    yield from ontology.subjects(OWL.inverseOf, property_)


def _is_logical(_subject: Node, predicate: Node, object_: Node) -> bool:
    return str(predicate).startswith(_LOGIC) and not isinstance(object_, Literal)


def _is_plain_axiom(subject: Node, predicate: Node, object_: Node) -> bool:
    if predicate == RDF.type:
        return _is_plain_class(object_) or object_ in _PLAIN_TYPES
    if predicate not in _PLAIN_PREDICATES or OWL.Nothing in {subject, object_}:
        return False
    if predicate == RDFS.subPropertyOf:
        return not str(object_).startswith(_LOGIC)
    # A class without a name is an expression, from which more follows.
    return predicate not in {RDFS.subClassOf, RDFS.domain, RDFS.range} or isinstance(object_, URIRef)


def _is_plain_class(class_: Node) -> bool:
    return isinstance(class_, URIRef) and not str(class_).startswith(_LOGIC)


def _reached(start: Node, following: Callable[[Node], Iterable[Node]]) -> set[Node]:
    reached = {start}
    queue = [start]
    while queue:
        for one in following(queue.pop()):
            if one not in reached:
                reached.add(one)
                queue.append(one)
    return reached
