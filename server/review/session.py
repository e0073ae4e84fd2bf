"""Decisions taken one after the other, each of which may be taken back."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

from ..errors import UsageError
from ..locks import locked
from ..records.candidates import Signals
from ..schema.schema import Schema
from ..settings import Settings
from ..turtle.base import Base, with_changes
from .changes import checked, decide, together, write_files
from .records import FileChanges, Verdict


class Session:
    """What was decided since a base was read. With `writes`, each decision is in its files as soon as it is taken."""

    def __init__(self, settings: Settings, base: Base, schema: Schema, *, writes: bool) -> None:
        self.base = base
        self._settings = settings
        self._schema = schema
        self._writes = writes
        self._steps: list[FileChanges] = []

    @property
    def changes(self) -> FileChanges:
        """Everything that was decided and not taken back, as one change."""
        return reduce(together, self._steps, FileChanges({}, {}))

    @property
    def decided(self) -> frozenset[str]:
        """The ids of the pairs that were decided."""
        return frozenset(decision.id for step in self._steps for decision in step.decisions)

    def decide(self, pair: tuple[str, str], signals: Signals, verdict: Verdict) -> FileChanges:
        """Take a decision. Raises UsageError when it cannot be, and then nothing has changed."""
        step = decide(self.base, self._schema, pair, signals, verdict)
        if self._writes:
            step = checked(self._settings, step)
            self._write(step)
        else:
            warnings = checked(self._settings, together(self.changes, step)).warnings
            step = replace(step, warnings=warnings)
        self.base = with_changes(self.base, step.after)
        self._steps.append(step)
        return step

    def undo(self) -> FileChanges | None:
        """Take the last decision back, and return what it was."""
        if not self._steps:
            return None
        step = self._steps[-1]
        if self._writes:
            self._write(FileChanges(step.after, {path: step.before.get(path, "") for path in step.after}))
        self._steps.pop()
        self.base = with_changes(self.base, {path: step.before.get(path) for path in step.after})
        return step

    def _write(self, step: FileChanges) -> None:
        """Write a change, unless somebody has changed one of its files meanwhile."""
        root = self._settings.root
        with locked(self._settings.state / "import.lock"):
            for path in step.after:
                found = (root / path).read_text(encoding="utf-8") if (root / path).exists() else None
                known = step.before.get(path)
                if (found or "").replace("\r\n", "\n") != (known or ""):
                    raise UsageError(f"{path} has changed meanwhile.", "start again: akb then reads it again.")
            # A file that a decision made goes when the decision is taken back.
            write_files(root, {path: text or None for path, text in step.after.items()})
