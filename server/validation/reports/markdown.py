"""Findings as Markdown (GitHub Flavored), for a job summary or a comment on a change."""

from __future__ import annotations

import html
import re
from typing import Final

from ...records.policy import Judged, Standing, Verdict
from .wording import (
    WORST_FIRST,
    because,
    by_file,
    looked_at,
    one_line,
    outcome,
    place,
    plural,
    severity_of,
    threshold,
)

LONGEST: Final = 60_000
"""Characters: a comment on GitHub may have 65,536."""

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]()#+|~^$!-])")


def render(verdict: Verdict) -> str:
    """Return a heading, the counts, new findings by file, and what was mended; what is too long is cut at a finding."""
    head = [
        f"## akb check {'failed' if verdict.failed else 'passed'}: {outcome(verdict)}",
        f"Looked at {looked_at(verdict)}. {threshold(verdict)}",
    ]
    if verdict.judged:
        head.append(_counts(verdict))
    blocks: list[str] = []
    for path, group in by_file(verdict.standing(Standing.NEW)).items():
        blocks.append(f"### {code_span(verdict.path(group[0].finding)) if path else 'The base as a whole'}")
        blocks += [_finding(judged) for judged in group]
    if verdict.mended:
        blocks.append("### Mended since the baseline")
        blocks += [
            f"- {code_span(known.rule)} {code_span(known.focus)} {_text(known.message)}" for known in verdict.mended
        ]
    return _cut(head, blocks)


def _cut(head: list[str], blocks: list[str]) -> str:
    kept: list[str] = []
    space = LONGEST - sum(len(block) + 2 for block in head) - 200
    for done, block in enumerate(blocks):
        space -= len(block) + 2
        if space < 0:
            kept.append(f"{plural(len(blocks) - done, 'entry', 'entries')} more: `akb check` shows all of them.")
            break
        kept.append(block)
    return "\n\n".join([*head, *kept]) + "\n"


def _counts(verdict: Verdict) -> str:
    rows = ["| | new | known | waived |", "|---|--:|--:|--:|"]
    for severity in WORST_FIRST:
        found = [judged.standing for judged in verdict.judged if judged.finding.severity is severity]
        if found:
            numbers = " | ".join(f"{found.count(standing):,}" for standing in Standing)
            rows.append(f"| {severity.value} | {numbers} |")
    return "\n".join(rows)


def _finding(judged: Judged) -> str:
    finding = judged.finding
    about = [
        f"**{_text(severity_of(finding))}**",
        place(finding),
        " ".join(filter(None, (code_span(finding.focus), _text(finding.label)))),
        code_span(finding.rule),
    ]
    said = " · ".join(filter(None, about))
    reasons = "".join(f"\n{'  ' * (depth + 1)}- {_text(text)}" for depth, text in because(finding))
    return f"- {said}\\\n  {_text(finding.message)}\\\n  *Mend:* {_text(finding.mend)}{reasons}"


def code_span(text: str) -> str:
    """Return a text as a code span, fenced by more backticks than it holds (CommonMark, section 6.1)."""
    text = one_line(text)
    if not text:
        return ""
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _text(text: str) -> str:
    """Return a text so that it reads as it is; only the parts in backticks become code, as in our messages."""
    parts = re.split(r"`([^`]+)`", one_line(text))
    return "".join(code_span(part) if number % 2 else escaped(part) for number, part in enumerate(parts))


def escaped(text: str) -> str:
    """Take every meaning from a text: no markup, no tag, and nobody is called by an @ (as `@en` would)."""
    escaped = _SPECIAL.sub(r"\\\1", html.escape(text, quote=False))
    # A period or bracket behind a leading number would make a list; nothing but an escape may be first.
    escaped = re.sub(r"^(\d+)([.)])", r"\1\\\2", escaped)
    return escaped.replace("@", "@<!-- -->").replace("://", ":<!-- -->//").replace("www.", "www<!-- -->.")
