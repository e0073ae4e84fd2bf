"""The syntax rules of SHACL (appendix A), one by one.

What breaks one is found at its place and left out, and all else is checked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import SH

from server.cli.main import main
from server.records.engines import Engine
from server.records.findings import Finding
from server.turtle.parsing import graph_of
from server.validation.engines.exact import TERMS
from server.validation.reports.formats import FORMATS
from server.validation.shacl import Asking
from server.validation.shape_parameters import RULES
from server.validation.shape_syntax import circles, faults_of, well_formed
from tests.thorough import examples
from tests.validation.asked import HEAD, LINES, file_of, found

# « is before what is wrong.
ILL_FORMED = [
    ("targetClass-nodeKind", "sh:targetClass", ":x sh:targetClass «\"A\" ."),
    ("targetNode-nodeKind", "sh:targetNode", ":x sh:targetNode «[ ] ."),
    ("targetSubjectsOf-nodeKind", "sh:targetSubjectsOf", ":x sh:targetSubjectsOf «1 ."),
    ("targetObjectsOf-nodeKind", "sh:targetObjectsOf", ":x sh:targetObjectsOf «[ ] ."),
    ("severity-nodeKind", "sh:severity", ":x sh:targetNode :a ; sh:class :A ; sh:severity «\"bad\" ."),
    ("severity-maxCount", "sh:severity", ":x sh:targetNode :a ; sh:class :A ; sh:severity sh:Info , «sh:Warning ."),
    ("message-datatype", "sh:message", ":x sh:targetNode :a ; sh:class :A ; sh:message «1 ."),
    ("deactivated-datatype", "sh:deactivated", ":x sh:targetNode :a ; sh:class :A ; sh:deactivated «\"true\" ."),
    ("path-maxCount", "sh:path", ":x sh:targetNode :a ; sh:property [ sh:path :p , «:q ; sh:minCount 1 ] ."),
    ("path-node", "sh:path", ":x sh:targetNode :a ; sh:property [ sh:path «\"p\" ; sh:minCount 1 ] ."),
    ("path-sequence", "sh:path", ":x sh:targetNode :a ; sh:property [ sh:path «( :p ) ; sh:minCount 1 ] ."),
    ("path-alternative", "sh:path", ":x sh:targetNode :a ; sh:property [ sh:path «[ sh:alternativePath :p ] ] ."),
    ("path-inverse", "sh:path", ":x sh:targetNode :a ; sh:property [ sh:path «[ sh:inversePath 1 ] ] ."),
    ("path-metarule", "sh:path", ":x sh:targetNode :a ; sh:property [ sh:path «_:p ] .\n_:p sh:inversePath _:p ."),
    ("PropertyShape", "sh:path", ":x sh:targetNode :a ; sh:property «[ sh:minCount 1 ] ."),
    ("PropertyShape-type", "sh:path", "«:x a sh:PropertyShape ; sh:targetNode :a ; sh:class :A ."),
    ("NodeShape-path-maxCount", "sh:path", ":x a sh:NodeShape ; sh:targetNode :a ; sh:path «:p ; sh:minCount 1 ."),
    ("class-nodeKind", "sh:class", ":x sh:targetNode :a ; sh:class «\"A\" ."),
    ("datatype-nodeKind", "sh:datatype", ":x sh:targetNode :a ; sh:property [ sh:path :p ; sh:datatype «\"d\" ] ."),
    ("datatype-maxCount", "sh:datatype", ":x sh:targetNode :a ; sh:datatype xsd:date , «xsd:time ."),
    ("nodeKind-in", "sh:nodeKind", ":x sh:targetNode :a ; sh:nodeKind «sh:Iri ."),
    ("minCount-datatype", "sh:minCount", ":x sh:targetNode :a ; sh:property [ sh:path :p ; sh:minCount «\"one\" ] ."),
    ("minCount-lexical", "sh:minCount", ':x sh:property [ sh:path :p ; sh:minCount «"one"^^xsd:integer ] .'),
    ("minCount-scope", "sh:minCount", ":x sh:targetNode :a ; sh:minCount «1 ."),
    ("maxCount-datatype", "sh:maxCount", ":x sh:targetNode :a ; sh:property [ sh:path :p ; sh:maxCount «1.0 ] ."),
    ("maxCount-scope", "sh:maxCount", ":x sh:targetNode :a ; sh:maxCount «1 ."),
    ("minExclusive-nodeKind", "sh:minExclusive", ":x sh:targetNode :a ; sh:minExclusive «:n ."),
    ("maxInclusive-maxCount", "sh:maxInclusive", ":x sh:targetNode :a ; sh:maxInclusive 1 , «2 ."),
    ("minLength-datatype", "sh:minLength", ":x sh:targetNode :a ; sh:minLength «\"3\" ."),
    ("maxLength-datatype", "sh:maxLength", ":x sh:targetNode :a ; sh:maxLength «true ."),
    ("pattern-datatype", "sh:pattern", ":x sh:targetNode :a ; sh:pattern «1 ."),
    ("pattern", "sh:pattern", ":x sh:targetNode :a ; sh:property [ sh:path :p ; sh:pattern «\"[a-\" ] ."),
    ("pattern-nested", "sh:pattern", f":x sh:targetNode :a ; sh:pattern «\"{'(' * 300}\" ."),
    ("flags", "sh:flags", ":x sh:targetNode :a ; sh:pattern \"a\" ; sh:flags «\"z\" ."),
    ("flags-datatype", "sh:flags", ":x sh:targetNode :a ; sh:pattern \"a\" ; sh:flags «1 ."),
    ("languageIn-node", "sh:languageIn", ":x sh:targetNode :a ; sh:languageIn «\"en\" ."),
    ("languageIn-members", "sh:languageIn", ":x sh:targetNode :a ; sh:languageIn «( :en ) ."),
    ("uniqueLang-datatype", "sh:uniqueLang", ":x sh:property [ sh:path :p ; sh:uniqueLang «\"yes\" ] ."),
    ("uniqueLang-scope", "sh:uniqueLang", ":x sh:targetNode :a ; sh:uniqueLang «true ."),
    ("equals-nodeKind", "sh:equals", ":x sh:targetNode :a ; sh:equals «\"p\" ."),
    ("disjoint-nodeKind", "sh:disjoint", ":x sh:targetNode :a ; sh:disjoint «[ ] ."),
    ("lessThan-nodeKind", "sh:lessThan", ":x sh:property [ sh:path :p ; sh:lessThan «1 ] ."),
    ("lessThan-scope", "sh:lessThan", ":x sh:targetNode :a ; sh:lessThan «:p ."),
    ("lessThanOrEquals-scope", "sh:lessThanOrEquals", ":x sh:targetNode :a ; sh:lessThanOrEquals «:p ."),
    ("not-node", "sh:not", ":x sh:targetNode :a ; sh:not «\"s\" ."),
    ("and-node", "sh:and", ":x sh:targetNode :a ; sh:and «:s ."),
    ("or-node", "sh:or", ":x sh:targetNode :a ; sh:or «[ sh:class :A ] ."),
    ("or-members", "sh:or", ":x sh:targetNode :a ; sh:or «( \"s\" ) ."),
    ("xone-node", "sh:xone", ":x sh:targetNode :a ; sh:xone «\"s\" ."),
    ("xone-circular", "sh:xone", ":x sh:targetNode :a ; sh:xone «_:l .\n_:l rdf:first :s ; rdf:rest _:l ."),
    ("node-node", "sh:node", ":x sh:targetNode :a ; sh:node «\"s\" ."),
    ("property-node", "sh:property", ":x sh:targetNode :a ; sh:property «\"s\" ."),
    ("qualifiedMinCount-datatype", "sh:qualifiedMinCount",
     ":x sh:property [ sh:path :p ; sh:qualifiedValueShape [ sh:class :A ] ; sh:qualifiedMinCount «\"1\" ] ."),
    ("closed-datatype", "sh:closed", ":x sh:targetNode :a ; sh:closed «\"true\" ."),
    ("ignoredProperties-node", "sh:ignoredProperties", ":x sh:closed true ; sh:ignoredProperties «:p ."),
    ("in-node", "sh:in", ":x sh:targetNode :a ; sh:property [ sh:path :p ; sh:in «\"a\" ] ."),
    ("in-maxCount", "sh:in", ":x sh:targetNode :a ; sh:in ( 1 ) , «( 2 ) ."),
    ("sparql-node", "sh:sparql", ":x sh:targetNode :a ; sh:sparql «\"SELECT\" ."),
    ("select-count", "sh:select", ":x sh:targetNode :a ; sh:sparql «[ sh:message \"m\" ] ."),
    ("select-datatype", "sh:select", ":x sh:targetNode :a ; sh:sparql [ sh:select «1 ] ."),
    ("select-syntax", "sh:select", ":x sh:targetNode :a ; sh:sparql [ sh:select «\"SELECT $this WHERE {\" ] ."),
    ("select-prefix", "sh:select",
     ":x sh:targetNode :a ; sh:sparql [ sh:select «\"SELECT $this WHERE { $this nope:p ?x }\" ] ."),
    ("select-service", "sh:select",
     ":x sh:targetNode :a ; sh:sparql [ sh:select «\"SELECT $this WHERE { SERVICE <urn:s> { ?a ?b ?c } }\" ] ."),
    ("select-service-behind", "sh:select",
     ":x sh:targetNode :a ; sh:sparql [ sh:select «\"SELECT $this { FILTER(1 < 2) SERVICE <urn:s> {} }\" ] ."),
    ("pre-binding-minus", "sh:select",
     ":x sh:targetNode :a ; sh:sparql [ sh:select «\"SELECT $this { $this ?p ?o MINUS { $this :q ?o } }\" ] ."),
    ("pre-binding-values", "sh:select",
     ":x sh:targetNode :a ; sh:sparql [ sh:select «\"SELECT $this { VALUES ?o { 1 } $this ?p ?o }\" ] ."),
    ("select-this", "sh:select", ":x sh:targetNode :a ; sh:sparql [ sh:select «\"SELECT ?x { ?x ?y ?z }\" ] ."),
    ("select-form", "sh:select", ":x sh:targetNode :a ; sh:sparql [ sh:select «\"ASK { $this ?y ?z }\" ] ."),
    ("prefixes", "sh:prefixes",
     ":x sh:targetNode :a ; sh:sparql [ sh:prefixes «1 ; sh:select \"SELECT $this { $this ?y ?z }\" ] ."),
    ("minLength-negative", "sh:minLength", ":x sh:targetNode :a ; sh:minLength «-1 ."),
    ("maxCount-negative", "sh:maxCount", ":x sh:property [ sh:path :p ; sh:maxCount «-1 ] ."),
    ("or-empty", "sh:or", ":x sh:targetNode :a ; sh:or «() ."),
    ("in-circular", "sh:in", ":x sh:targetNode :a ; sh:in «_:l .\n_:l rdf:first 1 ; rdf:rest _:l ."),
    ("path-circular", "sh:path",
     ":x sh:property [ sh:path «_:p ; sh:minCount 1 ] .\n_:p rdf:first :p ; rdf:rest _:p ."),
    ("qualified-without-shape", "sh:qualifiedMinCount", ":x sh:property [ sh:path :p ; sh:qualifiedMinCount «1 ] ."),
    ("qualified-without-count", "sh:qualifiedValueShape",
     ":x sh:targetNode :a ; sh:property [ sh:path :p ; sh:qualifiedValueShape «[ sh:class :A ] ] ."),
    ("target-service", "sh:select",
     ":x sh:target [ a sh:SPARQLTarget ; sh:select «\"SELECT ?this { SERVICE <urn:s> { } }\" ] ; sh:class :A ."),
    ("target-syntax", "sh:select", ":x sh:target [ a sh:SPARQLTarget ; sh:select «\"SELEC\" ] ; sh:class :A ."),
    ("function-syntax", "sh:select", ":x a sh:SPARQLFunction ; sh:returnType xsd:integer ; sh:select «\"SELECT 1\" ."),
    ("parameter-count", "sh:parameter", "«:x a sh:ConstraintComponent ; sh:validator [ sh:ask \"ASK {}\" ] ."),
    ("parameter-path", "sh:parameter",
     ":x a sh:ConstraintComponent ; sh:parameter «\"m\" ; sh:validator [ sh:ask \"ASK {}\" ] .\n:y :m 1 ."),
    ("validator-count", "sh:validator",
     "«:x a sh:ConstraintComponent ; sh:parameter [ sh:path :k ] .\n:y sh:targetNode :a ; :k 1 ."),
    ("ask-syntax", "sh:ask",
     ":x a sh:ConstraintComponent ; sh:parameter [ sh:path :l ] ; sh:validator [ sh:ask «\"ASK {\" ] .\n:y :l 1 ."),
]  # fmt: skip
OTHER = "\n:Other sh:targetNode :a ; sh:property [ sh:path :p ; sh:maxCount 1 ] ."
"""A shape that finds one thing in DATA, whatever else there is."""
DATA = ":a :p 1 , 2 ."
IDS = [name for name, _, _ in ILL_FORMED]


@pytest.mark.parametrize(("name", "parameter", "shape"), ILL_FORMED, ids=IDS)
def test_what_breaks_a_rule_is_found_at_its_place_and_the_rest_is_checked(
    name: str, parameter: str, shape: str
) -> None:
    findings = found(DATA, shape.replace("«", "") + OTHER)
    before = shape.partition("«")[0]
    place = (LINES + 1 + before.count("\n"), len(before.rpartition("\n")[2]) + 1)
    faults = [one for one in findings if one.rule == "shape-malformed"]
    assert (parameter, *place) in {(one.message.split()[0], one.line, one.column) for one in faults}, faults
    assert all(one.blocks and one.mend and one.file == "shapes.ttl" for one in faults)
    assert "MaxCountConstraintComponent" in components(findings), "the other findings are there"


def components(findings: list[Finding]) -> set[str]:
    return {one.constraint.component.partition("#")[2] for one in findings if one.constraint}


@pytest.mark.parametrize(("name", "parameter", "shape"), ILL_FORMED, ids=IDS)
def test_what_breaks_a_rule_stops_no_other_stage(
    name: str, parameter: str, shape: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each stage reads the shapes in a way of its own, and the whole command says the fault in the same words."""
    (tmp_path / "data.ttl").write_text(HEAD + DATA)
    (tmp_path / "shapes.ttl").write_text(HEAD + shape.replace("«", "") + OTHER)
    monkeypatch.chdir(tmp_path)
    words = ["check", "--data", "data.ttl", "--shapes", "shapes.ttl", "--skip", "lint", "--format", "json"]
    results = [CliRunner().invoke(main, words) for _ in range(2)]
    assert [one.exit_code for one in results] == [3, 3]
    assert results[0].stdout == results[1].stdout, "no label of a blank node is said"
    assert "shape-malformed" in results[0].stdout


