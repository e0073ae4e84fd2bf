"""`akb diff`: what differs between two revisions of a base."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import UsageError
from .common import must_be_in_base, paint, progress_bar, read_outputs, root_option, settings_for, write_file

if TYPE_CHECKING:
    from ..history.snapshots import Extent, Snapshot

_WORKING_TREE = "the working tree"


@click.command()
@root_option
@click.option("--data", type=click.Path(path_type=Path), help="Compare the RDF of this folder, which is no base.")
@click.argument("before", metavar="[A]", default="HEAD")
@click.argument("after", metavar="[B]", default="")
@click.option(
    "--format",
    "formats",
    multiple=True,
    metavar="NAME[=FILE]",
    help="Write text (the default), markdown, json or html, to standard output or to FILE. May be given several times, "
    "one of them without a file.",
)
@click.option("--exit-code", is_flag=True, help="Exit with 1 when something differs.")
def diff(
    root: Path | None, data: Path | None, before: str, after: str, formats: tuple[str, ...], exit_code: bool
) -> None:
    r"""Show what differs between A and B, in entities and edges.

    A and B are revisions as git names them, or folders that hold a base. A is HEAD unless you say otherwise, B the
    working tree: what is committed, staged, changed and new in it. `A...` is the common ancestor of HEAD and A. With
    --data it compares a folder of any RDF in a repository, in whatever formats.

    \b
    Examples:
      akb diff
      akb diff main...
      akb diff v1 v2 --format html=diff.html
      akb diff --data vocabulary HEAD~3

    Exit codes: 0 compared, 1 with --exit-code something differs, 2 wrong use (no such revision, no repository), 3 the
    repository lacks something, 4 the fault is ours.
    """
    from ..comparison.reading import difference
    from ..comparison.reports import text
    from ..comparison.reports.formats import FORMATS
    from ..history.snapshots import BASE
    from ..namespaces import CANONICAL_BASE, Namespaces
    from ..turtle.reader import namespaces_of

    outputs = read_outputs(formats, FORMATS)
    before, after = _ends(before, after)
    if data is not None:
        if root is not None:
            raise UsageError("--data and --root are two places.", "leave one of them out.")
        if not data.exists():
            raise UsageError(f"{data} is not there.", "name a folder of RDF in --data.")
        place, extent = _any_rdf(data.resolve())
        namespaces = Namespaces(CANONICAL_BASE, is_foreign=True)
    else:
        settings = settings_for(root or _folder(after))
        place, extent = settings.root, BASE
        if not _folder(before):
            must_be_in_base(root or _folder(after), settings)
        namespaces = namespaces_of(settings.root, settings.namespaces)
    with progress_bar() as progress:
        old, new = (_snapshot(place, name, extent) for name in (before, after))
        found = difference(old, new, namespaces, progress, is_base=data is None)
    for name, file in outputs:
        if file is not None:
            write_file(file, FORMATS[name](found))
        else:
            click.echo(text.render(found, paint) if name == "text" else FORMATS[name](found), nl=False)
    if exit_code and found:
        raise SystemExit(1)


def _ends(before: str, after: str) -> tuple[str, str]:
    """Take `A..B` apart, and `A...B`, which is compared from where B left A off."""
    first, dots, second = before.partition("...") if "..." in before else before.partition("..")
    if after or not dots or _folder(before):
        return before, after
    if dots == "..":
        return first or "HEAD", second or "HEAD"
    return before, second


def _folder(name: str) -> Path | None:
    """Return the base that a name leads to, if it does; a revision may have the name of any other folder."""
    from ..roots import is_base

    path = Path(name)
    return path if name and is_base(path) else None


def _any_rdf(data: Path) -> tuple[Path, Extent]:
    """Return the folder of data and what counts of it: all that is RDF, or the one file that it is."""
    from ..history.snapshots import ANY_RDF

    return (data, ANY_RDF) if data.is_dir() else (data.parent, replace(ANY_RDF, parts=(data.name,)))


def _snapshot(root: Path, name: str, extent: Extent) -> Snapshot:
    from ..history.snapshots import Folder, revision

    if not name:
        return Folder(root, _WORKING_TREE, extent)
    if folder := _folder(name) if extent.is_base else None:
        return Folder(folder.resolve(), name)
    try:
        return revision(root, name, extent)
    except UsageError as error:
        if not extent.is_base and Path(name).is_dir():
            return Folder(Path(name).resolve(), name, extent)
        if Path(name).is_dir():
            raise UsageError(
                f"{name} is a folder without a base, and no revision.",
                "name a folder that holds ontology/akb.ttl and kb/.",
            ) from error
        raise
