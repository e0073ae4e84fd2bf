"""Reads the lists of a graph, be they well-formed or not."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import RDF, Graph
from rdflib.term import Node


def items(graph: Graph, head: Node | None) -> Iterator[Node]:
    """Yield the members of a list (RDF Schema 1.1, section 5.2), as far as it goes: one that leads back ends there."""
    seen: set[Node] = set()
    while head is not None and head not in seen:
        seen.add(head)
        yield from sorted(graph.objects(head, RDF.first), key=str)
        head = min(graph.objects(head, RDF.rest), key=str, default=None)