@pytest.mark.parametrize("engine", [Engine.FAST, Engine.REFERENCE])
def test_what_is_left_of_all_of_them_at_once_is_well_formed(engine: Engine) -> None:
    """Whatever the engine would have said of them."""
    shapes = "\n".join(
        re.sub(r"_:(\w)", rf"_:n{number}\1", shape.replace("«", "").replace(":x ", f":x{number} ", 1))
        for number, (_, _, shape) in enumerate(ILL_FORMED)
    )
    graph = graph_of(file_of("shapes.ttl", shapes + OTHER).ntriples)
    assert faults_of(well_formed(graph, faults_of(graph))) == []
    findings = found(DATA, shapes + OTHER, Asking(engine))
    assert not {one.rule for one in findings} & {"shape-unusable"}
    assert "Other" in {one.rule for one in findings}


def test_every_term_of_shacl_core_has_its_rule() -> None:
    assert {*TERMS} - {*RULES} == {SH.path, SH.hasValue}, "the one has rules of its own, and the other may be any term"


def test_well_formed_shapes_stay_the_same_graph() -> None:
    graph = graph_of(file_of("shapes.ttl", OTHER).ntriples)
    assert well_formed(graph, faults_of(graph)) is graph


def test_a_switch_that_is_not_the_term_true_is_off() -> None:
    """SHACL, section 4.4.5: `sh:uniqueLang true`; "1"^^xsd:boolean is another term."""
    shapes = ":S sh:targetNode :a ; sh:property [ sh:path :p ; sh:uniqueLang {} ] ."
    data = ':a :p "a"@en , "b"@en .'
    assert found(data, shapes.format('"1"^^xsd:boolean')) == []
    assert len(found(data, shapes.format("true"))) == 1


