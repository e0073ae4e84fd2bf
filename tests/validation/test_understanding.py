"""What a check does not understand is said: as an info, and with --strict as a violation. House rules are advice."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.cli.main import main
from tests.history.repositories import write

HEAD = """@prefix ex: <http://ex.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
FILES = {
    "data/a.ttl": "@prefix ex: <http://ex.org/> .\nex:a a ex:T ; ex:w 3 .\n",
    "shapes/s.ttl": HEAD
    + """ex: sh:declare [ sh:prefix "ex" ; sh:namespace "http://ex.org/"^^xsd:anyURI ] .
ex:S a sh:NodeShape ; sh:target [ a sh:SPARQLTarget ; sh:prefixes ex: ; sh:select "SELECT ?this { ?this ex:w ?w }" ] ;
    sh:property [ sh:path ex:name ; sh:minCount 1 ; sh:message "A thing has a name. Mend: name it."@en ] .
ex:E a sh:NodeShape ; sh:targetClass ex:T ; sh:expression [ sh:path ex:ok ] ; sh:message "Be ok. Mend: be."@en .
""",
}
Check = Callable[..., Result]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    write(tmp_path, FILES)
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, ["check", "--data", "data", *words])


def found(result: Result) -> set[tuple[str, str, int, str]]:
    lines = json.loads(result.stdout)["findings"]
    return {(one["rule"], one["file"], one["line"], one["severity"]) for one in lines}


def test_targets_and_expressions_of_the_advanced_features_are_run(check: Check) -> None:
    result = check("--shapes", "shapes", "--only", "shapes", "--format", "json")
    assert result.exit_code == 1
    assert found(result) == {("S", "data/a.ttl", 2, "violation"), ("E", "data/a.ttl", 2, "violation")}


@pytest.mark.parametrize(
    ("file", "text", "rule", "line"),
    [
        ("shapes/r.ttl", f"{HEAD}ex:T sh:rule [ a sh:TripleRule ] .", "shape-not-understood", 3),
        ("shapes/r.ttl", f'{HEAD}ex:T sh:js [ sh:jsFunctionName "f" ] .', "shape-not-understood", 3),
        ("shapes/r.ttl", f"{HEAD}<> sh:entailment <urn:x> .", "shape-not-understood", 3),
        ("shapes/r.ttl", f"{HEAD}ex:Q sh:memberShape ex:S .", "shape-not-understood", 3),
        ("shapes/r.ttl", f"{HEAD}<> owl:imports <http://nowhere.example/> .", "import-not-found", 3),
        ("data/o.ttl", f"{HEAD}<> owl:imports <http://nowhere.example/> .", "import-not-found", 3),
        ("data/o.owl", "Ontology(<http://o.example/>)", "file-passed-over", 1),
        ("data/pom.xml", "<project/>", "file-passed-over", 1),
        ("shapes/x.shaclc", "BASE <urn:x>", "file-passed-over", 1),
        ("data/s.ttl", f"{HEAD}ex:Z a sh:NodeShape ; sh:targetClass ex:T .", "shapes-not-used", 1),
    ],
)
def test_what_is_not_understood_is_said_and_fails_when_that_is_asked_for(
    file: str, text: str, rule: str, line: int, check: Check
) -> None:
    write(Path(), {"shapes/s.ttl": HEAD, file: text})
    words = ("--shapes", "shapes", "--only", "syntax", "--only", "shapes", "--format", "json")
    result = check(*words)
    assert (result.exit_code, found(result)) == (0, {(rule, file, line, "info")})
    result = check(*words, "--strict")
    assert (result.exit_code, found(result)) == (1, {(rule, file, line, "violation")})


def test_nothing_is_said_where_all_is_understood(check: Check) -> None:
    assert check("--shapes", "shapes", "--only", "syntax", "--strict").exit_code == 0


def test_a_rule_of_our_house_is_advice_for_data_of_others(check: Check) -> None:
    write(
        Path(),
        {
            "data/a.ttl": FILES["data/a.ttl"]
            + '<urn:b> ex:n "TODO" , "x"@en ; ex:m " two  spaces", "zero\u200b width" .\n',
            "shapes/s.ttl": f"{HEAD}ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:closed false .\n"
            'ex:R a sh:NodeShape ; sh:targetClass ex:T ; sh:nodeKind sh:IRI ; sh:message "No mend."@en .\n',
        },
    )
    result = check("--shapes", "shapes", "--format", "json")
    rules = {rule for rule, _, _, _ in found(result)}
    assert {
        "placeholder",
        "text-language",
        "text-whitespace",
        "text-invisible",
        "shape-no-message",
        "shape-no-mend",
    } <= rules
    assert {severity for _, _, _, severity in found(result)} == {"info"}
    assert check("--shapes", "shapes", "--strict").exit_code == 0, "advice is understood"


def test_shapes_among_the_data_are_used(check: Check) -> None:
    write(Path(), {"data/s.ttl": FILES["shapes/s.ttl"]})
    assert {rule for rule, _, _, _ in found(check("--only", "shapes", "--format", "json"))} == {"S", "E"}


def test_copies_are_named_by_import(check: Check) -> None:
    write(Path(), {"data/j.jsonld": '{"@context": "https://c.example/", "@id": "http://ex.org/b", "@type": "T"}'})
    assert check("--only", "syntax").exit_code == 1
    write(Path(), {"copy.json": '{"@context": {"@vocab": "http://ex.org/"}}'})
    result = check("--only", "syntax", "--strict", "--import", "https://c.example/=copy.json")
    assert (result.exit_code, result.output) == (0, "2 files, 2 entities, 0 edges: no findings.\n")


