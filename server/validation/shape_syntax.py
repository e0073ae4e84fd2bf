"""Tells which shapes are ill-formed, by the syntax rules of SHACL (appendix A), and leaves them out.

What is left is well-formed: engines are not relied on to notice, since each does so in its own way, or not at all.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from ..guessing import nearest
from ..records.engines import Shacl
from ..turtle.positions import Term
from .engines.exact import path_fits
from .engines.results import members
from .shape_parameters import Fault, repeated_values, unfit_values
from .shape_queries import ill_formed_queries

_WITH_PATH: Final = frozenset(
    SH[name] for name in (*("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals"),)
)
"""The parameters that only a property shape has."""
_SWITCHES: Final = frozenset((SH.uniqueLang, SH.closed, SH.deactivated, SH.qualifiedValueShapesDisjoint))
"""The parameters that mean something where they are `true`, and not `"1"^^xsd:boolean`, which is another term."""

_FLAGS: Final = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}
_SHAPE_LISTS: Final = (SH["and"], SH["or"], SH.xone)
_PATH: Final = "say with sh:path which property the shape is about"
_COUNTS: Final = (SH.qualifiedMinCount, SH.qualifiedMaxCount)
_DEEPEST_PATH: Final = 16
"""How many nodes of a path may be within each other: engines take twice as long for each repetition in a repetition."""


def faults_of(shapes: Graph, version: Shacl = Shacl.V1_0) -> list[Fault]:
    """Return what is ill-formed in a shapes graph, in an order that is the same in each reading of one file."""
    checks = (repeated_values, _paths, _patterns, ill_formed_queries, _halves, _components)
    found = [*unfit_values(shapes, version), *(fault for check in checks for fault in check(shapes))]
    return list(dict.fromkeys(found))


def well_formed(shapes: Graph, faults: list[Fault]) -> Graph:
    """Return the shapes without what is ill-formed: a parameter with its values, or a whole shape and what names it.

    What is well-formed and means nothing is left out too, where engines take it to mean something.
    """
    idle = {(s, p, o) for p in _SWITCHES for s, o in shapes.subject_objects(p) if str(o) == "1"}
    if not faults and not idle:
        return shapes
    broken = {(fault.shape, fault.parameter) for fault in faults}
    for shape in set(shapes.subjects(SH.qualifiedValueShape)):
        counts = {(shape, count) for count in _COUNTS if (shape, count, None) in shapes}
        if (shape, SH.qualifiedValueShape) in broken or counts <= broken:
            broken |= {*counts, (shape, SH.qualifiedValueShape)}
    ended = {fault.shape for fault in faults if fault.ends_shape}
    ended |= {component for component, validators in _validators(shapes).items() if validators and validators <= ended}
    lists = {
        (holder, parameter)
        for parameter in _SHAPE_LISTS
        for holder, head in shapes.subject_objects(parameter)
        if not ended.isdisjoint(members(shapes, head) or ())
    }
    result = Graph(bind_namespaces="none")
    for triple in shapes:
        subject, predicate, value = triple
        is_named = value in ended and str(predicate).startswith(str(SH))
        if triple not in idle and subject not in ended and not is_named and (subject, predicate) not in broken | lists:
            result.add(triple)
    return result


def circles(shapes: Graph) -> Iterator[tuple[Node, URIRef, Term]]:
    """Yield by which triples a shape refers to itself, be it by way of others (SHACL, section 3.4.3)."""
    refers: defaultdict[Node, list[tuple[URIRef, Node, Node]]] = defaultdict(list)
    for parameter in (SH.property, SH.node, SH["not"], SH.qualifiedValueShape):
        for shape, value in shapes.subject_objects(parameter):
            refers[shape].append((parameter, value, value))
    for parameter in _SHAPE_LISTS:
        for shape, head in shapes.subject_objects(parameter):
            refers[shape] += [(parameter, head, member) for member in members(shapes, head) or ()]
    for shape in sorted(refers, key=str):
        for parameter, value, other in refers[shape]:
            seen, rest = set[Node](), [other]
            while rest:
                one = rest.pop()
                if one not in seen:
                    seen.add(one)
                    rest += [end for _, _, end in refers.get(one, ())]
            if shape in seen and parameter != SH.property:
                yield shape, parameter, value  # type: ignore[misc] # a graph has terms where rdflib promises nodes


def _paths(shapes: Graph) -> Iterator[Fault]:
    for shape, path in shapes.subject_objects(SH.path):
        if not _path_fits(shapes, path):
            mend = f"write a property, a list of them or [ sh:inversePath ... ] etc., {_DEEPEST_PATH} deep at most"
            yield Fault(shape, SH.path, path, "is no property path", mend, ends_shape=True)
        elif (shape, RDF.type, SH.NodeShape) in shapes:
            yield Fault(shape, SH.path, path, "is at a node shape, which has none", "make it a sh:PropertyShape", True)
    with_path = set(shapes.subjects(SH.path))
    lacking = set(shapes.objects(None, SH.property)) | set(shapes.subjects(RDF.type, SH.PropertyShape))
    for shape in lacking - with_path:
        if not isinstance(shape, Literal):
            is_said = isinstance(shape, BNode) or (shape, None, None) in shapes
            near = (
                ""
                if is_said
                else nearest(str(shape), sorted(str(one) for one in with_path if isinstance(one, URIRef)), 70)
            )
            mend = f"name a property shape that is there, such as <{near}>" if near else _PATH
            yield Fault(shape, SH.path, None, "is missing at a property shape", mend, ends_shape=True)
    for parameter in _WITH_PATH:
        for shape, value in shapes.subject_objects(parameter):
            if shape not in with_path and shape not in lacking:
                yield Fault(shape, parameter, value, "is at a shape without sh:path", "move it to a property shape")


def _path_fits(shapes: Graph, path: Node) -> bool:
    """Tell whether a path is well-formed, and not too deep to be followed."""
    if isinstance(path, URIRef):
        return True
    level, depth = {path}, 0
    while level:
        depth += 1
        if depth > _DEEPEST_PATH:
            return False
        steps = {value for node in level for value in shapes.objects(node) if isinstance(value, BNode)}
        lists = {item for node in level for item in members(shapes, node) or () if isinstance(item, BNode)}
        # A list is one node of a path, however long it is.
        cells = {node for node in steps if (node, RDF.first, None) in shapes and node not in lists}
        of_cells = {item for cell in cells for item in members(shapes, cell) or () if isinstance(item, BNode)}
        level = (steps - cells) | lists | of_cells
    return path_fits(shapes, path, ())


def _patterns(shapes: Graph) -> Iterator[Fault]:
    for shape, pattern in shapes.subject_objects(SH.pattern):
        flags = next((str(one) for one in shapes.objects(shape, SH.flags)), "")
        if unknown := set(flags) - _FLAGS.keys() - {"q"}:
            mend = "write only letters of i, m, s, x and q"
            yield Fault(shape, SH.flags, Literal(flags), f"has {min(unknown)!r}, which is no flag", mend)
            continue
        try:
            re.compile(str(pattern), sum(_FLAGS.get(flag, 0) for flag in set(flags)))
        except (re.error, RecursionError, OverflowError) as error:
            reason = str(error) or "it is too deep"
            yield Fault(shape, SH.pattern, pattern, f"is no regular expression ({reason})", "correct the expression")


def _halves(shapes: Graph) -> Iterator[Fault]:
    """Yield the parameters that mean nothing without another (SHACL, section 4.7.3)."""
    for count in _COUNTS:
        for shape, value in shapes.subject_objects(count):
            if (shape, SH.qualifiedValueShape, None) not in shapes:
                mend = "say with sh:qualifiedValueShape what is counted, or write sh:minCount or sh:maxCount"
                yield Fault(shape, count, value, "is at a shape without sh:qualifiedValueShape", mend)
    for shape, value in shapes.subject_objects(SH.qualifiedValueShape):
        if not any((shape, count, None) in shapes for count in _COUNTS):
            mend = "add sh:qualifiedMinCount or sh:qualifiedMaxCount"
            yield Fault(shape, SH.qualifiedValueShape, value, "is at a shape that does not say how many", mend)


def _components(shapes: Graph) -> Iterator[Fault]:
    for component, validators in _validators(shapes).items():
        parameters = list(shapes.objects(component, SH.parameter))
        if not parameters:
            mend = "give the component its parameters, each with sh:path"
            yield Fault(component, SH.parameter, None, "is missing at a constraint component", mend, True)
        for one in parameters:
            paths = list(shapes.objects(one, SH.path))
            if len(paths) != 1 or not isinstance(paths[0], URIRef):
                mend = "give the parameter one sh:path, an IRI"
                yield Fault(component, SH.parameter, one, "must have one sh:path, an IRI", mend, True)
        if not validators:
            mend = "give the component one of sh:validator, sh:nodeValidator and sh:propertyValidator"
            yield Fault(component, SH.validator, None, "is missing at a constraint component", mend, True)


def _validators(shapes: Graph) -> dict[Node, set[Node]]:
    """Return the validators of each constraint component that is declared (SHACL, section 6.2.3)."""
    kinds = (SH.validator, SH.nodeValidator, SH.propertyValidator)
    components = set(shapes.subjects(RDF.type, SH.ConstraintComponent))
    return {one: {validator for kind in kinds for validator in shapes.objects(one, kind)} for one in components}
