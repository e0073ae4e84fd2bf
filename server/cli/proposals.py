"""The actions of `akb review` on proposals: to list and show them, to decide, and to write what was accepted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import AkbError, UsageError
from .common import paint, plural, show_error, write_file

if TYPE_CHECKING:
    from ..proposals.deciding import Desk, Landed
    from ..proposals.queue import Queued
    from ..review.records import FileChanges
    from ..settings import Settings


@dataclass(frozen=True)
class Ending:
    """What becomes of decisions: files, a commit, or a patch."""

    patch: Path | None = None
    commits: bool = False

    @property
    def writes(self) -> bool:
        """Whether files of the base change."""
        return self.patch is None


def waiting(settings: Settings, about: str = "") -> tuple[Queued, ...]:
    """Return the proposals that wait, in the order of a review; only those about a source where one is named.

    Says of files that cannot be read what is wrong with them.
    """
    from ..proposals.batches import batches
    from ..proposals.queue import Queue

    queue = Queue(settings)
    for error in queue.damaged():
        click.echo(show_error(error), err=True)
    found = batches(queue.waiting())
    return tuple(one for batch in found if about in {"", batch.source} for one in batch.proposals)


def list_proposals(settings: Settings, about: str = "") -> None:
    """Print those that wait, and how many are accepted and not written."""
    from ..proposals.batches import source_of, title_of
    from ..proposals.likeness import score_of
    from ..proposals.queue import Queue
    from ..proposals.writing import said_by

    found = waiting(settings, about)
    for one in found:
        later = "  later" if one.decision else ""
        score = f"  score {score}" if (score := score_of(one)) else ""
        said = f"{source_of(one)}  {title_of(one)}  {said_by(one.proposal)}"
        click.echo(f"{paint(one.id, 'place')}  {one.when}  {said}{score}{later}")
    click.echo(f"{plural(len(found), 'proposal waits', 'proposals wait')} for a decision.", err=True)
    if accepted := len(Queue(settings).accepted()):
        counted = plural(accepted, "proposal is accepted and not written", "proposals are accepted and not written")
        click.echo(f"{counted}: `akb review write`.", err=True)


def count_waiting(settings: Settings) -> int:
    """Return how many wait."""
    from ..proposals.queue import Queue

    return len(Queue(settings).waiting())


def proposal_named(settings: Settings, id_: str) -> Queued | None:
    """Return a proposal, or None where there is none with this id."""
    from ..errors import NotFoundError
    from ..proposals.queue import Queue

    try:
        return Queue(settings).get(id_)
    except NotFoundError:
        return None


def show_proposal(settings: Settings, one: Queued) -> None:
    """Print all that is known of a proposal."""
    from ..proposals.likeness import told_of
    from ..proposals.queue import Queue
    from ..proposals.writing import said_by, text_of

    click.echo(f"proposal {one.id}, {one.when}, by {said_by(one.proposal)}")
    if one.proposal["why"]:
        click.echo(f"why: {one.proposal['why']}")
    for line in told_of(one, Queue(settings).waiting()):
        click.echo(line)
    for decision in filter(None, (one.earlier, one.decision)):
        click.echo(f"{decision.outcome} by {decision.who}, {decision.when}: {decision.why}")
    click.echo(text_of(one.record), nl=False)
    for quoted in one.record["evidence"]:
        click.echo(f"  part {quoted['part']} quotes {quoted['source']}, {quoted['locator']}: {quoted['quote']}")
        click.echo(f"    in: {quoted['passage']}")
    click.echo(one.record["patch"], nl=False)


def accept(
    settings: Settings, ids: Sequence[str], who: str, why: str, ending: Ending, changes: Sequence[str] = ()
) -> None:
    """Try proposals again, and write them as a patch, a commit or files of kb/; they leave the queue.

    Those that others need come first. The first that cannot be taken ends it, with an error; those before are done.
    """
    from ..proposals.batches import in_order
    from ..proposals.deciding import Desk, decision_of

    desk = Desk(settings)
    found = in_order([desk.queue.open(id_) for id_ in ids])
    if changes and len(found) != 1:
        raise UsageError("--set changes one proposal.", "accept the others by themselves.")
    decision, accepted = decision_of("accepted", who, why), 0
    try:
        for one in found:
            show_warnings(desk.accept(one.id, decision, edited_by(one, changes)))
            accepted += 1
    finally:
        if accepted:
            write(settings, desk, ending)


def edited_by(one: Queued, changes: Sequence[str]) -> list[dict[str, object]] | None:
    """Return the parts of a proposal after changes such as 1.label=A better name; None where there are none."""
    from ..proposals.editing import edited, fields_of

    keys = [field.key for field in fields_of(one.parts)]
    given = {}
    for change in changes:
        key, equals, value = change.partition("=")
        key = f"1.{key}" if f"1.{key}" in keys else key
        if not equals or key not in keys:
            raise UsageError(f"--set {change!r:.80} names no field of it.", f"write one of {', '.join(keys)}=VALUE.")
        given[key] = value
    return edited(one.proposal["parts"], given)


def write(settings: Settings, desk: Desk, ending: Ending) -> tuple[Landed, ...]:
    """Write what is accepted, as files of kb/, a commit or a patch, and say what to do with it."""
    from ..proposals.deciding import message_of, patch_of

    landed = desk.write() if ending.writes else desk.landed()
    done = [one for one in landed if one.error is None]
    for one in landed:
        if one.error is not None:
            click.echo(f"Proposal {one.proposal.id} is accepted, and the base cannot take it any more.", err=True)
            click.echo(show_error(one.error), err=True)
            click.echo(f"    `akb review back {one.proposal.id}` takes it back into the queue.", err=True)
    if not done:
        return landed
    paths = sorted({path for one in done for path in one.changes.after})
    said = f"{plural(len(done), 'proposal', 'proposals')} accepted, {plural(len(paths), 'file', 'files')}"
    if ending.patch is not None:
        text = patch_of(done)
        if str(ending.patch) == "-":
            click.echo(text, nl=False)
        else:
            write_file(ending.patch, text)
        desk.hand_over(done)
        named = "" if str(ending.patch) == "-" else f" {ending.patch}"
        click.echo(f"{said}: apply the patch with `git apply{named}`.", err=True)
    elif ending.commits:
        _commit(settings, paths, message_of(one.proposal for one in done), said)
    else:
        created = {path for one in done for path in one.changes.after if path not in one.changes.before}
        for path in paths:
            click.echo(f"{'created' if path in created else 'changed'} {path}")
        click.echo(f"{said}. Next: `akb diff`, and commit.")
    return landed


def reject(settings: Settings, ids: Sequence[str], who: str, why: str) -> None:
    """Take proposals out of the queue."""
    _decide(settings, ids, "rejected", who, why)


def postpone(settings: Settings, ids: Sequence[str], who: str, why: str) -> None:
    """Put proposals at the end of the queue."""
    _decide(settings, ids, "later", who, why)


def take_back(settings: Settings, ids: Sequence[str]) -> None:
    """Take decisions back: what they changed in files is changed back, and the proposals wait again."""
    from ..proposals.deciding import Desk

    for id_ in ids:
        Desk(settings).take_back(id_)
        click.echo(f"Proposal {id_} waits again.")


def show_warnings(changes: FileChanges) -> None:
    """Print what is not refused, and should be looked at."""
    for warning in changes.warnings:
        click.echo(f"warning: {warning.message}\n  mend: {warning.mend}", err=True)


def _decide(settings: Settings, ids: Iterable[str], outcome: str, who: str, why: str) -> None:
    from ..proposals.deciding import decision_of
    from ..proposals.queue import Queue
    from ..proposals.records import VERDICTS

    verdict = next(one for one in VERDICTS if one == outcome)
    queue, decision = Queue(settings), decision_of(verdict, who, why)
    for one in [queue.open(id_) for id_ in ids]:
        queue.decide(one.id, decision)
        said = f"Rejected proposal {one.id}." if verdict == "rejected" else f"Proposal {one.id} is left for later."
        click.echo(said)


def _commit(settings: Settings, paths: Sequence[str], message: str, said: str) -> None:
    from ..history.commits import commit

    try:
        name = commit(settings.root, paths, message)
    except AkbError:
        click.echo(f"{said}: the files are written.", err=True)
        raise
    click.echo(f"{said}: commit {name}.")
