"""Reads the lists of a graph, be they well-formed or not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from rdflib import RDF, Graph
from rdflib.term import Node


def items(graph: Graph, head: Node | None) -> Iterator[Node]:
    """Yield the members of a list (RDF Schema 1.1, section 5.2), as far as it goes: one that leads back ends there."""
    seen: set[Node] = set()
    while head is not None and head not in seen:
        seen.add(head)
        yield from sorted(graph.objects(head, RDF.first), key=str)
        head = min(graph.objects(head, RDF.rest), key=str, default=None)


@lru_cache(maxsize=4)
def opened(graph: Graph) -> Graph:
    """Return a graph with an end for each list that leads back to itself; the same graph where there is none."""
    following = {cell: rest for cell, rest in graph.subject_objects(RDF.rest) if rest != RDF.nil}
    closing: set[tuple[Node, Node]] = set()
    done: set[Node] = set()
    for start in sorted(following, key=str):
        seen: set[Node] = set()
        cell: Node | None = start
        while cell in following and cell not in done:
            done.add(cell)
            seen.add(cell)
            if following[cell] in seen:
                closing.add((cell, following[cell]))
            cell = following[cell]
    if not closing:
        return graph
    result = Graph(bind_namespaces="none")
    for subject, predicate, value in graph:
        is_closing = predicate == RDF.rest and (subject, value) in closing
        result.add((subject, predicate, RDF.nil if is_closing else value))
    return result
