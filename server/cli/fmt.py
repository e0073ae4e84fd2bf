"""`akb fmt`: write Turtle in its canonical form."""

from __future__ import annotations

from pathlib import Path

import click

from ..errors import AkbError, UsageError
from ..records.findings import Finding
from .common import plural, root_option, settings_for, show_finding


@click.command()
@root_option
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit with 1 when a file is not canonical.")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
def fmt(root: Path | None, only_check: bool, files: tuple[Path, ...]) -> None:
    """Write the files of kb/ (or only FILES) in canonical form: sorted, one statement a line.

    Each file is proven to hold the same triples before it is written. A file with a comment is refused, because the
    comment would be lost; a file that is not Turtle is left alone; the others are written all the same.

    Exit codes: 0 all is canonical, 1 a file was refused (or with --check: would change), 2 wrong use.
    """
    from ..turtle.files import kb_files
    from ..turtle.reader import namespaces_of
    from ..turtle.source_files import read_file
    from ..turtle.writer import format_text, write_atomically

    settings = settings_for(root)
    namespaces = namespaces_of(settings.root, settings.namespaces)
    changed = refused = 0
    paths = [path.resolve() for path in files] or sorted(kb_files(settings.root))
    for path in paths:
        if not path.is_file():
            raise UsageError(f"{path} is not a file.", "name Turtle files of kb/, or none for all of them.")
        read = read_file(path, settings.root)
        if isinstance(read, Finding):
            click.echo(show_finding(read), err=True)
            refused += 1
            continue
        try:
            text = format_text(read.text, read.graph, namespaces, read.path)
        except AkbError as error:
            click.echo(f"{click.style('refused:', fg='yellow')} {error}", err=True)
            refused += 1
            continue
        if text == read.text:
            continue
        changed += 1
        click.echo(f"{'would change' if only_check else 'formatted'} {read.path}")
        if not only_check:
            write_atomically(path, text)
    verb = "would change" if only_check else "changed"
    click.echo(f"{plural(len(paths), 'file', 'files')}: {changed} {verb}, {refused} refused.")
    if refused or (only_check and changed):
        raise SystemExit(1)
