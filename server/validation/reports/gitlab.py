"""Findings as a Code Quality report of GitLab, which shows them in a merge request."""

from __future__ import annotations

import json
from typing import Final

from ...records.findings import Severity
from ...records.policy import Standing, Verdict
from .wording import with_reasons

_SEVERITIES: Final = {Severity.INFO: "info", Severity.WARNING: "minor", Severity.VIOLATION: "major"}


def render(verdict: Verdict) -> str:
    """Return the findings that are not waived; GitLab itself compares them with those of the target branch."""
    report = [
        {
            "description": f"{with_reasons(judged.finding)} To fix it: {judged.finding.mend}",
            "check_name": judged.finding.rule,
            "fingerprint": judged.fingerprint,
            "severity": _SEVERITIES[judged.finding.severity],
            "location": {
                "path": verdict.path_for_hosts(judged.finding.file) or ".",
                "lines": {"begin": max(judged.finding.line, 1)},
            },
        }
        for judged in verdict.standing(Standing.NEW, Standing.KNOWN)
    ]
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"
