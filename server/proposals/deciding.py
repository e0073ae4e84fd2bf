"""What follows from a decision on a proposal: it is tried again on the base as it is now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal

from ..errors import UsageError
from ..records.findings import Severity
from ..review.changes import RefusedError
from ..review.records import FileChanges
from ..settings import Settings
from .proposing import propose
from .queue import Queued
from .records import Decision
from .writing import said_by


def decision_of(outcome: Literal["accepted", "rejected"], who: str, why: str = "") -> Decision:
    """Return a decision that is taken now. Raises UsageError without a name, and for a rejection without a reason."""
    who, why = " ".join(who.split()), " ".join(why.split())
    if not who:
        raise UsageError("The decision does not say who took it.", "give a name.")
    if outcome == "rejected" and not why:
        raise UsageError("A rejection needs a reason, for whoever proposes the same again.", "say why.")
    return Decision(outcome, who, why, f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")


def changes_of(settings: Settings, queued: Queued) -> FileChanges:
    """Return the change of files that a proposal makes now. Raises RefusedError where the base cannot take it."""
    outcome = propose(settings, queued.proposal)
    if outcome.is_refused:
        raise RefusedError(tuple(one for one in outcome.findings if one.severity is Severity.VIOLATION))
    warnings = tuple(one for one in outcome.findings if one.severity is Severity.WARNING)
    return FileChanges(outcome.before, outcome.after, warnings=warnings)


def message_of(decided: Iterable[tuple[Queued, Decision]]) -> str:
    """Return the message of a commit that holds some proposals: what they change, and who stands behind each."""
    lines = [
        f"{one.record['summary']} Proposed by {said_by(one.proposal)}; accepted by {decision.who}."
        + (f" {decision.why}" if decision.why else "")
        for one, decision in decided
    ]
    if len(lines) == 1:
        return f"Proposal: {lines[0]}\n"
    return f"{len(lines)} proposals\n\n" + "".join(f"- {line}\n" for line in lines)
