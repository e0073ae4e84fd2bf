"""Counts what a base holds, how well it is sourced, and how it hangs together, from the files of `kb/`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rdflib import DCTERMS, OWL, RDF, Literal, URIRef
from rdflib.term import Node

from ..namespaces import AKBV
from ..records.dataset import BaseStatistics
from ..schema.schema import Schema
from ..turtle.base import Base
from ..turtle.edges import CODES, VOCAB, EdgeNode, edges_in, statuses_in_use
from .gaps import counts_of_files


def base_statistics(base: Base, schema: Schema) -> BaseStatistics:
    """Return the statistics of a base. Retired entities are counted apart, and nowhere else."""
    graph = base.asserted
    edges = list(edges_in(graph))
    in_use = statuses_in_use(base.ontology)
    entities = set(graph.subjects(DCTERMS.identifier))
    retired = {node for node in entities if (node, OWL.deprecated, Literal(True)) in graph}
    living = entities - retired
    names = Counter(_class_name(schema, graph.objects(node, RDF.type)) for node in living)
    used = [edge for edge in edges if graph.value(edge.iri, VOCAB.status) in in_use]
    components = _components(living, used)

    def statuses(nodes: set[Node]) -> dict[str, int]:
        found = Counter(str(graph.value(node, VOCAB.status)).removeprefix(AKBV) for node in nodes)
        return dict(sorted(found.items()))

    def checked(nodes: set[Node]) -> int:
        """Count the nodes that are in use and name what was looked at."""
        return sum(
            any((node, property_, None) in graph for property_ in (DCTERMS.source, VOCAB.consultedAt))
            and graph.value(node, VOCAB.status) in in_use
            for node in nodes
        )

    edge_nodes: set[Node] = {edge.iri for edge in edges}
    return BaseStatistics(
        entities=len(living),
        edges=len(edges),
        retired=len(retired),
        entities_per_class={term.notation: names[term.notation] for term in schema.page_classes},
        edges_per_predicate={
            term.notation: count
            for iri, term in sorted(schema.predicates.items())
            if (count := sum(str(edge.predicate) == iri for edge in edges))
        },
        entity_statuses=statuses(living),
        edge_statuses=statuses(edge_nodes),
        checked_entities=checked(living),
        checked_edges=checked(edge_nodes),
        edges_with_a_source=sum((node, VOCAB.assertedIn, None) in graph for node in edge_nodes),
        readings=sum((node, VOCAB.basis, CODES["our-reading"]) in graph for node in edge_nodes),
        orphans=tuple(sorted(base.namespaces.compact(str(*part)) for part in components if len(part) == 1)),
        components=len(components),
        largest_component=max((len(part) for part in components), default=0),
        gaps=counts_of_files(base, schema),
    )


def _class_name(schema: Schema, types: Iterable[Node]) -> str:
    found = (schema.page_class_of(str(type_)) for type_ in types)
    return min((term.notation for term in found if term), default="")


def _components(entities: set[Node], edges: list[EdgeNode]) -> list[set[Node]]:
    """Return the parts of the base between which no edge in use runs."""
    neighbours: dict[Node, set[URIRef]] = {node: set() for node in entities}
    for edge in edges:
        if edge.subject in neighbours and edge.object in neighbours:
            neighbours[edge.subject].add(edge.object)
            neighbours[edge.object].add(edge.subject)
    left = set(entities)
    components = []
    while left:
        part: set[Node] = set()
        queue = [left.pop()]
        while queue:
            node = queue.pop()
            part.add(node)
            queue += [other for other in neighbours[node] if other in left]
            left -= neighbours[node]
        components.append(part)
    return components
