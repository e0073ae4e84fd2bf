"""The package `shacl`, a quick SHACL engine in Rust.

It names blank nodes anew and does not say how. So the shapes get IRIs before it sees them, and each blank node of the
data gets a triple that leads to it from one node under a predicate of its own: a closed shape then reports them all.
Nothing else in SHACL Core looks at such a triple.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rdflib import OWL, RDF, RDFS, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from ...turtle.parsing import parse_terms
from ...turtle.pieces import joined
from .exact import TO_SHAPES
from .patterns import translated
from .results import Request, Result, Term, blanks_of, members, said

if TYPE_CHECKING:
    from shacl import Report

_OURS: Final = "urn:akb:shacl:"
_BLANKS: Final = URIRef(f"{_OURS}blanks")

MIXED_PROPERTIES: Final = frozenset(
    (
        *(RDFS[name] for name in ("comment", "domain", "isDefinedBy", "label", "member", "range", "seeAlso")),
        *(RDFS.subClassOf, RDFS.subPropertyOf),
        *(
            OWL[name]
            for name in (
                *("allValuesFrom", "annotatedProperty", "annotatedSource", "annotatedTarget", "assertionProperty"),
                *("cardinality", "complementOf", "datatypeComplementOf", "differentFrom", "disjointUnionOf"),
                *("disjointWith", "distinctMembers", "equivalentClass", "equivalentProperty", "hasKey", "hasSelf"),
                *("hasValue", "intersectionOf", "inverseOf", "maxCardinality", "maxQualifiedCardinality", "members"),
                *("minCardinality", "minQualifiedCardinality", "onClass", "onDataRange", "onDatatype", "onProperties"),
                *("onProperty", "oneOf", "propertyChainAxiom", "propertyDisjointWith", "qualifiedCardinality"),
                *("sameAs", "someValuesFrom", "sourceIndividual", "targetIndividual", "targetValue", "unionOf"),
                *("withRestrictions", "backwardCompatibleWith", "deprecated", "incompatibleWith", "priorVersion"),
                *("versionInfo", "bottomDataProperty", "topDataProperty", "bottomObjectProperty", "topObjectProperty"),
                *("imports", "versionIRI"),
            )
        ),
    )
)
MIXED_CLASSES: Final = frozenset(
    (
        *(RDFS[name] for name in ("Class", "Container", "ContainerMembershipProperty", "Datatype", "Literal")),
        RDFS.Resource,
        *(
            OWL[name]
            for name in (
                *("AllDifferent", "AllDisjointClasses", "AllDisjointProperties", "Annotation", "AnnotationProperty"),
                *("AsymmetricProperty", "Axiom", "Class", "DataRange", "DatatypeProperty", "DeprecatedClass"),
                *("DeprecatedProperty", "FunctionalProperty", "InverseFunctionalProperty", "IrreflexiveProperty"),
                *("NegativePropertyAssertion", "ObjectProperty", "Ontology", "OntologyProperty"),
                *("ReflexiveProperty", "Restriction", "SymmetricProperty", "TransitiveProperty"),
            )
        ),
    )
)
"""What pyshacl takes of an ontology, besides named individuals. To import its own lists takes longer than a check."""


def is_installed() -> bool:
    """Tell whether the package is there: it has no wheels for some platforms."""
    return find_spec("shacl") is not None


def validate(request: Request) -> list[Result]:
    """Return the validation results of the data (SHACL, section 3.4), for shapes on which the engine is exact.

    Raises ValueError for shapes that the engine cannot compile.
    """
    compiled = _compiled(request.shapes, request.ontology)
    data = joined(request.data)
    blanks = blanks_of(data)
    return compiled.results(compiled.asked(data + compiled.ontology, blanks), blanks)


@lru_cache(maxsize=2)
def mixed_in(ontology: Graph) -> str:
    """Return what pyshacl mixes of an ontology into the data, as N-Triples."""
    if (None, RDF.type, OWL.NamedIndividual) not in ontology and not _has_blanks(ontology):
        kept = Graph(bind_namespaces="none")
        for triple in ontology:
            if triple[1] in MIXED_PROPERTIES or (triple[1] == RDF.type and triple[2] in MIXED_CLASSES):
                kept.add(triple)
        return kept.serialize(format="nt")
    from pyshacl.rdfutil.inoculate import inoculate  # noqa: PLC0415 - it takes long to import, and few validate

    graph = Graph(bind_namespaces="none")
    inoculate(graph, ontology)  # type: ignore[arg-type] # it calls nothing that a graph has not
    return graph.serialize(format="nt")


def _has_blanks(graph: Graph) -> bool:
    return any(isinstance(term, BNode) for subject, _, value in graph for term in (subject, value))


def leading_to(blanks: list[str]) -> str:
    """Return the triples by which the engine's names of the blank nodes of the data are known."""
    return "".join(f"{_BLANKS.n3()} <{_OURS}{number}> {label} .\n" for number, label in enumerate(blanks))


