"""Each rule of OWL 2 RL that finds something false (OWL 2 Profiles, 4.3, tables 4 to 8), by both engines."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.inference import fast
from server.inference.closure import close, contradictions
from server.records.engines import Engine
from server.turtle.reader import read_base
from tests.inference.test_differences import base_of
from tests.made import NAMESPACES

ONE, NONE = '"1"^^xsd:nonNegativeInteger', '"0"^^xsd:nonNegativeInteger'
FALSE = {
    "eq-diff1": ("", ":n0 owl:sameAs :n1 ; owl:differentFrom :n1 .", "the same and different", 2),
    "eq-diff1, of itself": ("", ":n0 owl:differentFrom :n0 .", "different from itself", 1),
    "eq-diff2": ("[] a owl:AllDifferent ; owl:members ( :n0 :n1 ) .", ":n0 owl:sameAs :n1 .", "all different", 1),
    "eq-diff3": (
        "[] a owl:AllDifferent ; owl:distinctMembers ( :n2 :n0 :n1 ) . :p0 a owl:FunctionalProperty .",
        ":n3 :p0 :n0 , :n1 .",
        "all different",
        2,
    ),
    "prp-irp": (":p0 a owl:IrreflexiveProperty .", ":n0 :p0 :n0 .", "irreflexive", 1),
    "prp-asyp": (":p0 a owl:AsymmetricProperty .", ":n0 :p0 :n1 . :n1 :p0 :n0 .", "asymmetric", 2),
    "prp-pdw": (":p0 owl:propertyDisjointWith :p1 .", ":n0 :p0 :n1 ; :p1 :n1 .", "are disjoint", 2),
    "prp-asyp of its own inverse": (
        ":p0 a owl:AsymmetricProperty ; owl:inverseOf :p0 .",
        ":n0 :p0 :n1 .",
        "is asymmetric",
        1,
    ),
    "prp-pdw of data": (":d0 owl:propertyDisjointWith :d1 .", ':n0 :d0 "a" ; :d1 "a" .', "are disjoint", 2),
    "prp-adp": (
        "[] a owl:AllDisjointProperties ; owl:members ( :p0 :p1 :p2 ) .",
        ":n0 :p0 :n1 ; :p2 :n1 .",
        "are disjoint",
        2,
    ),
    "prp-npa1": (
        "[] owl:sourceIndividual :n0 ; owl:assertionProperty :p0 ; owl:targetIndividual :n1 .",
        ":n0 :p0 :n1 .",
        "it is denied",
        1,
    ),
    "prp-npa2": (
        '[] owl:sourceIndividual :n0 ; owl:assertionProperty :d0 ; owl:targetValue "1"^^xsd:integer .',
        ':n0 :d0 "1.0"^^xsd:decimal .',
        "it is denied",
        1,
    ),
    "cls-uni": (
        ":C0 owl:unionOf ( :C1 :C2 ) ; owl:disjointWith :C3 .",
        ":n0 a :C1 , :C3 .",
        "are disjoint",
        2,
    ),
    "cls-int2": (
        ":C0 owl:intersectionOf ( :C1 :C2 ) . :C1 owl:disjointWith :C3 .",
        ":n0 a :C0 , :C3 .",
        "are disjoint",
        2,
    ),
    "cls-nothing2": (":C0 rdfs:subClassOf owl:Nothing .", ":n0 a :C0 .", "nothing is an owl:Nothing", 1),
    "cls-com": (":C0 owl:complementOf :C1 .", ":n0 a :C0 , :C1 .", "its complement", 2),
    "cls-maxc1": (f":C0 owl:onProperty :p0 ; owl:maxCardinality {NONE} .", ":n0 a :C0 ; :p0 :n1 .", "may have no", 2),
    "cls-maxqc1": (
        f":C0 owl:onProperty :p0 ; owl:onClass :C1 ; owl:maxQualifiedCardinality {NONE} .",
        ":n0 a :C0 ; :p0 :n1 . :n1 a :C1 .",
        "may have no",
        3,
    ),
    "cls-maxqc2": (
        f":C0 owl:onProperty :p0 ; owl:onClass owl:Thing ; owl:maxQualifiedCardinality {NONE} .",
        ":n0 a :C0 ; :p0 :n1 .",
        "may have no",
        2,
    ),
    "cls-maxc2 with eq-diff1": (
        f":C0 owl:onProperty :p0 ; owl:maxCardinality {ONE} .",
        ":n0 a :C0 ; :p0 :n1 , :n2 . :n1 owl:differentFrom :n2 .",
        "the same and different",
        4,
    ),
    "cls-maxc2 of data": (
        f":C0 owl:onProperty :d0 ; owl:maxCardinality {ONE} .",
        ':n0 a :C0 ; :d0 "a" , "b" .',
        "one value only",
        3,
    ),
    "functional data": (":d0 a owl:FunctionalProperty .", ':n0 :d0 "a" , "a"@en .', "one value only", 2),
    "cax-dw": (":C0 owl:disjointWith :C1 .", ":n0 a :C0 , :C1 .", "are disjoint", 2),
    "cax-adc": ("[] a owl:AllDisjointClasses ; owl:members ( :C0 :C1 :C2 ) .", ":n0 a :C0 , :C2 .", "are disjoint", 2),
    "cax-dw by domains of data": (
        ":d0 rdfs:domain :C0 . :C0 owl:disjointWith :C1 .",
        ':n0 :d0 "a" ; a :C1 .',
        "are disjoint",
        2,
    ),
    "dt-not-type by a range": (":d0 rdfs:range xsd:integer .", ':n0 :d0 "1.5"^^xsd:decimal .', "is no xsd:integer", 1),
    "dt-not-type, ill-typed": (":d0 rdfs:range xsd:integer .", ':n0 :d0 "one"^^xsd:integer .', "is no xsd:integer", 1),
    "dt-not-type by a class": (
        ":C0 owl:onProperty :d0 ; owl:allValuesFrom xsd:string .",
        ':n0 a :C0 ; :d0 "a"@en .',
        "is no xsd:string",
        2,
    ),
}


@pytest.mark.parametrize("rule", FALSE)
def test_what_is_false_is_found_with_the_statements_that_make_it(rule: str) -> None:
    axioms, facts, sentence, statements = FALSE[rule]
    base = base_of([axioms], [facts])
    assert close(base, Engine.BOTH).note == ""
    [conflict] = contradictions(base, Engine.BOTH)
    assert sentence in conflict.axiom
    assert len(conflict.statements) == statements
    # Both files end with what the case says, in one line.
    facts_at, axioms_at = (file.text.count("\n") + 1 for file in (*base.files, *base.ontology_files))
    assert {(one.file, one.line) for one in conflict.statements} == {("kb/x.ttl", facts_at)}
    assert {(one.file, one.line) for one in conflict.axioms} == ({("ontology/x.ttl", axioms_at)} if axioms else set())
    assert conflict.statement is not None
    assert close(base).inferred == ""


@pytest.mark.parametrize(
    ("axioms", "facts"),
    [
        (":d0 a owl:FunctionalProperty .", ':n0 :d0 "1"^^xsd:integer , "01"^^xsd:integer , "1.0"^^xsd:decimal .'),
        (":d0 rdfs:range xsd:decimal .", ':n0 :d0 "1"^^xsd:byte .'),
        (":d0 rdfs:range rdf:langString .", ':n0 :d0 "a"@en .'),
        (":p0 a owl:FunctionalProperty .", ":n0 :p0 :n1 , :n2 ."),
        (":C0 owl:disjointWith :C1 .", ":n0 a :C0 . :n1 a :C1 ."),
        ("[] a owl:AllDifferent ; owl:members ( :n0 :n1 ) .", ":n0 owl:sameAs :n2 ."),
    ],
)
def test_what_may_be_is_no_contradiction(axioms: str, facts: str) -> None:
    assert contradictions(base_of([axioms], [facts]), Engine.BOTH) == ()


@pytest.mark.parametrize(
    ("axioms", "facts", "reason"),
    [
        (":C0 owl:unionOf ( :C1 ) , ( :C2 ) .", ":n0 a :C2 .", "has two values"),
        (":p0 rdfs:subPropertyOf owl:sameAs .", ":n0 :p0 :n1 .", "says something of"),
        (":C0 owl:hasSelf true .", ":n0 a :C0 .", "hasSelf"),
        ("", ":C0 rdfs:subClassOf :C1 . :n0 a :C0 .", "a term of the ontology"),
        ("", ":n0 a owl:Class .", "a term of the ontology"),
    ],
)
def test_what_is_beyond_the_quick_engine_is_left_to_the_reference_aloud(axioms: str, facts: str, reason: str) -> None:
    base = base_of([axioms], [facts])
    closure = close(base)
    assert reason in closure.note
    assert closure.inferred == close(base, Engine.REFERENCE).inferred


def test_without_the_quick_engine_the_reference_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    base = base_of([":C0 rdfs:subClassOf :C1 ."], [":n0 a :C0 ."])
    wanted = close(base)
    monkeypatch.setattr(fast, "find_spec", lambda name: None)
    closure = close(base)
    assert "sparq-rdf is not installed" in closure.note
    assert wanted.note == ""
    assert closure.inferred == wanted.inferred != ""


def test_what_another_conflict_explains_is_not_said_again(root: Path) -> None:
    path = root / "kb" / "concept" / "alignment-faking.ttl"
    path.write_text(path.read_text() + "\nconcept:alignment-faking akb:arxivId 5 .\n", encoding="utf-8")
    [conflict] = contradictions(read_base(root, NAMESPACES), Engine.BOTH)
    assert conflict.axiom == '"5"^^xsd:integer is no xsd:string'
    line = path.read_text(encoding="utf-8").count("\n")
    assert list(map(str, conflict.statements)) == [
        f'concept:alignment-faking akb:arxivId "5"^^xsd:integer (kb/concept/alignment-faking.ttl:{line})'
    ]
