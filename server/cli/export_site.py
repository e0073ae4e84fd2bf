"""`akb export site`: the whole site as files, for a host that runs no program."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ..errors import UsageError
from ..settings import Project, Settings
from .build import build_release, release_to_read
from .common import plural, progress_bar, project_options, root_option, settings_for
from .sources import sources_of


@click.command()
@click.argument("directory", type=click.Path(path_type=Path))
@root_option
@project_options
@click.option("--base-url", default="", help="Address at which the files will be. Default: the base IRI.")
@click.option(
    "--processes",
    type=click.IntRange(1, 256),
    default=lambda: os.cpu_count() or 1,
    show_default="one for each processor",
    help="Processes that make pages.",
)
@click.option("--force", is_flag=True, help="Export even when nothing has changed.")
def site(
    directory: Path, root: Path | None, project: Project | None, base_url: str, processes: int, force: bool
) -> None:
    r"""Write the site into DIRECTORY as static files: every page, in every format.

    Builds first when a file has changed. Search and SPARQL queries then run in the browser. DIRECTORY must be empty, or
    hold an export: that is replaced as a whole when all files are there, and a file that is as it was keeps its date.

    Links between the files are relative, so they work at any address. --base-url is for what must name whole addresses,
    such as the sitemap.

    \b
    Examples:
      akb export site public
      akb export site public --base-url https://example.org/kb/
      python -m http.server --directory public
    """
    from ..web.export.site import export_site, settings_at

    settings = settings_for(root or click.get_current_context().find_object(Path), project=project)
    settings_at(settings, base_url)
    _must_be_apart(directory, settings)
    release_to_read(settings, build_release)
    with progress_bar() as progress:
        done = export_site(settings, directory, base_url, workers=processes, progress=progress, force=force)
    export = done.export
    if not done.is_new:
        click.echo(f"Nothing has changed since the last export to {directory}.")
    files = plural(export.files, "file", "files")
    click.echo(
        f"{plural(export.pages, 'page', 'pages')} in {files}, {export.size / 1e6:,.1f} MB, in {directory}: "
        f"{plural(done.written, 'file', 'files')} written in {done.seconds:,.1f} seconds."
    )


def _must_be_apart(directory: Path, settings: Settings) -> None:
    """Raise UsageError for a folder that a build reads: the next one would take the files for a part of the base."""
    project = settings.project
    read = (project.data, project.ontology, project.shapes) if project else sources_of(settings.root)
    folder = directory.resolve()
    for place in filter(None, read):
        if place.is_dir() and (folder == place.resolve() or place.resolve() in folder.parents):
            raise UsageError(f"{directory} is in {place}, which builds read.", "name a folder elsewhere.")
