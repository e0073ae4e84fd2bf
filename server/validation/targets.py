"""What shapes are about: narrowing them to some focus nodes, and how far from a focus node they look."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Final

from rdflib import OWL, RDF, RDFS, SH, BNode, Graph, URIRef
from rdflib.term import Node

from ..turtle.lists import items
from ..turtle.parsing import graph_of
from ..turtle.statements import is_blank, statements
from .engines.results import CORE

_NEWER: Final = tuple(
    URIRef(f"{SH}{name}")
    for name in ("memberShape", "minListLength", "maxListLength", "uniqueMembers", "someValue", "reifierShape")
)
"""What follows lists, other shapes and reifiers in SHACL 1.2."""
_SUB_CLASS_OF: Final = RDFS.subClassOf.n3()
_TARGETS: Final = (SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)


def narrowed(shapes: Graph, ntriples: str, ontology: Graph, nodes: Collection[str]) -> Graph:
    """Return the shapes with those of their targets (SHACL, section 2.1.3) that are among some nodes, or blank.

    `ntriples` are the data, of which only what can make one of these a target is read as a graph.

    pyshacl has an option for this, `focus_nodes`; in 0.40 it passes over the values of a focus node too, so that
    sh:or and sh:qualifiedValueShape hold of whatever they are asked.
    """
    data = graph_of(_around(ntriples, nodes))
    wanted: set[Node] = {URIRef(node) for node in nodes}
    wanted |= {node for node in {*data.subjects(), *data.objects()} if isinstance(node, BNode)}
    result = Graph(bind_namespaces="none")
    for subject, predicate, object_ in shapes:
        if predicate not in _TARGETS and not (predicate == RDF.type and object_ in {RDFS.Class, OWL.Class}):
            result.add((subject, predicate, object_))
    for shape, target in _targets(shapes, data, ontology, wanted):
        result.add((shape, SH.targetNode, target))
    return result


def _around(ntriples: str, nodes: Collection[str]) -> str:
    """Return what is said of some nodes and of blank ones, and which classes are under which."""
    wanted = {f"<{node}>" for node in nodes}
    return "".join(
        f"{subject} {predicate} {value} .\n"
        for subject, predicate, value in statements(ntriples)
        if subject in wanted or value in wanted or is_blank(subject) or is_blank(value) or predicate == _SUB_CLASS_OF
    )


def _targets(shapes: Graph, data: Graph, ontology: Graph, wanted: set[Node]) -> Iterator[tuple[Node, Node]]:
    """Yield each shape with each of the wanted nodes that it targets."""
    kinds = {node: _kinds(data, ontology, node) for node in wanted}
    leaving = {node: set(data.predicates(node)) for node in wanted}
    leading = {node: set(data.predicates(None, node)) for node in wanted}
    by_class = [*shapes.subject_objects(SH.targetClass)]
    by_class += [(shape, shape) for type_ in (RDFS.Class, OWL.Class) for shape in shapes.subjects(RDF.type, type_)]
    for shape, node in shapes.subject_objects(SH.targetNode):
        if node in wanted:
            yield shape, node
    for pairs, found in (
        (by_class, kinds),
        (shapes.subject_objects(SH.targetSubjectsOf), leaving),
        (shapes.subject_objects(SH.targetObjectsOf), leading),
    ):
        for shape, term in pairs:
            for node, terms in found.items():
                if term in terms:
                    yield shape, node


def _kinds(data: Graph, ontology: Graph, node: Node) -> set[Node]:
    kinds: set[Node] = set()
    for type_ in data.objects(node, RDF.type):
        for graph in (data, ontology):
            kinds.update(kind for kind in graph.transitive_objects(type_, RDFS.subClassOf) if kind is not None)
    return kinds


@lru_cache(maxsize=64)
def asks_for_class(shapes: Graph, shape: Node, component: str) -> bool:
    """Tell whether a result may be due to what is known of classes: then it says little where they are not known.

    It may be where its shape has `sh:class`, or one does that its values have to conform to, and where the shape asks
    in another way than SHACL Core.
    """
    if URIRef(component) not in CORE or component == str(SH.ClassConstraintComponent):
        return True
    name = component.removeprefix(str(SH)).removesuffix("ConstraintComponent")
    leading = _LEADING.get(name, ())
    rest = [value for parameter in leading for value in shapes.objects(shape, parameter)]
    seen: set[Node] = set()
    while rest:
        node = rest.pop()
        if node not in seen:
            seen.add(node)
            if (node, SH["class"], None) in shapes or (node, SH.sparql, None) in shapes:
                return True
            rest += [value for predicate, value in shapes.predicate_objects(node) if predicate in _FURTHER]
    return False


_LEADING: Final = {
    **{name[:1].upper() + name[1:]: (SH[name],) for name in ("node", "and", "or", "xone", "not")},
    **{f"Qualified{end}Count": (SH.qualifiedValueShape,) for end in ("Min", "Max")},
}
"""By the name of a component, the parameters that name other shapes."""
_FURTHER: Final = {
    *(SH[name] for name in ("node", "and", "or", "xone", "not", "property", "qualifiedValueShape")),
    *(RDF.first, RDF.rest),
}


@lru_cache(maxsize=4)
def looks_far(shapes: Graph) -> bool:
    """Tell whether any shape judges a node by more than its values and those nodes' own kinds."""
    if any((None, term, None) in shapes for term in (SH.sparql, SH.target, SH.rule, SH.js, *_NEWER)):
        return True
    roots = {*shapes.subjects(RDF.type, SH.NodeShape), *shapes.subjects(RDF.type, SH.PropertyShape)}
    roots.update(shape for term in _TARGETS for shape in shapes.subjects(term))
    return any(_steps(shapes, root, ()) > 1 for root in roots)


def _steps(shapes: Graph, shape: Node, trail: tuple[Node, ...]) -> float:
    """Return how many steps away from its focus node a shape looks."""
    if shape in trail:
        return math.inf
    path = shapes.value(shape, SH.path)
    if isinstance(path, BNode):
        path = shapes.value(path, SH.inversePath)
        if not isinstance(path, URIRef):
            return math.inf
    parts = [
        part
        for term in (SH.property, SH.node, SH["not"], SH.qualifiedValueShape)
        for part in shapes.objects(shape, term)
    ]
    for term in (SH["and"], SH["or"], SH.xone):
        for members in shapes.objects(shape, term):
            parts += items(shapes, members)
    # At a node shape these are about its own properties, as a path is.
    own = any((shape, term, None) in shapes for term in (SH.closed, SH.equals, SH.disjoint))
    beyond = max((_steps(shapes, part, (*trail, shape)) for part in parts), default=0)
    return max(own, (path is not None) + beyond)
