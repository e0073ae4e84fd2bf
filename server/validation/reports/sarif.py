"""Findings as SARIF 2.1.0 (OASIS Standard), for code scanning and editors."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from ...engine import engine_version
from ...namespaces import CANONICAL_BASE
from ...records.findings import Finding, Severity
from ...records.policy import Judged, Known, Standing, Verdict
from ..catalogue import meanings
from .wording import with_reasons

_LEVELS: Final = {Severity.INFO: "note", Severity.WARNING: "warning", Severity.VIOLATION: "error"}
_STATES: Final = {Standing.NEW: "new", Standing.KNOWN: "unchanged", Standing.WAIVED: "unchanged"}
_ROOT: Final = "%SRCROOT%"
_ROOT_MEANING: Final = ("The folder that akb was run in.", "The root of the repository.")


MOST: Final = 25_000
"""How many results of a run GitHub takes."""


def render(verdict: Verdict) -> str:
    """Return one run: its rules (3.49), its results (3.27), and what is absent since the baseline (3.27.24).

    The worst results are first, new ones before known ones. What is beyond the limit of GitHub is left out, and a
    notification (3.20.21) says how much.
    """
    states = list(_STATES)
    worst = sorted(verdict.judged, key=lambda one: (states.index(one.standing), -one.finding.severity.rank))
    judged, mended = worst[:MOST], verdict.mended[: max(0, MOST - len(worst))]
    rules = _rules(judged, mended)
    places = {name: place for place, name in enumerate(rules)}
    results = [_result(verdict, one, places) for one in judged]
    results += [_absent(verdict, known, places) for known in mended]
    run = {
        "tool": {
            "driver": {
                "name": "akb",
                "version": engine_version(),
                "informationUri": CANONICAL_BASE,
                "rules": list(rules.values()),
            }
        },
        "invocations": [_invocation(verdict, len(worst) + len(verdict.mended) - len(results))],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": _ROOT_MEANING[verdict.repository is not None]}}},
        "results": results,
    }
    document = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _invocation(verdict: Verdict, left_out: int) -> dict[str, Any]:
    invocation: dict[str, Any] = {"executionSuccessful": not verdict.blocked}
    if left_out:
        text = f"{left_out:,} results are left out: a run has {MOST:,} at most. `akb check --format json` has them all."
        invocation["toolExecutionNotifications"] = [{"level": "warning", "message": {"text": text}}]
    return invocation


def _rules(judged: Sequence[Judged], mended: Sequence[Known]) -> dict[str, dict[str, Any]]:
    """Return a descriptor for every rule that a result names (3.49), by id."""
    known_meanings = meanings()
    rules: dict[str, dict[str, Any]] = {}
    for one in judged:
        name = one.finding.rule
        if name not in rules:
            rules[name] = _rule(one.finding, known_meanings.get(name, one.finding.message))
    for known in mended:
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


def _result(verdict: Verdict, judged: Judged, places: Mapping[str, int]) -> dict[str, Any]:
    finding = judged.finding
    result = {
        "ruleId": finding.rule,
        "ruleIndex": places[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{with_reasons(finding)} To fix it: {finding.mend}"},
        "locations": _locations(verdict.path_for_hosts(finding.file), finding),
        "partialFingerprints": _fingerprints(judged.fingerprint),
    }
    if verdict.has_baseline:
        result["baselineState"] = _STATES[judged.standing]
    if judged.standing is Standing.WAIVED:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": judged.reason}]
    return result


def _absent(verdict: Verdict, known: Known, places: Mapping[str, int]) -> dict[str, Any]:
    return {
        "ruleId": known.rule,
        "ruleIndex": places[known.rule],
        "level": "none",
        "kind": "pass",
        "message": {"text": known.message},
        "locations": [{"physicalLocation": _file(verdict.path_for_hosts(known.file))}],
        "partialFingerprints": _fingerprints(known.fingerprint),
        "baselineState": "absent",
    }


def _locations(path: str, finding: Finding) -> list[dict[str, Any]]:
    physical = _file(path)
    if path and finding.line:
        # A region without a column is the whole line (3.30.5).
        physical["region"] = {"startLine": finding.line} | ({"startColumn": finding.column} if finding.column else {})
    logical = [{"fullyQualifiedName": finding.focus, "name": finding.label or finding.focus}] if finding.focus else []
    location = {"physicalLocation": physical, "logicalLocations": logical}
    return [{name: value for name, value in location.items() if value}]


def _file(path: str) -> dict[str, Any]:
    """Return a place; GitHub refuses a result without one, so that what is about no file is about the whole folder."""
    if path.startswith("/"):
        return {"artifactLocation": {"uri": f"file://{quote(path)}"}}
    return {"artifactLocation": {"uri": quote(path) or ".", "uriBaseId": _ROOT}}


def _fingerprints(fingerprint: str) -> dict[str, str]:
    # GitHub compares the second alone, and would else compute it from the text of the line.
    return {"akb/v2": fingerprint, "primaryLocationLineHash": f"{fingerprint}:1"}
