"""Edges: how they are named, how they are stored, and how to read them off a graph."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from typing import Final

from rdflib import RDF, SKOS, Graph, Namespace, URIRef

from ..namespaces import AKB, AKBV, Namespaces

VOCAB = Namespace(AKB)
CODES = Namespace(AKBV)
DIGITS: Final = 10
"""How many digits the name of an edge has at least."""
MORE_DIGITS: Final = 16
"""How many one has that shares its first ones with another edge by chance."""


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


def edge_id(subject: str, predicate: str, object_: str, source: str = "", *, digits: int = DIGITS) -> str:
    """Return the local name of an edge: the first hex digits of SHA-256 over its ends' and its source's IRIs.

    The IRIs are joined by single spaces, which no IRI contains; without a source the last one is left out.
    """
    ends = " ".join(filter(None, (subject, predicate, object_, source)))
    return hashlib.sha256(ends.encode()).hexdigest()[:digits]


def edge_iri(
    namespaces: Namespaces, subject: str, predicate: str, object_: str, source: str = "", *, digits: int = DIGITS
) -> URIRef:
    """Return the IRI of an edge."""
    return URIRef(namespaces.edge + edge_id(subject, predicate, object_, source, digits=digits))


def free_edge_iri(
    graph_of: Callable[[URIRef], Graph],
    namespaces: Namespaces,
    subject: str,
    predicate: str,
    object_: str,
    source: str = "",
) -> URIRef:
    """Return the IRI of an edge: with more digits where another edge has the first ones too.

    `graph_of` returns a graph that has all that is said of an edge with a name, if there is one: in the whole base, and
    among the edges that come with this one. One base in three that has a million edges has two with the same first ten
    digits.
    """
    ends = (subject, predicate, object_, source)
    node = edge_iri(namespaces, *ends)
    return edge_iri(namespaces, *ends, digits=MORE_DIGITS) if _is_another(graph_of(node), node, ends) else node


def _is_another(graph: Graph, node: URIRef, ends: tuple[str, ...]) -> bool:
    """Tell whether a node of a graph is an edge between other ends, or from another source."""
    if (node, VOCAB.subject, None) not in graph:
        return False
    terms = (VOCAB.subject, VOCAB.predicate, VOCAB.object, VOCAB.assertedIn)
    return any(str(graph.value(node, term) or "") != str(end) for term, end in zip(terms, ends, strict=True))


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