@settings(max_examples=examples(40))
@given(st.integers(1, 400), st.sampled_from(["sh:inversePath", "sh:zeroOrMorePath"]))
def test_a_path_of_any_depth_is_followed_or_refused(depth: int, kind: str) -> None:
    path = f"[ {kind} " * depth + ":p" + " ]" * depth
    findings = found(DATA, f":S sh:targetNode :a ; sh:property [ sh:path {path} ; sh:nodeKind sh:Literal ] ." + OTHER)
    assert "MaxCountConstraintComponent" in components(findings)
    assert {one.rule for one in findings if one.blocks} <= {"shape-malformed", "shape-unusable"}
    if depth > 16:
        assert "shape-malformed" in {one.rule for one in findings}


# ---- recursion and depth (SHACL, section 3.4.3) -----------------------------------------------------------


def test_a_shape_that_refers_to_itself_is_found_where_it_does() -> None:
    shapes = ":S sh:targetNode :a ; sh:node :T .\n:T sh:not [ sh:not :S ] ." + OTHER
    findings = found(DATA, shapes)
    recursive = [one for one in findings if one.rule == "shape-recursive"]
    assert {(one.line - LINES, one.column) for one in recursive} >= {(1, 31), (2, 11)}
    assert all(one.blocks for one in recursive)
    assert "MaxCountConstraintComponent" in components(findings)


