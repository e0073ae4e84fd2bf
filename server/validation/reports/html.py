"""Findings as one page of HTML that needs nothing else: no script, no other file, no host.

The reader filters by severity with radio buttons that CSS reads.
"""

from __future__ import annotations

import re

from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape

from ...engine import engine_version
from ...records.policy import Standing, Verdict
from .wording import WORST_FIRST, because, by_file, looked_at, outcome, place, severity_of, threshold


def render(verdict: Verdict) -> str:
    """Return the page: what came of the check, new findings by file, then known, waived and mended ones."""
    pages = Environment(loader=PackageLoader(__name__.rpartition(".")[0], "."), autoescape=True)
    pages.filters["code"] = _code
    pages.trim_blocks = pages.lstrip_blocks = True
    new = verdict.standing(Standing.NEW)
    return pages.get_template("report.html").render(
        verdict=verdict,
        outcome=outcome(verdict),
        looked_at=looked_at(verdict),
        counts={
            severity: sum(judged.finding.severity is severity for judged in verdict.judged) for severity in WORST_FIRST
        },
        parts=[
            (title, by_file(judged))
            for title, judged in (
                ("", new),
                ("Known, from the baseline", verdict.standing(Standing.KNOWN)),
                ("Waived", verdict.standing(Standing.WAIVED)),
            )
            if judged
        ],
        threshold=threshold(verdict),
        place=place,
        because=because,
        severity_of=severity_of,
        version=engine_version(),
    )


def _code(text: str) -> Markup:
    """Escape a text, and show the parts in backticks as code, as in our messages."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - the text is escaped before
