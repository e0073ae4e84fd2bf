"""`akb mirror`: keep a copy of another base."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import NotFoundError, RemoteError, UnreadableError, UsageError
from ..namespaces import is_web_address
from .common import plural, progress_bar, show_error

if TYPE_CHECKING:
    from ..mirroring.mirror import Done
    from ..mirroring.source import Source


@click.command()
@click.argument("url")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=Path())
@click.option(
    "--follow",
    type=click.IntRange(1, 86_400),
    metavar="SECONDS",
    help="Go on, and look for new changes every so many seconds. Stop with Ctrl-C.",
)
def mirror(url: str, folder: Path, follow: int | None) -> None:
    r"""Copy another base into a folder, and bring the copy up to date when run again.

    URL is the address of the site of the other base, or of its event stream (/ldes). DIR, by default the working
    directory, is new, empty, or a copy that an earlier run has made; it becomes a base with a file for each entity, the
    ontology and the shapes, which `akb serve --root DIR` serves.

    Each change is held against its hash before it is written. A run that was killed goes on where it stopped. Where the
    history of the other base was written anew, so is the copy.

    \b
    Examples:
      akb mirror https://kb.example/ copy && akb serve --root copy
      akb mirror https://kb.example/ copy --follow 300
    """
    from ..mirroring.source import Source
    from ..settings import read_contact, read_limits
    from ..turtle.limits import use_limits

    if not is_web_address(url) or "?" in url or "#" in url:
        raise UsageError(f"{url!r} is no address of a site.", "give one that starts with http, without ? and #.")
    use_limits(read_limits(os.environ))
    source = Source(url, read_contact(os.environ))
    _say(_run(source, folder), folder)
    while follow is not None:
        time.sleep(follow)
        try:
            done = _run(source, folder)
        except (NotFoundError, RemoteError, UnreadableError) as error:
            # What was there once may be there again, as after a restart of the other side.
            click.echo(show_error(error), err=True)
        else:
            if done.changes:
                _say(done, folder)


def _run(source: Source, folder: Path) -> Done:
    from ..mirroring.mirror import mirror as run

    with progress_bar() as progress:
        return run(source, folder, lambda done, total: progress("mirror", done, total))


def _say(done: Done, folder: Path) -> None:
    state = done.state
    what = plural(done.changes, "change", "changes")
    if done.was_rewritten:
        click.echo(f"The history of {state.source} was written anew, and so was {folder}: {what}.")
    elif done.changes:
        click.echo(f"{folder} has {what} more, and is what {state.source} was at {state.at}.")
    else:
        click.echo(f"{folder} is up to date with {state.source}.")
