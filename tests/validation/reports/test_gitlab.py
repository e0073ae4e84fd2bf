"""The Code Quality report of GitLab: the keys that it asks for, and fingerprints that are unlike."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from server.records.policy import Verdict
from server.validation.reports.gitlab import render


def test_every_entry_has_what_gitlab_asks_for(verdicts: st.SearchStrategy[Verdict]) -> None:
    @given(verdicts)
    def holds(verdict: Verdict) -> None:
        entries = json.loads(render(verdict))
        for entry in entries:
            assert entry.keys() == {"description", "check_name", "fingerprint", "severity", "location"}
            assert entry["severity"] in ("info", "minor", "major", "critical", "blocker")
            assert entry["location"]["path"]
            assert entry["location"]["lines"]["begin"] >= 1
        assert len({entry["fingerprint"] for entry in entries}) == len(entries)

    holds()


def test_known_findings_stay_and_waived_ones_go(verdict: Verdict) -> None:
    names = [entry["check_name"] for entry in json.loads(render(verdict))]
    assert sorted(names) == ["contradiction", "entity-label", "no-doi", "note-short", "syntax"]
