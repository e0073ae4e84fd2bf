"""The shapes and rules of a release as records: what each is about, and what it asks for, in words.

The words cover the constraint components of SHACL Core (SHACL, section 4); what they do not know, they name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rdflib import RDF, RDFS, SH, BNode, Graph, URIRef
from rdflib.term import Node

from ..namespaces import Namespaces
from ..records.terms import RuleTerm, ShapeTerm
from ..sparql.queries import question
from ..store.interface import Queryable
from ..turtle.lists import items
from ..turtle.parsing import parse

_MEND: Final = "Mend: "
_TARGETS: Final = {
    SH.targetClass: "each {}",
    SH.targetSubjectsOf: "each subject of {}",
    SH.targetObjectsOf: "each object of {}",
    SH.targetNode: "the node {}",
}
_CONSTRAINTS: Final[dict[Node, str]] = {
    SH.minCount: "there is at least {}",
    SH.maxCount: "there is at most {}",
    SH["class"]: "is of the class {}",
    SH.datatype: "has the datatype {}",
    SH.nodeKind: "is {}",
    SH.minInclusive: "is {} or more",
    SH.maxInclusive: "is {} or less",
    SH.minExclusive: "is more than {}",
    SH.maxExclusive: "is less than {}",
    SH.minLength: "has {} characters or more",
    SH.maxLength: "has {} characters or fewer",
    SH.pattern: "matches {}",
    SH.languageIn: "is in the language {}",
    SH["in"]: "is one of {}",
    SH.hasValue: "one of them is {}",
    SH.equals: "the same values as {}",
    SH.disjoint: "no value of {}",
    SH.lessThan: "less than each value of {}",
    SH.lessThanOrEquals: "not more than any value of {}",
    SH.node: "conforms to {}",
}
"""What a constraint asks of each value, by its parameter."""
_NODE_KINDS: Final = {
    SH.IRI: "an IRI",
    SH.BlankNode: "a blank node",
    SH.Literal: "a literal",
    SH.BlankNodeOrIRI: "an IRI or a blank node",
    SH.BlankNodeOrLiteral: "a blank node or a literal",
    SH.IRIOrLiteral: "an IRI or a literal",
}
_PASSED_OVER: Final = {
    *(RDF.type, RDFS.label, RDFS.comment, SH.path, SH.message, SH.severity, SH.property, SH.name, SH.description),
    *(SH.order, SH.group, SH.qualifiedMinCount, SH.qualifiedMaxCount, SH.flags, *_TARGETS),
}
"""What a shape has beside constraints, or what is said together with another parameter."""
_LOGICAL: Final[dict[Node, str]] = {SH["or"]: " or ", SH["and"]: ", and ", SH.xone: ", or else "}


def shapes_of(store: Queryable, namespaces: Namespaces) -> tuple[tuple[ShapeTerm, ...], tuple[RuleTerm, ...]]:
    """Return the shapes that have a name, and the rules, each in the order of their names."""
    graph = parse(store.construct(question("shapes")), "nt")
    reader = _Reader(graph, namespaces)
    kinds = (SH.NodeShape, SH.PropertyShape)
    nodes = {node for kind in kinds for node in graph.subjects(RDF.type, kind) if isinstance(node, URIRef)}
    rules = (node for node in graph.subjects(RDF.type, SH.SPARQLExecutable) if isinstance(node, URIRef))
    return tuple(map(reader.shape, sorted(nodes))), tuple(map(reader.rule, sorted(rules)))


class _Reader:
    def __init__(self, graph: Graph, namespaces: Namespaces) -> None:
        self._graph = graph
        self._namespaces = namespaces

    def shape(self, node: URIRef) -> ShapeTerm:
        message, _, mend = str(self._graph.value(node, SH.message) or "").partition(_MEND)
        targets = [(kind, target) for kind in _TARGETS for target in sorted(self._graph.objects(node, kind), key=str)]
        path = self._graph.value(node, SH.path)
        return ShapeTerm(
            iri=str(node),
            curie=self._name(node),
            about=tuple(_TARGETS[kind].format(self._name(target)) for kind, target in targets),
            targets=tuple(self._name(target) for _, target in targets),
            path=self._path(path) if path is not None else "",
            constraints=tuple(self._constraints(node)),
            parts=tuple(sorted(self._name(part) for part in self._graph.objects(node, SH.property))),
            message=message.strip(),
            mend=mend.strip(),
            severity=self._severity(node),
        )

    def rule(self, node: URIRef) -> RuleTerm:
        message, _, mend = str(self._graph.value(node, SH.message) or "").partition(_MEND)
        return RuleTerm(
            iri=str(node),
            curie=self._name(node),
            label=str(self._graph.value(node, RDFS.label) or ""),
            message=message.strip(),
            mend=mend.strip(),
            severity=self._severity(node),
            query=str(self._graph.value(node, SH.select) or ""),
        )

    def _severity(self, node: Node) -> str:
        severity = self._graph.value(node, SH.severity) or SH.Violation
        return str(severity).rpartition("#")[2].lower()

    def _constraints(self, node: Node) -> Iterator[str]:
        """Yield each constraint in words."""
        known = list(_CONSTRAINTS)
        said = [(p, o) for p, o in self._graph.predicate_objects(node) if p not in _PASSED_OVER]
        # How many come first, then of what kind they are, then the rest.
        for parameter, value in sorted(said, key=lambda one: known.index(one[0]) if one[0] in known else len(known)):
            if parameter in _LOGICAL:
                yield _LOGICAL[parameter].join(self._all(one) for one in items(self._graph, value))
            elif parameter == SH["not"]:
                yield f"not: {self._all(value)}"
            elif parameter == SH.qualifiedValueShape:
                yield self._qualified(node, value)
            elif parameter == SH.uniqueLang:
                yield "one in each language"
            elif parameter == SH.closed:
                yield "has no other properties"
            elif parameter == SH.maxCount and str(value) == "0":
                yield "there is none"
            elif parameter in _CONSTRAINTS:
                yield _CONSTRAINTS[parameter].format(self._value(parameter, value))
            else:
                yield f"{self._name(parameter)} {self._name(value)}"

    def _all(self, node: Node) -> str:
        """Return what a shape asks for, in one line; one with a name is called by it."""
        return self._name(node) if isinstance(node, URIRef) else ", ".join(self._constraints(node))

    def _qualified(self, node: Node, shape: Node) -> str:
        """Return what is asked of some of the values (SHACL, section 4.7.3)."""
        least, most = (self._graph.value(node, SH[f"qualified{end}Count"]) for end in ("Min", "Max"))
        words = [*([f"at least {least}"] if least is not None else []), *([f"at most {most}"] if most else [])]
        return f"{' and '.join(words)} of them {self._all(shape)}"

    def _value(self, parameter: Node, value: Node) -> str:
        if parameter == SH.nodeKind:
            return _NODE_KINDS.get(value, self._name(value)) if isinstance(value, URIRef) else self._name(value)
        if parameter in {SH["in"], SH.languageIn}:
            return " or ".join(self._name(one) for one in items(self._graph, value))
        if isinstance(value, BNode):
            return self._all(value)
        return self._name(value)

    def _path(self, path: Node) -> str:
        """Return a property path as SPARQL writes it (SHACL, section 2.3.1)."""
        if isinstance(path, URIRef):
            return self._name(path)
        if (path, RDF.first, None) in self._graph:
            return "/".join(self._path(one) for one in items(self._graph, path))
        if (inner := self._graph.value(path, SH.inversePath)) is not None:
            return f"^{self._path(inner)}"
        if (inner := self._graph.value(path, SH.alternativePath)) is not None:
            return f"({'|'.join(self._path(one) for one in items(self._graph, inner))})"
        for kind, sign in ((SH.zeroOrMorePath, "*"), (SH.oneOrMorePath, "+"), (SH.zeroOrOnePath, "?")):
            if (inner := self._graph.value(path, kind)) is not None:
                return f"{self._path(inner)}{sign}"
        return "?"

    def _name(self, node: Node) -> str:
        return self._namespaces.compact(str(node)) if isinstance(node, URIRef) else str(node)
