"""`akb query`: ask this base, or another endpoint."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import QueryError, UnreadableError, UsageError
from ..namespaces import NOWHERE, Namespaces
from ..serialization import answer_formats
from ..settings import Settings
from ..sparql.characters import decoded, without_mark
from ..sparql.explaining import explain
from ..sparql.guards import calls_service
from .build import release_to_read
from .common import root_option, settings_for

if TYPE_CHECKING:
    from ..knowledge.finding import Finder
    from ..store.interface import Queryable


_FORMAT_HELP = "Extension of a format: json, csv, ttl, nt, ... Default: csv for rows, ttl for triples."


class _FormatName(click.ParamType[str]):
    """The name of a format for answers; looked up when it is needed, since other packages may add some."""

    name = "format"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        names = list(answer_formats())
        if value not in names:
            self.fail(f"{value!r} is not one of {', '.join(names)}.", param, ctx)
        return value


@click.command()
@root_option
@click.argument("text", metavar="QUERY")
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
    text: str,
    endpoint: str,
    format_name: str | None,
    words: bool,
    explain_it: bool,
    timeout: int,
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
    """
    wanted = _read(text)
    if endpoint and (words or explain_it):
        raise UsageError(
            "--words and --explain are about this base, and not about --endpoint.", "leave one of them out."
        )
    if endpoint:
        from ..settings import read_contact
        from ..store.remote import ask_endpoint

        contact = read_contact(os.environ, root)
        click.echo(ask_endpoint(endpoint, wanted, format_name, timeout, contact=contact).body, nl=False)
        return
    from ..build.releases import Releases
    from ..store.answers import is_nothing
    from ..store.remote_store import remote_store
    from ..turtle.reader import namespaces_of
    from .explained import explanation, query_for, say_why_empty

    settings = settings_for(root)
    namespaces = namespaces_of(settings.root, settings.namespaces)
    store: Queryable | None = remote_store(settings, namespaces)
    if store is None:
        release_to_read(settings)
        _, namespaces, store = Releases(settings.releases).open_current(settings.namespaces, settings.memory_triples)
    if words or explain_it:
        click.echo(query_for(settings, wanted) if words else explanation(settings, wanted), nl=False)
        return
    try:
        answer = store.answer(_federated(settings, namespaces, store, wanted))
    except QueryError as error:
        raise explain(error, wanted, namespaces) from error
    chosen = format_name or answer.default_format
    body = answer.serialize(chosen)
    click.echo(body, nl=False)
    # No is an answer like any other.
    if answer.kind != "boolean" and is_nothing(chosen, body):
        say_why_empty(settings, wanted)


def _federated(settings: Settings, namespaces: Namespaces, store: Queryable, wanted: str) -> str:
    """Return a query with its calls to peers answered; what went wrong with them is said on the side."""
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
    if not text.startswith("@"):
        return without_mark(text)
    try:
        return decoded(Path(text[1:]).read_bytes())
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(f"{text[1:]} cannot be read: {error}", "name a query file after the @.") from error
