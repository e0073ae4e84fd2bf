"""Findings as one JSON object, for programs; docs/validation.md names its keys."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from ...engine import engine_version
from ...records.findings import Finding, Severity
from ...records.policy import Standing, Verdict


def render(verdict: Verdict) -> str:
    """Return the verdict as JSON: every finding with its fingerprint and standing, what was mended, and the counts."""
    new = [judged.finding.severity for judged in verdict.standing(Standing.NEW)]
    document = {
        "tool": {"name": "akb", "version": engine_version()},
        "failed": verdict.failed,
        "fail_on": verdict.fail_on,
        "checked": {
            "files": verdict.report.files,
            "entities": verdict.report.entities,
            "edges": verdict.report.edges,
        },
        "counts": {
            **{severity.value: new.count(severity) for severity in Severity},
            "known": len(verdict.standing(Standing.KNOWN)),
            "waived": len(verdict.standing(Standing.WAIVED)),
            "mended": len(verdict.mended),
        },
        "findings": [
            {
                **_said(judged.finding),
                "file": verdict.path(judged.finding),
                "fingerprint": judged.fingerprint,
                "standing": judged.standing,
                "reason": judged.reason,
                "fails": verdict.fails(judged),
            }
            for judged in verdict.judged
        ],
        "mended": [asdict(known) for known in verdict.mended],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _said(finding: Finding) -> dict[str, Any]:
    """Return a finding with what explains it; its key is in its fingerprint."""
    said = {name: value for name, value in asdict(finding).items() if name != "key"}
    if finding.constraint:
        said["constraint"]["details"] = [_said(detail) for detail in finding.constraint.details]
    return said