def test_a_reference_that_no_node_follows_round_is_no_fault() -> None:
    shapes = ":S sh:targetNode :a ; sh:property [ sh:path :next ; sh:node :S ; sh:minCount 0 ] ." + OTHER
    assert {one.rule for one in found(DATA, shapes)} == {"Other"}
    graph = graph_of(file_of("shapes.ttl", shapes).ntriples)
    assert list(circles(graph)), "it could be one"


def test_more_shapes_within_each_other_than_may_be_are_said_and_may_be_allowed() -> None:
    depth = 30
    chain = "".join(f":S{number} sh:not :S{number + 1} .\n" for number in range(depth))
    shapes = f':S0 sh:targetNode :a ; sh:pattern "x" ; sh:flags "i" .\n{chain}:S{depth} sh:class :A .' + OTHER
    few, enough = (found(DATA, shapes, Asking(max_depth=most)) for most in (10, 50))
    [stopped] = [one for one in few if one.blocks]
    assert stopped.rule == "shape-unusable"
    assert "--max-depth" in stopped.mend
    assert (stopped.line - LINES, stopped.column) == (1, 1)
    assert "Other" in {one.rule for one in few}
    assert not [one for one in enough if one.blocks]


def test_of_many_shapes_those_that_stop_the_engine_are_found_and_the_others_used() -> None:
    bad = {3, 4, 11}
    query = "SELECT $this WHERE {{ $this ?p ?o {} }}"
    shapes = "\n".join(
        f':S{number} sh:targetNode :a ; sh:sparql [ sh:message "m" ; sh:select "'
        f'{query.format(". $this ?service ?c" if number in bad else "")}" ] .'
        for number in range(12)
    )
    findings = found(DATA, shapes)
    # The engine takes the word for a call, wherever it is.
    assert {one.focus for one in findings if one.rule == "shape-unusable"} == {f":S{number}" for number in bad}
    assert {one.rule for one in findings if one.constraint} == {f"S{number}" for number in set(range(12)) - bad}


