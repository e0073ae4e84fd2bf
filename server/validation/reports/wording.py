"""What the formats for people say alike: counts, plurals, places, and text that cannot disturb what shows it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ...records.findings import Finding, Severity
from ...records.policy import Judged, Standing, Verdict

WORST_FIRST = tuple(reversed(Severity))


def plural(number: int, one: str, many: str) -> str:
    """Return a number with the noun that suits it."""
    return f"{number:,} {one if number == 1 else many}"


def one_line(text: str) -> str:
    """Return a text on one line, with what cannot be seen (such as codes that steer a terminal) written as escapes."""
    flat = " ".join(text.split())
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in flat)


def severity_of(finding: Finding) -> str:
    """Return how bad a finding is, with the name of its severity where that is one of the shape's own."""
    name = re.split(r"[#/:]", finding.constraint.severity if finding.constraint else "")[-1]
    own = name if name and name.lower() not in set(Severity) else ""
    return f"{finding.severity.value} ({own})" if own else finding.severity.value


def because(finding: Finding, depth: int = 0) -> Iterator[tuple[int, str]]:
    """Yield what explains a finding, each with how deep it is."""
    said: set[str] = set()
    for detail in finding.constraint.details if finding.constraint else ():
        focus = f"{detail.focus}: " if detail.focus else ""
        text = f"[{detail.rule}] {focus}{detail.message}"
        # A shape may have one message for all that it asks.
        if text not in said:
            said.add(text)
            yield depth, text
        yield from because(detail, depth + 1)


def with_reasons(finding: Finding) -> str:
    """Return the message of a finding with what explains it, a line each."""
    return "\n".join([finding.message, *(f"{'  ' * depth}- because {text}" for depth, text in because(finding))])


def looked_at(verdict: Verdict) -> str:
    """Say how much the check looked at."""
    report = verdict.report
    counts = (
        plural(report.files, "file", "files"),
        plural(report.entities, "entity", "entities"),
        plural(report.edges, "edge", "edges"),
    )
    return ", ".join(counts)


def outcome(verdict: Verdict) -> str:
    """Say in one line what came of the check: how many findings, how bad, and what policy makes of them."""
    new = verdict.standing(Standing.NEW)
    kinds = ", ".join(_counts(judged.finding for judged in new))
    said = f"{plural(len(new), 'finding', 'findings')} ({kinds})" if new else "no findings"
    if verdict.has_baseline and new:
        said = said.replace("finding", "new finding", 1)
    beside = [
        f"{len(verdict.standing(Standing.KNOWN)):,} known" if verdict.standing(Standing.KNOWN) else "",
        f"{len(verdict.standing(Standing.WAIVED)):,} waived" if verdict.standing(Standing.WAIVED) else "",
        f"{len(verdict.mended):,} mended" if verdict.mended else "",
        "a part could not be checked" if verdict.blocked else "",
    ]
    return "; ".join([said, *filter(None, beside)])


def threshold(verdict: Verdict) -> str:
    """Say which findings fail the check."""
    kinds = [f"{severity.value}s" for severity in WORST_FIRST if severity.rank >= verdict.fail_on.rank]
    return f"New {', '.join(kinds[:-1])}{' and ' if kinds[1:] else ''}{kinds[-1]} fail the check."


def by_file(judged: Iterable[Judged]) -> dict[str, list[Judged]]:
    """Group findings by their file, in order of path and line."""
    groups: dict[str, list[Judged]] = {}
    for one in sorted(judged, key=lambda one: one.finding):
        groups.setdefault(one.finding.file, []).append(one)
    return groups


def place(finding: Finding) -> str:
    """Say where in its file a finding is, in words."""
    line = f"line {finding.line}" if finding.line else ""
    return f"{line}, column {finding.column}" if finding.line and finding.column else line


def _counts(findings: Iterable[Finding]) -> list[str]:
    severities = [finding.severity for finding in findings]
    return [
        plural(severities.count(severity), severity.value, f"{severity.value}s")
        for severity in WORST_FIRST
        if severity in severities
    ]
