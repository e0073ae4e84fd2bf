"""Reads the sections of pages from the ontology's graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from rdflib import RDF, RDFS, SH, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from ..namespaces import AKB
from ..records.directions import Direction
from ..records.sections import Section, Way
from ..records.terms import PropertyTerm
from .property_shapes import in_english

_A: Final = Namespace(AKB)


def read_sections(ontology: Graph, properties: Mapping[str, PropertyTerm]) -> tuple[Section, ...]:
    """Return every section in the order of pages, without entries that are not predicates."""
    found = [
        _section(ontology, iri, properties)
        for iri in set(ontology.subjects(RDF.type, _A.Section))
        if isinstance(iri, URIRef)
    ]
    return tuple(sorted(found, key=lambda section: (section.order, section.iri)))


def listed(graph: Graph, subject: Node, property_: URIRef) -> Iterator[Node]:
    """Yield the values of a property and, in place of a list, its members in order, also where the list is broken."""
    for value in sorted(graph.objects(subject, property_), key=str):
        at: Node | None = value
        seen: set[Node] = set()
        while at is not None and at != RDF.nil and at not in seen:
            seen.add(at)
            is_list = (at, RDF.first, None) in graph or (at, RDF.rest, None) in graph
            yield from graph.objects(at, RDF.first) if is_list else (at,)
            at = graph.value(at, RDF.rest)


def way_of(graph: Graph, path: Node, properties: Mapping[str, PropertyTerm]) -> Way | None:
    """Return the link denoted by a predicate, its inverse, or a path with `sh:inversePath`; None for anything else.

    An edge of a symmetric predicate has no direction.
    """
    inverse_path = graph.value(path, SH.inversePath)
    term = properties.get(str(inverse_path or path))
    if term is None or not term.is_predicate or term.iri == f"{AKB}related":
        return None
    if "symmetric" in term.traits:
        return Way(term.iri, Direction.BOTH, term.label)
    is_inverse = not term.is_asserted
    asserted = properties.get(term.inverse) if is_inverse else term
    if asserted is None:
        return None
    if is_inverse != (inverse_path is not None):
        inverse = term if is_inverse else properties.get(term.inverse, term)
        return Way(asserted.iri, Direction.IN, inverse.label)
    return Way(asserted.iri, Direction.OUT, asserted.label)


def _section(graph: Graph, iri: URIRef, properties: Mapping[str, PropertyTerm]) -> Section:
    def is_set(property_: URIRef) -> bool:
        return any(isinstance(value, Literal) and value.value is True for value in graph.objects(iri, property_))

    through = (way_of(graph, path, properties) for path in listed(graph, iri, _A.through))
    order = graph.value(iri, SH.order)
    name = str(graph.value(iri, SKOS.notation) or "") or iri.rpartition("#")[2].rpartition("/")[2]
    return Section(
        iri=str(iri),
        name=name,
        heading=english(graph, iri, RDFS.label) or name,
        classes=tuple(sorted(str(class_) for class_ in graph.objects(iri, _A.sectionOf))),
        ways=tuple(way for path in listed(graph, iri, _A.shows) if (way := way_of(graph, path, properties))),
        order=float(order.value)
        if isinstance(order, Literal) and isinstance(order.value, int | float | Decimal)
        else 0,
        through=tuple(way for way in through if way),
        empty=english(graph, iri, _A.emptyHint),
        stance=str(graph.value(graph.value(iri, _A.stance), SKOS.notation) or ""),
        is_position=is_set(_A.isPosition),
        stands_beside=is_set(_A.standsBeside),
        in_full=is_set(_A.inFull),
        by_date=is_set(_A.byDate),
        ordered_by=str(graph.value(iri, _A.orderedBy) or ""),
        also_listed_in=str(graph.value(iri, _A.alsoListedIn) or ""),
        hides_predicate=is_set(_A.hidesPredicate),
        shows_notes=is_set(_A.showsNotes),
        shows_weights=is_set(_A.showsWeights),
    )


def english(graph: Graph, iri: Node, property_: URIRef) -> str:
    """Return the value of a property in English, else in any language, or an empty string."""
    return in_english(graph.objects(iri, property_))
