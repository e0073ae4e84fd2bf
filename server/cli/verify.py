"""`akb verify`: hold a release against its checksums."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ..errors import NotFoundError
from .common import plural, progress_bar, root_option, settings_for


@click.command()
@root_option
@click.argument("release", required=False)
def verify(root: Path | None, release: str | None) -> None:
    """Verify the files of a release by its checksums: those of the current one, or of RELEASE, by its name.

    Exit code 1 means that files are damaged or missing; each is named. `sha256sum --check checksums` in the folder of
    the release looks at the same.
    """
    from ..build.checksums import damages, is_release_name, read_checksums
    from ..build.releases import Releases

    releases = Releases(settings_for(root).releases)
    folder = releases.current()
    there = ", ".join(sorted(path.name for path in releases.folder.glob("[!.]*/")))
    if release is not None:
        folder = releases.folder / release
        if not is_release_name(release) or not folder.is_dir():
            raise NotFoundError(f"There is no release {release!r}.", f"name one that is there: {there or 'none'}.")
    if folder is None and there:
        click.echo(f"{releases.pointer}: it is missing, or names no release. Mend: akb build --force", err=True)
        sys.exit(1)
    if folder is None:
        raise NotFoundError(f"There is no release in {releases.folder}.", "run `akb build`.")
    with progress_bar() as progress:
        damaged = damages(folder, progress)
    for damage in damaged:
        click.echo(f"{folder / damage.path}: {damage.why}")
    count = plural(len(read_checksums(folder).files), "file", "files")
    if damaged:
        click.echo(
            f"Release {folder.name}: {len(damaged)} of {count} damaged or missing. Mend: akb build --force", err=True
        )
        sys.exit(1)
    click.echo(f"Release {folder.name}: {count} as built.")
