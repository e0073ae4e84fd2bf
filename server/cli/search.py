"""`akb search`: find entities by words and by meaning."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import UsageError
from .build import release_to_read
from .common import must_be_classes, plural, root_option, settings_for

if TYPE_CHECKING:
    from ..search.records import Hit, Piece


@click.command()
@root_option
@click.argument("text")
@click.option("--class", "classes", multiple=True, help="Only this class; repeatable.")
@click.option("--status", "statuses", multiple=True, help="Only this status; repeatable.")
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="How many are shown.")
@click.option("--mode", help="text, semantic or hybrid. Default: hybrid where it beats text, else text.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, as /search.json does.")
def search(
    root: Path | None,
    text: str,
    classes: tuple[str, ...],
    statuses: tuple[str, ...],
    limit: int,
    mode: str | None,
    as_json: bool,
) -> None:
    r"""Find entities: by names, ids, words of their texts, and by what TEXT means.

    The exit code is 1 when nothing is found.

    \b
    Examples:
      akb search "alignment faking"
      akb search "telling users what they want to hear" --class concept
      akb search 2412.14093 --json
    """
    from ..build.releases import Releases
    from ..formats.search import search_record
    from ..formats.writing import write_json
    from ..knowledge.finding import LONGEST, Finder, Mode

    if len(text) > LONGEST:
        raise UsageError(f"The text has {len(text):,} characters; there may be {LONGEST}.", "look for fewer words.")
    if mode is not None and mode not in list(Mode):
        raise UsageError(f"There is no mode {mode!r}.", f"choose one of {', '.join(Mode)}.")
    settings = settings_for(root)
    release_to_read(settings)
    releases = Releases(settings.releases)
    release, _hold, _ = releases.held()
    must_be_classes(classes, releases.info(release).entities)
    finder = Finder.open(release)
    if unknown := [name for name in statuses if name not in finder.index.statuses]:
        raise UsageError(
            f"No entity has the status {unknown[0]!r}.", f"choose from {', '.join(finder.index.statuses)}."
        )
    chosen = Mode(mode) if mode else finder.modes[0]
    found = finder.find(text, chosen, classes=classes, statuses=statuses, limit=limit)
    if as_json:
        click.echo(write_json(search_record(text, chosen, found)), nl=False)
    else:
        if found.meant:
            click.echo(f"No results for {text!r}. Showing results for {found.meant!r} instead.", err=True)
        for hit in found.hits:
            click.echo(_shown(hit))
        click.echo(f"{plural(found.total, 'result', 'results')}; {len(found.hits)} shown.", err=True)
    if not found.hits:
        click.get_current_context().exit(1)


def _shown(hit: Hit) -> str:
    head = f"{_marked(hit.label)}  {click.style(hit.entity.curie, fg='cyan')}"
    status = f", {hit.status}" if hit.status != "active" else ""
    return f"{head}  {plural(hit.edge_count, 'edge', 'edges')}{status}\n    {_marked(hit.snippet)}"


def _marked(pieces: tuple[Piece, ...]) -> str:
    return "".join(click.style(piece.text, bold=True) if piece.is_match else piece.text for piece in pieces)
