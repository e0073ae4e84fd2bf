"""Findings as a SHACL validation report (SHACL, section 3.6): every finding is a validation result.

The position of a result is given with W3C's Pointers in RDF and EARL, since SHACL has no terms for files.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from rdflib import RDF, SH, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from ...namespaces import CANONICAL_BASE
from ...records.findings import Constraint, Finding, Severity
from ...records.policy import Verdict
from ...store.parsing import SyntaxProblem, read_ntriples
from ...turtle.blanks import digest
from ...turtle.parsing import parse

EARL: Final = Namespace("http://www.w3.org/ns/earl#")
PTR: Final = Namespace("http://www.w3.org/2009/pointers#")
SHAPE: Final = Namespace(f"{CANONICAL_BASE}shapes#")

_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*")
_SEVERITIES: Final = {Severity.INFO: SH.Info, Severity.WARNING: SH.Warning, Severity.VIOLATION: SH.Violation}
_COMPONENT: Final = SHAPE.CheckConstraintComponent
"""The constraint component of findings that come from no shape, as SHACL requires one."""


def render(verdict: Verdict) -> str:
    """Return the report as Turtle. It conforms when there is nothing to say (SHACL, section 3.6.1.1)."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in {**verdict.prefixes, "sh": str(SH), "earl": str(EARL), "ptr": str(PTR)}.items():
        graph.bind(prefix, namespace)
    graph.bind("shape", SHAPE)
    report = BNode("report")
    graph.add((report, RDF.type, SH.ValidationReport))
    graph.add((report, SH.conforms, Literal(not verdict.judged)))
    for number, judged in enumerate(verdict.judged, 1):
        # Numbered, so that the same findings make the same file.
        result = BNode(f"result{number:06}")
        graph.add((report, SH.result, result))
        _describe(graph, result, verdict, judged.finding)
    return graph.serialize(format="turtle")


def _describe(graph: Graph, result: BNode, verdict: Verdict, finding: Finding) -> None:
    graph.add((result, RDF.type, SH.ValidationResult))
    graph.add((result, SH.focusNode, _focus(verdict, finding)))
    own = _iri(finding.constraint.severity) if finding.constraint else None
    graph.add((result, SH.resultSeverity, own or _SEVERITIES[finding.severity]))
    constraint = finding.constraint or Constraint(component=str(_COMPONENT))
    graph.add((result, SH.sourceConstraintComponent, URIRef(constraint.component)))
    graph.add((result, SH.sourceShape, _iri(constraint.shape) or SHAPE[quote(finding.rule, safe="-_")]))
    if path := _iri(constraint.path):
        graph.add((result, SH.resultPath, path))
    if constraint.value:
        graph.add((result, SH.value, _term(constraint.value)))
    for number, detail in enumerate(constraint.details, 1):
        explaining = BNode(f"{result}-detail{number}")
        graph.add((result, SH.detail, explaining))
        _describe(graph, explaining, verdict, detail)
    graph.add((result, SH.resultMessage, Literal(f"{finding.message} Mend: {finding.mend}", lang="en")))
    if finding.file:
        pointer = BNode(f"{result}-pointer")
        graph.add((result, EARL.pointer, pointer))
        graph.add((pointer, RDF.type, PTR.LineCharPointer))
        graph.add((pointer, PTR.reference, Literal(verdict.path(finding))))
        if finding.line:
            graph.add((pointer, PTR.lineNumber, Literal(finding.line, datatype=XSD.positiveInteger)))
        if finding.column:
            graph.add((pointer, PTR.charNumber, Literal(finding.column, datatype=XSD.positiveInteger)))


def _focus(verdict: Verdict, finding: Finding) -> Node:
    """Return the focus node; for a finding about no node, the path of its file as a literal."""
    if finding.constraint and finding.constraint.focus:
        return _term(finding.constraint.focus)
    prefix, _, local = finding.focus.partition(":")
    iri = verdict.prefixes[prefix] + local if prefix in verdict.prefixes else finding.focus
    return _iri(iri) or Literal(finding.focus or verdict.path(finding))


def _term(text: str) -> Node:
    """Return a term of a constraint; one that is blank has the same label wherever it is named."""
    if text.endswith("]"):
        return BNode(f"node-{digest(text)}")
    [term] = parse(f"<urn:a> <urn:a> {text} .").objects()
    return term


def _iri(text: str) -> URIRef | None:
    """Return a text as an IRI if it is one; the strict reader knows what an IRI may hold."""
    if not _IRI.fullmatch(text) or isinstance(read_ntriples(f"<{text}> a <{text}> ."), SyntaxProblem):
        return None
    return URIRef(text)