@pytest.mark.parametrize("value", ["copy.json", "=copy.json", "http://x.example/=", "http://x.example/=nowhere"])
def test_an_import_that_names_no_file_is_wrong_use(value: str, check: Check) -> None:
    assert check("--import", value).exit_code == 2


def test_in_any_folder_what_git_ignores_is_passed_over_with_a_word(check: Check) -> None:
    write(Path(), {".gitignore": "node_modules\n", "node_modules/x.ttl": "junk", "pom.xml": "<project/>"})
    result = CliRunner().invoke(main, ["check", "--data", ".", "--only", "syntax"])
    assert result.exit_code == 0
    assert "node_modules/" in result.stderr
    assert "pom.xml:1:1: info [file-passed-over]" in result.stdout


def test_a_report_of_this_run_is_not_read(check: Check) -> None:
    write(Path(), {"data/report.ttl": "junk of the last run", "data/known.json": '{"@id": '})
    words = ["--only", "syntax", "--format", "turtle=data/report.ttl", "--write-baseline", "data/known.json"]
    assert check(*words).exit_code == 0
    assert check("--only", "syntax").exit_code == 0, "a report is Turtle, when somebody else made it"
    # The shell opens the file before the check begins.
    Path("data/out.ttl").write_text("")
    command = [sys.executable, "-m", "server.cli.main", "check", "--data", "data", "--only", "syntax", "--strict"]
    with Path("data/out.ttl").open("w") as out:
        code = subprocess.run([*command, "--baseline", "data/known.json"], stdout=out, check=False).returncode
    assert (code, Path("data/out.ttl").read_text()) == (0, "2 files, 1 entity, 0 edges: no findings.\n")


EMPTY_SHAPES = f"""{HEAD}ex:S a sh:NodeShape ; sh:targetClass ex:T ;
    sh:node ex:Fulll ;
    sh:not ex:Typo ;
    sh:or ( ex:Full
        ex:Ful ) ;
    sh:property [ sh:path ex:p ; sh:qualifiedMinCount 0 ;
        sh:qualifiedValueShape ex:Gone ] .
ex:Full a sh:NodeShape .
ex:A sh:targetClass ex:T ; sh:xone ( ex:Full ex:Said ) .
ex:Said <http://www.w3.org/2000/01/rdf-schema#label> "It is no shape." .
"""


def test_a_shape_that_is_nowhere_is_said_at_its_name_with_a_near_one(check: Check) -> None:
    """SHACL, section 2.1: an IRI of which nothing is said is a shape when it is named as one, and has no constraint."""
    write(Path(), {"shapes/s.ttl": EMPTY_SHAPES})
    words = ("--shapes", "shapes", "--only", "shapes", "--format", "json")
    findings = [one for one in json.loads(check(*words).stdout)["findings"] if one["rule"] == "shape-not-found"]
    lines = EMPTY_SHAPES.split("\n")
    places = {lines[one["line"] - 1][one["column"] - 1 :].split()[0]: one["mend"] for one in findings}
    assert set(places) == {"ex:Fulll", "ex:Typo", "ex:Ful", "ex:Gone", "ex:Said"}
    assert "such as ex:Full," in places["ex:Fulll"]
    assert "such as" not in places["ex:Gone"]
    assert {one["severity"] for one in findings} == {"info"}
    strict = found(check(*words, "--strict"))
    assert {severity for rule, _, _, severity in strict if rule == "shape-not-found"} == {"violation"}


def test_a_property_shape_that_is_nowhere_is_ill_formed_and_a_near_one_named(check: Check) -> None:
    """SHACL, section 2.3: a property shape has one sh:path."""
    text = f"{HEAD}ex:S a sh:NodeShape ; sh:targetClass ex:T ;\n sh:property ex:nameShap .\nex:nameShape sh:path ex:n ."
    write(Path(), {"shapes/s.ttl": text})
    [one] = json.loads(check("--shapes", "shapes", "--only", "shapes", "--format", "json").stdout)["findings"]
    assert (one["rule"], one["line"], one["column"]) == ("shape-malformed", 4, 14)
    assert "<http://ex.org/nameShape>" in one["mend"]


@pytest.mark.parametrize(
    ("holder", "is_said"),
    [
        ('ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:sparql [ sh:select "SELECT $this FROM <urn:g> { }" ] .', True),
        (
            'ex:S a sh:NodeShape ; sh:target [ a sh:SPARQLTarget ; sh:select "SELECT ?this from named <urn:g> { }" ] .',
            True,
        ),
        ('ex:V a sh:SPARQLAskValidator ; sh:ask "ASK FROM <urn:g> { ?value $PATH ?x }" .', True),
        ("ex:V sh:select '''SELECT $this { $this <urn:from> \"FROM <urn:g>\" } # FROM <urn:g>''' .", False),
    ],
)
def test_data_that_a_query_names_are_said_to_be_passed_over(holder: str, is_said: bool, check: Check) -> None:
    """SPARQL, section 13.2."""
    write(Path(), {"shapes/s.ttl": HEAD + holder})
    result = check("--shapes", "shapes", "--only", "shapes", "--format", "json")
    assert [one for one in found(result) if one[0] == "shape-from"] == (
        [("shape-from", "shapes/s.ttl", 3, "info")] if is_said else []
    )


def test_rules_alone_do_for_shapes(check: Check) -> None:
    query = "# message: It weighs too much.\n# mend: make it lighter.\nSELECT ?focus { ?focus <http://ex.org/w> 3 }\n"
    write(Path(), {"only/rules/heavy.rq": query})
    result = check("--shapes", "only", "--format", "json")
    assert result.exit_code == 1
    assert ("heavy", "data/a.ttl", 2, "violation") in found(result)
    Path("only/rules/heavy.rq").rename("only/heavy.rq")
    assert check("--shapes", "only").exit_code == 2, "it is read from rules/"
