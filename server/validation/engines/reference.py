"""pyshacl, the reference implementation of SHACL in Python.

It runs as it comes, but for three options: inference is off, the ontology is mixed into the data, and shapes with
targets, expressions or functions of the Advanced Features are run with these.
"""

from __future__ import annotations

import re
from typing import Final

from rdflib import SH, Graph
from rdflib.term import Node

from ...errors import UnreadableError
from ...turtle.parsing import graph_of
from ...turtle.pieces import joined
from .advanced import is_advanced, unrun
from .results import CORE, Request, Result, result_path, said


def validate(request: Request) -> list[Result]:
    """Return the validation results of the data (SHACL, section 3.4), without those that only explain another.

    Raises UnreadableError for shapes that are ill-formed, or that pyshacl cannot follow.
    """
    import pyshacl  # noqa: PLC0415 - it takes long to import, and is seldom asked

    data = graph_of(joined(request.data))
    # pyshacl adds triples of its own to the shapes, which others share; and it stops at what it does not run.
    left_out = {one[:3] for one in unrun(request.shapes, "the reference engine does not know SHACL 1.2")}
    shapes = Graph(bind_namespaces="none")
    for triple in request.shapes:
        if triple not in left_out:
            shapes.add(triple)
    try:
        _, report, _ = pyshacl.validate(
            data,
            shacl_graph=shapes,
            ont_graph=request.ontology,
            inference="none",
            inplace=True,
            advanced=is_advanced(request.shapes),
            max_validation_depth=request.max_depth,
        )
    except Exception as error:  # the data is RDF, so whatever pyshacl raises is about the shapes
        raise _unusable(error) from error
    if not isinstance(report, Graph):
        raise _unusable(report)
    return [_result(request.shapes, report, node) for node in report.objects(None, SH.result)]


_TAKEN: Final = re.compile(r"must not contain a (?:(\w+) clause|federated query)")


def _unusable(error: object) -> UnreadableError:
    from pyshacl.errors import ConstraintLoadError, ShapeLoadError  # noqa: PLC0415 - as above

    if isinstance(error, RecursionError) or "too deep" in str(error):
        return UnreadableError("More shapes are within each other than may be", "allow more with --max-depth")
    if taken := _TAKEN.search(str(error)):
        # The queries of shapes have no such call: see shape_queries.
        word = taken[1] or "SERVICE"
        what = f"The query has {word.lower()} in a name or a comment, which the reference engine takes for {word}"
        return UnreadableError(what, "write the whole IRI in < >, or other words")
    reason = error.args[0] if isinstance(error, ShapeLoadError | ConstraintLoadError) else error
    reason = " ".join(str(reason).split())[:300]
    return UnreadableError(f"The engine stopped: {reason}", "correct the shape as SHACL has it")


def _result(shapes: Graph, report: Graph, node: Node) -> Result:
    focus, value = report.value(node, SH.focusNode), report.value(node, SH.value)
    shape, component = report.value(node, SH.sourceShape), report.value(node, SH.sourceConstraintComponent)
    severity = report.value(node, SH.resultSeverity)
    assert focus is not None
    assert shape is not None
    assert severity is not None
    # Where a shape has no message, pyshacl makes one; that of SHACL-SPARQL is in the report alone.
    is_core = component in CORE
    messages = set(shapes.objects(shape, SH.message) if is_core else report.objects(node, SH.resultMessage))
    return Result(
        focus,  # type: ignore[arg-type] # a result has terms where rdflib promises nodes
        str(component),
        shape,
        severity,
        result_path(shapes, shape, report.value(node, SH.resultPath)),
        value,  # type: ignore[arg-type] # likewise
        said(messages),
    )