# ---- the command ------------------------------------------------------------------------------------------

Run = Callable[..., Result]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `akb check` on `data.ttl` and `shapes.ttl`, of which the latter has a fault."""
    (tmp_path / "data.ttl").write_text(HEAD + DATA)
    (tmp_path / "shapes.ttl").write_text(HEAD + ':x sh:targetNode :a ; sh:class "A" .' + OTHER)
    monkeypatch.chdir(tmp_path)
    words = ("check", "--data", "data.ttl", "--shapes", "shapes.ttl", "--only", "shapes")
    return lambda *more: CliRunner().invoke(main, [*words, *more])


def test_it_exits_with_3_and_every_report_is_written(check: Run, tmp_path: Path) -> None:
    formats = [f"--format={name}={name}.out" for name in FORMATS]
    result = check(*formats)
    assert result.exit_code == 3
    for name in FORMATS:
        written = (tmp_path / f"{name}.out").read_text()
        assert "shape-malformed" in written or name == "turtle", name
        assert "Other" in written, name
    [run] = json.loads((tmp_path / "sarif.out").read_text())["runs"]
    assert run["invocations"] == [{"executionSuccessful": False}]


def test_a_fault_of_a_shape_that_is_known_does_not_stop_a_check(check: Run) -> None:
    assert check("--write-baseline", "known.json").exit_code == 0
    assert check("--baseline", "known.json").exit_code == 0


def test_a_waiver_of_it_holds_too(check: Run, tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    (tmp_path / "shapes.ttl").rename(folder / "shapes.ttl")
    (folder / "waivers.ttl").write_text(
        HEAD
        + "@prefix akb: <https://w3id.org/alignment-kb/ontology#> .\n"
        ':w a akb:Waiver ; akb:waives "shape-malformed" , "Other" ; akb:waivesFor :x ;\n'
        'akb:reason "It is theirs."@en ; akb:expires "2999-01-01"^^xsd:date .'.replace(' , "Other"', "")
    )
    words = ["check", "--data", "data.ttl", "--shapes", "rules", "--only", "shapes", "--format", "json"]
    result = CliRunner().invoke(main, words)
    standings = {one["rule"]: one["standing"] for one in json.loads(result.stdout)["findings"]}
    assert standings["shape-malformed"] == "waived"
    assert result.exit_code == 1
