"""A small project that is not ours passes through every stage that is not about our own form."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rdflib import RDF

from server.cli.main import main

FILES = {
    "data/people/team.ttl": """@prefix : <https://example.com/ns/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix unused: <https://example.com/unused/> .

# A comment does no harm.
<#alice> a :Person ; foaf:name "Alice" ; :boss <#bob> ;
    :address [ :city "Ghent " ; :zip 9000 ] .
<#bob> a :Person ;
    :age "forty" ; :boss <#alice> .
""",
    "data/carol.nt": f"""<https://example.com/carol> <{RDF.type}> <https://example.com/ns/Person> .
<https://example.com/carol> <{RDF.type}> <https://example.com/ns/Robot> .
<https://example.com/carol> <http://xmlns.com/foaf/0.1/name> "Carol" .
""",
    "data/dan.jsonld": '{"@context": {"ex": "https://example.com/"}, "@id": "ex:dan", "@type": "ex:ns/Person"}',
    "data/broken.ttl": '<https://example.com/x> <https://example.com/ns/p> "open .\n',
    "shapes/person.ttl": """@prefix ex: <https://example.com/ns/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .

ex:PersonShape a sh:NodeShape ; sh:targetClass ex:Person ;
    sh:property [ sh:path foaf:name ; sh:minCount 1 ; sh:severity sh:Warning ;
            sh:message "A person has a name. Mend: add foaf:name."@en ],
        [ sh:path ex:age ; sh:datatype xsd:integer ] .

ex:AddressShape a sh:NodeShape ; sh:targetObjectsOf ex:address ;
    sh:property [ sh:path ex:zip ; sh:datatype xsd:string ; sh:minLenght 3 ;
            sh:message "A code is text. Mend: quote it."@en ] .
""",
    "shapes/rules/own-boss.rq": """# message: {value} is the boss of their own boss.
# mend: take one of the two away.
PREFIX ex: <https://example.com/ns/>
SELECT ?focus ?predicate ?value WHERE {
  ?focus ex:boss ?value . ?value ex:boss ?focus . BIND(ex:boss AS ?predicate) FILTER(STR(?focus) < STR(?value))
}
""",
    "ontology/terms.ttl": """@prefix ex: <https://example.com/ns/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .

