"""`akb export`: write the base as files in other formats."""

from __future__ import annotations

import gzip
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import IO, TYPE_CHECKING, Any, Final

import click

from ..errors import NotFoundError, UsageError
from ..records.downloads import FORMATS, GZIP, Download, Scope
from .build import release_to_read
from .common import plural, progress_bar, root_option, settings_for, writing_to
from .export_site import site

if TYPE_CHECKING:
    from ..build.dumps.exporting import Exports

_DESCRIPTIONS: Final = {"croissant": "Croissant 1.0", "ro-crate": "RO-Crate 1.2"}
_RDF: Final = ("ttl", "nt", "nq", "trig", "jsonld")
_TABLES: Final = ("csv", "parquet")
_BINARY: Final = frozenset({"parquet", "sqlite", "md"})
_MEANINGS: Final = {
    "ttl": "Turtle",
    "nt": "N-Triples",
    "nq": "N-Quads, with the graph of each statement",
    "trig": "TriG, with the graphs",
    "jsonld": "JSON-LD",
    "csv": "a table as CSV for spreadsheets",
    "parquet": "a table as Apache Parquet",
    "sqlite": "everything in tables, as an SQLite database",
    "graphml": "the network of entities and edges as GraphML",
    "bib": "references to all works as BibTeX",
    "ris": "references to all works as RIS",
    "csl": "references to all works as CSL-JSON",
    "md": "all pages as Markdown, in a ZIP archive: a vault for Obsidian",
}
_SUFFIXES: Final = {"csl": "json", "md": "zip"}
"""Those of files, where they are not the name of the format."""
_MARK: Final = "ro-crate-metadata.json"
"""The file by which a folder is known as one that `akb export all` wrote."""

_output = click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write. Default: standard output."
)


@click.group(invoke_without_command=True)
@root_option
@click.option("--list", "lists", is_flag=True, help="List the downloads of the current release.")
@click.pass_context
def export(context: click.Context, root: Path | None, lists: bool) -> None:
    r"""Write the base in another format: what the page of downloads offers, without a server.

    Builds first when a file has changed. What is packed with gzip is unpacked, unless the name of the file ends with
    .gz.

    \b
    Examples:
      akb export --list
      akb export ttl -o base.ttl
      akb export nq --graph asserted -o asserted.nq.gz
      akb export csv --table edges -o edges.csv
      akb export all exported
    """
    context.obj = root
    if lists:
        with _opened(root, ()) as found:
            for one in found.downloads.files:
                click.echo(f"{one.name:<28} {one.size:>14,}  {one.title}: {one.count:,} {one.unit}")
            for note in found.downloads.notes:
                click.echo(note, err=True)
            if not found.downloads.files:
                click.echo(
                    "The release has no downloads, as its settings want it; `akb export ttl` writes one.", err=True
                )
    elif context.invoked_subcommand is None:
        click.echo(context.get_help())


