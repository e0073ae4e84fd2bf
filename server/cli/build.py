"""`akb build`: make a release."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import click

from ..errors import AkbError, UsageError
from ..records.releases import ReleaseInfo
from ..settings import Settings
from .common import engine_option, plural, progress_bar, root_option, settings_for, show_finding, show_note


@click.command()
@root_option
@engine_option
@click.option("--force", is_flag=True, help="Build even when no file has changed.")
@click.option("--cluster", default="", help="Address of a Dask scheduler, whose workers take part.")
def build(root: Path | None, engine: str | None, force: bool, cluster: str) -> None:
    """Build a release: read, check, infer, store, and swap it in.

    A running server picks the new release up by itself. When the base has violations or contradicts itself, or
    when the build is killed, the release before it stays in place. A draft that is not finished (`akb new` leaves
    one) is left out of the release, and stops nothing. Exit code 1 means that the base must be fixed.
    With --cluster, its workers, which need the same version of akb, do what can be done in parts.
    """
    settings = settings_for(root, engine=engine)
    if settings.follow:
        raise UsageError(f"AKB_FOLLOW is {settings.follow}: releases come from there.", "unset it to build here.")
    info, made = build_release(settings, force=force, cluster=cluster)
    if not made:
        click.echo(f"Nothing has changed since the release of {info.built}.")
    click.echo(summary(info))


def build_release(settings: Settings, *, force: bool = False, cluster: str = "") -> tuple[ReleaseInfo, bool]:
    """Build with a progress bar; show what is wrong with the base before the error goes on its way.

    Where the releases of another machine are followed, the current one of them is returned.
    """
    if settings.follow:
        from ..build.releases import Releases

        releases = Releases(settings.releases)
        release, _hold, _ = releases.held()
        return releases.info(release), False
    from ..build.build import build as run_build
    from ..build.pools import cluster_pool
    from ..build.rejected import RejectedError

    def say_that_we_wait() -> None:
        click.echo("Another build of this base is running; waiting for it to end.", err=True)

    try:
        with cluster_pool(cluster) if cluster else nullcontext() as pool, progress_bar() as progress:
            return run_build(
                settings, force=force, progress=progress, on_wait=say_that_we_wait, on_note=show_note, pool=pool
            )
    except RejectedError as error:
        for finding in error.report.findings:
            click.echo(show_finding(finding), err=True)
        raise


def release_to_read(settings: Settings, make: Callable[[Settings], object] = build_release) -> None:
    """Make the newest release; where that fails (the base must be mended, say), say that the one before is used.

    Raises what `make` raises when there is none.
    """
    from ..build.releases import Releases

    try:
        make(settings)
    except AkbError as error:
        releases = Releases(settings.releases)
        try:
            release, _hold, refused = releases.held()
        except AkbError:
            raise error from None
        for text in filter(None, (error.message, refused)):
            click.echo(f"{click.style('warning:', fg='yellow')} {text}", err=True)
        click.echo(f"Using the release before it, of {releases.info(release).built}.", err=True)


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
            *_left_out(info),
            f"  {info.seconds:.1f} seconds",
        ]
    )


def _left_out(info: ReleaseInfo) -> list[str]:
    """Return which drafts are not in the release, if any."""
    if not info.left_out:
        return []
    named = ", ".join(info.left_out[:5]) + (" ..." if len(info.left_out) > 5 else "")
    drafts = plural(len(info.left_out), "draft is", "drafts are")
    return [f"  {drafts} not finished and left out, with the edges there: {named}; `akb check` says what is missing"]


def _similarity(info: ReleaseInfo) -> str:
    """Return what finds entities near in meaning, and how to get the sentence model where a build went without."""
    from ..similarity.choosing import how_to_install
    from ..similarity.model_files import missing

    if not info.embedding:
        return "no embedding: AKB_EMBEDDING is none"
    said = f"embedding by {info.embedding}, {plural(info.embedded, 'text', 'texts')} newly embedded"
    if not missing() or "MiniLM" in info.embedding:
        return said
    return f"{said}\n  The sentence model finds more: {how_to_install()}"
