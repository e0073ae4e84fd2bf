"""The walk through the review queue at a terminal: a pair at a time, side by side, decided with single keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click
from rich.columns import Columns
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel

from ..errors import AkbError
from ..records.candidates import Outcome, Pair
from ..review.records import EdgeWish, Verdict

if TYPE_CHECKING:
    from ..review.session import Session
    from .desk import Desk

_KEYS: Final = (
    "[b]e[/b] edge   [b]m[/b] merge   [b]d[/b] different   [b]n[/b] not related   [b]l[/b] later   "
    "[b]s[/b] skip   [b]u[/b] undo   [b]q[/b] quit"
)
_PLAIN: Final[dict[str, Outcome]] = {"d": "different", "n": "unrelated", "l": "later"}
_AHEAD: Final = 1_000
"""How many pairs are read at once: more than anybody decides in a day."""


def walk(desk: Desk, session: Session, who: str) -> None:
    """Show the pairs of the queue until all are decided or skipped, or the reviewer quits. Decisions are saved."""
    console = Console(highlight=False)
    pairs, total = desk.queue(_AHEAD)
    console.print(f"{total:,} pairs wait; you decide as [b]{escape(who)}[/b].")
    at, skipped = 0, set[str]()
    while at < len(pairs):
        pair = pairs[at]
        if pair.id in session.decided or pair.id in skipped or not _is_open(session, pair):
            at += 1
            continue
        _show(console, desk, pair, at + 1, total)
        match key := _key():
            case "q":
                return
            case "s":
                skipped.add(pair.id)
            case "u":
                if (step := session.undo()) is None:
                    console.print("There is nothing to undo.")
                else:
                    console.print(f"Undone: {step.decisions[0].outcome}.")
                    at = next(place for place, one in enumerate(pairs) if one.id == step.decisions[0].id)
            case "e" | "m" | "d" | "n" | "l":
                try:
                    verdict = _ask(console, desk, pair, key, who)
                    if verdict is not None:
                        session.decide((pair.first.iri, pair.second.iri), pair.signals, verdict)
                        console.print(f"[green]Decided:[/green] {verdict.outcome}.")
                except (KeyboardInterrupt, click.Abort):
                    console.print("\nNothing was decided on this pair.")
                except AkbError as error:
                    console.print(f"[red]{escape(str(error))}[/red]")
            case _:
                console.print(_KEYS)
    console.print("End of the queue.")


def _key() -> str:
    try:
        return click.getchar().lower()
    except (KeyboardInterrupt, EOFError):
        return "q"


def _is_open(session: Session, pair: Pair) -> bool:
    """Tell whether both members are still in use: an earlier decision may have merged one."""
    from ..review.changes import is_in_use

    return all(is_in_use(session.base, one.iri) for one in (pair.first, pair.second))


def _show(console: Console, desk: Desk, pair: Pair, place: int, total: int) -> None:
    console.rule(f"{place:,} of {total:,} · candidate:{pair.id} · worth {pair.worth:.2f}")
    panels = [
        Panel(
            f"[b]{escape(one.label)}[/b]\n{escape(one.definition)}",
            title=f"{number} {one.class_name}",
            subtitle=one.curie,
            width=max(30, console.width // 2 - 1),
        )
        for number, one in enumerate((pair.first, pair.second), 1)
    ]
    console.print(Columns(panels, padding=(0, 1)))
    for reason in desk.reasons(pair):
        console.print(f"  • {escape(reason)}")
    console.print(_KEYS)


def _ask(console: Console, desk: Desk, pair: Pair, key: str, who: str) -> Verdict | None:
    """Ask for what a decision needs beside its outcome; None when the reviewer thinks better of it."""
    if key == "e":
        wish = _ask_edge(console, desk, pair)
        return Verdict("edge", who, edge=wish) if wish else None
    if key == "m":
        for number, one in enumerate((pair.first, pair.second), 1):
            console.print(f"  [b]{number}[/b] {escape(one.curie)} keeps its IRI")
        chosen = _key()
        if chosen not in {"1", "2"}:
            return None
        survivor = (pair.first, pair.second)[int(chosen) - 1]
        return Verdict("merged", who, _text("Why (Enter for none)"), survivor=survivor.iri)
    return Verdict(_PLAIN[key], who, _text("Why (Enter for none)"))


def _ask_edge(console: Console, desk: Desk, pair: Pair) -> EdgeWish | None:
    offered = desk.offers(pair)
    for number, one in enumerate(offered, 1):
        console.print(
            f"  [b]{number:>2}[/b] {escape(one.start.curie)} [b]{one.term.notation}[/b] {escape(one.end.curie)}"
        )
    number = click.prompt("Which (0 for none)", type=click.IntRange(0, len(offered)))
    if number == 0:
        return None
    offer = offered[number - 1]
    note = _text("How are they joined, in one sentence")
    source = _text("CURIE of the paper or thinker that says so (Enter for none)")
    return EdgeWish(
        predicate=offer.term.notation,
        from_second=offer.start == pair.second,
        note=note,
        source=source,
        locator=_text("Where in it (Enter for nowhere)") if source else "",
        status=click.prompt("Status", type=click.Choice(desk.schema.statuses_of_new_edges), default="draft"),
    )


def _text(question: str) -> str:
    return str(click.prompt(question, default="", show_default=False)).strip()
