"""A baseline: what is written is read again, one finding a line, and anything else is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.records.findings import Finding, Report
from server.validation.baseline import baseline_text, read_baseline
from server.validation.policy import judge

TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
FINDINGS = st.builds(
    Finding, file=TEXTS, line=st.integers(0), column=st.integers(0), focus=TEXTS, label=TEXTS, rule=TEXTS,
    message=TEXTS, mend=TEXTS,
)  # fmt: skip


def test_all_that_was_written_is_known_when_it_is_read(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("baseline") / "known.json"

    @given(st.lists(FINDINGS, max_size=6, unique=True))
    def holds(findings: list[Finding]) -> None:
        report = Report(tuple(sorted(findings)), 1, 1, 1)
        path.write_text(baseline_text(judge(report)), encoding="utf-8")
        read = read_baseline(path)
        assert not isinstance(read, Finding)
        verdict = judge(report, baseline=read)
        assert {judged.standing for judged in verdict.judged} <= {"known"}
        assert verdict.mended == ()

    holds()


def test_a_new_finding_is_one_more_line_and_waived_ones_are_left_out() -> None:
    findings = [Finding("kb/a.ttl", n, 1, f"concept:{n}", "", "r", "m", "x") for n in range(5)]
    four = baseline_text(judge(Report(tuple(findings[:4]), 1, 1, 1)))
    five = baseline_text(judge(Report(tuple(findings), 1, 1, 1)))
    assert len(set(five.splitlines()) - set(four.splitlines())) <= 2, "the new line, and the comma before it"
    waived = Report(tuple(findings), 1, 1, 1, {findings[4]: "Because."})
    assert baseline_text(judge(waived)) == four


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", (1, 1)),
        ('{"version": 2,\n "findings": [}', (2, 15)),
        ("[]", (1, 1)),
        ("{}", (1, 1)),
        ('{"version": 1, "findings": []}', (1, 1)),
        ('{"version": 2, "findings": [{"rule": 1}]}', (1, 1)),
        ('{"version": 2}', (1, 1)),
        ("\0", (1, 1)),
        ("[" * 100_000, (1, 1)),
    ],
)
def test_what_is_no_baseline_is_a_finding_with_place_and_mend(
    text: str, place: tuple[int, int], tmp_path: Path
) -> None:
    path = tmp_path / "known.json"
    path.write_text(text, encoding="utf-8")
    found = read_baseline(path)
    assert isinstance(found, Finding)
    assert (found.file, found.line, found.column) == (str(path), *place)
    assert found.blocks
    assert f"--write-baseline {path}" in found.mend


def test_a_missing_or_binary_baseline_is_a_finding(tmp_path: Path) -> None:
    missing = read_baseline(tmp_path / "none.json")
    assert isinstance(missing, Finding)
    assert "No such file" in missing.message
    (tmp_path / "b.json").write_bytes(b"\xff\xfe{}")
    binary = read_baseline(tmp_path / "b.json")
    assert isinstance(binary, Finding)
    assert binary.blocks
