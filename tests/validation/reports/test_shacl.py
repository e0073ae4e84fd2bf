"""The SHACL validation report: Turtle that parses, and that is as section 3.6 of SHACL says."""

from __future__ import annotations

from dataclasses import replace

import pyshacl
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, SH, SKOS, XSD, Graph, Literal, URIRef

from server.records.findings import Constraint, Report
from server.records.policy import Verdict
from server.store.parsing import read_ntriples
from server.validation.policy import judge
from server.validation.reports.shacl import EARL, PTR, render

# SHACL, sections 3.6.1 and 3.6.2, as shapes.
REPORTS = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
[] a sh:NodeShape ; sh:targetClass sh:ValidationReport ;
    sh:property [ sh:path sh:conforms ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:boolean ] ;
    sh:property [ sh:path sh:result ; sh:class sh:ValidationResult ] .
[] a sh:NodeShape ; sh:targetClass sh:ValidationResult ;
    sh:property [ sh:path sh:focusNode ; sh:minCount 1 ; sh:maxCount 1 ] ;
    sh:property [ sh:path sh:resultPath ; sh:maxCount 1 ; sh:nodeKind sh:BlankNodeOrIRI ] ;
    sh:property [ sh:path sh:value ; sh:maxCount 1 ] ;
    sh:property [ sh:path sh:sourceShape ; sh:maxCount 1 ] ;
    sh:property [ sh:path sh:sourceConstraintComponent ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ;
    sh:property [ sh:path sh:resultMessage ; sh:nodeKind sh:Literal ] ;
    sh:property [ sh:path sh:resultSeverity ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] .
"""


def graph_of(verdict: Verdict) -> Graph:
    return Graph().parse(data=render(verdict), format="turtle")


def test_any_verdict_is_turtle_with_a_result_for_every_finding(verdicts: st.SearchStrategy[Verdict]) -> None:
    @given(verdicts)
    def holds(verdict: Verdict) -> None:
        assert isinstance(read_ntriples(render(verdict)), str), "a second parser, and a strict one, reads it too"
        graph = graph_of(verdict)
        assert len(set(graph.subjects(RDF.type, SH.ValidationResult))) == len(verdict.judged)
        assert graph.value(None, SH.conforms, Literal(not verdict.judged)) is not None

    holds()


def test_the_report_is_well_formed_by_the_specification(verdicts: st.SearchStrategy[Verdict]) -> None:
    shapes = Graph().parse(data=REPORTS, format="turtle")

    @settings(max_examples=20, deadline=None)
    @given(verdicts)
    def holds(verdict: Verdict) -> None:
        conforms, _, text = pyshacl.validate(graph_of(verdict), shacl_graph=shapes)
        assert conforms, text

    holds()
    assert not pyshacl.validate(
        Graph().parse(data="[] a <http://www.w3.org/ns/shacl#ValidationResult> ."), shacl_graph=shapes
    )[0]


def test_what_a_shape_found_keeps_its_component_shape_path_and_value(verdict: Verdict) -> None:
    constraint = Constraint(
        str(SH.InConstraintComponent), "https://example.com/S", str(SKOS.prefLabel), '"a\\n\\"b"@en'
    )
    finding = replace(verdict.report.findings[-1], constraint=constraint)
    graph = graph_of(judge(Report((finding,), 1, 1, 0)))
    [result] = graph.subjects(RDF.type, SH.ValidationResult)
    assert graph.value(result, SH.sourceConstraintComponent) == SH.InConstraintComponent
    assert graph.value(result, SH.sourceShape) == URIRef("https://example.com/S")
    assert graph.value(result, SH.resultPath) == SKOS.prefLabel
    assert graph.value(result, SH.value) == Literal('a\n"b', lang="en")


def test_a_result_has_focus_severity_message_and_place(verdict: Verdict) -> None:
    graph = graph_of(verdict)
    [result] = graph.subjects(SH.focusNode, URIRef("https://w3id.org/alignment-kb/paper/x"))
    assert graph.value(result, SH.resultSeverity) == SH.Info
    assert graph.value(result, SH.resultMessage) == Literal("No DOI. Mend: look it up.", lang="en")
    pointer = graph.value(result, EARL.pointer)
    assert graph.value(pointer, PTR.reference) == Literal("kb/paper/x.ttl")
    assert graph.value(pointer, PTR.lineNumber) == Literal(2, datatype=XSD.positiveInteger)
    assert graph.value(pointer, PTR.charNumber) == Literal(1, datatype=XSD.positiveInteger)
