"""Merges two entities: the content of each file of `kb/` after one of them is replaced by the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from rdflib import DCTERMS, OWL, RDF, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from ..errors import UsageError
from ..namespaces import REVIEW
from ..schema.schema import Schema
from ..turtle.authoring import refuse_comments
from ..turtle.base import Base
from ..turtle.edges import CODES, VOCAB, free_edge_iri
from ..turtle.source_files import SourceFile
from ..turtle.writer import canonical

_ENDS: Final = (VOCAB.subject, VOCAB.predicate, VOCAB.object)


def merged_files(base: Base, schema: Schema, survivor: str, lost: str) -> dict[str, str]:
    """Return the new text of each file that a merger changes, by its path.

    The survivor keeps its IRI, and takes over the names, sources and identifiers of the other. Edges of the other
    become edges of the survivor, under the names that follow from their new ends; those that say the same fall
    together, and those that would join it to itself go. The file of the other becomes a pointer (`akb:mergedInto`).
    Reviews keep both names: they are history. Raises UsageError when a file that must change has a comment.
    """
    return _Merger(base, schema, URIRef(survivor), URIRef(lost)).run()


class _Merger:
    def __init__(self, base: Base, schema: Schema, survivor: URIRef, lost: URIRef) -> None:
        self._namespaces, self._asserted = base.namespaces, base.asserted
        self._survivor = survivor
        self._lost = lost
        self._schema = schema
        self._in_use = {URIRef(iri) for iri in schema.in_use}
        self._predicates = {URIRef(iri): term for iri, term in schema.predicates.items()}
        self._files = {file.path: file for file in base.files if not file.path.startswith(f"kb/{REVIEW}/")}
        self._homes = {
            node: file.path for file in self._files.values() for node in file.graph.subjects(DCTERMS.identifier)
        }
        for node in (survivor, lost):
            if node not in self._homes:
                raise UsageError(f"{base.namespaces.compact(node)} is not in the base.", "look at the queue again.")
        self._graphs: dict[str, Graph] = {}
        self._moved: dict[URIRef, Graph] = {}
        """The graphs of the files into which edges were put, by their new names."""

    def run(self) -> dict[str, str]:
        touched = [file for file in self._files.values() if _names(file.graph, self._lost)]
        edges = list(self._taken_out(touched))
        for subject, statements in edges:
            self._put(subject, statements)
        for file in touched:
            graph = self._graph(file.path)
            for earlier in list(graph.subjects(VOCAB.mergedInto, self._lost)):
                graph.remove((earlier, VOCAB.mergedInto, self._lost))
                graph.add((earlier, VOCAB.mergedInto, self._survivor))
        self._hand_over()
        return {path: text for path, graph in self._graphs.items() if (text := canonical(graph, self._namespaces))}

    def _graph(self, path: str) -> Graph:
        """Return the graph of a file as it becomes."""
        if path not in self._graphs:
            refuse_comments(self._files[path])
            self._graphs[path] = Graph(bind_namespaces="none")
            self._graphs[path] += self._files[path].graph
        return self._graphs[path]

    def _taken_out(self, files: Iterable[SourceFile]) -> Iterator[tuple[URIRef, dict[Node, list[Node]]]]:
        """Take every edge that names the lost entity out of its file, with its plain triple; yield what it says."""
        for file in files:
            graph = self._graph(file.path)
            named = {
                edge
                for end in (VOCAB.subject, VOCAB.object, VOCAB.assertedIn)
                for edge in file.graph.subjects(end, self._lost)
            }
            for edge in sorted(named, key=str):
                said: dict[Node, list[Node]] = {}
                for predicate, value in file.graph.predicate_objects(edge):
                    said.setdefault(predicate, []).append(value)
                graph.remove((edge, None, None))
                ends = tuple(said[end][0] for end in _ENDS)
                others = [other for other in graph.subjects(VOCAB.subject, ends[0]) if _ends(graph, other) == ends]
                if not any(graph.value(other, VOCAB.status) in self._in_use for other in others):
                    graph.remove(ends)  # type: ignore[arg-type]  # three nodes, which mypy cannot count
                yield URIRef(str(edge)), said

    def _graph_of(self, edge: URIRef) -> Graph:
        """Return a graph that has what is said of an edge."""
        return self._moved.get(edge, self._asserted)

    def _put(self, old: URIRef, said: dict[Node, list[Node]]) -> None:
        """Put an edge where it belongs now that its ends have changed."""
        subject, predicate, object_ = (self._new(said[end][0]) for end in _ENDS)
        if subject == object_:
            return
        term = self._predicates.get(predicate)
        if term is not None and "symmetric" in term.traits:
            subject, object_ = sorted((subject, object_))
        source = self._new(said[VOCAB.assertedIn][0]) if VOCAB.assertedIn in said else None
        node = free_edge_iri(self._graph_of, self._namespaces, subject, predicate, object_, source or "")
        if subject not in self._homes:
            raise UsageError(f"{self._namespaces.compact(old)} starts from nothing in the base.", "run `akb check`.")
        graph = self._graph(self._homes[subject])
        status = next(iter(said.get(VOCAB.status, [])), None)
        known = graph.value(node, VOCAB.status)
        if known is not None:
            self._fall_together(graph, node, said, is_better=status in self._in_use and known not in self._in_use)
        else:
            for property_, values in said.items():
                for value in values:
                    graph.add((node, property_, value))
            new: tuple[tuple[URIRef, URIRef | None], ...] = (
                *zip(_ENDS, (subject, predicate, object_), strict=True),
                (VOCAB.assertedIn, source),
            )
            for end, new_end in new:
                if new_end is not None:
                    graph.set((node, end, new_end))
            self._moved[node] = graph
        if graph.value(node, VOCAB.status) in self._in_use:
            graph.add((subject, predicate, object_))

    def _fall_together(self, graph: Graph, node: URIRef, said: dict[Node, list[Node]], *, is_better: bool) -> None:
        """Let an edge that says the same as one that is there give it what that lacks; the one in use leads."""
        for property_, values in said.items():
            if property_ in {*_ENDS, VOCAB.assertedIn, RDF.type}:
                continue
            if property_ in {DCTERMS.source, VOCAB.consultedAt} or (node, property_, None) not in graph:
                for value in values:
                    graph.add((node, property_, value))
            elif is_better:
                graph.remove((node, property_, None))
                for value in values:
                    graph.add((node, property_, value))

    def _hand_over(self) -> None:
        """Give the survivor the names and sources of the lost entity, and make that a pointer."""
        lost, survivor = self._graph(self._homes[self._lost]), self._graph(self._homes[self._survivor])
        kept = set(survivor.objects(self._survivor, SKOS.prefLabel))
        for name in (*lost.objects(self._lost, SKOS.prefLabel), *lost.objects(self._lost, SKOS.altLabel)):
            if name not in kept:
                survivor.add((self._survivor, SKOS.altLabel, name))
        for property_ in (DCTERMS.source, *self._facts(survivor)):
            is_many = self._schema.is_many(str(property_))
            if is_many or (self._survivor, property_, None) not in survivor:
                for value in lost.objects(self._lost, property_):
                    survivor.add((self._survivor, property_, value))
        lost.remove((self._lost, SKOS.altLabel, None))
        lost.set((self._lost, VOCAB.status, CODES.merged))
        lost.set((self._lost, OWL.deprecated, Literal(True)))
        lost.set((self._lost, VOCAB.mergedInto, self._survivor))

    def _facts(self, graph: Graph) -> list[URIRef]:
        """Return the properties that the survivor may have, by its class."""
        types = [str(type_) for type_ in graph.objects(self._survivor, RDF.type)]
        is_under = self._schema.is_under
        return [
            URIRef(iri)
            for iri, term in self._schema.facts.items()
            if any(is_under(type_, class_) for class_ in term.classes for type_ in types)
        ]

    def _new(self, node: Node) -> URIRef:
        return self._survivor if node == self._lost else URIRef(str(node))


def _names(graph: Graph, node: URIRef) -> bool:
    return (node, None, None) in graph or (None, None, node) in graph


def _ends(graph: Graph, edge: Node) -> tuple[Node | None, ...]:
    return tuple(graph.value(edge, end) for end in _ENDS)
