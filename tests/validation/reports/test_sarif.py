"""SARIF 2.1.0: valid by its schema, and holding what code scanning reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from server.records.policy import Verdict
from server.validation.reports.sarif import render

SCHEMA = Path(__file__).parent / "schemas" / "sarif-2.1.0-rtm.5.json"


@pytest.fixture(scope="module")
def schema() -> Draft4Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft4Validator.check_schema(schema)
    return Draft4Validator(schema, format_checker=Draft4Validator.FORMAT_CHECKER)


def run_of(verdict: Verdict) -> dict[str, Any]:
    [run] = json.loads(render(verdict))["runs"]
    return run


def test_any_verdict_is_valid(schema: Draft4Validator, verdicts: st.SearchStrategy[Verdict]) -> None:
    @given(verdicts)
    def holds(verdict: Verdict) -> None:
        schema.validate(json.loads(render(verdict)))

    holds()


def test_the_schema_would_refuse_what_is_wrong(schema: Draft4Validator, verdict: Verdict) -> None:
    document = json.loads(render(verdict))
    document["runs"][0]["results"][0]["level"] = "violation"
    assert not schema.is_valid(document)


def test_a_result_has_its_place_in_characters_from_1(verdict: Verdict) -> None:
    run = run_of(verdict)
    assert run["columnKind"] == "unicodeCodePoints"
    results = {result["ruleId"]: result for result in run["results"] if result.get("baselineState") != "absent"}
    [location] = results["note-short"]["locations"]
    assert location["physicalLocation"]["region"] == {"startLine": 9, "startColumn": 7}
    assert location["logicalLocations"] == [{"fullyQualifiedName": "edge:8c1f20aa31", "name": "edge:8c1f20aa31"}]
    [location] = results["edge-note"]["locations"]
    assert location["physicalLocation"]["region"] == {"startLine": 9}, "a finding without a column is its whole line"
    [location] = results["syntax"]["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "kb/paper/a%20b%2Cc%3Ad%25.ttl", "3.4.3: a URI"
    [location] = results["contradiction"]["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == ".", "GitHub refuses a result without a place"


def test_each_result_names_a_rule_that_is_listed_with_help(verdict: Verdict) -> None:
    run = run_of(verdict)
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules) == 6
    for result in run["results"]:
        rule = rules[result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert rule["shortDescription"]["text"]
    assert {rule["id"]: rule["help"]["text"] for rule in rules}["no-doi"] == "To fix it: look it up."


def test_levels_states_and_suppressions(verdict: Verdict, clean: Verdict) -> None:
    results = {(one["ruleId"], one["baselineState"]): one for one in run_of(verdict)["results"]}
    assert {key: one["level"] for key, one in results.items()} == {
        ("contradiction", "new"): "error",
        ("entity-label", "unchanged"): "error",
        ("edge-note", "unchanged"): "error",
        ("note-short", "new"): "warning",
        ("syntax", "new"): "error",
        ("no-doi", "new"): "note",
        ("entity-label", "absent"): "none",
    }
    [suppression] = results["edge-note", "unchanged"]["suppressions"]
    assert suppression["justification"] == "The note is a quote."
    assert "suppressions" not in results["note-short", "new"]
    assert run_of(clean)["results"] == []


def test_the_fingerprint_is_that_of_the_finding_and_the_one_that_github_compares(verdict: Verdict) -> None:
    prints = [result["partialFingerprints"] for result in run_of(verdict)["results"]]
    assert sorted(one["akb/v2"] for one in prints[:-1]) == sorted(judged.fingerprint for judged in verdict.judged)
    assert all(one["primaryLocationLineHash"] == one["akb/v2"] + ":1" for one in prints)
