"""Runs pyshacl, the reference SHACL engine, on the asserted data (SHACL, sections 2 to 4).

Inference is off: the closure would give a wrongly used node the very class that its shape asks for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

import pyshacl
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from ..errors import UnreadableError
from ..records.findings import Constraint, Finding, Severity
from ..turtle.reader import Base, SourceFile, read_file
from .locating import Locator
from .targets import narrowed

SEVERITIES: dict[Node | None, Severity] = {SH.Info: Severity.INFO, SH.Warning: Severity.WARNING}
_MEND = "Mend: "


def read_shapes(base: Base) -> tuple[SourceFile, ...]:
    """Read every shapes file of a base. Raises UnreadableError for one that is not Turtle."""
    if base.foreign:
        return base.foreign.files
    shapes = []
    for path in sorted(base.shapes_folder.glob("*.ttl")):
        read = read_file(path, base.root)
        if isinstance(read, Finding):
            raise UnreadableError(f"{read.file}:{read.line}: {read.message}", read.mend)
        shapes.append(read)
    return tuple(shapes)


def shacl_findings(
    base: Base, shapes: Graph, locator: Locator, nodes: Collection[str] | None = None
) -> Iterator[Finding]:
    """Yield one finding for each validation result (SHACL, section 3.6.2), of all focus nodes or only some.

    What a result says of an entity whose file cannot be read is passed over: that it has no type is not known.
    """
    if not len(shapes):
        return  # pyshacl would look for shapes in the data
    data = Graph(bind_namespaces="none")
    data += base.asserted
    wanted = shapes if nodes is None else narrowed(shapes, data, base.ontology, nodes)
    _, report, _ = pyshacl.validate(data, shacl_graph=wanted, ont_graph=base.ontology, inference="none")
    assert isinstance(report, Graph)
    results = report.subjects(RDF.type, SH.ValidationResult)
    # Of results that differ in their component alone one is kept: always the same.
    for result in sorted(results, key=lambda one: str(report.value(one, SH.sourceConstraintComponent))):
        if not base.unknown & {str(report.value(result, SH.focusNode)), str(report.value(result, SH.value))}:
            yield _finding(base, shapes, locator, report, result)


def _finding(base: Base, shapes: Graph, locator: Locator, report: Graph, result: Node) -> Finding:
    focus = report.value(result, SH.focusNode)
    assert focus is not None, "every result has a focus node"
    message, _, mend = str(report.value(result, SH.resultMessage)).partition(_MEND)
    value = report.value(result, SH.value)
    is_shown = value is not None and value != focus and not isinstance(value, BNode)
    shown = f" The value is {_shorten(base.namespaces.compact(str(value)))}." if is_shown else ""
    shape, path = report.value(result, SH.sourceShape), report.value(result, SH.resultPath)
    named = _named(shapes, shape)
    subject, predicate, object_ = _triple(base, shapes, shape, focus, path, value)
    finding = locator.finding(
        rule_name(named),
        str(focus),
        base.namespaces.compact_all(message.strip()) + shown,
        mend.strip() or _usual_mend(base, named, locator),
        subject=subject,
        predicate=predicate,
        value=object_,
        severity=SEVERITIES.get(report.value(result, SH.resultSeverity), Severity.VIOLATION),
    )
    constraint = Constraint(
        component=str(report.value(result, SH.sourceConstraintComponent)),
        shape=named,
        path=str(path) if isinstance(path, URIRef) else "",
        value=value.n3() if isinstance(value, URIRef | Literal) else "",
    )
    return replace(finding, constraint=constraint)


def _usual_mend(base: Base, shape: str, locator: Locator) -> str:
    """Return what to do when the shape does not say it."""
    file, line, _ = locator.place(shape)
    where = f" ({file}:{line})" if file else ""
    return f"make it as the shape {base.namespaces.compact(shape) or 'without a name'}{where} wants it."


def _triple(
    base: Base, shapes: Graph, shape: Node | None, focus: Node, path: Node | None, value: Node | None
) -> tuple[str, str, str]:
    """Return the triple that is wrong, with what is not known of it left empty.

    A shape may target the ends of a predicate (SHACL, sections 2.1.3.4 and 2.1.3.5): then it is a triple of that.
    """
    if isinstance(path, URIRef):
        return str(focus), str(path), str(value) if value is not None else ""
    if path is None and isinstance(predicate := shapes.value(shape, SH.targetObjectsOf), URIRef):
        subjects = map(str, base.asserted.subjects(predicate, focus))
        return min(subjects, default=str(focus)), str(predicate), str(focus)
    if path is None and isinstance(predicate := shapes.value(shape, SH.targetSubjectsOf), URIRef):
        return str(focus), str(predicate), ""
    return str(focus), "", ""


def rule_name(shape: str) -> str:
    """Return what the rule of a shape is called: the end of its IRI."""
    return re.split(r"[#/:]", shape)[-1] or "shape"


def _named(shapes: Graph, shape: Node | None) -> str:
    """Return the IRI of a shape; for one without a name, that of the shape it stands in, if any."""
    seen: set[Node] = set()
    while isinstance(shape, BNode) and shape not in seen:
        seen.add(shape)
        shape = next(iter(shapes.subjects(None, shape)), None)
    return str(shape) if isinstance(shape, URIRef) else ""


def _shorten(text: str, limit: int = 80) -> str:
    flat = " ".join(text.split())
    return repr(flat if len(flat) <= limit else flat[: limit - 1] + "…")
