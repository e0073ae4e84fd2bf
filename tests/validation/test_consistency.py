"""What `akb check` says of contradictions: both statements, the axiom, and the place of each (OWL 2 Profiles, 4.3)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.cli.main import main

PREFIXES = (
    "@prefix ex: <https://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> . "
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> ."
)
CASES = {
    "a domain of a data property": (
        "ex:wingspan rdfs:domain ex:Bird . ex:Bird owl:disjointWith ex:Ship .",
        "ex:mary a ex:Ship ; ex:wingspan 12 .",
        "ex:Bird and ex:Ship are disjoint, and ex:mary would be both: ex:mary a ex:Ship ({d}) and "
        'ex:mary ex:wingspan "12"^^xsd:integer ({d}); by ex:Bird owl:disjointWith ex:Ship ({o}), through '
        "ex:wingspan rdfs:domain ex:Bird ({o}).",
    ),
    "blank nodes": (
        "ex:Red owl:disjointWith ex:Blue .",
        "ex:flag ex:has [ a ex:Red , ex:Blue ] .",
        "ex:Blue and ex:Red are disjoint, and a blank node would be both: a blank node a ex:Blue ({d}) and "
        "a blank node a ex:Red ({d}); by ex:Red owl:disjointWith ex:Blue ({o}).",
    ),
    "a chain by way of a blank node": (
        "ex:Old owl:disjointWith ex:Young . ex:grandparent owl:propertyChainAxiom ( ex:parent ex:parent ) ; "
        "rdfs:range ex:Old .",
        "ex:ann ex:parent [ ex:parent ex:ben ] . ex:ben a ex:Young .",
        "ex:Old and ex:Young are disjoint, and ex:ben would be both: a blank node ex:parent ex:ben ({d}) and "
        "ex:ann ex:parent a blank node ({d}) and ex:ben a ex:Young ({d}); by ex:Old owl:disjointWith ex:Young ({o}), "
        "through ex:grandparent owl:propertyChainAxiom ( ex:parent ex:parent ) ({o}) and "
        "ex:grandparent rdfs:range ex:Old ({o}).",
    ),
    "a list in the data": (
        "ex:code a owl:InverseFunctionalProperty .",
        "ex:x ex:code ex:k . ex:y ex:code ex:k . [] a owl:AllDifferent ; owl:members ( ex:x ex:y ) .",
        "ex:x and ex:y are among those that are all different, and would be the same: ex:x ex:code ex:k ({d}) and "
        "ex:y ex:code ex:k ({d}); by [ a owl:AllDifferent ; owl:members ( ex:x ex:y ) ] ({d}), "
        "through ex:code a owl:InverseFunctionalProperty ({o}).",
    ),
    "owl:sameAs between the project's own": (
        "",
        "ex:i owl:sameAs ex:j ; owl:differentFrom ex:j .",
        "ex:i and ex:j cannot be the same and different: ex:i owl:differentFrom ex:j ({d}) and "
        "ex:i owl:sameAs ex:j ({d}); by the rules of OWL.",
    ),
    "an expression": (
        "ex:Hermit rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:guest ; owl:maxCardinality 0 ] .",
        "ex:paul a ex:Hermit ; ex:guest ex:antony .",
        "ex:paul may have no ex:guest: ex:paul a ex:Hermit ({d}) and ex:paul ex:guest ex:antony ({d}); "
        'by [ a owl:Restriction ; owl:maxCardinality "0"^^xsd:integer ; owl:onProperty ex:guest ] ({o}), through '
        'ex:Hermit rdfs:subClassOf [ a owl:Restriction ; owl:maxCardinality "0"^^xsd:integer ; '
        "owl:onProperty ex:guest ] ({o}).",
    ),
    "classes far above": (
        "ex:Poodle rdfs:subClassOf ex:Dog . ex:Dog owl:equivalentClass ex:Hound . ex:Hound owl:disjointWith ex:Cat .",
        "ex:rex a ex:Poodle , ex:Cat .",
        "ex:Cat and ex:Hound are disjoint, and ex:rex would be both: ex:rex a ex:Cat ({d}) and "
        "ex:rex a ex:Poodle ({d}); by ex:Hound owl:disjointWith ex:Cat ({o}), through "
        "ex:Poodle rdfs:subClassOf ex:Dog ({o}) and ex:Dog owl:equivalentClass ex:Hound ({o}).",
    ),
    "a class as a thing": (
        "ex:rank rdfs:range xsd:integer . ex:Genus rdfs:subClassOf ex:Family .",
        'ex:Genus ex:rank "low" .',
        '"low" is no xsd:integer: ex:Genus ex:rank "low" ({d}); by ex:rank rdfs:range xsd:integer ({o}).',
    ),
    "a thing in the ontology": (
        "ex:unit a ex:Measure . ex:unit a ex:Person . ex:Measure owl:disjointWith ex:Person .",
        "",
        "ex:Measure and ex:Person are disjoint, and ex:unit would be both: ex:unit a ex:Measure ({o}) and "
        "ex:unit a ex:Person ({o}); by ex:Measure owl:disjointWith ex:Person ({o}).",
    ),
}


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> dict[int, str]:
    """The message of the contradiction of each case, by its line: the same in both files."""
    folder = tmp_path_factory.mktemp("project")
    for name, part in (("ontology", 0), ("data", 1)):
        text = "\n".join([PREFIXES, *(case[part] for case in CASES.values())])
        (folder / f"{name}.ttl").write_text(text, encoding="utf-8")
    words = [f"--{name}={folder / name}.ttl" for name in ("data", "ontology")]
    ran = CliRunner().invoke(main, ["check", *words, "--only=consistency", "--format=json", "--engine=both"])
    assert ran.exit_code == 1, ran.output
    findings = json.loads(ran.stdout)["findings"]
    return {one["line"]: one["message"].replace(f"{folder}/", "") for one in findings}


@pytest.mark.parametrize("case", CASES)
def test_a_contradiction_has_its_statements_and_its_axioms_with_their_places(
    case: str, messages: dict[int, str]
) -> None:
    line = list(CASES).index(case) + 2
    assert messages[line] == CASES[case][2].format(d=f"data.ttl:{line}", o=f"ontology.ttl:{line}")


def test_nothing_else_contradicts_itself(messages: dict[int, str]) -> None:
    assert len(messages) == len(CASES)


def test_what_owl_2_rl_has_no_rule_for_is_said(tmp_path: Path) -> None:
    """Of exact cardinality and the like nothing follows in OWL 2 RL (OWL 2 Profiles, 4.2.3)."""
    (tmp_path / "x.ttl").write_text(f"{PREFIXES}\nex:C owl:onProperty ex:p ; owl:cardinality 1 ; owl:hasSelf true .")
    ran = CliRunner().invoke(main, ["check", f"--data={tmp_path}", "--only=consistency"])
    assert ran.exit_code == 0
    assert "OWL 2 RL, which has none for owl:cardinality, owl:hasSelf." in ran.output
