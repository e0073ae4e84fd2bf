"""Turns the contradictions of the OWL closure into findings."""

from __future__ import annotations

from collections.abc import Iterator

from ..records import Conflict, Finding
from .locating import Locator


def contradiction_findings(conflicts: tuple[Conflict, ...], locator: Locator) -> Iterator[Finding]:
    """Yield one finding for each pair of statements that cannot both be true."""
    for conflict in conflicts:
        subject, predicate, value = conflict.statement or (conflict.focus, "", "")
        statements = " and ".join(dict.fromkeys(filter(None, (conflict.first, conflict.second))))
        yield locator.finding(
            "contradiction",
            conflict.focus,
            f"{conflict.axiom}: {statements}." if statements else f"{conflict.axiom}.",
            "take back one of the statements, or turn it round."
            if conflict.first != conflict.second
            else "take the statement back.",
            subject=subject,
            predicate=predicate,
            value=value,
        )
