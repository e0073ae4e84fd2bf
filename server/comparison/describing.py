"""Graphs as descriptions: for each node, its properties and their values, in a form that can be compared.

A blank node has no name to be compared by. It is written out, with all that hangs on it, as a value of the node that it
hangs on: two blank nodes are the same when they say the same.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from rdflib import RDF, BNode, Graph, Literal
from rdflib.term import Node

from ..namespaces import Namespaces
from ..turtle.source_files import SourceFile
from .records import Value

Description = Mapping[str, frozenset[Value]]
"""The values of each property, by the property's IRI."""
Descriptions = Mapping[str, Description]
"""Descriptions by the IRI of their node; a blank node on which nothing depends is its own name."""

_PREFIX: Final = re.compile(r"^\s*(?:@prefix|PREFIX)\s+([\w-]*):\s*<([^>]*)>", re.MULTILINE | re.IGNORECASE)
_LOCAL: Final = re.compile(r"[\w-]*\w|")
_LONGEST: Final = 2_000
"""Characters of a blank node that is written out; what is longer ends in a hash of itself."""
_DEEPEST: Final = 40
"""The nesting depth to which blank nodes are distinguished."""


class Names:
    """Says how people call an IRI: the base's prefixes first, then those of the files that are compared."""

    def __init__(self, namespaces: Namespaces, files: Iterable[SourceFile]) -> None:
        self._namespaces = namespaces
        declared = {space: prefix for file in files for prefix, space in _PREFIX.findall(file.text)}
        self._declared = sorted(declared.items(), key=lambda pair: -len(pair[0]))
        self.short = lru_cache(maxsize=None)(self._short)

    def _short(self, iri: str) -> str:
        name = self._namespaces.compact(iri)
        if name != iri:
            return name
        for space, prefix in self._declared:
            if space and iri.startswith(space) and _LOCAL.fullmatch(local := iri[len(space) :]):
                return f"{prefix}:{local}"
        return iri


def describe(graphs: Iterable[Graph], names: Names) -> dict[str, dict[str, frozenset[Value]]]:
    """Return the descriptions of all nodes of some graphs, each of which has its blank nodes for itself."""
    collected: dict[str, dict[str, set[Value]]] = {}
    for graph in graphs:
        blanks = _Blanks(graph, names)
        has_blanks = False
        for subject, predicate, object_ in graph:
            if isinstance(subject, BNode):
                has_blanks = True
            else:
                values = collected.setdefault(str(subject), {}).setdefault(str(predicate), set())
                values.add(_value(object_, names, blanks))
        if has_blanks:
            collected |= {text: {} for text in blanks.loose()}
    return {
        node: {name: frozenset(values) for name, values in properties.items()} for node, properties in collected.items()
    }


def _value(term: Node, names: Names, blanks: _Blanks) -> Value:
    if isinstance(term, BNode):
        return Value(blanks.write(term))
    if isinstance(term, Literal):
        datatype = names.short(str(term.datatype)) if term.datatype else ""
        return Value(str(term), language=term.language or "", datatype="" if datatype == "xsd:string" else datatype)
    return Value(names.short(str(term)), iri=str(term))


class _Blanks:
    """Writes blank nodes out, by what they say alone: never by their names, which differ from parse to parse."""

    def __init__(self, graph: Graph, names: Names) -> None:
        self._graph = graph
        self._names = names
        self._written: dict[tuple[BNode, int], str] = {}

    def write(self, node: BNode, depth: int = 0) -> str:
        """Write a node and what hangs on it; rings end at the greatest depth."""
        if depth > _DEEPEST:
            return "[ … ]"
        if (node, depth) not in self._written:
            text = self._list(node, depth) or self._properties(node, depth)
            digest = hashlib.sha256(text.encode()).hexdigest()[:10]
            self._written[node, depth] = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… #{digest}"
        return self._written[node, depth]

    def loose(self) -> list[str]:
        """Write the nodes that hang on no other, and those that hang only on each other."""
        subjects = {node for node in self._graph.subjects() if isinstance(node, BNode)}
        held = set(self._graph.objects())
        begin = [node for node in subjects if node not in held]
        reached: set[Node] = set()
        ahead: list[Node] = [node for node in set(self._graph.subjects()) if node not in subjects] + [*begin]
        while ahead:
            node = ahead.pop()
            if node not in reached:
                reached.add(node)
                ahead += [object_ for object_ in self._graph.objects(node) if isinstance(object_, BNode)]
        return [self.write(node) for node in [*begin, *(subjects - reached)]]

    def _properties(self, node: BNode, depth: int) -> str:
        lines = sorted(
            f"{self._names.short(str(predicate))} {self._term(object_, depth)}"
            for predicate, object_ in self._graph.predicate_objects(node)
        )
        return f"[ {' ; '.join(lines)} ]"

    def _list(self, node: BNode, depth: int) -> str:
        """Write an RDF list as Turtle does, or return nothing when the node begins none."""
        items: list[str] = []
        seen: set[Node] = set()
        at: Node = node
        while at != RDF.nil:
            pairs = list(self._graph.predicate_objects(at))
            properties = dict(pairs)
            if at in seen or len(pairs) != 2 or set(properties) != {RDF.first, RDF.rest}:
                return ""
            seen.add(at)
            items.append(self._term(properties[RDF.first], depth))
            at = properties[RDF.rest]
        return f"( {' '.join(items)} )"

    def _term(self, term: Node, depth: int) -> str:
        if isinstance(term, BNode):
            return self.write(term, depth + 1)
        value = _value(term, self._names, self)
        if not isinstance(term, Literal):
            return value.text
        mark = f"@{value.language}" if value.language else f"^^{value.datatype}" if value.datatype else ""
        return f'"{value.text}"{mark}'
