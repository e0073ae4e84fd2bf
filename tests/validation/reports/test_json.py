"""The JSON report: every finding with all that is known of it, and counts."""

from __future__ import annotations

import json

from server.records.policy import Verdict
from server.validation.reports.json import render


def test_a_finding_has_every_field_its_fingerprint_and_its_standing(verdict: Verdict) -> None:
    document = json.loads(render(verdict))
    found = {one["rule"]: one for one in document["findings"]}
    assert len(found) == 6
    fingerprint = next(one.fingerprint for one in verdict.judged if one.finding.rule == "note-short")
    expected = {
        "file": "kb/concept/alignment-faking.ttl",
        "line": 9,
        "column": 7,
        "focus": "edge:8c1f20aa31",
        "label": "",
        "rule": "note-short",
        "message": "Short.",
        "mend": "say more.",
        "severity": "warning",
        "fingerprint": fingerprint,
        "standing": "new",
        "reason": "",
        "fails": False,
    }
    assert {name: found["note-short"][name] for name in expected} == expected
    assert found["edge-note"]["standing"] == "waived"
    assert found["edge-note"]["reason"] == "The note is a quote."
    assert [one["focus"] for one in document["mended"]] == ["concept:gone"]


def test_the_counts_are_those_of_new_findings_and_of_the_rest(verdict: Verdict, clean: Verdict) -> None:
    document = json.loads(render(verdict))
    assert document["counts"] == {"info": 1, "warning": 1, "violation": 2, "known": 1, "waived": 1, "mended": 1}
    assert document["checked"] == {"files": 4, "entities": 3, "edges": 1}
    assert document["failed"] is True
    assert json.loads(render(clean))["failed"] is False