class Compiled:
    """Shapes as the engine takes them, and the ontology as pyshacl mixes it into the data."""

    def __init__(self, shapes: Graph, ontology: Graph) -> None:
        from shacl import Shapes  # noqa: PLC0415 - it has no wheels for some platforms

        self._shapes = shapes
        self._names = {node: URIRef(f"{_OURS}shape:{number}") for number, node in enumerate(_unnamed(shapes))}
        self._nodes: dict[str, Node] = {str(name): node for node, name in self._names.items()}
        self._shown: dict[str, tuple[Node, Node | None, Node, tuple[Literal, ...]]] = {}
        self.ontology = mixed_in(ontology)
        self._compiled = Shapes.from_text(self._text(), "turtle")

    def _text(self) -> str:
        """Return the shapes as Turtle of one triple a line; rdflib's serializers take as long as the engine itself."""
        lines = [f"{_BLANKS.n3()} <{SH.targetNode}> {_BLANKS.n3()} ; <{SH.closed}> true ."]
        for subject, predicate, value in self._shapes:
            new = self._names.get(value, value)
            if predicate == SH.pattern:
                pattern = translated(str(value))
                assert pattern is not None, "else the shapes are beyond the engine"
                new = Literal(pattern)
            lines.append(f"{_written(self._names.get(subject, subject))} <{predicate}> {_written(new)} .")
        # The engine takes a shape for its own target if it is an rdfs:Class, and pyshacl if it is an owl:Class too.
        classes = (shape for shape in self._shapes.subjects(RDF.type, OWL.Class) if isinstance(shape, URIRef))
        lines += [f"<{shape}> <{SH.targetClass}> <{shape}> ." for shape in classes]
        return "\n".join(lines)

    def asked(self, text: str, blanks: list[str]) -> Report:
        """Validate N-Triples in memory."""
        return self._compiled.validate_text(text + leading_to(blanks), "ntriples")

    def asked_of(self, file: Path) -> Report:
        """Validate a file of N-Triples, in which `leading_to` is."""
        return self._compiled.validate_file(str(file))

    def results(self, report: Report, blanks: list[str]) -> list[Result]:
        """Return what a report says, in terms of the data and the shapes as they were given."""
        found = report.results
        written = {text for one in found for text in (one.focus_node, one.value) if text and text[0] != "_"}
        ordered = sorted(written)
        terms: dict[str, Term] = dict(zip(ordered, parse_terms(ordered), strict=True))
        shape_of_blanks = _BLANKS.n3()
        for one in found:
            if one.source_shape == shape_of_blanks and one.path and one.value:
                number = int(one.path[len(_OURS) + 1 : -1])
                terms[one.value] = BNode(blanks[number][2:])
        return [self._result(one, terms) for one in found if one.source_shape != shape_of_blanks]

    def _result(self, one: Any, terms: Mapping[str, Term]) -> Result:
        shape, path, severity, messages = self._said(one.source_shape)
        if one.component_iri == str(SH.ClosedConstraintComponent):
            path = URIRef(one.path[1:-1])
        value = None if one.value is None else _term(one.value, terms)
        return Result(_term(one.focus_node, terms), one.component_iri, shape, severity, path, value, messages)

    def _said(self, written: str) -> tuple[Node, Node | None, Node, tuple[Literal, ...]]:
        """Return a shape as it was given, and its path, severity and messages."""
        if written not in self._shown:
            name = written[1:-1]
            shape = self._nodes.get(name, URIRef(name))
            severity = self._shapes.value(shape, SH.severity) or SH.Violation
            path = self._shapes.value(shape, SH.path)
            self._shown[written] = shape, path, severity, said(self._shapes.objects(shape, SH.message))
        return self._shown[written]


_compiled: Final = lru_cache(maxsize=2)(Compiled)
"""Shapes that were compiled of late; whoever validates has them for as long as graphs are shared."""


def _written(node: Node) -> str:
    # rdflib refuses to write some IRIs that it reads.
    return f"<{node}>" if isinstance(node, URIRef) else node.n3()


def _term(written: str, terms: Mapping[str, Term]) -> Term:
    # A blank node of the ontology has no name that anyone could know.
    return terms[written] if written in terms else BNode(written[2:])


def _unnamed(shapes: Graph) -> Iterator[Node]:
    """Yield the shapes that are blank nodes (SHACL, section 2.1)."""
    nodes: set[Node] = set()
    for predicate in TO_SHAPES:
        nodes.update(shapes.objects(None, predicate))
    for predicate in (SH["and"], SH["or"], SH.xone):
        for head in shapes.objects(None, predicate):
            nodes.update(members(shapes, head) or ())
    for predicate in (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf):
        nodes.update(shapes.subjects(predicate))
    for kind in (SH.NodeShape, SH.PropertyShape):
        nodes.update(shapes.subjects(None, kind))
    yield from sorted(node for node in nodes if isinstance(node, BNode))
