"""`akb merge-driver`: what git calls to merge two changes of a file of `kb/`.

See gitattributes(5), "Defining a custom merge driver".
"""

from __future__ import annotations

from pathlib import Path

import click

from ..errors import UnreadableError
from .common import root_option, settings_for

_FILE = click.Path(path_type=Path)


@click.command("merge-driver")
@root_option
@click.argument("base", type=_FILE)
@click.argument("ours", type=_FILE)
@click.argument("theirs", type=_FILE)
@click.argument("path", metavar="PATH")
def merge_driver(root: Path | None, base: Path, ours: Path, theirs: Path, path: str) -> None:
    r"""Merge two changes of a file of kb/ by what they say; git calls this.

    BASE, OURS and THEIRS are files with the common ancestor and the two sides, PATH is the path of the file. The
    outcome replaces OURS. Edges that both sides add to one entity are both there; two new definitions are a conflict.
    A file that is no Turtle, or has a comment, is merged line by line, as git does it; so is any while the ontology or
    the shapes cannot be read.

    \b
    Once in each clone:
      git config merge.akb.driver "akb merge-driver %O %A %B %P"

    Exit codes: 0 merged, 1 a conflict is left in the file, 3 a file cannot be read.
    """
    from ..history.git import merge_lines
    from ..review.three_way import Merged, merge_texts
    from ..schema.reading import schema_of
    from ..turtle.reader import empty_base
    from ..turtle.writer import write_atomically

    texts = [_read(file) for file in (base, ours, theirs)]
    settings = settings_for(root)
    try:
        own = empty_base(settings.root, settings.namespaces)
        schema = schema_of(own)
        merged = merge_texts(texts[0], texts[1], texts[2], schema, own.namespaces)
    except UnreadableError as error:
        # The ontology or a shape may be in conflict too.
        merged = Merged(reason=error.message)
    if merged.reason:
        click.echo(f"{path} is merged line by line: {merged.reason}.", err=True)
        if not merge_lines(base, ours, theirs):
            raise SystemExit(1)
        return
    write_atomically(ours, merged.text)
    for clash in merged.clashes:
        click.echo(f"{path}: both sides changed {clash}.", err=True)
    if merged.clashes:
        raise SystemExit(1)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(f"{file} cannot be read: {error}", "see `akb merge-driver --help`.") from error
