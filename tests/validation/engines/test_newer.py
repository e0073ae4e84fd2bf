"""SHACL 1.2 Core as the quick engine has it: the clauses are those of the Working Draft of 2026-08-03.

https://www.w3.org/TR/2026/WD-shacl12-core-20260803/, by the ids of its sections.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from rdflib import RDF, SH, Graph, URIRef

from server.cli.main import main
from server.records.engines import Engine, Shacl
from server.turtle.parsing import graph_of, ntriples_of, parse
from server.validation.engines.advanced import unrun, without_unrun
from server.validation.engines.exact import NEWER, beyond
from server.validation.engines.results import Request, Result
from server.validation.engines.running import validate, why_not_newer

PREFIXES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <urn:x:> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
TARGETED = "ex:Shape sh:targetNode ex:a , ex:b , ex:c ; sh:property [ sh:path ex:p ; {} ] ."
CLAUSES = {
    # id of the section: what the shape says, the data, and the focus nodes and values of the results
    "MemberShapeConstraintComponent, members": (
        "sh:memberShape [ sh:nodeKind sh:IRI ; sh:pattern '^urn:' ]",
        "ex:a ex:p ( ex:x ex:y ) . ex:b ex:p ( ex:x 'y' 'z' ) . ex:c ex:p () .",
        [("b", "a list")],
    ),
    "MemberShapeConstraintComponent, no list": (
        "sh:memberShape [ sh:nodeKind sh:IRI ]",
        "ex:a ex:p ex:x . ex:b ex:p 'x' .",
        [("a", "x"), ("b", "x")],
    ),
    "MinListLengthConstraintComponent": (
        "sh:minListLength 2",
        "ex:a ex:p ( 1 2 ) . ex:b ex:p ( 1 ) . ex:c ex:p () .",
        [("b", "a list"), ("c", str(RDF.nil))],
    ),
    "MaxListLengthConstraintComponent": (
        "sh:maxListLength 2",
        "ex:a ex:p ( 1 2 ) . ex:b ex:p ( 1 2 3 ) . ex:c ex:p () .",
        [("b", "a list")],
    ),
    "UniqueMembersConstraintComponent": (
        "sh:uniqueMembers true",
        "ex:a ex:p ( 1 2 ) . ex:b ex:p ( 1 2 1 ) . ex:c ex:p ( 1 '1' ) .",
        [("b", "a list")],
    ),
    "SomeValueConstraintComponent": (
        "sh:someValue [ sh:class ex:Duck ]",
        "ex:a ex:p ex:donald , ex:mickey . ex:donald a ex:Duck . ex:b ex:p ex:mickey .",
        [("b", None), ("c", None)],
    ),
    "SingleLineConstraintComponent": (
        "sh:singleLine true",
        r"ex:a ex:p 'one' . ex:b ex:p 'one\ntwo' . ex:c ex:p 'one\rtwo' .",
        [("b", "one\ntwo"), ("c", "one\rtwo")],
    ),
    "SubsetOfConstraintComponent": (
        "sh:subsetOf ex:q",
        "ex:a ex:p 1 , 2 ; ex:q 1 , 2 , 3 . ex:b ex:p 1 , 2 ; ex:q 1 .",
        [("b", "2")],
    ),
    "ClassConstraintComponent, a list": (
        "sh:class ( ex:Duck ex:Goose )",
        "ex:a ex:p ex:d , ex:g . ex:d a ex:Duck . ex:g a ex:Goose . ex:b ex:p ex:m . ex:m a ex:Mouse .",
        [("b", "m")],
    ),
    "DatatypeConstraintComponent, a list": (
        "sh:datatype ( xsd:string xsd:date )",
        "ex:a ex:p 'x' , '2026-08-03'^^xsd:date . ex:b ex:p 3 .",
        [("b", "3")],
    ),
    "ReifierShapeConstraintComponent": (
        "sh:reifierShape [ sh:property [ sh:path ex:source ; sh:minCount 1 ] ]",
        "ex:a ex:p ex:x . ex:b ex:p ex:x , ex:y . ex:e1 ex:source ex:s .",
        [("b", "x")],
    ),
    "ReifierShapeConstraintComponent, sh:reificationRequired": (
        "sh:reifierShape [ sh:nodeKind sh:IRI ] ; sh:reificationRequired true",
        "ex:a ex:p ex:x . ex:b ex:p ex:x , ex:y .",
        [("b", "y")],
    ),
}
REIFIED = "".join(
    f"<urn:x:{edge}> <{RDF}reifies> <<( <urn:x:{subject}> <urn:x:p> <urn:x:x> )>> .\n"
    for edge, subject in (("e1", "a"), ("e2", "b"))
)
"""What says in RDF 1.2 that e1 is a reifier of `a p x`, and e2 one of `b p x`."""


def request(shapes: str, data: str, version: Shacl = Shacl.V1_2) -> Request:
    written = ntriples_of(PREFIXES + data)
    assert isinstance(written, str), written
    return Request(written + REIFIED, Graph(), parse(PREFIXES + shapes), version=version)


def shown(result: Result, data: Graph) -> tuple[str, str | None]:
    value = "a list" if (result.value, RDF.first, None) in data else result.value
    return str(result.focus).removeprefix("urn:x:"), None if value is None else str(value).removeprefix("urn:x:")


@pytest.mark.parametrize("clause", CLAUSES)
def test_results_are_as_the_clause_says(clause: str) -> None:
    constraint, data, expected = CLAUSES[clause]
    asked = request(TARGETED.format(constraint), data)
    assert beyond(asked.shapes, Shacl.V1_2) == ""
    results = validate(asked)
    graph = graph_of(asked.data.removesuffix(REIFIED))
    assert sorted(shown(result, graph) for result in results) == sorted(expected, key=str)
    assert {result.component for result in results} == {f"{SH}{clause.partition(',')[0]}"}


def test_every_term_that_is_known_is_tested() -> None:
    said = " ".join(constraint for constraint, *_ in CLAUSES.values())
    assert {term for term in NEWER if f"sh:{term.removeprefix(str(SH))} " in f"{said} "} == set(NEWER)


@pytest.mark.parametrize(
    ("constraint", "reason"),
    [
        ("sh:memberShape 'text'", "the value of sh:memberShape"),
        ("sh:uniqueMembers 'yes'", "the value of sh:uniqueMembers"),
        ("sh:rootClass ex:C", "the term sh:rootClass"),
        ("sh:nodeByExpression ex:C", "the term sh:nodeByExpression"),
    ],
)
def test_what_is_missing_is_remarked_with_the_reason(constraint: str, reason: str) -> None:
    asked = request(TARGETED.format(f"{constraint} ; sh:class ( ex:C )"), "ex:a ex:p 1 .")
    why = why_not_newer(asked.shapes, Shacl.V1_2, Engine.FAST)
    assert reason in why
    assert {one.predicate for one in unrun(asked.shapes, why)} == {
        URIRef(f"{SH}{constraint[3:].partition(' ')[0]}"),
        SH["class"],
    }


def test_a_target_in_the_data_is_passed_over_aloud() -> None:
    notes: list[str] = []
    validate(request(TARGETED.format("sh:minCount 1"), "ex:z sh:shape ex:Shape ."), note=notes.append)
    assert notes == ["What the data say by sh:shape of SHACL 1.2 is not checked."]


def test_a_reifier_is_of_one_triple_so_that_the_path_is_an_iri() -> None:
    shape = "ex:Shape sh:targetNode ex:a ; sh:property [ sh:path [ sh:inversePath ex:p ] ; sh:reifierShape ex:Other ] ."
    assert "whose sh:path is no IRI" in beyond(parse(PREFIXES + shape), Shacl.V1_2)


def test_the_reference_engine_is_not_compared() -> None:
    notes: list[str] = []
    asked = request(TARGETED.format("sh:minListLength 1"), "ex:a ex:p () .")
    assert len(validate(asked, Engine.BOTH, notes.append)) == 1
    assert "were not compared" in notes[0]
    assert validate(asked, Engine.REFERENCE) == []
    assert unrun(asked.shapes, why_not_newer(asked.shapes, Shacl.V1_2, Engine.REFERENCE))


def test_by_the_recommendation_they_are_remarked() -> None:
    shapes = request(TARGETED.format("sh:class ( ex:C ) ; sh:singleLine true"), "").shapes
    assert beyond(shapes)
    assert {one.predicate for one in unrun(shapes, why_not_newer(shapes, Shacl.V1_0, Engine.FAST))} == {
        SH["class"],
        URIRef(f"{SH}singleLine"),
    }
    assert unrun(shapes, why_not_newer(shapes, Shacl.V1_2, Engine.FAST)) == ()


def test_edges_are_reifiers_of_their_triples(root: Path) -> None:
    """SHACL 1.2 Core, sh:reifierShape, over edge nodes as RDF 1.2 would have them."""
    path = root / "shapes" / "reified.ttl"
    path.write_text(
        f"{PREFIXES}@prefix akb: <https://w3id.org/alignment-kb/ontology#> .\n"
        "ex:Extending a sh:NodeShape ; sh:targetSubjectsOf akb:extends ; sh:property ex:Extended .\n"
        "ex:Extended a sh:PropertyShape ; sh:path akb:extends ; sh:reificationRequired true ;\n"
        '    sh:reifierShape [ sh:property [ sh:path akb:note ; sh:pattern "^never" ] ] ;\n'
        '    sh:message "Says why. Mend: say it."@en .\n'
    )
    command = ["check", f"--root={root}", "--only=shapes", "--only=shapes-lint"]
    older, newer = (CliRunner().invoke(main, [*command, f"--shacl={version}"]) for version in ("1.0", "1.2"))
    assert "sh:reifierShape" in older.output
    assert "[Extended] concept:alignment-faking" in newer.output
    assert "Says why. The value is 'concept:goal-misgeneralization'." in newer.output
    assert "reifierShape" not in newer.output
    assert "reifies" not in newer.output


@pytest.mark.parametrize(
    "rule",
    [
        "[ a sh:TripleRule ; sh:subject sh:this ; sh:predicate ex:q ; sh:object [ sh:path ex:p ] ; sh:order 1 ]",
        "[ a sh:TripleRule ; sh:condition [ sh:property [ sh:path ex:p ; sh:minCount 1 ] ] ; sh:subject sh:this ;"
        " sh:predicate ex:q ; sh:object [ sh:intersection ( [ sh:path ex:p ] [ sh:path ex:r ] ) ] ]",
        "ex:Rule . ex:Rule a sh:SPARQLRule ; sh:prefixes ex: ; sh:construct 'CONSTRUCT { $this ex:q 1 } WHERE {}' ."
        " ex: sh:declare [ sh:prefix 'ex' ; sh:namespace 'urn:x:'^^xsd:anyURI ]",
    ],
)
def test_a_rule_that_is_not_run_keeps_nothing_else_from_it(rule: str) -> None:
    """SHACL-AF, section 8: rules are no constraints, so that what validates has no need of them."""
    asked = request(TARGETED.format("sh:minListLength 1") + f" ex:Shape sh:rule {rule} .", "ex:a ex:p () .")
    why = why_not_newer(asked.shapes, Shacl.V1_2, Engine.FAST)
    assert why == ""
    assert [one.predicate for one in unrun(asked.shapes, why)] == [SH.rule], "it is said all the same"
    bare = without_unrun(asked.shapes)
    assert beyond(bare, Shacl.V1_2) == ""
    notes: list[str] = []
    assert len(validate(replace(asked, shapes=bare), note=notes.append)) == 1
    assert notes == []


def test_a_shape_that_is_the_condition_of_a_rule_is_still_a_shape() -> None:
    """SHACL-AF, section 8.3."""
    text = "ex:Shape sh:rule [ sh:condition ex:Other ] . ex:Other sh:targetNode ex:a ; sh:nodeKind sh:Literal ."
    asked = request(text, "ex:a ex:p 1 .")
    assert len(validate(replace(asked, shapes=without_unrun(asked.shapes)))) == 1


def test_a_rule_in_a_project_leaves_shacl_1_2_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.ttl").write_text(f"{PREFIXES}ex:a ex:p () .")
    rule = "ex:Shape sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate ex:q ; sh:object 1 ] ."
    (tmp_path / "s.ttl").write_text(f"{PREFIXES}{TARGETED.format('sh:minListLength 1')} {rule}")
    words = ("check", "--data", "a.ttl", "--shapes", "s.ttl", "--only", "shapes", "--shacl", "1.2", "--format", "json")
    result = CliRunner().invoke(main, words)
    findings = json.loads(result.stdout)["findings"]
    assert {(one["rule"], one["file"]) for one in findings if one["severity"] == "violation"} == {("Shape", "a.ttl")}
    assert [one["message"].split()[0] for one in findings if one["rule"] == "shape-not-understood"] == ["sh:rule"]
