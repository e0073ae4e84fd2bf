"""Findings as workflow commands of GitHub Actions, which become annotations on the lines of a pull request."""

from __future__ import annotations

from typing import Final

from ...records.findings import Severity
from ...records.policy import Standing, Verdict
from .wording import with_reasons

_COMMANDS: Final = {Severity.INFO: "notice", Severity.WARNING: "warning", Severity.VIOLATION: "error"}


def render(verdict: Verdict) -> str:
    """Return one command for each new finding, the worst first: GitHub shows the first ten of a kind in a step."""
    new = sorted(verdict.standing(Standing.NEW), key=lambda one: (-one.finding.severity.rank, one.finding))
    lines = []
    for judged in new:
        finding = judged.finding
        properties = {
            "file": verdict.path_for_hosts(finding.file),
            "line": str(finding.line or ""),
            "col": str(finding.column or ""),
            "title": f"{finding.rule}: {finding.focus}" if finding.focus else finding.rule,
        }
        message = _data(f"{with_reasons(finding)}\nmend: {finding.mend}")
        said = ",".join(f"{name}={_property(value)}" for name, value in properties.items() if value)
        lines.append(f"::{_COMMANDS[finding.severity]} {said}::{message}\n")
    return "".join(lines)


def _data(text: str) -> str:
    """Escape what would end a command; the order matters, since the escapes are made with %."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
