"""Runs pyshacl, the reference SHACL engine, on the asserted data (SHACL, sections 2 to 4).

Inference is off: the closure would give a wrongly used node the very class that its shape asks for.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyshacl
from rdflib import RDF, SH, Graph, URIRef
from rdflib.term import Node

from ..errors import UnreadableError
from ..records import Finding, Severity
from ..turtle.reader import Base, SourceFile, read_file
from .locating import Locator

_SEVERITIES: dict[Node | None, Severity] = {SH.Info: Severity.INFO, SH.Warning: Severity.WARNING}
_MEND = "Mend: "


def read_shapes(root: Path) -> tuple[SourceFile, ...]:
    """Read every shapes file of a base. Raises UnreadableError for one that is not Turtle."""
    shapes = []
    for path in sorted((root / "shapes").glob("*.ttl")):
        read = read_file(path, root)
        if isinstance(read, Finding):
            raise UnreadableError(f"{read.file}:{read.line}: {read.message}", read.mend)
        shapes.append(read)
    return tuple(shapes)


def shacl_findings(base: Base, shapes: Graph, locator: Locator) -> Iterator[Finding]:
    """Yield one finding for each validation result (SHACL, section 3.6.2).

    What a result says of an entity whose file cannot be read is passed over: that it has no type is not known.
    """
    data = Graph(bind_namespaces="none")
    data += base.asserted
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, ont_graph=base.ontology, inference="none")
    assert isinstance(report, Graph)
    for result in report.subjects(RDF.type, SH.ValidationResult):
        if not base.unknown & {str(report.value(result, SH.focusNode)), str(report.value(result, SH.value))}:
            yield _finding(base, shapes, locator, report, result)


def _finding(base: Base, shapes: Graph, locator: Locator, report: Graph, result: Node) -> Finding:
    focus = report.value(result, SH.focusNode)
    assert focus is not None, "every result has a focus node"
    message, _, mend = str(report.value(result, SH.resultMessage)).partition(_MEND)
    value = report.value(result, SH.value)
    shown = f" The value is {_shorten(base.namespaces.compact(str(value)))}." if value not in {None, focus} else ""
    shape = report.value(result, SH.sourceShape)
    subject, predicate, object_ = _triple(base, shapes, shape, focus, report.value(result, SH.resultPath), value)
    return locator.finding(
        _rule_name(shapes, shape),
        str(focus),
        message.strip() + shown,
        mend.strip(),
        subject=subject,
        predicate=predicate,
        value=object_,
        severity=_SEVERITIES.get(report.value(result, SH.resultSeverity), Severity.VIOLATION),
    )


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


def _rule_name(shapes: Graph, shape: Node | None) -> str:
    """Return the local name of a shape; for one without a name, that of the shape it stands in."""
    while shape is not None and "#" not in str(shape):
        shape = next(iter(shapes.subjects(None, shape)), None)
    return str(shape).rpartition("#")[2] if shape is not None else "shape"


def _shorten(text: str, limit: int = 80) -> str:
    flat = " ".join(text.split())
    return repr(flat if len(flat) <= limit else flat[: limit - 1] + "…")