<> a owl:Ontology .
ex:Person a owl:Class ; owl:disjointWith ex:Robot .
ex:Robot a owl:Class .
""",
}
ALL = ("--data", "data", "--shapes", "shapes", "--ontology", "ontology")
Run = Callable[..., Result]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `akb check` in the project, which is no base of ours and in none."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, ["check", *words])


def found(result: Result) -> set[tuple[str, int, int, str, str]]:
    return {
        (one["file"], one["line"], one["column"], one["rule"], one["focus"])
        for one in json.loads(result.stdout)["findings"]
    }


def test_every_stage_that_is_not_ours_finds_its_faults_at_their_places(check: Run) -> None:
    result = check(*ALL, "--format", "json")
    assert result.exit_code == 1
    team, alice, bob = "data/people/team.ttl", "file:///data/people/team.ttl#alice", "file:///data/people/team.ttl#bob"
    assert found(result) == {
        ("data/broken.ttl", 1, 52, "syntax", ""),
        ("data/dan.jsonld", 0, 0, "PersonShape", "https://example.com/dan"),
        (team, 9, 10, "PersonShape", bob),
        (team, 8, 1, "PersonShape", bob),
        # What is wrong with a blank node is reported of the node that has it, at its own place.
        (team, 7, 38, "AddressShape", alice),
        (team, 7, 22, "text-whitespace", alice),
        (team, 6, 48, "own-boss", alice),
        (team, 3, 1, "unused-prefix", ""),
        ("data/carol.nt", 1, 79, "contradiction", "https://example.com/carol"),
        ("shapes/person.ttl", 6, 1, "shape-no-message", "ex:PersonShape"),
        ("shapes/person.ttl", 11, 1, "shape-unknown-term", "ex:AddressShape"),
    }
    assert all(one["mend"] for one in json.loads(result.stdout)["findings"])


def test_without_a_mend_of_the_shape_it_is_made_of_the_constraint(check: Run) -> None:
    findings = json.loads(check(*ALL, "--format", "json").stdout)["findings"]
    [age] = [one for one in findings if "forty" in one["message"]]
    assert age["mend"] == "the shape ex:PersonShape, shapes/person.ttl:9, wants each ex:age, a literal of xsd:integer."
    assert age["constraint"]["component"] == "http://www.w3.org/ns/shacl#DatatypeConstraintComponent"


def test_data_alone_is_checked_too(check: Run) -> None:
    result = check("--data", "data", "--format", "json")
    assert {rule for *_, rule, _ in found(result)} == {"syntax", "text-whitespace", "unused-prefix"}


def test_fingerprints_of_blank_nodes_are_the_same_in_every_run(check: Run) -> None:
    assert check(*ALL, "--write-baseline", "known.json").exit_code == 0
    again = check(*ALL, "--baseline", "known.json")
    assert again.exit_code == 0
    assert "no findings" in again.output
    assert "mended" not in again.output


def test_a_rule_finds_blank_nodes_at_their_places_and_they_stay_known(check: Run, tmp_path: Path) -> None:
    """The store that runs rules gives blank nodes labels of its own, unless it is told theirs."""
    (tmp_path / "shapes/rules/nested.rq").write_text(
        "# message: {value} is in a city.\n# mend: take it out.\n"
        "SELECT ?focus ?value ?predicate { ?focus ?predicate ?value FILTER(isBlank(?value) || isBlank(?focus)) }"
    )
    words = (*ALL, "--only", "rules", "--format", "json")
    team, alice = "data/people/team.ttl", "file:///data/people/team.ttl#alice"
    places = {(6, 48, "own-boss"), (7, 14, "nested"), (7, 22, "nested"), (7, 38, "nested")}
    assert found(check(*words)) == {(team, *place, alice) for place in places}
    assert check(*ALL, "--only", "rules", "--write-baseline", "known.json").exit_code == 0
    again = check(*words, "--baseline", "known.json")
    assert {one["standing"] for one in json.loads(again.stdout)["findings"]} == {"known"}


def test_of_an_ontology_that_cannot_be_read_nothing_is_guessed(check: Run, tmp_path: Path) -> None:
    """Whether a boss is a person hangs on it; whether an age is a number does not."""
    (tmp_path / "shapes/boss.ttl").write_text(
        "@prefix ex: <https://example.com/ns/> .\n@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "ex:BossShape sh:targetSubjectsOf ex:boss ;\n"
        "    sh:property [ sh:path ex:boss ; sh:class ex:Agent ] , [ sh:path ex:boss ; sh:node ex:AgentShape ] .\n"
        "ex:AgentShape sh:property [ sh:path ( ex:boss ex:boss ) ; sh:class ex:Agent ] ."
    )
    rules = {rule for *_, rule, _ in found(check(*ALL, "--only", "shapes", "--format", "json"))}
    assert "BossShape" in rules
    (tmp_path / "ontology/terms.ttl").write_text("broken")
    result = check(*ALL, "--only", "shapes", "--format", "json")
    assert result.exit_code == 3
    rules = {rule for *_, rule, _ in found(result)}
    assert "PersonShape" in rules
    assert "BossShape" not in rules


def test_waivers_work_there_too(check: Run, tmp_path: Path) -> None:
    (tmp_path / "shapes/waivers.ttl").write_text(
        "@prefix akb: <https://w3id.org/alignment-kb/ontology#> .\n"
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        '<#bosses> a akb:Waiver ; akb:waives "own-boss" ; akb:waivesFor <file:///data/people/team.ttl#alice> ;\n'
        '    akb:reason "They share the work."@en ; akb:expires "2999-01-01"^^xsd:date .\n'
    )
    result = check(*ALL, "--only", "rules", "--format", "json")
    assert [one["standing"] for one in json.loads(result.stdout)["findings"]] == ["waived"]
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--shapes", "shapes"], "belong to --data"),
        (["--data", "data", "--root", "."], "are two bases"),
        (["--data", "nowhere"], "is not there"),
        (["--data", "data", "--only", "ontology"], "own bases"),
    ],
)
def test_wrong_use_exits_with_2(words: list[str], said: str, check: Run) -> None:
    result = check(*words)
    assert (result.exit_code, said in result.output) == (2, True), result.output
