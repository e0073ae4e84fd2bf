"""The walk through the proposals at a terminal: one after the other, passage beside form, decided with single keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import click
from rich.console import Console, Group
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from ..errors import AkbError
from ..proposals.batches import source_of, title_of
from ..proposals.deciding import REASONS, Desk, decision_of, message_of
from ..proposals.editing import edited, fields_of
from ..proposals.likeness import told_of
from ..proposals.quotes import once, parted
from ..proposals.texts import clean_line
from ..proposals.writing import said_by
from .common import plural, show_error
from .proposals import Ending, waiting, write

if TYPE_CHECKING:
    from ..proposals.deciding import Landed
    from ..proposals.queue import Queued
    from ..settings import Settings

_KEYS: Final = (
    "[b]a[/b] accept   [b]e[/b] edit   [b]1[/b]-[b]4[/b] reject   [b]r[/b] reject, and say why   [b]l[/b] later   "
    "[b]b[/b] accept the batch   [b]s[/b] skip   [b]u[/b] undo   [b]o[/b] open   [b]?[/b] help   [b]q[/b] quit"
)
_SIDE_BY_SIDE: Final = 100
"""Columns of a terminal from which the passage is beside the form; below, it is above it."""
_FIELDS: Final = "123456789abcdefghijklmnopqrstuvwxyz"
"""The keys of the fields of a form."""


def decide_all(settings: Settings, who: str, ending: Ending, about: str = "") -> None:
    """Show the proposals that wait until all are decided or skipped, or the reviewer quits.

    Each decision is in the files as soon as it is taken, or in the queue where a patch is wanted at the end.
    """
    walk = _Walk(settings, Desk(settings), who, ending, about)
    walk.begin()
    try:
        walk.run()
    finally:
        walk.end()


@dataclass
class _Walk:
    settings: Settings
    desk: Desk
    who: str
    ending: Ending
    about: str
    console: Console = field(default_factory=lambda: Console(highlight=False))
    steps: list[str] = field(default_factory=list)
    """The ids of what was decided, in order."""
    landed: dict[str, Landed] = field(default_factory=dict)
    """What was written of them, by their ids."""
    skipped: set[str] = field(default_factory=set)
    changed: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """The parts of those that were edited and not decided on yet."""
    accepted: set[str] = field(default_factory=set)
    """The ids of those of the steps that accepted."""

    def begin(self) -> None:
        """Write first what was accepted before, on pages or by a process that was killed."""
        if self.ending.writes and self.desk.queue.accepted():
            self.console.print("Accepted before, and not written yet:")
            for one in write(self.settings, self.desk, Ending()):
                if one.error is None:
                    self.landed[one.proposal.id] = one
        self.console.print(f"You decide as [b]{escape(clean_line(self.who))}[/b].")

    def run(self) -> None:
        while left := [one for one in waiting(self.settings, self.about) if one.id not in self.skipped]:
            if not self._through(left):
                return
        self.console.print("No more proposals wait.")

    def end(self) -> None:
        """Say what was decided, and commit it or make a patch of it."""
        rejected = len(self.steps) - sum(1 for id_ in self.steps if id_ in self.accepted)
        if rejected:
            click.echo(f"{plural(rejected, 'proposal', 'proposals')} rejected or left for later.")
        if not self.ending.writes:
            found = [one for one in self.desk.landed() if one.error is None]
            if found:
                write(self.settings, self.desk, self.ending)
            return
        found = list(self.landed.values())
        if found and self.ending.commits:
            from ..history.commits import commit

            paths = sorted({path for one in found for path in one.changes.after})
            name = commit(self.settings.root, paths, message_of(one.proposal for one in found))
            click.echo(f"{plural(len(found), 'proposal', 'proposals')} accepted: commit {name}.")
        elif found:
            click.echo(f"{plural(len(found), 'proposal', 'proposals')} accepted. Next: `akb diff`, and commit.")
        if not (found or rejected):
            click.echo("Nothing was decided.", err=True)

    def _through(self, left: Sequence[Queued]) -> bool:
        """Show proposals, and tell whether the reviewer goes on."""
        for place, one in enumerate(left, 1):
            if not self._is_open(one.id):
                continue
            while True:
                self._show(one, place, len(left))
                key = self._key()
                if key == "q":
                    return False
                if key == "u":
                    self._undo()
                    return True
                if self._done(one, key, left):
                    break
        return True

    def _done(self, one: Queued, key: str, left: Sequence[Queued]) -> bool:
        """Do what a key says, and tell whether the proposal is done with."""
        acts: dict[str, Callable[[], object]] = {
            "a": lambda: self._accept(one),
            "l": lambda: self._decide(one, "later"),
            "r": lambda: self._reject(one),
            "s": lambda: self.skipped.add(one.id),
            "b": lambda: self._accept_batch(one, left),
            "e": lambda: self._edit(one),
            "o": lambda: self._open(one),
            **{str(number): partial(self._decide, one, "rejected", reason) for number, reason in enumerate(REASONS, 1)},
        }
        try:
            acts.get(key, self._help)()
        except (KeyboardInterrupt, click.Abort):
            self.console.print("\nNothing was decided on this proposal.")
        except AkbError as error:
            click.echo(show_error(error))
        return one.id in self.skipped or not self._is_open(one.id)

    def _reject(self, one: Queued) -> None:
        if why := self._line("Why"):
            self._decide(one, "rejected", why)

    def _is_open(self, id_: str) -> bool:
        """Tell whether a proposal waits still: somebody else may have decided on it meanwhile."""
        try:
            return self.desk.queue.get(id_).waits
        except AkbError:
            return False

    def _accept(self, one: Queued) -> None:
        changes = self.desk.accept(one.id, decision_of("accepted", self.who), self.changed.get(one.id))
        self.steps.append(one.id)
        self.accepted.add(one.id)
        for warning in changes.warnings:
            self.console.print(f"  [yellow]warning:[/yellow] {escape(clean_line(warning.message))}")
        if self.ending.writes:
            for landed in self.desk.write():
                if landed.error is None:
                    self.landed[landed.proposal.id] = landed
        self.console.print(f"[green]Accepted:[/green] {escape(title_of(one))}")

    def _decide(self, one: Queued, outcome: str, why: str = "") -> None:
        self.desk.queue.decide(one.id, decision_of("later" if outcome == "later" else "rejected", self.who, why))
        self.steps.append(one.id)
        if outcome == "later":
            self.skipped.add(one.id)
        self.console.print(f"{'Later' if outcome == 'later' else 'Rejected'}: {escape(title_of(one))}")

    def _accept_batch(self, one: Queued, left: Sequence[Queued]) -> None:
        source = source_of(one)
        kind = (source, one.decision is None)
        batch = [
            other for other in left if (source_of(other), other.decision is None) == kind and self._is_open(other.id)
        ]
        for other in batch:
            self.console.print(f"  {escape(title_of(other))}")
        self.console.print(f"Accept these {len(batch)} of {escape(source) or 'no source'}? [b]y[/b] yes, other keys no")
        if self._key() != "y":
            return
        for other in batch:
            try:
                self._accept(other)
            except AkbError as error:
                click.echo(f"{title_of(other)}\n{show_error(error)}")

    def _undo(self) -> None:
        if not self.steps:
            self.console.print("There is nothing to undo.")
            return
        id_ = self.steps[-1]
        try:
            self.desk.take_back(id_)
        except AkbError as error:
            click.echo(show_error(error))
            return
        self.steps.pop()
        self.landed.pop(id_, None)
        self.accepted.discard(id_)
        self.skipped.discard(id_)
        self.console.print(f"Undone: {escape(title_of(self.desk.queue.get(id_)))}")

    def _edit(self, one: Queued) -> None:
        """Let the reviewer change fields, each by its key, until another key ends it."""
        original = one.proposal["parts"]
        while True:
            fields = fields_of(self.changed.get(one.id, original))
            for key, at in zip(_FIELDS, fields, strict=False):
                self.console.print(f"  [b]{key}[/b] {at.key}: {escape(clean_line(at.value))}")
            self.console.print("Which? Any other key ends it.")
            pressed = self._key()
            place = _FIELDS.find(pressed)
            if not 0 <= place < len(fields):
                return
            chosen = fields[place]
            value = self._line(chosen.key, clean_line(chosen.value))
            now = {at.key: at.value for at in fields} | {chosen.key: value}
            changed = edited(original, now)
            if changed is None:
                self.changed.pop(one.id, None)
            else:
                self.changed[one.id] = changed

    def _show(self, one: Queued, place: int, total: int) -> None:
        self.console.rule(f"{place:,} of {total:,} · {escape(source_of(one))} · proposal {one.id}")
        sides = (Panel(self._passages(one), title="passage"), Panel(self._form(one), title="proposal"))
        if self.console.width >= _SIDE_BY_SIDE:
            grid = Table.grid(expand=True, padding=(0, 1))
            grid.add_column(ratio=1)
            grid.add_column(ratio=1)
            grid.add_row(*sides)
            self.console.print(grid)
        else:
            self.console.print(Group(*sides))
        if one.earlier:
            earlier = f"{one.earlier.outcome} before by {one.earlier.who}: {one.earlier.why}"
            self.console.print(f"  [yellow]{escape(clean_line(earlier))}[/yellow]")
        for line in told_of(one, self.desk.queue.waiting()):
            self.console.print(f"  {escape(clean_line(line))}")
        for finding in one.record["findings"]:
            said = f"{finding['severity']}: {finding['message']}"
            self.console.print(f"  [yellow]•[/yellow] {escape(clean_line(said))}")
        self.console.print(_KEYS)

    def _passages(self, one: Queued) -> Text:
        text = Text()
        for quoted, _ in once(one.record["evidence"]):
            before, found, after = parted(quoted["passage"], quoted["quote"])
            if text:
                text.append("\n\n")
            text.append(clean_line(before))
            text.append(f" {clean_line(found)} ", style="reverse")
            text.append(clean_line(after))
            text.append(f"\n{clean_line(quoted['source'])}, {clean_line(quoted['locator'])}", style="dim")
        return text or Text("Nothing is quoted.", style="dim")

    def _form(self, one: Queued) -> Text:
        text = Text()
        original = {at.key: at.value for at in fields_of(one.proposal["parts"])}
        number = 0
        for at in fields_of(self.changed.get(one.id, one.proposal["parts"])):
            if at.part != number:
                number = at.part
                text.append(f"{chr(10) if number > 1 else ''}{at.kind}\n", style="bold")
            if at.value:
                mark = "*" if original.get(at.key) != at.value else ""
                text.append(f"  {at.name}{mark}: ", style="dim")
                text.append(f"{clean_line(at.value)}\n")
        why = one.proposal["why"]
        text.append(f"\nby {clean_line(said_by(one.proposal))}{': ' if why else ''}{clean_line(why)}", style="dim")
        return text

    def _open(self, one: Queued) -> None:
        """Show what would change in the files, as the base is now."""
        changes = self.desk.tried(one.id, self.who, self.changed.get(one.id))
        from ..review.patch import patch_text

        self.console.print(escape(patch_text(changes)))

    def _help(self) -> None:
        self.console.print(_KEYS)
        for number, reason in enumerate(REASONS, 1):
            self.console.print(f"  [b]{number}[/b] rejects: {reason}")

    def _key(self) -> str:
        try:
            return click.getchar().lower()
        except (KeyboardInterrupt, EOFError):
            return "q"

    def _line(self, name: str, value: str = "") -> str:
        """Read a line, with a value that can be changed."""
        try:
            import readline
        except ImportError:
            return str(click.prompt(name, default=value)).strip()
        readline.set_startup_hook(lambda: readline.insert_text(value))
        try:
            return input(f"{name}: ").strip()
        except EOFError:
            return value
        finally:
            readline.set_startup_hook(None)
