"""SHACL Advanced Features run where pyshacl runs them, and what is not run is told apart."""

from __future__ import annotations

import pyshacl
import pytest
from rdflib import RDF, SH, Graph

from server.turtle.parsing import parse
from server.validation.engines.advanced import is_advanced, unrun
from server.validation.engines.results import Request
from server.validation.engines.running import validate

PREFIXES = """@prefix ex: <http://ex.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex: sh:declare [ sh:prefix "ex" ; sh:namespace "http://ex.org/"^^xsd:anyURI ] .
"""
DATA = """ex:a a ex:T ; ex:w 3 ; ex:ok true . ex:b a ex:T ; ex:w 5 . ex:c a ex:T ; ex:ok false ; ex:name "C" ."""
WITH_NAME = "sh:property [ sh:path ex:name ; sh:minCount 1 ]"
FUNCTION = """ex:isThree a sh:SPARQLFunction ; sh:parameter [ sh:path ex:op ; sh:datatype xsd:integer ] ;
    sh:returnType xsd:boolean ; sh:prefixes ex: ; sh:ask "ASK { FILTER($op = 3) }" . """
RUN = {
    # SHACL-AF, section 3.1.
    "target": 'ex:S a sh:NodeShape ; sh:target [ a sh:SPARQLTarget ; sh:prefixes ex: ;'
    f' sh:select "SELECT ?this WHERE {{ ?this ex:w ?w }}" ] ; {WITH_NAME} .',
    # Section 3.2.
    "target type": 'ex:Wide a sh:SPARQLTargetType ; rdfs:subClassOf sh:Target ; sh:labelTemplate "{$width}" ;'
    ' sh:parameter [ sh:path ex:width ] ; sh:prefixes ex: ; sh:select "SELECT ?this WHERE { ?this ex:w $width }" .'
    f" ex:S a sh:NodeShape ; sh:target [ a ex:Wide ; ex:width 5 ] ; {WITH_NAME} .",
    # Sections 5 and 6.
    "path": "ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:expression [ sh:path ex:ok ] .",
    "constant": "ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:expression true .",
    "union": "ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:expression [ sh:union ( [ sh:path ex:ok ] true ) ] .",
    "intersection": "ex:S a sh:NodeShape ; sh:targetClass ex:T ;"
    " sh:expression [ sh:intersection ( [ sh:path ex:ok ] true ) ] .",
    "function": f"{FUNCTION} ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:w ;"
    " sh:expression [ ex:isThree ( [ sh:path ex:w ] ) ] .",
}  # fmt: skip


@pytest.mark.parametrize("name", RUN)
def test_what_pyshacl_runs_is_run_with_its_results(name: str) -> None:
    shapes, data = parse(PREFIXES + RUN[name]), PREFIXES + DATA
    assert is_advanced(shapes)
    assert unrun(shapes, "they are newer") == ()
    _, report, _ = pyshacl.validate(
        Graph().parse(data=data, format="turtle"), shacl_graph=parse(PREFIXES + RUN[name]), advanced=True
    )
    assert isinstance(report, Graph)
    expected = sorted(str(report.value(one, SH.focusNode)) for one in report.objects(None, SH.result))
    found = validate(Request(parse(data).serialize(format="nt"), Graph(), shapes))
    assert sorted(str(one.focus) for one in found) == expected
    assert (name == "union") or expected or name == "constant", "the example has something to find"


@pytest.mark.parametrize(
    ("turtle", "term"),
    [
        ("ex:S sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate ex:p ; sh:object ex:o ] .", SH.rule),
        ('ex:S sh:js [ a sh:JSConstraint ; sh:jsFunctionName "f" ] .', SH.js),
        ('ex:S sh:target [ a sh:JSTarget ; sh:jsFunctionName "f" ] .', SH.target),
        ("ex:S sh:target [ a ex:NoTargetType ] .", SH.target),
        (
            "ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:max ] ;"
            ' sh:validator [ a sh:JSValidator ; sh:jsFunctionName "f" ] . ex:S ex:max 3 .',
            RDF.type,
        ),
        ('ex:F a sh:JSFunction ; sh:parameter [ sh:path ex:op ] ; sh:jsFunctionName "f" .', RDF.type),
        ("ex:S sh:expression [ sh:nodes [ sh:path ex:p ] ; sh:path ex:ok ] .", SH.expression),
        ("ex:S sh:expression [ sh:nodes sh:this ; sh:filterShape ex:S ] .", SH.expression),
        ("ex:S sh:expression [ sh:count [ sh:path ex:p ] ] .", SH.expression),
        ("ex:S sh:expression [ sh:if true ; sh:then true ; sh:else false ] .", SH.expression),
        ("ex:S sh:expression [ ex:noFunction ( 1 ) ] .", SH.expression),
        ("ex:S sh:expression ex:E . ex:E sh:path ex:ok .", SH.expression),
        ("ex:S sh:expression [ ] .", SH.expression),
        ("_:e sh:union ( _:e ) . ex:S sh:expression _:e .", SH.expression),
        ("<http://ex.org/> sh:entailment <http://www.w3.org/ns/entailment/RDFS> .", SH.entailment),
        ("ex:S sh:property [ sh:path ex:p ; sh:values [ sh:path ex:q ] ] .", f"{SH}values"),
        ("ex:S sh:memberShape ex:T .", f"{SH}memberShape"),
        ("ex:S sh:property [ sh:path ex:p ; sh:someValue ex:T ] .", f"{SH}someValue"),
    ],
)
def test_what_is_not_run_is_known_and_keeps_nothing_else_from_running(turtle: str, term: str) -> None:
    shapes = parse(f"{PREFIXES} ex:S a sh:NodeShape ; sh:targetClass ex:T ; {WITH_NAME} . {turtle}")
    assert str(term) in {str(one.predicate) for one in unrun(shapes, "they are newer")}
    found = validate(Request(parse(PREFIXES + DATA).serialize(format="nt"), Graph(), shapes))
    assert sorted(str(one.focus) for one in found) == ["http://ex.org/a", "http://ex.org/b"]


def test_plain_shapes_use_nothing_advanced() -> None:
    shapes = parse(f"{PREFIXES} ex:S a sh:NodeShape ; sh:targetClass ex:T ; {WITH_NAME} .")
    assert (is_advanced(shapes), unrun(shapes, "they are newer")) == (False, ())
