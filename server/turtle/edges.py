"""Edges: how they are named, how they are stored, and how to read them off a graph."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterator
from dataclasses import dataclass

from rdflib import RDF, SKOS, Graph, Namespace, URIRef

from ..namespaces import AKB, AKBV, Namespaces

VOCAB = Namespace(AKB)
CODES = Namespace(AKBV)


@dataclass(frozen=True)
class EdgeNode:
    """An `akb:Edge` node with its three ends."""

    iri: URIRef
    subject: URIRef
    predicate: URIRef
    object: URIRef

    @property
    def ends(self) -> tuple[URIRef, URIRef, URIRef]:
        """The plain triple that the edge explains."""
        return self.subject, self.predicate, self.object


def statuses_in_use(ontology: Graph) -> frozenset[URIRef]:
    """Return the statuses with which an edge counts and has a plain triple: the members of `akbv:in-use`."""
    return frozenset(code for code in ontology.objects(CODES["in-use"], SKOS.member) if isinstance(code, URIRef))


def statuses_of_new_edges(ontology: Graph) -> dict[str, URIRef]:
    """Return the statuses that a new edge may have, by their notations: that of a draft, and those in use."""
    codes = (CODES.draft, *sorted(statuses_in_use(ontology)))
    return {str(ontology.value(code, SKOS.notation)): code for code in codes}


def edge_id(subject: str, predicate: str, object_: str, source: str = "") -> str:
    """Return the local name of an edge: 10 hex digits of SHA-256 over its ends' and its source's IRIs.

    The IRIs are joined by single spaces, which no IRI contains; without a source the last one is left out.
    """
    ends = " ".join(filter(None, (subject, predicate, object_, source)))
    return hashlib.sha256(ends.encode()).hexdigest()[:10]


def edge_iri(namespaces: Namespaces, subject: str, predicate: str, object_: str, source: str = "") -> URIRef:
    """Return the IRI of an edge."""
    return URIRef(namespaces.edge + edge_id(subject, predicate, object_, source))


def edges_in(graph: Graph) -> Iterator[EdgeNode]:
    """Yield the edges of a graph that have all three ends."""
    for node in graph.subjects(RDF.type, VOCAB.Edge):
        ends = [graph.value(node, VOCAB[end]) for end in ("subject", "predicate", "object")]
        if isinstance(node, URIRef) and all(isinstance(end, URIRef) for end in ends):
            yield EdgeNode(node, *(URIRef(str(end)) for end in ends))


def match_plain_triple(graph: Graph, ends: tuple[URIRef, URIRef, URIRef], in_use: Container[str]) -> None:
    """Have the plain triple in a graph exactly when an edge with these ends has a status in use."""
    subject, predicate, object_ = ends
    is_in_use = any(
        str(graph.value(node, VOCAB.status)) in in_use
        for node in graph.subjects(VOCAB.object, object_)
        if (node, VOCAB.predicate, predicate) in graph and (node, VOCAB.subject, subject) in graph
    )
    (graph.add if is_in_use else graph.remove)(ends)
