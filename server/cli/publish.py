"""`akb publish`: load a release into a remote store."""

from __future__ import annotations

from pathlib import Path

import click

from ..errors import UsageError
from ..settings import Settings
from .build import build_release
from .common import plural, progress_bar, root_option, settings_for


@click.command()
@root_option
@click.option("--endpoint", default="", help="Address of the store's SPARQL queries. Default: $AKB_STORE.")
@click.option("--update", default="", help="Address of its SPARQL updates.")
@click.option("--graph-store", default="", help="Address of its Graph Store Protocol.")
@click.option(
    "--chunk", type=click.IntRange(1, 1_000_000), default=1000, show_default=True, help="Triples per request."
)
@click.option(
    "--timeout", type=click.IntRange(1, 86_400), default=300, show_default=True, help="Timeout of a request in seconds."
)
@click.option("--bulk", type=click.Choice(["virtuoso", "qlever"]), help="Use this store's own loader, not requests.")
@click.option("--directory", type=click.Path(path_type=Path), help="Folder for the files of the loader.")
@click.option("--isql", default="", help="HOST:PORT of Virtuoso's SQL port: load now.")
@click.option(
    "--loaders", type=click.IntRange(1, 64), default=2, show_default=True, help="Loaders that run in parallel."
)
@click.option("--force", is_flag=True, help="Load everything again, even what is there.")
def publish(
    root: Path | None,
    endpoint: str,
    update: str,
    graph_store: str,
    chunk: int,
    timeout: int,
    bulk: str | None,
    directory: Path | None,
    isql: str,
    loaders: int,
    force: bool,
) -> None:
    r"""Load the release into a remote SPARQL 1.1 store, in chunks or by the store's own loader.

    Builds first when a file has changed. A killed run goes on where it stopped; a release that is there is not sent
    again. With --update, the triples take the place of the release before all at once, when all of them have arrived;
    with --graph-store as well, they travel by it. With --graph-store alone they replace the old ones graph by graph. A
    name and a password are read from AKB_STORE_USER and AKB_STORE_PASSWORD, and sent by Basic or Digest as the store
    asks.

    With --bulk, the release is written as N-Quads into --directory for the loader of the store. Virtuoso loads it at
    once with --isql, where its setting DirsAllowed has the directory; else the commands to run are shown.

    \b
    Examples:
      akb publish --endpoint http://127.0.0.1:8890/sparql --update http://127.0.0.1:8890/sparql-auth
      akb publish --bulk virtuoso --directory /srv/load --isql 127.0.0.1:1111
      akb publish --bulk qlever --directory /srv/qlever
    """
    from ..build.publish import Target
    from ..build.publish import publish as run_publish

    settings = settings_for(root)
    if bulk:
        if directory is None:
            raise UsageError("There is no folder for the files.", "give --directory.")
        if isql and bulk != "virtuoso":
            raise UsageError("--isql is for Virtuoso.", "leave it out.")
        _hand_over(settings, bulk, directory, isql, loaders, force=force)
        return
    address = endpoint or settings.store
    if not address:
        raise UsageError("There is no address to read from.", "give --endpoint, or set AKB_STORE.")
    target = Target(address, update, graph_store, chunk, timeout)
    build_release(settings)
    with progress_bar() as progress:
        done = run_publish(settings, target, force=force, progress=progress)
    triples = plural(done.triples, "triple", "triples")
    if not done.sent and not done.before:
        click.echo(f"Release {done.info.name} is in {address} already: {triples}.")
        return
    went_on = f", {done.before:,} of them in the run before" if done.before else ""
    click.echo(f"Release {done.info.name} is in {address}: {triples}{went_on}.")


def _hand_over(settings: Settings, kind: str, directory: Path, isql: str, loaders: int, *, force: bool) -> None:
    from ..build.bulk import Bulk, hand_over

    build_release(settings)
    with progress_bar() as progress:
        done = hand_over(settings, Bulk(kind, directory, isql, loaders), force=force, progress=progress)
    triples = plural(done.triples, "triple", "triples")
    if done.state == "there":
        click.echo(f"Release {done.info.name} is in {isql} already: {triples}.")
    elif done.state == "loaded":
        click.echo(f"Release {done.info.name} is in {isql}: {triples}.")
    else:
        click.echo(f"Release {done.info.name} is in {done.folder}: {triples}. To load it, run:")
        click.echo("".join(f"  {command}\n" for command in done.commands), nl=False)
