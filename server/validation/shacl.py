"""Turns what the shapes find in the asserted data (SHACL, sections 2 to 4) into findings.

Inference is off: the closure would give a wrongly used node the very class that its shape asks for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Final

from rdflib import SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from ..records.engines import Engine, Shacl
from ..records.findings import Constraint, Finding, Severity
from ..records.pool import Pool
from ..turtle.base import Base
from ..turtle.parsing import graph_of
from .engines.results import Request, Result
from .engines.running import Note, validate
from .locating import Locator
from .reified import REIFIES, reifying
from .shape_messages import usual_message
from .targets import narrowed

SEVERITIES: Final[dict[Node | None, Severity]] = {SH.Info: Severity.INFO, SH.Warning: Severity.WARNING}
_MEND: Final = "Mend: "


def shacl_findings(
    base: Base,
    shapes: Graph,
    locator: Locator,
    nodes: Collection[str] | None = None,
    engine: Engine = Engine.FAST,
    note: Note = lambda _: None,
    pool: Pool | None = None,
    version: Shacl = Shacl.V1_0,
) -> Iterator[Finding]:
    """Yield one finding for each validation result (SHACL, section 3.6.2), of all focus nodes or only some.

    What a result says of an entity whose file cannot be read is passed over: that it has no type is not known.
    Notes when the reference engine took over. Raises UnreadableError for shapes that no engine can use, and
    DifferenceError when both engines are asked and do not agree.

    For SHACL 1.2 each edge is the reifier of its triple.
    """
    if not len(shapes):
        return  # pyshacl would look for shapes in the data
    data = base.ntriples
    wanted = shapes if nodes is None else narrowed(shapes, graph_of(data), base.ontology, nodes)
    reified = "".join(reifying(base)) if version is Shacl.V1_2 else ""
    results = [
        result
        for result in validate(Request(data + reified, base.ontology, wanted, version), engine, note, pool)
        if not base.unknown & {str(result.focus), str(result.value)}
        # No file says so, and a closed shape need not allow it.
        and not (str(result.path) == REIFIES and reified)
    ]
    leading = _leading(data, shapes, results)
    # Of results that differ only in their component one is reported: always the same.
    for result in sorted(results, key=lambda one: one.component):
        yield _finding(base, shapes, locator, result, leading)


_Leading = dict[tuple[Node, Node], str]
"""By predicate and object, the first subject that has it."""


def _finding(base: Base, shapes: Graph, locator: Locator, result: Result, leading: _Leading) -> Finding:
    text = result.messages[0] if result.messages else usual_message(shapes, result)
    message, _, mend = text.partition(_MEND)
    focus, value = result.focus, result.value
    is_shown = value is not None and value != focus and not isinstance(value, BNode)
    shown = f" The value is {_shorten(base.namespaces.compact(str(value)))}." if is_shown else ""
    named = _named(shapes, result.shape)
    subject, predicate, object_ = _triple(shapes, result, leading)
    finding = locator.finding(
        rule_name(named),
        str(focus),
        base.namespaces.compact_all(message.strip()) + shown,
        mend.strip() or _usual_mend(base, named, locator),
        subject=subject,
        predicate=predicate,
        value=object_,
        severity=SEVERITIES.get(result.severity, Severity.VIOLATION),
    )
    constraint = Constraint(
        component=result.component,
        shape=named,
        path=str(result.path) if isinstance(result.path, URIRef) else "",
        value=value.n3() if isinstance(value, URIRef | Literal) else "",
    )
    return replace(finding, constraint=constraint)


def _usual_mend(base: Base, shape: str, locator: Locator) -> str:
    """Return what to do when the shape does not say it."""
    file, line, _ = locator.place(shape)
    where = f" ({file}:{line})" if file else ""
    return f"make it as the shape {base.namespaces.compact(shape) or 'without a name'}{where} wants it."


def _triple(shapes: Graph, result: Result, leading: _Leading) -> tuple[str, str, str]:
    """Return the triple that is wrong, with what is not known of it left empty.

    A shape may target the ends of a predicate (SHACL, sections 2.1.3.4 and 2.1.3.5): then it is a triple of that.
    """
    focus = str(result.focus)
    if isinstance(result.path, URIRef):
        return focus, str(result.path), str(result.value) if result.value is not None else ""
    if (predicate := _target(shapes, result, SH.targetObjectsOf)) is not None:
        return leading.get((predicate, result.focus), focus), str(predicate), focus
    if (predicate := _target(shapes, result, SH.targetSubjectsOf)) is not None:
        return focus, str(predicate), ""
    return focus, "", ""


def _target(shapes: Graph, result: Result, kind: URIRef) -> URIRef | None:
    """Return the predicate by which the shape of a result without a path has its targets; if several, the first."""
    if result.path is not None:
        return None
    return min((one for one in shapes.objects(result.shape, kind) if isinstance(one, URIRef)), default=None)


def _leading(data: str, shapes: Graph, results: list[Result]) -> _Leading:
    """Return who leads to the focus nodes that are targets as objects, in one pass over the data."""
    wanted: dict[tuple[str, str], tuple[Node, Node]] = {}
    for result in results:
        if (predicate := _target(shapes, result, SH.targetObjectsOf)) is not None:
            wanted[predicate.n3(), result.focus.n3()] = predicate, result.focus
    if not wanted:
        return {}
    predicates = "|".join(re.escape(predicate) for predicate in sorted({predicate for predicate, _ in wanted}))
    found: _Leading = {}
    for match in re.finditer(rf"^(\S+) ({predicates}) (.+) \.$", data, re.MULTILINE):
        key = wanted.get((match[2], match[3]))
        if key is not None:
            subject = match[1].removeprefix("_:").strip("<>")
            found[key] = min(subject, found.get(key, subject))
    return found


def rule_name(shape: str) -> str:
    """Return what the rule of a shape is called: the end of its IRI."""
    return re.split(r"[#/:]", shape)[-1] or "shape"


def _named(shapes: Graph, shape: Node | None) -> str:
    """Return the IRI of a shape; for one without a name, that of the shape that contains it, if any."""
    seen: set[Node] = set()
    while isinstance(shape, BNode) and shape not in seen:
        seen.add(shape)
        shape = min(shapes.subjects(None, shape), key=str, default=None)
    return str(shape) if isinstance(shape, URIRef) else ""


def _shorten(text: str, limit: int = 80) -> str:
    flat = " ".join(text.split())
    return repr(flat if len(flat) <= limit else flat[: limit - 1] + "…")
