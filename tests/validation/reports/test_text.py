"""The report for a terminal: lines that editors can follow, and nothing that steers the terminal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.records.policy import Verdict
from server.validation.reports.text import render


def test_the_report_as_a_whole(verdict: Verdict) -> None:
    assert render(verdict) == (
        "violation [contradiction] All of it is at odds.\n"
        "  mend: take one back.\n"
        "\n"
        "kb/concept/alignment-faking.ttl:9:7: warning [note-short] edge:8c1f20aa31: Short.\n"
        "  mend: say more.\n"
        "\n"
        "kb/paper/a b,c:d%.ttl:1:1: violation [syntax] Not Turtle: no dot.\n"
        "  mend: add a dot.\n"
        "\n"
        "kb/paper/x.ttl:2:1: info [no-doi] paper:x “X”: No DOI.\n"
        "  mend: look it up.\n"
        "\n"
        "mended [entity-label] concept:gone: The label is missing.\n"
        "\n"
        "4 files, 3 entities, 1 edge: 4 new findings (2 violations, 1 warning, 1 info); 1 known; 1 waived; 1 mended.\n"
    )


def test_nothing_found_is_one_line(clean: Verdict) -> None:
    assert render(clean) == "4 files, 3 entities, 1 edge: no findings.\n"


def test_no_text_can_steer_a_terminal_or_break_a_line(verdicts: st.SearchStrategy[Verdict]) -> None:
    @given(verdicts)
    def holds(verdict: Verdict) -> None:
        written = render(verdict)
        assert written.replace("\n", "").isprintable()
        assert written.count("\n  mend: ") >= sum(judged.standing == "new" for judged in verdict.judged)

    holds()


def test_each_part_is_painted_by_what_it_is(verdict: Verdict) -> None:
    painted = render(verdict, lambda text, role: f"<{role}>{text}</{role}>")
    assert "<place>kb/paper/x.ttl:2:1: </place><info>info</info> [no-doi]" in painted
    assert "\n  <mend>mend:</mend> look it up." in painted
    assert "<mended>mended</mended> [entity-label]" in painted
