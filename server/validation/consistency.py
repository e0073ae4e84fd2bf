"""Turns the contradictions of the OWL closure into findings."""

from __future__ import annotations

from collections.abc import Iterator

from ..records.findings import Finding, Severity
from ..records.releases import Conflict
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
        statements = " and ".join(dict.fromkeys(filter(None, (conflict.first, conflict.second))))
        alone = conflict.first == conflict.second
        yield locator.finding(
            CONTRADICTION.name,
            conflict.focus,
            CONTRADICTION.message.format(conflict=f"{conflict.axiom}: {statements}" if statements else conflict.axiom),
            CONTRADICTION.mend.format(
                mend="take the statement back" if alone else "take back one of the statements, or turn it round"
            ),
            subject=subject,
            predicate=predicate,
            value=value,
            severity=CONTRADICTION.severity,
        )
