"""`akb review`: decide on the proposals and pairs that wait in the queue, at the terminal or from a script."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ..errors import UsageError
from ..records.candidates import OUTCOMES, Pair, QueueSelection
from .common import asked_for, plural, root_option, settings_for, write_file
from .desk import Desk, open_desk
from .proposals import Ending

if TYPE_CHECKING:
    from ..review.records import FileChanges, Verdict
    from ..review.session import Session
    from ..settings import Settings

_ACTIONS: Final = (
    *("walk", "list", "show", "decide", "pairs"),
    *("proposals", "accept", "reject", "later", "back", "write"),
)
_WITH_ID: Final = frozenset({"show", "decide"})
_WITH_IDS: Final = frozenset({"accept", "reject", "later", "back"})
_SIGNALS: Final = ("meaning", "strong", "name", "neighbours", "identifier")


@click.command()
@root_option
@click.argument("action", type=click.Choice(_ACTIONS), default="walk")
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--patch", type=click.Path(path_type=Path), help="Write a patch for `git apply` (- prints it), no files.")
@click.option("--commit", "commits", is_flag=True, help="Commit what was decided; kb/ must have no other changes.")
@click.option("--about", default="", help="Only proposals about this source, by its CURIE.")
@click.option(
    "--set", "changed", multiple=True, metavar="FIELD=VALUE", help="With accept: change a field, such as 2.note."
)
@click.option("--class", "classes", multiple=True, help="Class of a member; at most two.")
@click.option(
    "--signal", "signals", multiple=True, type=click.Choice(_SIGNALS), help="Only pairs that have this signal."
)
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="With list: how many pairs.")
@click.option("--outcome", type=click.Choice(OUTCOMES), help="With decide: the outcome.")
@click.option("--survivor", default="", help="With merged: the CURIE that stays.")
@click.option("--predicate", default="", help="With edge: its predicate, such as extends; an inverse swaps the ends.")
@click.option("--from", "start", default="", help="With edge: the CURIE of its subject. Default: the first.")
@click.option("--note", default="", help="With edge: one sentence on how the two are joined.")
@click.option("--in", "source", default="", help="With edge: the CURIE of the paper or thinker that says so.")
@click.option("--locator", default="", help="With edge: the place in the source, such as a section or page.")
@click.option("--confidence", type=click.FloatRange(0, 1), help="With edge: how sure you are that the source says it.")
@click.option("--status", default="draft", show_default=True, help="With edge: draft, or one that is in use (active).")
@click.option("--why", default="", help="The reason, for later readers.")
@click.option("--who", default="", help="Who decides. Default: the name under which git commits.")
def review(
    root: Path | None,
    action: str,
    ids: tuple[str, ...],
    patch: Path | None,
    commits: bool,
    about: str,
    changed: tuple[str, ...],
    classes: tuple[str, ...],
    signals: tuple[str, ...],
    limit: int,
    outcome: str | None,
    survivor: str,
    predicate: str,
    start: str,
    note: str,
    source: str,
    locator: str,
    confidence: float | None,
    status: str,
    why: str,
    who: str,
) -> None:
    r"""Decide on proposed changes, and on pairs of entities that look near to each other and have no edge.

    \b
    akb review                walk through what was proposed, or else the pairs, with single keys (needs a terminal)
    akb review proposals      print the changes that were proposed, and wait (`akb propose`, or /propose)
    akb review show ID        print all that is known of a proposal or a pair
    akb review accept ID...   take proposals into the base; --set changes a field first
    akb review reject ID...   take them out of the queue; --why says why
    akb review later ID...    put them at its end
    akb review back ID...     take a decision back: files are as they were, and the proposal waits again
    akb review write          write what was accepted on pages into the files
    akb review pairs          walk through the pairs
    akb review list           print them: worth, id, members, and why they are there
    akb review decide ID      take a decision on one

    A decision on a pair is a file in kb/review/, and what follows from it: an edge, or a merger. What is accepted is
    written only when the base passes `akb check` with it. Without --patch and --commit, the files of kb/ change.

    \b
    Examples:
      akb review --about paper:ai-control --commit
      akb review accept 0a1b2c3d4e --set "label=A better name"
      akb review list --class concept --signal name
      akb review decide 0a1b2c3d4e --outcome unrelated --why "Alike in name only."
      akb review decide 0a1b2c3d4e --outcome merged --survivor concept:goal-drift --patch drift.patch
      akb review decide 0a1b2c3d4e --outcome edge --predicate extends --note "A hard case of it." --commit

    Exit codes: 0 done, 2 wrong use, or a decision that the base cannot take, 3 something cannot be read.
    """
    if commits and patch is not None:
        raise UsageError("--commit and --patch are two ways to end.", "leave one of them out.")
    if len(classes) > 2:
        raise UsageError("A pair has two members.", "give --class at most twice.")
    is_right = len(ids) == 1 if action in _WITH_ID else bool(ids) if action in _WITH_IDS else not ids
    if not is_right:
        takes = (
            "takes at least one ID" if action in _WITH_IDS else "takes one ID" if action in _WITH_ID else "takes no ID"
        )
        raise UsageError(f"akb review {action} {takes}.", "see `akb review proposals` and `akb review list`.")
    if changed and action != "accept":
        raise UsageError("--set goes with accept.", "leave it out.")
    settings = settings_for(root)
    pair = ids[0] if ids else ""
    asks_for_pairs = bool(classes or signals) and action == "walk"
    ending = Ending(patch, commits)
    if not asks_for_pairs and _is_on_proposals(settings, action, ids, who, why, ending, about, changed):
        return
    desk = open_desk(settings, QueueSelection(classes, signals))
    match action:
        case "list":
            _list(desk, limit)
        case "show":
            click.echo(desk.text(desk.pair(pair)))
        case "decide":
            chosen = desk.pair(pair)
            choices = ", ".join(OUTCOMES)
            outcome = outcome or asked_for(f"Outcome ({choices})", f"give --outcome: {choices}.")
            if outcome not in OUTCOMES:
                raise UsageError(f"{outcome!r} is no outcome.", f"give one of {choices}.")
            verdict = _verdict(
                settings,
                chosen,
                outcome,
                why,
                who,
                survivor,
                (predicate, start, note, source, locator, confidence, status),
            )
            session = _session(settings, desk, patch, commits)
            session.decide((chosen.first.iri, chosen.second.iri), chosen.signals, verdict)
            _finish(settings, session, patch, commits)
        case _:
            _must_be_a_terminal("use `akb review list` and `akb review decide`.")
            from .walking import walk

            session = _session(settings, desk, patch, commits)
            try:
                walk(desk, session, _who(settings, who))
            finally:
                _finish(settings, session, patch, commits)


def _is_on_proposals(
    settings: Settings,
    action: str,
    ids: tuple[str, ...],
    who: str,
    why: str,
    ending: Ending,
    about: str,
    changed: tuple[str, ...],
) -> bool:
    """Do an action on proposals, and tell whether it was one."""
    from ..proposals.deciding import Desk as ProposalsDesk
    from . import proposals

    if ending.commits and action in {"walk", "accept", "write"}:
        _must_be_committed(settings)
    match action:
        case "proposals":
            proposals.list_proposals(settings, about)
        case "accept":
            proposals.accept(settings, ids, _who(settings, who), why, ending, changed)
        case "reject":
            proposals.reject(settings, ids, _who(settings, who), why)
        case "later":
            proposals.postpone(settings, ids, _who(settings, who), why)
        case "back":
            proposals.take_back(settings, ids)
        case "write":
            if not proposals.write(settings, ProposalsDesk(settings), ending):
                click.echo("No proposal is accepted and not written.", err=True)
        case "show" if found := proposals.proposal_named(settings, ids[0]):
            proposals.show_proposal(settings, found)
        case "walk" if about or proposals.waiting(settings):
            _must_be_a_terminal("use `akb review proposals`, `akb review accept` and `akb review reject`.")
            from .deciding import decide_all

            decide_all(settings, _who(settings, who), ending, about)
        case _:
            return False
    return True


def _must_be_a_terminal(mend: str) -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("This needs a terminal.", mend)


def _list(desk: Desk, limit: int) -> None:
    from ..review.matches import read_proposals, waiting
    from ..turtle.reader import read_base
    from .proposals import count_waiting

    pairs, total = desk.queue(limit)
    for pair in pairs:
        reason = next(iter(desk.reasons(pair)), "")
        click.echo(f"{pair.worth:.3f}  {pair.id}  {pair.first.curie}  {pair.second.curie}  {reason}")
    click.echo(f"{plural(total, 'pair waits', 'pairs wait')}; {len(pairs):,} shown.", err=True)
    if waiting_proposals := count_waiting(desk.settings):
        counted = plural(waiting_proposals, "proposal waits", "proposals wait")
        click.echo(f"{counted} too; `akb review proposals` lists them.", err=True)
    proposals = read_proposals(desk.settings.state)
    base = read_base(desk.settings.root, desk.settings.namespaces) if proposals else None
    if base and (matches := waiting(base, proposals)):
        counted = plural(len(matches), "match with other bases waits", "matches with other bases wait")
        click.echo(f"{counted}; `akb link matches` lists them.", err=True)


def _verdict(
    settings: Settings,
    pair: Pair,
    outcome: str,
    why: str,
    who: str,
    survivor: str,
    edge: tuple[str, str, str, str, str, float | None, str],
) -> Verdict:
    """Read the options of a decision. Raises UsageError when one of them names no member of the pair."""
    from ..review.records import EdgeWish, Verdict

    predicate, start, note, source, locator, confidence, status = edge
    members = {pair.first.curie: pair.first.iri, pair.second.curie: pair.second.iri}
    for option, value in (("--survivor", survivor), ("--from", start)):
        if value and value not in members:
            raise UsageError(f"{option} {value} is neither of the two.", f"choose {' or '.join(members)}.")
    if outcome != "edge" and any((predicate, start, note, source, locator)):
        raise UsageError("The options of an edge are given, but the outcome is another.", "add --outcome edge.")
    if outcome != "merged" and survivor:
        raise UsageError("--survivor goes with --outcome merged.", "leave one of them out.")
    wish = EdgeWish(predicate, start == pair.second.curie, note, source, locator, confidence, status)
    name = next(one for one in OUTCOMES if one == outcome)
    return Verdict(name, _who(settings, who), why, wish, members.get(survivor, ""))


def _who(settings: Settings, who: str) -> str:
    from ..history.commits import author

    found = who or author(settings.root)
    if not found:
        raise UsageError("The reviewer is not given.", "give --who, or tell git: git config user.name NAME.")
    return found


def _session(settings: Settings, desk: Desk, patch: Path | None, commits: bool) -> Session:
    from ..review.session import Session
    from ..turtle.reader import read_base

    if commits:
        _must_be_committed(settings)
    base = read_base(settings.root, settings.namespaces)
    return Session(settings, base, desk.schema, writes=patch is None)


def _must_be_committed(settings: Settings) -> None:
    from ..history.commits import uncommitted

    if changed := uncommitted(settings.root):
        raise UsageError(f"{changed[0]} is not committed, and --commit would mix it in.", "commit it or set it aside.")


def _finish(settings: Settings, session: Session, patch: Path | None, commits: bool) -> None:
    """Hand over what was decided, and say what to do with it."""
    from ..review.changes import message_of
    from ..review.patch import patch_text

    changes: FileChanges = session.changes
    for warning in changes.warnings:
        click.echo(f"warning: {warning.file}: {warning.message}\n  mend: {warning.mend}", err=True)
    if not changes.decisions:
        click.echo("Nothing was decided.", err=True)
        return
    summary = (
        f"{plural(len(changes.decisions), 'decision', 'decisions')}, {plural(len(changes.after), 'file', 'files')}"
    )
    if patch is not None:
        text = patch_text(changes)
        if str(patch) == "-":
            click.echo(text, nl=False)
        else:
            write_file(patch, text)
        click.echo(f"{summary}: apply the patch with `git apply{'' if str(patch) == '-' else f' {patch}'}`.", err=True)
    elif commits:
        from ..history.commits import commit

        name = commit(settings.root, list(changes.after), message_of(session.base, changes.decisions))
        click.echo(f"{summary}: commit {name}.")
    else:
        for path in sorted(changes.after):
            click.echo(f"{'changed' if path in changes.before else 'created'} {path}")
        click.echo(f"{summary}. Next: `akb diff`, and commit.")
