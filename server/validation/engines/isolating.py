"""Validates shapes of which some may stop the engine: those are found, and the others validate all the same."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from rdflib import OWL, RDF, RDFS, SH, Graph
from rdflib.term import Node

from ...errors import UnreadableError
from ...records.engines import Engine
from ...records.pool import Pool
from .results import Request, Result
from .running import Note, validate

_TARGETS: Final = (SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target)
_CLASSES: Final = {RDFS.Class, OWL.Class}


@dataclass(frozen=True)
class Stopped:
    """A shape with targets that stopped the engine, and why."""

    shape: Node
    reason: str
    mend: str


@dataclass(frozen=True)
class Answer:
    """The results of the shapes that could be used, and those that could not."""

    results: list[Result]
    stopped: list[Stopped]
    is_circular: bool = False
    """Whether a node was met for which a shape referred to itself; the engine took it to conform."""


def validate_usable(request: Request, engine: Engine, note: Note, pool: Pool | None = None) -> Answer:
    """Return what `running.validate` returns, without the shapes that stop the engine.

    Raises RemoteError, DifferenceError, ScarceError and OSError as that does.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            results, stopped = validate(request, engine, note, pool), list[Stopped]()
        except UnreadableError:
            results, stopped = _divided(request, _roots(request.shapes), engine, note, pool)
    is_circular = any(one.category.__name__ == "ShapeRecursionWarning" for one in caught)
    return Answer(results, stopped, is_circular)


def _divided(
    request: Request, roots: Sequence[Node], engine: Engine, note: Note, pool: Pool | None
) -> tuple[list[Result], list[Stopped]]:
    """Validate shapes half by half, until those that stop the engine are alone."""
    results: list[Result] = []
    stopped: list[Stopped] = []
    waiting = [roots]
    while waiting:
        some = waiting.pop()
        if not some:
            continue
        try:
            results += validate(replace(request, shapes=_only(request.shapes, some)), engine, note, pool)
        except UnreadableError as error:
            if len(some) == 1:
                stopped.append(Stopped(some[0], error.message, error.mend))
            else:
                waiting += [some[: len(some) // 2], some[len(some) // 2 :]]
    return results, stopped


def _roots(shapes: Graph) -> list[Node]:
    """Return the shapes that have targets (SHACL, section 2.1.3)."""
    found = {shape for target in _TARGETS for shape in shapes.subjects(target)}
    found |= {shape for kind in _CLASSES for shape in shapes.subjects(RDF.type, kind)}
    return sorted(found, key=str)


def _only(shapes: Graph, roots: Sequence[Node]) -> Graph:
    """Return some shapes, with all to which they lead and the constraint components that are declared."""
    wanted: set[Node] = set()
    rest = [*roots, *shapes.subjects(RDF.type, SH.ConstraintComponent)]
    result = Graph(bind_namespaces="none")
    while rest:
        node = rest.pop()
        if node in wanted:
            continue
        wanted.add(node)
        for predicate, value in shapes.predicate_objects(node):
            is_target = predicate in _TARGETS or (predicate == RDF.type and value in _CLASSES)
            if not is_target or node in roots:
                result.add((node, predicate, value))
                rest.append(value)
    return result
