"""What is new, known, waived and mended; and that a finding is known again when lines move."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from server.records.findings import Finding, Report, Severity
from server.records.policy import Known, Standing
from server.validation.policy import fingerprints, judge

ONE = Finding("kb/a.ttl", 3, 1, "concept:a", "A", "entity-label", "No label.", "add one.")
WARNING = replace(ONE, rule="note-short", severity=Severity.WARNING)
INFO = replace(ONE, rule="no-doi", severity=Severity.INFO)


def prints(*findings: Finding) -> list[str]:
    return [fingerprint for _, fingerprint in fingerprints(findings)]


def report(*findings: Finding, waived: dict[Finding, str] | None = None) -> Report:
    return Report(tuple(sorted(findings)), 1, 1, 0, waived or {})


def remembered(finding: Finding) -> Known:
    [fingerprint] = prints(finding)
    return Known(fingerprint, finding.rule, finding.focus, finding.file, finding.message)


@given(st.integers(0, 10**6), st.integers(0, 10**4), st.text(), st.sampled_from(Severity))
def test_a_fingerprint_survives_a_moved_line_a_new_label_and_another_mend(
    line: int, column: int, text: str, severity: Severity
) -> None:
    moved = replace(ONE, line=line, column=column, label=text, mend=text, severity=severity, file="kb/b.ttl")
    assert prints(moved) == prints(ONE)


def test_a_fingerprint_tells_findings_apart() -> None:
    others = [
        replace(ONE, rule="entity-status"),
        replace(ONE, focus="concept:b"),
        replace(ONE, message="Another."),
        replace(ONE, focus="", file="kb/b.ttl"),
        replace(ONE, focus="", file="kb/c.ttl"),
    ]
    assert len({*prints(ONE), *(one for other in others for one in prints(other))}) == 6


def test_findings_that_are_alike_are_told_apart_by_their_order() -> None:
    twice = prints(ONE, replace(ONE, line=9))
    assert len(set(twice)) == 2
    assert prints(ONE)[0] in twice
    assert prints(replace(ONE, line=5), replace(ONE, line=12)) == twice


def test_without_a_baseline_everything_is_new_and_nothing_is_mended() -> None:
    verdict = judge(report(ONE, WARNING))
    assert [judged.standing for judged in verdict.judged] == [Standing.NEW, Standing.NEW]
    assert (verdict.mended, verdict.has_baseline, verdict.failed) == ((), False, True)


def test_a_known_finding_passes_a_new_one_fails_and_a_mended_one_is_reported() -> None:
    gone = remembered(replace(ONE, focus="concept:gone"))
    verdict = judge(report(replace(ONE, line=40)), baseline=[remembered(ONE), gone])
    assert [judged.standing for judged in verdict.judged] == [Standing.KNOWN]
    assert verdict.mended == (gone,)
    assert not verdict.failed
    assert judge(report(ONE, replace(ONE, focus="concept:new")), baseline=[remembered(ONE)]).failed


def test_a_check_that_left_something_out_calls_nothing_mended() -> None:
    assert judge(report(), baseline=[remembered(ONE)], is_whole=False).mended == ()


def test_fail_on_is_the_least_severity_that_fails() -> None:
    for findings, failing in (
        ((INFO,), {Severity.INFO}),
        ((WARNING,), {Severity.INFO, Severity.WARNING}),
        ((ONE,), set(Severity)),
        ((), set()),
    ):
        for fail_on in Severity:
            assert judge(report(*findings), fail_on=fail_on).failed == (fail_on in failing), (findings, fail_on)


def test_a_waived_finding_passes_and_says_why() -> None:
    verdict = judge(report(ONE, waived={ONE: "It follows."}))
    assert [(judged.standing, judged.reason) for judged in verdict.judged] == [(Standing.WAIVED, "It follows.")]
    assert not verdict.failed
