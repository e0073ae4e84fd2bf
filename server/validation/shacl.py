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
    """Yield one finding for each validation result (SHACL, section 3.6.2)."""
    data = Graph(bind_namespaces="none")
    data += base.asserted
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, ont_graph=base.ontology, inference="none")
    assert isinstance(report, Graph)
    for result in report.subjects(RDF.type, SH.ValidationResult):
        yield _finding(base, shapes, locator, report, result)


def _finding(base: Base, shapes: Graph, locator: Locator, report: Graph, result: Node) -> Finding:
    focus = str(report.value(result, SH.focusNode))
    message, _, mend = str(report.value(result, SH.resultMessage)).partition(_MEND)
    value = report.value(result, SH.value)
    shown = f" The value is {_shorten(base.namespaces.compact(str(value)))}." if value is not None else ""
    path = report.value(result, SH.resultPath)
    return locator.finding(
        _rule_name(shapes, report.value(result, SH.sourceShape)),
        focus,
        message.strip() + (shown if str(value) != focus else ""),
        mend.strip(),
        predicate=str(path) if isinstance(path, URIRef) else "",
        value=str(value) if value is not None else "",
        severity=_SEVERITIES.get(report.value(result, SH.resultSeverity), Severity.VIOLATION),
    )


def _rule_name(shapes: Graph, shape: Node | None) -> str:
    """Return the local name of a shape; for one without a name, that of the shape it stands in."""
    while shape is not None and "#" not in str(shape):
        shape = next(iter(shapes.subjects(None, shape)), None)
    return str(shape).rpartition("#")[2] if shape is not None else "shape"


def _shorten(text: str, limit: int = 80) -> str:
    flat = " ".join(text.split())
    return repr(flat if len(flat) <= limit else flat[: limit - 1] + "…")
