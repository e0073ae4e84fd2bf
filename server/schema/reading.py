"""Reads the ontology's graph into records."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from rdflib import OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.namespace import VANN
from rdflib.term import Node

from ..namespaces import AKB, Namespaces
from ..records.terms import ClassTerm, PropertyTerm, Term
from ..turtle.base import Base
from ..turtle.edges import statuses_in_use, statuses_of_new_edges
from .property_shapes import PropertyShapes, limits_of, property_shapes
from .schema import Schema
from .sections import english, read_sections

_A = Namespace(AKB)
_KINDS = {
    OWL.ObjectProperty: "object",
    OWL.DatatypeProperty: "datatype",
    OWL.AnnotationProperty: "annotation",
}
_TRAITS = {
    OWL.SymmetricProperty: "symmetric",
    OWL.TransitiveProperty: "transitive",
    OWL.AsymmetricProperty: "asymmetric",
    OWL.IrreflexiveProperty: "irreflexive",
}
_MAPPINGS = {
    RDFS.subClassOf: "sub-class of",
    RDFS.subPropertyOf: "sub-property of",
    OWL.equivalentClass: "equivalent to",
    OWL.equivalentProperty: "equivalent to",
    SKOS.closeMatch: "close to",
    SKOS.exactMatch: "same as",
}


def schema_of(base: Base) -> Schema:
    """Read the vocabulary of a base. Raises UnreadableError for shapes that are not Turtle."""
    return read_schema(base.ontology, base.shapes, base.namespaces)


@lru_cache(maxsize=4)
def read_schema(ontology: Graph, shapes: Graph, namespaces: Namespaces) -> Schema:
    """Read every declared class and property, and the constraints of the shapes on properties."""
    classes = {str(iri): _class(ontology, iri, namespaces) for iri in _named(ontology.subjects(RDF.type, OWL.Class))}
    shaped = property_shapes(shapes)
    declared = {iri for kind in _KINDS for iri in _named(ontology.subjects(RDF.type, kind))}
    properties, borrowed = (
        {
            str(iri): _property(ontology, iri, shaped.get(iri, PropertyShapes(shapes)), namespaces)
            for iri in sorted(iris)
        }
        for iris in (declared, shaped.keys() - declared)
    )
    in_use = {str(code): str(ontology.value(code, SKOS.notation) or code) for code in sorted(statuses_in_use(ontology))}
    codes: dict[str, dict[str, str]] = {}
    for code, scheme in ontology.subject_objects(SKOS.inScheme):
        codes.setdefault(str(scheme), {})[str(ontology.value(code, SKOS.notation) or code)] = str(code)
    return Schema(
        classes,
        properties,
        borrowed,
        in_use,
        codes,
        tuple(statuses_of_new_edges(ontology)),
        read_sections(ontology, properties),
        limits_of(shapes),
    )


def _class(graph: Graph, iri: URIRef, namespaces: Namespaces) -> ClassTerm:
    order = graph.value(iri, _A.displayOrder)
    above = graph.transitive_objects(iri, RDFS.subClassOf)
    return ClassTerm(
        **vars(_term(graph, iri, namespaces, RDFS.subClassOf)),
        plural=english(graph, iri, _A.pluralLabel),
        display_order=int(str(order)) if order else 0,
        navigation_order=int(str(graph.value(iri, _A.navigationOrder) or 0)),
        glyph=str(graph.value(iri, _A.glyph) or ""),
        hue=str(graph.value(iri, _A.hue) or ""),
        dark_hue=str(graph.value(iri, _A.darkHue) or ""),
        is_known_elsewhere=not any((one, _A.isKnownElsewhere, Literal(False)) in graph for one in above),
    )


def _property(graph: Graph, iri: URIRef, shapes: PropertyShapes, namespaces: Namespaces) -> PropertyTerm:
    inverses = [*_named(graph.objects(iri, OWL.inverseOf)), *_named(graph.subjects(OWL.inverseOf, iri))]
    types = set(graph.objects(iri, RDF.type))
    joins = _A.related in graph.transitive_objects(iri, RDFS.subPropertyOf)
    term = _term(graph, iri, namespaces, RDFS.subPropertyOf)
    kind = next((name for kind, name in _KINDS.items() if kind in types), "annotation")
    range_ = str(graph.value(iri, RDFS.range) or "")
    is_literal = kind == "datatype" or range_ == str(RDF.langString) or range_.startswith(str(XSD))
    schemes = (scheme for code in shapes.codes for scheme in _named(graph.objects(code, SKOS.inScheme)))
    return PropertyTerm(
        **vars(term),
        kind=kind,
        domain=str(graph.value(iri, RDFS.domain) or ""),
        range=range_,
        inverse=str(inverses[0]) if inverses else "",
        traits=tuple(name for trait, name in _TRAITS.items() if trait in types),
        is_predicate=joins,
        is_asserted=iri != _A.related and (iri, OWL.inverseOf, None) not in graph,
        name=shapes.name or term.label or term.curie,
        order=shapes.order,
        role=shapes.role,
        classes=tuple(sorted(shapes.classes)),
        is_many=not shapes.is_limited and OWL.FunctionalProperty not in types,
        is_iri=not is_literal and (kind == "object" or shapes.is_iri),
        datatypes=tuple(sorted(shapes.datatypes)) or ((range_,) if is_literal and range_ else ()),
        has_pattern=shapes.has_pattern,
        scheme=str(next(schemes, "")),
        address=str(graph.value(iri, _A.addressTemplate) or ""),
        version=str(graph.value(iri, _A.versionTemplate) or ""),
    )


def _term(graph: Graph, iri: URIRef, namespaces: Namespaces, parent: URIRef) -> Term:
    mapped = [(kind, node) for predicate, kind in _MAPPINGS.items() for node in _named(graph.objects(iri, predicate))]
    return Term(
        iri=str(iri),
        curie=namespaces.compact(str(iri)),
        label=english(graph, iri, RDFS.label),
        notation=str(graph.value(iri, SKOS.notation) or ""),
        definition=english(graph, iri, SKOS.definition) or english(graph, iri, SKOS.scopeNote),
        example=str(graph.value(iri, VANN.example) or ""),
        parents=tuple(
            namespaces.compact(str(node)) for node in _named(graph.objects(iri, parent)) if _is_declared(graph, node)
        ),
        mappings=tuple((kind, namespaces.compact(str(node))) for kind, node in mapped if not _is_declared(graph, node)),
        means=tuple(dict.fromkeys(str(node) for _, node in mapped)),
    )


def _is_declared(graph: Graph, iri: URIRef) -> bool:
    """Tell whether the ontology declares a term itself, rather than name one of another vocabulary."""
    return any((iri, RDF.type, kind) in graph for kind in (OWL.Class, *_KINDS))


def _named(nodes: Iterable[Node]) -> list[URIRef]:
    return sorted({node for node in nodes if isinstance(node, URIRef)})
