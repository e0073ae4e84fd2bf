"""The actions of `akb review` on proposals: to list them, to show one, to accept or to reject it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import UsageError
from .common import paint, plural, write_file

if TYPE_CHECKING:
    from ..proposals.queue import Queued
    from ..settings import Settings


def list_proposals(settings: Settings) -> None:
    """Print those that wait."""
    from ..proposals.queue import Queue
    from ..proposals.writing import said_by

    found = Queue(settings).waiting()
    for one in found:
        click.echo(f"{paint(one.id, 'place')}  {one.when}  {one.record['summary']}  {said_by(one.proposal)}")
    click.echo(f"{plural(len(found), 'proposal waits', 'proposals wait')} for a decision.", err=True)


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


def show_proposal(one: Queued) -> None:
    """Print all that is known of a proposal."""
    from ..proposals.writing import said_by, text_of

    click.echo(f"proposal {one.id}, {one.when}, by {said_by(one.proposal)}")
    if one.proposal["why"]:
        click.echo(f"why: {one.proposal['why']}")
    if one.decision:
        click.echo(f"{one.decision.outcome} by {one.decision.who}, {one.decision.when}: {one.decision.why}")
    click.echo(text_of(one.record), nl=False)
    for quoted in one.record["evidence"]:
        click.echo(f"  part {quoted['part']} quotes {quoted['source']}, {quoted['locator']}: {quoted['quote']}")
        click.echo(f"    in: {quoted['passage']}")
    click.echo(one.record["patch"], nl=False)


def accept(settings: Settings, id_: str, who: str, why: str, patch: Path | None, *, commits: bool) -> None:
    """Try a proposal again, and write it as a patch, a commit or files of kb/; it leaves the queue."""
    from ..history.commits import commit
    from ..locks import locked
    from ..proposals.deciding import changes_of, decision_of, message_of
    from ..proposals.queue import Queue
    from ..review.changes import write_files
    from ..review.patch import patch_text

    queue = Queue(settings)
    found, decision = queue.get(id_), decision_of("accepted", who, why)
    # Nobody else decides while files are written.
    with locked(settings.state / "import.lock"):
        changes = changes_of(settings, found)
        for warning in changes.warnings:
            click.echo(f"warning: {warning.message}\n  mend: {warning.mend}", err=True)
        if patch is None:
            write_files(settings.root, changes.after)
        elif str(patch) == "-":
            click.echo(patch_text(changes), nl=False)
        else:
            write_file(patch, patch_text(changes))
        queue.decide(id_, decision)
    files = plural(len(changes.after), "file", "files")
    if patch is not None:
        named = "" if str(patch) == "-" else f" {patch}"
        click.echo(f"Accepted, {files}: apply the patch with `git apply{named}`.", err=True)
    elif commits:
        name = commit(settings.root, list(changes.after), message_of([(found, decision)]))
        click.echo(f"Accepted, {files}: commit {name}.")
    else:
        for path in sorted(changes.after):
            click.echo(f"{'changed' if path in changes.before else 'created'} {path}")
        click.echo(f"Accepted, {files}. Next: `akb diff`, and commit.")


def reject(settings: Settings, id_: str, who: str, why: str) -> None:
    """Take a proposal out of the queue."""
    from ..proposals.deciding import decision_of
    from ..proposals.queue import Queue

    queue = Queue(settings)
    if queue.get(id_).decision is not None:
        raise UsageError(f"Proposal {id_} was decided on already.", f"see `akb review show {id_}`.")
    queue.decide(id_, decision_of("rejected", who, why))
    click.echo(f"Rejected proposal {id_}.")
