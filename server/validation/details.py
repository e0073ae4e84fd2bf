"""Finds what explains a validation result (`sh:detail`; SHACL, section 3.6.2.8): why a value does not conform.

The values are validated against those shapes by themselves: predicates of our own lead to them as targets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from rdflib import OWL, RDF, RDFS, SH, Graph, URIRef
from rdflib.term import Node

from ..turtle.pieces import with_more
from .engines.results import Request, Result, Term, members

_OURS: Final = "urn:akb:detail:"
_TARGETS: Final = (SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target)
_CLASSES: Final = {RDFS.Class, OWL.Class}
_LEVELS: Final = 3
"""How deep explanations explain each other."""
_MOST: Final = 2000
"""Of this many results the explanation is looked for."""
_PARAMETERS: Final = {
    str(SH.NodeConstraintComponent): SH.node,
    str(SH.AndConstraintComponent): SH["and"],
    str(SH.OrConstraintComponent): SH["or"],
}


@dataclass(frozen=True)
class Parent:
    """A result, and what explains it."""

    result: Result
    details: list[Parent] = field(default_factory=list)


def parents_of(
    request: Request, results: Sequence[Result], validate: Callable[[Request], list[Result]]
) -> list[Parent]:
    """Return results with what explains them."""
    found = [Parent(result) for result in results]
    level = found
    for _ in range(_LEVELS):
        level = _explained(request, level[:_MOST], validate)
        if not level:
            break
    return found


def _explained(
    request: Request, parents: Sequence[Parent], validate: Callable[[Request], list[Result]]
) -> list[Parent]:
    """Give parents their details; return these."""
    waiting: defaultdict[tuple[Node, Term], list[Parent]] = defaultdict(list)
    for parent in parents:
        node = parent.result.value if parent.result.value is not None else parent.result.focus
        for shape in _nested(request.shapes, parent.result):
            waiting[shape, node].append(parent)
    if not waiting:
        return []
    numbers: dict[Node, int] = {}
    for shape, _ in waiting:
        numbers.setdefault(shape, len(numbers))
    leading = "".join(f"<{_OURS}> <{_OURS}{numbers[shape]}> {node.n3()} .\n" for shape, node in waiting)
    shapes = _without_targets(request.shapes)
    for shape, number in numbers.items():
        shapes.add((shape, SH.targetObjectsOf, URIRef(f"{_OURS}{number}")))
    details: list[Parent] = []
    owners = _owners(request.shapes, numbers)
    for result in validate(replace(request, data=with_more(request.data, leading), shapes=shapes)):
        for shape in owners.get(result.shape, ()):
            for parent in waiting.get((shape, result.focus), ()):
                details.append(detail := Parent(result))
                parent.details.append(detail)
    return details


def _nested(shapes: Graph, result: Result) -> Iterator[Node]:
    """Yield the shapes to which the value of a result does not conform, or one of which it does not."""
    parameter = _PARAMETERS.get(result.component)
    for value in shapes.objects(result.shape, parameter) if parameter else ():
        yield from [value] if parameter == SH.node else members(shapes, value) or ()


def _owners(shapes: Graph, roots: Iterable[Node]) -> dict[Node, list[Node]]:
    """Return of each shape those of some shapes of which it is a property shape, or which it is."""
    owners: defaultdict[Node, list[Node]] = defaultdict(list)
    for root in roots:
        for shape in {root, *shapes.objects(root, SH.property)}:
            owners[shape].append(root)
    return owners


def _without_targets(shapes: Graph) -> Graph:
    result = Graph(bind_namespaces="none")
    for triple in shapes:
        if triple[1] not in _TARGETS and not (triple[1] == RDF.type and triple[2] in _CLASSES):
            result.add(triple)
    return result
