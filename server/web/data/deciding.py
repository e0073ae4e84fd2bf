"""Decisions on proposals that come over HTTP: who may take one, by which process it is tried, and what it makes."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ...errors import AkbError, UsageError
from ...proposals.apart import given_to_accept
from ...proposals.deciding import Desk, decision_of
from ...proposals.editing import edited
from ...proposals.queue import Queued
from ...proposals.records import VERDICTS, Verdict
from ...review.apart import changes_of
from ...review.changes import together
from ...review.patch import patch_text
from ...review.records import FileChanges
from ...store.jobs import Task
from ..current import current_release, current_settings
from .proposing import count_one

BACK: Final = "back"
"""The outcome that takes a decision back."""
CHECK: Final = "check"
"""The outcome that decides nothing, and answers with the patch."""
_BY_HAND: Final = "decide with `akb review`, which has no limits."


@dataclass(frozen=True)
class Done:
    """What became of a decision on some proposals."""

    proposals: Sequence[tuple[Queued, AkbError | None]]
    """Each proposal, and why nothing was decided on it."""
    patch: str
    """What those change together that are accepted."""
    is_kept: bool
    """Whether it was written down."""


def desk_here() -> Desk:
    """Return the desk of this server, which has proposals tried by the processes of queries."""

    def apart(proposal: Mapping[str, Any], who: str, over: Mapping[str, str]) -> FileChanges:
        task = Task("accept", given_to_accept(proposal, who, over), "decision", _BY_HAND)
        return changes_of(current_release().queries.do(task))

    return Desk(current_settings(), apart)


def decided(found: Queued, given: Mapping[str, str]) -> Done:
    """Return what the decision in a form makes of a proposal, whose fields it may change.

    Raises UsageError for a decision that is not whole, or that nobody may take, or that the base cannot take any more.
    """
    desk, is_reviewer = desk_here(), _is_reviewer(given)
    if given.get("outcome") == BACK:
        _must_be_reviewer(found, is_reviewer=is_reviewer)
        desk.take_back(found.id)
        return Done([(found, None)], "", is_kept=True)
    outcome, why = _outcome(given)
    decision = decision_of(outcome, given.get("who", ""), why)
    desk.queue.open(found.id)
    if outcome != "accepted":
        _must_be_reviewer(found, is_reviewer=is_reviewer)
        desk.queue.decide(found.id, decision)
        return Done([(found, None)], "", is_kept=True)
    parts = edited(found.proposal["parts"], given)
    if is_reviewer:
        return Done([(found, None)], patch_text(desk.accept(found.id, decision, parts)), is_kept=True)
    return Done([(found, None)], patch_text(desk.tried(found.id, decision.who, parts)), is_kept=False)


def decided_together(found: Sequence[Queued], given: Mapping[str, str]) -> Done:
    """Return what the decision in a form makes of several proposals, one after the other.

    Raises UsageError as `decided` does, but for what the base cannot take.
    """
    desk, is_reviewer = desk_here(), _is_reviewer(given)
    outcome, why = _outcome(given)
    decision = decision_of(outcome, given.get("who", ""), why)
    if outcome != "accepted":
        _must_be_reviewer(found[0], is_reviewer=is_reviewer)
    changes, over = FileChanges({}, {}), desk.pending()
    done: list[tuple[Queued, AkbError | None]] = []
    for one in found:
        try:
            if outcome != "accepted":
                desk.queue.decide(one.id, decision)
            elif is_reviewer:
                changes = together(changes, desk.accept(one.id, decision))
            else:
                made = desk.tried(one.id, decision.who, over=over)
                over |= made.after
                changes = together(changes, made)
            done.append((one, None))
        except UsageError as error:
            done.append((one, error))
    return Done(done, patch_text(changes) if changes else "", is_kept=is_reviewer)


def _outcome(given: Mapping[str, str]) -> tuple[Verdict, str]:
    """Return the outcome in a form, and why; a button may give both at once, or accept a batch."""
    if reason := given.get("reject", ""):
        return "rejected", reason
    value = "accepted" if given.get("batch") else given.get("outcome", "")
    if value == CHECK:
        return "accepted", ""
    if value not in VERDICTS:
        raise UsageError(f"outcome is {value[:40]!r}, and none of {', '.join(VERDICTS)}.", "choose one of them.")
    return next(one for one in VERDICTS if one == value), given.get("why", "")


def _is_reviewer(given: Mapping[str, str]) -> bool:
    """Tell whether a form is of a reviewer who decides, and does not only look at what a decision would make."""
    return _has_key(given.get("key", "")) and given.get("outcome") != CHECK


def _must_be_reviewer(found: Queued, *, is_reviewer: bool) -> None:
    if not is_reviewer:
        raise UsageError(
            "Only who has the key of the reviewers takes a proposal out of the queue here, or back into it.",
            f'decide where the queue is: akb review reject {found.id} --why "..."',
        )


def _has_key(sent: str) -> bool:
    """Tell whether the key of the reviewers was sent. Raises UsageError for a wrong one."""
    if not sent:
        return False
    key = current_settings().review_key
    if key and hmac.compare_digest(sent.encode(), key.encode()):
        return True
    # Who tries keys tries few.
    count_one()
    raise UsageError("That is not the key of the reviewers.", "leave it empty for the patch alone.")
