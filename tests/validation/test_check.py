"""A check as a whole: its stages, and that one bad file does not hide the rest. test_faults.py holds the rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.records.findings import Report, Severity, Stage
from server.schema.reading import schema_of
from server.turtle.reader import read_base
from server.validation.check import ALL_STAGES, check
from tests.faults.corpus import faults, lay_out
from tests.made import NAMESPACES, record

PAPER = "kb/paper/alignment-faking-in-llms.ttl"
QUOTE = "kb/quote/prediction-does-not-rule-out-faking.ttl"
CLAIM = "kb/claim/setup-functions-as-jailbreak.ttl"
BEFORE_LINT = (Stage.SYNTAX, Stage.SHAPES, Stage.RULES, Stage.CONSISTENCY)


def run(root: Path, *stages: Stage) -> Report:
    base = read_base(root, NAMESPACES)
    return check(base, schema_of(base), stages=stages or ALL_STAGES)


def test_a_clean_base_is_clean_and_counted(root: Path) -> None:
    """That of this repository is checked by tests/test_knowledge.py."""
    report = run(root)
    assert report.clean, report.findings
    assert report.files == report.entities + len(list((root / "kb" / "review").iterdir())) >= 63
    assert report.edges >= 121


def test_one_bad_file_does_not_hide_the_faults_of_the_others(root: Path) -> None:
    (root / CLAIM).write_text("not turtle")
    paper = root / PAPER
    paper.write_text(paper.read_text().replace('"10.48550/arXiv.2412.14093"', '"https://doi.org/10.48550/x"'))
    assert {"syntax", "work-doi"} <= {finding.rule for finding in run(root).findings}


@pytest.mark.parametrize("folder", ["ontology", "shapes"])
def test_a_bad_file_of_the_ontology_or_the_shapes_is_the_only_finding(folder: str, tmp_path: Path) -> None:
    """Of a clean base no shape is violated: which class lies under which is not known then, and nothing is guessed."""
    root = tmp_path / "base"
    lay_out(root, None)
    name = "akb.ttl" if folder == "ontology" else "paper.ttl"
    (root / folder / name).write_text("not turtle")
    base = read_base(root, NAMESPACES, is_tolerant=True)
    report = check(base, schema_of(base), stages=(Stage.SYNTAX, Stage.SHAPES))
    assert [(one.file, one.rule, one.blocks) for one in report.findings] == [(f"{folder}/{name}", "syntax", True)]


def test_what_a_draft_violates_is_a_warning(root: Path) -> None:
    """A draft that `akb new` leaves has no definition yet, and must not stop the work on everything else."""
    path = root / "kb/concept/not-yet.ttl"
    path.write_text(record("concept:not-yet", "akb:Concept").replace('"Made by a test, as not yet."', '""'))
    active = run(root, Stage.SHAPES)
    path.write_text(path.read_text().replace("akbv:active", "akbv:draft"))
    draft = run(root, Stage.SHAPES)
    assert (active.clean, draft.clean) == (False, True)
    assert draft.unfinished == {NAMESPACES.expand("concept:not-yet")}
    assert {finding.severity for finding in draft.findings} == {Severity.WARNING}
    assert all(finding.mend.endswith("the draft stays out of the release.") for finding in draft.findings)
    assert {finding.rule for finding in active.findings} == {finding.rule for finding in draft.findings} != set()


def test_an_entity_whose_file_cannot_be_read_is_not_missing(root: Path) -> None:
    """Else one slip in a paper would be a finding at every edge that cites it."""
    for path in (PAPER, CLAIM):
        with (root / path).open("a") as file:
            file.write("\nparper:x a")
    (root / QUOTE).unlink()
    findings = run(root, *BEFORE_LINT).findings
    assert {finding.file for finding in findings if finding.rule == "syntax"} == {PAPER, CLAIM}
    others = {finding.message for finding in findings if finding.rule not in {"syntax", "dangling-end"}}
    assert others == set()
    assert all("quote:" in finding.message for finding in findings if finding.rule == "dangling-end")


def test_stages_can_be_left_out(tmp_path: Path) -> None:
    root = tmp_path / "base"
    lay_out(root, next(fault for fault in faults() if fault.name == "edge-to-another-class"))
    (root / "kb/artifact/boat-race.ttl").write_text("not turtle")
    rules = {stage: {finding.rule for finding in run(root, stage).findings} for stage in BEFORE_LINT}
    assert rules == {
        Stage.SYNTAX: {"syntax"},
        Stage.SHAPES: {"answers-subject", "answers-object"},
        Stage.RULES: set(),
        Stage.CONSISTENCY: {"contradiction"},
    }
    base = read_base(root, NAMESPACES)
    assert check(base, schema_of(base), stages=()).findings == ()
