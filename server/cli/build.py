"""`akb build`: make a release."""

from __future__ import annotations

from pathlib import Path

import click

from ..records.releases import ReleaseInfo
from ..settings import Settings
from .common import engine_option, plural, progress_bar, root_option, settings_for, show_finding, show_note


@click.command()
@root_option
@engine_option
@click.option("--force", is_flag=True, help="Build even when no file has changed.")
def build(root: Path | None, engine: str | None, force: bool) -> None:
    """Build a release: read, check, infer, store, and swap it in.

    A running server picks the new release up by itself. When the base has violations or contradicts itself, or
    when the build is killed, the release before it stays in place. Exit code 1 means that the base must be mended.
    """
    settings = settings_for(root, engine=engine)
    info, made = build_release(settings, force=force)
    if not made:
        click.echo(f"Nothing has changed since the release of {info.built}.")
    click.echo(summary(info))


def build_release(settings: Settings, *, force: bool = False) -> tuple[ReleaseInfo, bool]:
    """Build with a progress bar; show what is wrong with the base before the error goes on its way."""
    from ..publishing.build import RejectedError
    from ..publishing.build import build as run_build

    def say_that_we_wait() -> None:
        click.echo("Another build of this base is running; waiting for it to end.", err=True)

    try:
        with progress_bar() as progress:
            return run_build(settings, force=force, progress=progress, on_wait=say_that_we_wait, on_note=show_note)
    except RejectedError as error:
        for finding in error.report.findings:
            click.echo(show_finding(finding), err=True)
        raise


def summary(info: ReleaseInfo) -> str:
    """Return what a release holds, as lines of text."""
    width = max(len(name) for name in info.entities)
    rows = [f"  {name:<{width}}  {count:>6,}" for name, count in info.entities.items()]
    return "\n".join(
        [
            f"Release {info.name}",
            *rows,
            f"  {'edges':<{width}}  {info.edges:>6,}",
            f"  {plural(info.asserted, 'asserted triple', 'asserted triples')}, "
            f"{plural(info.inferred, 'inferred triple', 'inferred triples')}, {info.ontology:,} of the ontology",
            f"  {_similarity(info)}",
            f"  {info.seconds:.1f} seconds",
        ]
    )


def _similarity(info: ReleaseInfo) -> str:
    """Return what finds entities near in meaning, and how to get the sentence model where a build went without."""
    from ..similarity.embedding import how_to_install
    from ..similarity.model_files import missing

    if not info.embedding:
        return "no embedding: AKB_EMBEDDING is none"
    said = f"embedding by {info.embedding}, {plural(info.embedded, 'text', 'texts')} embedded anew"
    if not missing() or "MiniLM" in info.embedding:
        return said
    return f"{said}\n  The sentence model finds more: {how_to_install()}"
