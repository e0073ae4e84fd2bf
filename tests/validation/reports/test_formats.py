"""The table of formats: each can write any verdict, the same every time, in text that can be stored as UTF-8."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.records.policy import Verdict
from server.validation.reports.formats import FORMATS


def test_the_formats_are_those_that_are_documented() -> None:
    assert list(FORMATS) == ["text", "json", "sarif", "junit", "github", "gitlab", "markdown", "html", "turtle"]


@pytest.mark.parametrize("name", FORMATS)
def test_any_verdict_can_be_written_and_is_written_the_same_every_time(
    name: str, verdicts: st.SearchStrategy[Verdict]
) -> None:
    @given(verdicts)
    def holds(verdict: Verdict) -> None:
        written = FORMATS[name].render(verdict)
        written.encode()
        assert written == FORMATS[name].render(verdict)

    holds()


@pytest.mark.parametrize("name", FORMATS)
def test_every_new_finding_is_in_every_format(name: str, verdict: Verdict) -> None:
    written = FORMATS[name].render(verdict)
    for rule in ("contradiction", "note-short", "syntax", "no-doi"):
        assert rule in written