@export.command("all")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.pass_obj
def everything(root: Path | None, folder: Path) -> None:
    """Write every file, with its description as Croissant and RO-Crate, into the folder DIR.

    DIR is made; a folder that was written so before is replaced. Any other must be empty.
    """
    from ..build.dumps.making import possible
    from ..build.dumps.parquet import MISSING

    folder = folder.resolve()
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).is_file():
        raise UsageError(f"{folder} is not empty, and no earlier export.", "name a new folder, or an empty one.")
    if not folder.parent.is_dir():
        raise UsageError(f"{folder.parent} is not there.", "name a folder in one that exists.")
    formats = possible(FORMATS)
    with _opened(root, formats) as found:
        beside = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            for one in found.downloads.files:
                shutil.copyfile(found.folder / one.name, beside / one.name)
            (beside / _MARK).write_text(found.ro_crate(), encoding="utf-8")
            (beside / "croissant.json").write_text(found.croissant(""), encoding="utf-8")
            beside.chmod(0o755)
            shutil.rmtree(folder, ignore_errors=True)
            beside.rename(folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        size = sum(one.size for one in found.downloads.files)
        click.echo(f"{plural(len(found.downloads.files), 'file', 'files')} in {folder}: {size:,} bytes.")
    if "parquet" not in formats:
        click.echo(MISSING, err=True)


def _add(name: str) -> None:
    """Add the command of a format."""

    def run(output: Path | None, **chosen: str | None) -> None:
        root: Path | None = click.get_current_context().obj
        with _opened(root, (name,)) as found:
            one = _chosen(found, name, **chosen)
            _write(found.folder / one.name, one, output)

    command: Callable[..., Any] = run
    if name in _RDF:
        command = click.option("--graph", metavar="NAME", help="Only this graph, such as asserted.")(command)
        command = click.option("--class", "class_", metavar="NAME", help="Only the entities of this class.")(command)
    if name in _TABLES:
        command = click.option(
            "--table", metavar="NAME", default="entities", show_default=True, help="entities, edges or evidence."
        )(command)
    command.__doc__ = _help(f"Write {_MEANINGS[name]}.", name, _SUFFIXES.get(name, name))
    export.command(name)(_output(command))


def _add_description(name: str) -> None:
    def run(output: Path | None) -> None:
        root: Path | None = click.get_current_context().obj
        with _opened(root, ()) as found:
            text = found.ro_crate() if name == "ro-crate" else found.croissant(f"{found.namespaces.base}download/")
        if output is None:
            click.echo(text, nl=False)
        else:
            with _to(output) as file:
                file.write(text.encode())
            click.echo(f"{output}: {plural(len(found.downloads.files), 'file', 'files')} described.", err=True)

    run.__doc__ = _help(f"Write the description of all downloads as {_DESCRIPTIONS[name]}.", name, "json")
    export.command(name)(_output(run))


def _help(text: str, name: str, suffix: str) -> str:
    return f"{text}\n\n\b\nExample:\n  akb export {name} -o exported.{suffix}"


export.add_command(site)
for _name in FORMATS:
    _add(_name)
for _name in _DESCRIPTIONS:
    _add_description(_name)


@contextmanager
def _opened(root: Path | None, formats: tuple[str, ...]) -> Iterator[Exports]:
    from ..build.dumps.exporting import exports

    settings = settings_for(root)
    release_to_read(settings)
    with progress_bar() as progress, exports(settings, formats, progress) as found:
        yield found


def _chosen(
    found: Exports, name: str, graph: str | None = None, class_: str | None = None, table: str | None = None
) -> Download:
    """Return the download that the options name. Raises NotFoundError when there is none."""
    if graph and class_:
        raise UsageError("--graph and --class are two choices.", "leave one of them out.")
    scope, of = (Scope.GRAPH, graph) if graph else (Scope.CLASS, class_) if class_ else (Scope.TABLE, table)
    of_format = [one for one in found.downloads.files if one.format == name]
    if not of:
        wanted = [one for one in of_format if one.scope in {Scope.ALL, Scope.WORKS}]
        if not wanted:
            raise NotFoundError(f"The base has nothing to write as {name}.", "akb export --list says what there is.")
        return wanted[0]
    names = [one.of for one in of_format if one.scope is scope]
    if of not in names:
        raise NotFoundError(
            f"There is no {scope.value} {of!r} with anything in it.", f"choose one of {', '.join(names)}."
        )
    return next(one for one in of_format if one.scope is scope and one.of == of)


def _write(path: Path, one: Download, output: Path | None) -> None:
    is_packed = one.compression == GZIP
    if output is None:
        if one.format in _BINARY and sys.stdout.isatty():
            raise UsageError(f"{one.title} is not for a terminal.", "name a file with -o, or send it to a program.")
        with gzip.open(path) if is_packed else path.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)
        return
    unpacks = is_packed and output.suffix != ".gz"
    with gzip.open(path) if unpacks else path.open("rb") as file, _to(output) as target:
        shutil.copyfileobj(file, target)
    click.echo(f"{output}: {one.count:,} {one.unit}.", err=True)


@contextmanager
def _to(path: Path) -> Iterator[IO[bytes]]:
    """Write a file that the user named: all of it or nothing, unless it is a device or a pipe."""
    from ..leftovers import temporary_prefix

    with writing_to(path):
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                yield file
            return
        beside = path.with_name(f"{temporary_prefix()}{path.name}")
        try:
            with beside.open("wb") as file:
                yield file
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
