"""Turns the contradictions of the OWL closure into findings."""

from __future__ import annotations

from collections.abc import Iterator

from ..records.conflicts import Conflict
from ..records.findings import Finding, Severity
from .locating import Locator
from .rule_text import RuleText

CONTRADICTION = RuleText(
    "contradiction",
    "No two statements contradict each other under the axioms of the ontology (OWL 2 RL).",
    "{conflict}.",
    "{mend}.",
    Severity.VIOLATION,
)

RULES = (CONTRADICTION,)


def contradiction_findings(conflicts: tuple[Conflict, ...], locator: Locator) -> Iterator[Finding]:
    """Yield one finding for each pair of statements that cannot both be true."""
    for conflict in conflicts:
        subject, predicate, value = conflict.statement or (conflict.focus, "", "")
        said = " and ".join(map(str, conflict.statements))
        by, *through = map(str, conflict.axioms or ("the rules of OWL",))
        reason = f"by {by}" + (f", through {' and '.join(through)}" if through else "")
        yield locator.finding(
            CONTRADICTION.name,
            conflict.focus,
            CONTRADICTION.message.format(conflict=f"{conflict.axiom}: {said}; {reason}"),
            CONTRADICTION.mend.format(mend=_mend(conflict)),
            subject=subject,
            predicate=predicate,
            value=value,
            severity=CONTRADICTION.severity,
            # Lines move, and a finding stays the same.
            about=(conflict.axiom, *(one.text for one in conflict.statements)),
        )


def _mend(conflict: Conflict) -> str:
    if not conflict.statements:
        return "change one of the axioms"
    if len(conflict.statements) == 1:
        return "take the statement back"
    return "take back one of the statements, or turn it round"
