"""`akb query`: ask this base, or another endpoint."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from ..errors import QueryError, UnreadableError, UsageError
from ..namespaces import NOWHERE, Namespaces
from ..settings import Settings
from .build import release_to_read
from .common import root_option, settings_for

if TYPE_CHECKING:
    from ..build.releases import Hold
    from ..knowledge.finding import Finder
    from ..records.kept import KeptQuery
    from ..store.interface import Queryable


_FORMAT_HELP = "Extension of a format: json, csv, ttl, nt, ... Default: csv for rows, ttl for triples."


class _FormatName(click.ParamType[str]):
    """The name of a format for answers; looked up when it is needed, since other packages may add some."""

    name = "format"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from ..serialization import answer_formats

        names = list(answer_formats())
        if value not in names:
            self.fail(f"{value!r} is not one of {', '.join(names)}.", param, ctx)
        return value


@click.command()
@root_option
@click.argument("given", metavar="[QUERY | NAME=VALUE ...]", nargs=-1)
@click.option(
    "--kept",
    is_flag=False,
    flag_value="",
    help="Ask a kept query by its name, with values as NAME=VALUE; without a name, list them.",
)
@click.option("--show", is_flag=True, help="Print the text of the query in place of its answer.")
@click.option("--test", is_flag=True, help="Ask every kept query with its defaults; fail where rows are missing.")
@click.option("--endpoint", default="", help="Address of a SPARQL endpoint to ask in place of this base.")
@click.option(
    "--format",
    "format_name",
    type=_FormatName(),
    help=_FORMAT_HELP,
)
@click.option("--words", is_flag=True, help="QUERY is a question in words: print the query for it, and run nothing.")
@click.option(
    "--explain", "explain_it", is_flag=True, help="Say what the parts of the query find, and how long it takes."
)
@click.option("--timeout", type=click.IntRange(1, 3600), default=60, show_default=True, help="Seconds, for --endpoint.")
def query(
    root: Path | None,
    given: tuple[str, ...],
    kept: str | None,
    endpoint: str,
    format_name: str | None,
    timeout: int,
    *,
    words: bool,
    explain_it: bool,
    show: bool,
    test: bool,
) -> None:
    r"""Run a SPARQL query and print its answer.

    QUERY is the text of a query, or @FILE to read it from a file. The prefixes of the base need no declaration, unless
    you ask another endpoint. Where nothing is found, standard error says which pattern is to blame and what to write.

    \b
    Examples:
      akb query 'SELECT ?label WHERE { ?entity a akb:Entity ; skos:prefLabel ?label }'
      akb query @question.rq --format json
      akb query --words 'how many claims are there?'
      akb query --endpoint http://127.0.0.1:8000/sparql 'ASK { ?s ?p ?o }' --format json
      akb query --kept
      akb query --kept NAME entity=concept:alignment-faking --format json
    """
    if endpoint and (words or explain_it):
        raise UsageError(
            "--words and --explain are about this base, and not about --endpoint.", "leave one of them out."
        )
    if kept == "" or test:
        _no_words(given)
        (_test if test else _list)(root)
        return
    if kept is None and len(given) != 1:
        what = "There is no query." if not given else f"There are {len(given)} queries."
        raise UsageError(what, "give one query in quotes, @FILE to read it from a file, or --kept NAME.")
    wanted = _read(given[0]) if kept is None else _kept_text(root, kept, given)
    if show:
        click.echo(wanted)
        return
    if endpoint:
        from ..settings import read_contact
        from ..store.remote import ask_endpoint

        contact = read_contact(os.environ, root)
        click.echo(ask_endpoint(endpoint, wanted, format_name, timeout, contact=contact).body, nl=False)
        return
    from ..sparql.explaining import explain
    from ..store.answers import is_nothing
    from .explained import explanation, query_for, say_why_empty

    opened = _opened(settings_for(root))
    if words or explain_it:
        click.echo(query_for(opened.settings, wanted) if words else explanation(opened.settings, wanted), nl=False)
        return
    try:
        answer = opened.store.answer(_federated(opened.settings, opened.namespaces, opened.store, wanted))
    except QueryError as error:
        raise explain(error, wanted, opened.namespaces) from error
    chosen = format_name or answer.default_format
    body = answer.serialize(chosen)
    click.echo(body, nl=False)
    # No is an answer like any other.
    if answer.kind != "boolean" and is_nothing(chosen, body):
        say_why_empty(opened.settings, wanted)


class _Opened(NamedTuple):
    """A store that answers, the namespaces of its base, and what keeps its release from being removed meanwhile."""

    settings: Settings
    namespaces: Namespaces
    store: Queryable
    hold: Hold | None = None


def _opened(settings: Settings) -> _Opened:
    from ..build.releases import ON_DISK, Releases
    from ..store.remote_store import remote_store
    from ..turtle.reader import namespaces_of

    namespaces = namespaces_of(settings.root, settings.namespaces)
    store: Queryable | None = remote_store(settings, namespaces)
    if store is not None:
        return _Opened(settings, namespaces, store)
    release_to_read(settings)
    releases = Releases(settings.releases)
    release, hold, _ = releases.held()
    _, namespaces, store = releases.open(release, settings.namespaces, ON_DISK)
    return _Opened(settings, namespaces, store, hold)


def _kept_queries(settings: Settings) -> tuple[KeptQuery, ...]:
    """Return the kept queries of a base, as its files have them; those that cannot be asked are left out."""
    from ..turtle.reader import empty_base
    from ..validation.kept_files import read_kept

    kept, unreadable = read_kept(empty_base(settings.root, settings.namespaces))
    for finding in unreadable:
        click.echo(f"{finding.file}:{finding.line}: {finding.message}", err=True)
    return tuple(kept)


def _kept_text(root: Path | None, name: str, words: Sequence[str]) -> str:
    from ..knowledge.kept import kept_named
    from ..sparql.parameters import bound
    from ..turtle.reader import namespaces_of

    settings = settings_for(root)
    found = kept_named(_kept_queries(settings), name)
    values = {}
    for word in words:
        key, sign, value = word.partition("=")
        if not sign:
            there = ", ".join(one.name for one in found.parameters) or "none"
            raise UsageError(f"{word!r} is no value.", f"write NAME=VALUE; {name} has the parameters {there}.")
        values[key] = value
    return bound(found, values, namespaces_of(settings.root, settings.namespaces))


def _list(root: Path | None) -> None:
    kept = _kept_queries(settings_for(root))
    if not kept:
        click.echo("There are no kept queries. A file of kb/query/ is one: see docs/kept-queries.md.")
    for one in kept:
        click.echo(f"{one.name}: {one.title}")
        for parameter in one.parameters:
            of = f" of {parameter.of}" if parameter.of else ""
            choices = f" ({' | '.join(parameter.choices)})" if parameter.choices else ""
            default = f", by default {parameter.default}" if parameter.default else ", may be left out"
            click.echo(f"  {parameter.name}: {parameter.label}; {parameter.type}{of}{choices}{default}")


def _test(root: Path | None) -> None:
    """Ask every kept query with its defaults, and fail where one has fewer rows than it says."""
    from ..sparql.parameters import bound

    opened = _opened(settings_for(root))
    failed = 0
    for one in _kept_queries(opened.settings):
        rows = len(opened.store.select(bound(one, {}, opened.namespaces)))
        failed += rows < one.rows
        said = "ok" if rows >= one.rows else f"fewer than {one.rows}"
        click.echo(f"{one.name}: {rows} {'row' if rows == 1 else 'rows'}, {said}")
    if failed:
        raise QueryError(
            f"{failed} kept {'query has' if failed == 1 else 'queries have'} too few rows.",
            "mend the query, its defaults, or the line `# rows:` in its file.",
        )


def _no_words(words: Sequence[str]) -> None:
    if words:
        raise UsageError(f"{words[0]!r} belongs to no query.", "name one after --kept, or leave the words out.")


def _federated(settings: Settings, namespaces: Namespaces, store: Queryable, wanted: str) -> str:
    """Return a query with its calls to peers answered; what went wrong with them is said on the side."""
    from ..sparql.guards import calls_service

    # Who calls nobody need not have the peers in order.
    if not calls_service(wanted):
        return wanted
    from ..federation.federate import Federation
    from ..federation.peers import peers_of
    from ..knowledge.searches import searches_of

    def local(text: str, _seconds: float, *, empty: bool = False) -> bytes:
        answer = store.answer(text, default_graphs=(NOWHERE,) if empty else ())
        return answer.serialize("nt" if answer.kind == "triples" else "json")

    finder = _finder(settings)
    searches = {} if finder is None else searches_of(finder, namespaces)
    federation = Federation(peers_of(settings), namespaces.prefixes(), most_at_once=1, searches=searches)
    federated = federation.expand(wanted, local, base=None, seconds=settings.query_seconds)
    for note in federated.notes:
        click.echo(note, err=True)
    return federated.query


def _finder(settings: Settings) -> Finder | None:
    """Return the search over the current release; None where there is none, beside a remote store."""
    from ..build.releases import Releases
    from ..errors import NotFoundError
    from ..knowledge.finding import Finder

    try:
        release, _hold, _ = Releases(settings.releases).held()
    except NotFoundError:
        return None
    return Finder.open(release)


def _read(text: str) -> str:
    from ..sparql.characters import decoded, without_mark

    if not text.startswith("@"):
        return without_mark(text)
    try:
        return decoded(Path(text[1:]).read_bytes())
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(f"{text[1:]} cannot be read: {error}", "name a query file after the @.") from error
