"""Findings as SARIF 2.1.0 (OASIS Standard), for code scanning and editors."""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import quote

from ...engine import engine_version
from ...namespaces import CANONICAL_BASE
from ...records.findings import Finding, Severity
from ...records.policy import Judged, Known, Standing, Verdict
from ..catalogue import meanings

_LEVELS: Final = {Severity.INFO: "note", Severity.WARNING: "warning", Severity.VIOLATION: "error"}
_STATES: Final = {Standing.NEW: "new", Standing.KNOWN: "unchanged", Standing.WAIVED: "unchanged"}
_ROOT: Final = "%SRCROOT%"


def render(verdict: Verdict) -> str:
    """Return one run: its rules (3.49), its results (3.27), and what is absent since the baseline (3.27.24)."""
    rules = _rules(verdict)
    results = [_result(verdict, judged, rules) for judged in verdict.judged]
    results += [_absent(verdict, known, rules) for known in verdict.mended]
    run = {
        "tool": {
            "driver": {
                "name": "akb",
                "version": engine_version(),
                "informationUri": CANONICAL_BASE,
                "rules": list(rules.values()),
            }
        },
        "invocations": [{"executionSuccessful": True}],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder that akb was run in."}}},
        "results": results,
    }
    document = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _rules(verdict: Verdict) -> dict[str, dict[str, Any]]:
    """Return a descriptor for every rule that a result names (3.49), by id."""
    known_meanings = meanings()
    rules = {
        judged.finding.rule: _rule(judged.finding, known_meanings.get(judged.finding.rule, judged.finding.message))
        for judged in verdict.judged
    }
    for known in verdict.mended:
        rules.setdefault(known.rule, {"id": known.rule, "shortDescription": {"text": known.message}})
    return dict(sorted(rules.items()))


def _rule(finding: Finding, meaning: str) -> dict[str, Any]:
    return {
        "id": finding.rule,
        "shortDescription": {"text": meaning},
        "fullDescription": {"text": meaning},
        "help": {"text": f"To fix it: {finding.mend}"},
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
    }


def _result(verdict: Verdict, judged: Judged, rules: dict[str, Any]) -> dict[str, Any]:
    finding = judged.finding
    result = {
        "ruleId": finding.rule,
        "ruleIndex": list(rules).index(finding.rule),
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message} To fix it: {finding.mend}"},
        "locations": _locations(verdict.path(finding), finding),
        "partialFingerprints": _fingerprints(judged.fingerprint),
    }
    if verdict.has_baseline:
        result["baselineState"] = _STATES[judged.standing]
    if judged.standing is Standing.WAIVED:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": judged.reason}]
    return result


def _absent(verdict: Verdict, known: Known, rules: dict[str, Any]) -> dict[str, Any]:
    return {
        "ruleId": known.rule,
        "ruleIndex": list(rules).index(known.rule),
        "level": "none",
        "kind": "pass",
        "message": {"text": known.message},
        "locations": [{"physicalLocation": _file(verdict.folder + known.file)}] if known.file else [],
        "partialFingerprints": _fingerprints(known.fingerprint),
        "baselineState": "absent",
    }


def _locations(path: str, finding: Finding) -> list[dict[str, Any]]:
    physical = _file(path) if path else {}
    if path and finding.line:
        # A region without a column is the whole line (3.30.5).
        physical["region"] = {"startLine": finding.line} | ({"startColumn": finding.column} if finding.column else {})
    logical = [{"fullyQualifiedName": finding.focus, "name": finding.label or finding.focus}] if finding.focus else []
    location = {"physicalLocation": physical, "logicalLocations": logical}
    location = {name: value for name, value in location.items() if value}
    return [location] if location else []


def _file(path: str) -> dict[str, Any]:
    return {"artifactLocation": {"uri": quote(path), "uriBaseId": _ROOT}}


def _fingerprints(fingerprint: str) -> dict[str, str]:
    # GitHub compares the second alone, and would else compute it from the text of the line.
    return {"akb/v1": fingerprint, "primaryLocationLineHash": f"{fingerprint}:1"}
