"""What `akb query` says of a query beside its answer: what its parts find, and why it finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ..records.empty_answers import Emptied
    from ..settings import Settings


def explanation(settings: Settings, wanted: str) -> str:
    """Return what the parts of a query find, how long it takes, and why it finds nothing."""
    from ..web.current import Current
    from ..web.data.explained import explained

    with closing(Current(settings)) as current:
        found = explained(current.release(), _asked(wanted), f"{settings.namespaces.base}sparql")
    return "\n".join(_lines(found)) + "\n"


def query_for(settings: Settings, words: str) -> str:
    """Return the query for a question in words; what else is to be known is said on the side.

    Raises UsageError where nothing is understood.
    """
    from ..errors import UsageError
    from ..web.current import Current
    from ..web.data.in_words import written_query

    with closing(Current(settings)) as current:
        written = written_query(current.release(), words, settings.language_model)
    if not written.query:
        raise UsageError(f"There is no query for {words!r}.", "name a class, a property or an entity of the base.")
    for one in written.understood:
        click.echo(f"{one.words}: {one.term} ({one.kind})", err=True)
    for note in written.notes:
        click.echo(note, err=True)
    return f"{written.query}\n"


def say_why_empty(settings: Settings, wanted: str) -> None:
    """Say on the side why a query that ran found nothing, if that can be told."""
    from ..web.current import Current
    from ..web.data.explained import why_nothing

    with closing(Current(settings)) as current:
        why = why_nothing(current.release(), _asked(wanted), f"{settings.namespaces.base}sparql")
    if why is not None:
        click.echo("\n".join(_why(why)), err=True)


def _asked(wanted: str) -> Any:
    from ..web.data.protocol import QueryRequest

    return QueryRequest(wanted, (), (), "", None)


def _lines(found: dict[str, Any]) -> Iterator[str]:
    from ..records.empty_answers import Change, Emptied

    yield f"The query took {found['milliseconds']['query']} ms; what SERVICE calls {found['milliseconds']['calls']} ms."
    yield f"{'alone':>8}  {'together':>8}  part (up to {found['plan']['counted']:,} rows are counted)"
    for step in found["plan"]["steps"]:
        alone, together = ("" if count is None else f"{count:,}" for count in (step["alone"], step["together"]))
        yield f"{alone:>8}  {together:>8}  {step['text']}"
    yield from found["hints"]
    if why := found["why_empty"]:
        yield from _why(Emptied(**{**why, "changes": tuple(Change(**one) for one in why["changes"])}))


def _why(why: Emptied) -> Iterator[str]:
    yield "Nothing was found."
    yield from (f"  {pattern}" for pattern in why.patterns)
    yield from why.said
    for change in why.changes:
        yield f"- {change.text}" + ("" if change.finds else " The whole query finds nothing then either.")
        if change.query:
            yield f"    {' '.join(change.query.split())}"
