"""What follows from a decision on a proposal: it is tried again on the base as it is now, with what is accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from ..errors import AkbError, UsageError
from ..locks import locked
from ..records.findings import Severity
from ..records.sentences import sentence
from ..review.changes import RefusedError, together, write_files
from ..review.patch import patch_text
from ..review.records import FileChanges
from ..settings import Settings
from .proposing import propose
from .queue import Landing, Queue, Queued
from .records import Decision, Verdict
from .writing import said_by

REASONS: Final = (
    sentence("The source does not say so."),
    sentence("The base has it already."),
    sentence("It is not worth an entry."),
    sentence("It is not worded well enough."),
)
"""Reasons to reject a proposal, which a reviewer gives by one key."""

Run = Callable[[Mapping[str, Any], str, Mapping[str, str]], FileChanges]
"""Tries a proposal that somebody accepts, over texts of files, and returns the change of files. Raises RefusedError."""


def decision_of(outcome: Verdict, who: str, why: str = "") -> Decision:
    """Return a decision that is taken now. Raises UsageError without a name, and for a rejection without a reason."""
    who, why = " ".join(who.split()), " ".join(why.split())
    if not who:
        raise UsageError("The decision does not say who took it.", "give a name.")
    if outcome == "rejected" and not why:
        raise UsageError("A rejection needs a reason, for whoever proposes the same again.", "say why.")
    return Decision(outcome, who, why, f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")


def changes_of(settings: Settings, proposal: Mapping[str, Any], who: str, over: Mapping[str, str]) -> FileChanges:
    """Return the change of files that a proposal makes now, if somebody accepts it, over texts that files are to have.

    Raises RefusedError where the base cannot take it.
    """
    outcome = propose(settings, proposal, reviewer=who, over=over)
    if outcome.is_refused:
        raise RefusedError(tuple(one for one in outcome.findings if one.severity is Severity.VIOLATION))
    warnings = tuple(one for one in outcome.findings if one.severity is Severity.WARNING)
    return FileChanges(outcome.before, outcome.after, warnings=warnings)


@dataclass(frozen=True)
class Landed:
    """What became of an accepted proposal on its way into the files."""

    proposal: Queued
    changes: FileChanges
    error: AkbError | None = None
    """Why the base cannot take it any more; then it stays accepted, and nothing has changed."""


class Desk:
    """Decisions on the proposals of a base. `run` tries one elsewhere, such as in a process that can be stopped."""

    def __init__(self, settings: Settings, run: Run | None = None) -> None:
        self.queue = Queue(settings)
        self._settings = settings
        self._run = run or self._here

    def tried(
        self,
        id_: str,
        who: str,
        edited: Sequence[Mapping[str, Any]] | None = None,
        over: Mapping[str, str] | None = None,
    ) -> FileChanges:
        """Return what a proposal would change if it were accepted now, after those that are; nothing is written.

        `over` are texts of files to start from, in the place of those that are accepted. Raises RefusedError.
        """
        found = self.queue.open(id_)
        given = {**found.proposal, "parts": found.proposal["parts"] if edited is None else edited}
        return self._run(given, who, self.pending() if over is None else over)

    def accept(self, id_: str, decision: Decision, edited: Sequence[Mapping[str, Any]] | None = None) -> FileChanges:
        """Accept a proposal: it is tried, and waits to be written. Raises RefusedError, and as `Queue.accept` does."""
        # Nobody else accepts or writes meanwhile.
        with locked(self._lock):
            changes = self.tried(id_, decision.who, edited)
            landing = Landing({path: changes.before.get(path) for path in changes.after}, changes.after)
            self.queue.accept(id_, decision, landing, edited)
        return changes

    def pending(self) -> dict[str, str]:
        """Return the texts that files are to have, of what is accepted and not written, by their paths.

        What cannot be written as it is, since files have changed, is left out until it is tried again.
        """
        over: dict[str, str] = {}
        for one in self.queue.accepted():
            if one.landing is not None and self._fits(one.landing, over):
                over |= one.landing.after
        return over

    def landed(self, *, retries: bool = True) -> tuple[Landed, ...]:
        """Return what each accepted proposal makes of files, one after the other; nothing is written.

        One whose files have changed meanwhile is tried again, or has an error without `retries`.
        """
        with locked(self._lock):
            return self._landed(retries=retries)

    def write(self) -> tuple[Landed, ...]:
        """Write what is accepted into the files of the base. Those that it cannot take stay accepted."""
        with locked(self._lock):
            found = self._landed()
            for one in found:
                if one.error is None:
                    write_files(self._settings.root, one.changes.after)
                    self.queue.settle(one.proposal.id)
        return found

    def hand_over(self, landed: Iterable[Landed]) -> None:
        """Note that somebody has what some accepted proposals change as a patch, and puts it into the files."""
        for one in landed:
            if one.error is None:
                self.queue.settle(one.proposal.id)

    def take_back(self, id_: str) -> Queued:
        """Take a decision back: what it changed in files is changed back, and the proposal waits again.

        Raises UsageError where one of these files has changed since.
        """
        with locked(self._lock):
            found = self.queue.get(id_)
            if found.waits and found.decision is None:
                raise UsageError(f"Nobody has decided on proposal {id_}.", "see `akb review proposals`.")
            if found.landing is not None:
                self._change_back(found.landing, id_, is_written=not self.queue.is_to_be_written(id_))
            return self.queue.reopen(id_)

    def _change_back(self, landing: Landing, id_: str, *, is_written: bool) -> None:
        """Have files as they were before a proposal was accepted. What is not written has changed none, or some."""
        changed = {path: text for path, text in landing.after.items() if text != landing.before.get(path)}
        there = {path: landing.before.get(path) for path, text in changed.items() if self._text(path) == text}
        others = [path for path in changed if path not in there]
        if is_written and any(self._text(path) != landing.before.get(path) for path in others):
            raise UsageError(
                f"{others[0]} has changed since proposal {id_} was accepted.", "change it back by hand, or by git."
            )
        write_files(self._settings.root, there)

    def _landed(self, *, retries: bool = True) -> tuple[Landed, ...]:
        over: dict[str, str] = {}
        found = []
        for one in self.queue.accepted():
            landing = one.landing
            try:
                if landing is None or not self._fits(landing, over):
                    if not retries:
                        raise UsageError(
                            "Files that it changes have changed meanwhile.", "`akb review write` tries it again."
                        )
                    landing = self._again(one, over)
            except AkbError as error:
                found.append(Landed(one, FileChanges({}, {}), error))
                continue
            # What a process that was killed has written already is written again: it is the same.
            before = {path: text for path, text in landing.before.items() if text is not None}
            found.append(Landed(one, FileChanges(before, landing.after)))
            over |= landing.after
        return tuple(found)

    def _again(self, one: Queued, over: Mapping[str, str]) -> Landing:
        decision = one.decision
        assert decision is not None, "an accepted proposal has a decision"
        changes = self._run({**one.proposal, "parts": one.parts}, decision.who, over)
        landing = Landing({path: changes.before.get(path) for path in changes.after}, changes.after)
        self.queue.land(one.id, landing)
        return landing

    def _fits(self, landing: Landing, over: Mapping[str, str]) -> bool:
        """Tell whether files are as they were when a proposal was accepted, or as it makes them."""
        now = {path: over.get(path, self._text(path)) for path in landing.after}
        return all(now[path] in (landing.before.get(path), text) for path, text in landing.after.items())

    def _text(self, path: str) -> str | None:
        file = self._settings.root / path
        return file.read_text(encoding="utf-8").replace("\r\n", "\n") if file.exists() else None

    @property
    def _lock(self) -> Any:
        return self._settings.state / "import.lock"

    def _here(self, proposal: Mapping[str, Any], who: str, over: Mapping[str, str]) -> FileChanges:
        return changes_of(self._settings, proposal, who, over)


def patch_of(landed: Iterable[Landed]) -> str:
    """Return a patch of several changes, one after the other, that says before the first file who stands behind it."""
    found = [one for one in landed if one.error is None]
    changes = FileChanges({}, {})
    for one in found:
        changes = together(changes, one.changes)
    if not changes:
        return ""
    return message_of(one.proposal for one in found) + "\n" + patch_text(changes)


def message_of(decided: Iterable[Queued]) -> str:
    """Return the message of a commit that holds some proposals: what they change, and who stands behind each."""
    lines = [_line(one) for one in decided]
    if len(lines) == 1:
        return f"Proposal: {lines[0]}\n"
    return f"{len(lines)} proposals\n\n" + "".join(f"- {line}\n" for line in lines)


def _line(one: Queued) -> str:
    decision = one.decision
    assert decision is not None, "nobody decided on it"
    changed = " with changes" if one.edited is not None else ""
    why = f" {decision.why}" if decision.why else ""
    return f"{one.record['summary']} Proposed by {said_by(one.proposal)}; accepted{changed} by {decision.who}.{why}"
