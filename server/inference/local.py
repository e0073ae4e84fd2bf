"""Finds contradictions without a closure, where the ontology is so plain that each is a matter of one node.

owlrl is exact and slow: 16 s for a thousand entities. As long as an ontology says no more than which classes and
properties are under which others, inverse, symmetric, disjoint, asymmetric or irreflexive, and what their domains and
ranges are, all that follows about a node follows from its own triples (rules cax-sco, cax-dw, cax-adc, prp-dom,
prp-rng, prp-spo1, prp-inv1, prp-inv2, prp-symp, prp-asyp, prp-irp of OWL 2 Profiles, section 4.3). A test holds the
answers to be owlrl's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import combinations
from typing import Final, TypeVar

from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

T = TypeVar("T", bound=Hashable)

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

_Directed = tuple[Node, bool]
"""A property, and whether it is read from object to subject."""


class Local:
    """What an ontology says of classes and properties, closed so that a triple's consequences are looked up."""

    def __init__(self, axioms: Graph) -> None:
        self._axioms = axioms
        self._asymmetric = set(axioms.subjects(RDF.type, OWL.AsymmetricProperty))
        self._irreflexive = set(axioms.subjects(RDF.type, OWL.IrreflexiveProperty))
        self._above: dict[Node, set[Node]] = {}
        self._entailed: dict[Node, set[_Directed]] = {}
        self._disjoint = set(self._disjoint_pairs())

    def covers(self, facts: Graph) -> bool:
        """Tell whether the ontology and the facts say nothing from which more follows than is looked for here."""
        return self._is_plain and all(
            (_is_plain_class(o) if p == RDF.type else not str(p).startswith(_LOGIC))
            # That two are different contradicts nothing as long as nothing makes any two the same.
            or (p == OWL.differentFrom and s != o)
            for s, p, o in facts
        )

    def errors(self, facts: Graph) -> Iterator[str]:
        """Yield a sentence for each broken rule, worded as owlrl words it."""
        types: dict[Node, set[Node]] = defaultdict(set)
        held: set[tuple[Node, Node, Node]] = set()
        for subject, predicate, object_ in facts:
            if predicate == RDF.type:
                types[subject] |= self._classes(object_)
                continue
            for property_, turned in self._properties(predicate):
                start, end = (object_, subject) if turned else (subject, object_)
                for class_ in self._axioms.objects(property_, RDFS.domain):
                    types[start] |= self._classes(class_)
                for class_ in self._axioms.objects(property_, RDFS.range):
                    types[end] |= self._classes(class_)
                if property_ in self._irreflexive and start == end:
                    yield f"Irreflexive property used on {start} with {property_}"
                if property_ in self._asymmetric:
                    held.add((start, property_, end))
        for start, property_, end in held:
            if (end, property_, start) in held:
                yield f"Erroneous usage of asymmetric property {property_} on {start} and {end}"
        for node, classes in types.items():
            for one, other in self._disjoint:
                if one in classes and other in classes:
                    yield f"Disjoint classes {one} and {other} have a common individual {node}"

    def closed(self) -> Graph:
        """Return the axioms together with every super-class that follows from them."""
        closed = Graph(bind_namespaces="none")
        closed += self._axioms
        for class_ in set(self._axioms.subjects(RDFS.subClassOf, None)):
            for above in self._classes(class_):
                closed.add((class_, RDFS.subClassOf, above))
        return closed

    @property
    def _is_plain(self) -> bool:
        if not all(_is_plain_axiom(*axiom) for axiom in self._axioms):
            return False
        return not any(
            property_ in self._asymmetric or property_ in self._irreflexive
            for transitive in self._axioms.subjects(RDF.type, OWL.TransitiveProperty)
            for property_, _ in self._properties(transitive)
        )

    def _classes(self, class_: Node) -> set[Node]:
        """Return a class with every class above it."""
        if class_ not in self._above:
            self._above[class_] = _reached(class_, lambda one: self._axioms.objects(one, RDFS.subClassOf))
        return self._above[class_]

    def _properties(self, property_: Node) -> set[_Directed]:
        """Return the properties that hold where one holds, each with whether it holds the other way round."""
        if property_ not in self._entailed:
            self._entailed[property_] = _reached((property_, False), self._next_properties)
        return self._entailed[property_]

    def _next_properties(self, directed: _Directed) -> Iterator[_Directed]:
        property_, turned = directed
        for wider in self._axioms.objects(property_, RDFS.subPropertyOf):
            yield wider, turned
        for inverse in self._axioms.objects(property_, OWL.inverseOf):
            yield inverse, not turned
        for inverse in self._axioms.subjects(OWL.inverseOf, property_):
            yield inverse, not turned
        if (property_, RDF.type, OWL.SymmetricProperty) in self._axioms:
            yield property_, not turned

    def _disjoint_pairs(self) -> Iterator[tuple[Node, Node]]:
        yield from self._axioms.subject_objects(OWL.disjointWith)
        for group in self._axioms.subjects(RDF.type, OWL.AllDisjointClasses):
            members = self._axioms.value(group, OWL.members)
            if members is not None:
                yield from combinations(Collection(self._axioms, members), 2)


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


def _reached(start: T, following: Callable[[T], Iterable[T]]) -> set[T]:
    reached = {start}
    queue = [start]
    while queue:
        for one in following(queue.pop()):
            if one not in reached:
                reached.add(one)
                queue.append(one)
    return reached
