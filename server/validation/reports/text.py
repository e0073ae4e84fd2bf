"""Findings as lines for a terminal: a block for each file, the mend under each finding, and one line that sums up."""

from __future__ import annotations

from collections.abc import Callable

from ...records.findings import Finding
from ...records.policy import Standing, Verdict
from .wording import because, by_file, looked_at, one_line, outcome, severity_of

Paint = Callable[[str, str], str]
"""Colours a text by what it is: `place`, `mend`, `mended`, or the name of a severity."""


def plain(text: str, _role: str) -> str:
    """Leave a text as it is."""
    return text


def render(verdict: Verdict, paint: Paint = plain) -> str:
    """Return new findings by file, then what was mended, then the sum; known and waived ones are only counted."""
    blocks = [
        "\n".join(line_of(one.finding, verdict.path(one.finding), paint) for one in group)
        for group in by_file(verdict.standing(Standing.NEW)).values()
    ]
    if verdict.mended:
        blocks.append(
            "\n".join(
                f"{paint('mended', 'mended')} "
                + one_line(f"[{known.rule}] {known.focus or known.file}: {known.message}")
                for known in verdict.mended
            )
        )
    blocks.append(f"{looked_at(verdict)}: {outcome(verdict)}.")
    return "\n\n".join(blocks) + "\n"


def line_of(finding: Finding, path: str, paint: Paint = plain) -> str:
    """Return a finding as `file:line:column: severity [rule] entity: what is wrong`, its mend below it."""
    where = ":".join(str(part) for part in (path, finding.line, finding.column) if part)
    head = paint(f"{one_line(where)}: ", "place") if where else ""
    label = f" “{finding.label}”" if finding.label else ""
    focus = f"{finding.focus}{label}: " if finding.focus else ""
    reasons = "".join(f"\n  {'  ' * depth}because {one_line(text)}" for depth, text in because(finding))
    return (
        f"{head}{paint(one_line(severity_of(finding)), finding.severity.value)} "
        f"{one_line(f'[{finding.rule}] {focus}{finding.message}')}{reasons}\n"
        f"  {paint('mend:', 'mend')} {one_line(finding.mend)}"
    )
