"""Waivers: what they overlook, until when, and what is wrong with them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from server.errors import UnreadableError
from server.records.findings import Report, Severity, Stage
from server.schema.reading import schema_of
from server.turtle.reader import read_base
from server.validation.check import check
from tests.made import NAMESPACES

AF = "kb/concept/alignment-faking.ttl"
HEAD = """@prefix akb: <https://w3id.org/alignment-kb/ontology#> .
@prefix concept: <https://w3id.org/alignment-kb/concept/> .
@prefix waiver: <https://w3id.org/alignment-kb/waivers#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""
WAIVER = """waiver:faking-label a akb:Waiver ;
    akb:waives "entity-label" ;
    akb:waivesFor concept:alignment-faking ;
    akb:reason "The name is disputed."@en ;
    akb:expires "2027-06-30"^^xsd:date .
"""


@pytest.fixture
def faulty(root: Path) -> Path:
    """A base in which one entity has an empty label in German: `entity-label` and `entity-english-label`."""
    path = root / AF
    path.write_text(path.read_text().replace('"Alignment Faking"@en', '" "@de'))
    return root


def run(root: Path, waivers: str, today: str = "2027-06-30", stages: frozenset[Stage] = frozenset(Stage)) -> Report:
    (root / "shapes/waivers.ttl").write_text(HEAD + waivers)
    base = read_base(root, NAMESPACES)
    schema = schema_of(base)
    return check(base, schema, stages=stages, today=date.fromisoformat(today))


def of_waivers(report: Report) -> list[tuple[str, str, int, Severity]]:
    return [
        (one.rule, one.focus, one.line, one.severity)
        for one in report.findings
        if one.file == "shapes/waivers.ttl" and one.rule != "unused-prefix"
    ]


def test_a_waiver_overlooks_its_rule_at_its_entity_and_nothing_else(faulty: Path) -> None:
    report = run(faulty, WAIVER)
    assert {finding.rule: reason for finding, reason in report.waived.items()} == {
        "entity-label": "The name is disputed."
    }
    assert "entity-english-label" in {finding.rule for finding in report.findings}
    assert of_waivers(report) == []
    assert not report.clean


def test_a_base_is_clean_when_all_violations_are_waived(faulty: Path) -> None:
    second = WAIVER.replace("faking-label", "faking-english").replace('"entity-label"', '"entity-english-label"')
    assert run(faulty, WAIVER + second).clean


def test_a_waiver_holds_through_its_last_day_and_is_a_finding_from_the_next(faulty: Path) -> None:
    report = run(faulty, WAIVER, today="2027-07-01")
    assert report.waived == {}
    waiver = "https://w3id.org/alignment-kb/waivers#faking-label"
    assert [one[:2] for one in of_waivers(report)] == [("waiver-expired", waiver)]
    [finding] = [one for one in report.findings if one.rule == "waiver-expired"]
    assert finding.severity is Severity.VIOLATION
    assert "2027-06-30" in finding.message
    assert finding.line >= 6


def test_a_waiver_that_waives_nothing_is_a_warning_for_each_entity(faulty: Path) -> None:
    report = run(faulty, WAIVER.replace("concept:alignment-faking ;", "concept:alignment-faking, concept:nowhere ;"))
    assert [(rule, severity) for rule, _, _, severity in of_waivers(report)] == [("waiver-unused", Severity.WARNING)]
    assert "entity-label finds nothing at concept:nowhere" in next(
        one.message for one in report.findings if one.rule == "waiver-unused"
    )


def test_a_partial_check_does_not_call_a_waiver_unused(faulty: Path) -> None:
    assert of_waivers(run(faulty, WAIVER, stages=frozenset({Stage.SYNTAX}))) == []


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('    akb:waives "entity-label" ;\n', "", "waiver-rule"),
        ('"entity-label"', '"entity-label", "entity-status"', "waiver-rule"),
        ("    akb:waivesFor concept:alignment-faking ;\n", "", "waiver-focus"),
        ("concept:alignment-faking ;", '"concept:alignment-faking" ;', "waiver-focus"),
        ('    akb:reason "The name is disputed."@en ;\n', "", "waiver-reason"),
        ('"The name is disputed."@en', '"ok"@en', "waiver-reason"),
        (' ;\n    akb:expires "2027-06-30"^^xsd:date .', " .", "waiver-expiry"),
        ('"2027-06-30"^^xsd:date', '"next year"', "waiver-expiry"),
        ("waiver:faking-label a", "[] a", "Waiver"),
    ],
)
def test_a_waiver_that_is_not_whole_waives_nothing_and_is_a_violation(
    old: str, new: str, rule: str, faulty: Path
) -> None:
    assert old in WAIVER
    report = run(faulty, WAIVER.replace(old, new))
    assert report.waived == {}
    assert {(name, severity) for name, _, _, severity in of_waivers(report)} == {(rule, Severity.VIOLATION)}
    assert all(one.mend for one in report.findings if one.file == "shapes/waivers.ttl")


def test_waivers_that_are_not_turtle_cannot_be_read(faulty: Path) -> None:
    with pytest.raises(UnreadableError, match=r"shapes/waivers\.ttl:6"):
        run(faulty, "waiver:x a")
