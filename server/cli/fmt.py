"""`akb fmt`: write Turtle in its canonical form."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import click

from ..errors import AkbError, UsageError
from ..records.findings import Finding
from .common import must_be_in_base, plural, root_option, settings_for, show_finding

Format = Callable[[Path], tuple[str, str, str]]
"""Returns the shown name of a file, its text and its canonical text. Raises _RefusedError and AkbError."""


@click.command()
@root_option
@click.option("--data", type=click.Path(path_type=Path), help="Format the Turtle of this folder, which is no base.")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit with 1 when a file is not canonical.")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
def fmt(root: Path | None, data: Path | None, only_check: bool, files: tuple[Path, ...]) -> None:
    """Write the files of kb/ (or only FILES) in canonical form: sorted, one statement a line.

    Each file is proven to hold the same triples before it is written. A file with a comment is refused, because the
    comment would be lost; a file that is not Turtle is left alone; the others are written all the same.

    With --data it formats the Turtle of any folder, which git does not ignore, in the words in which it is written:
    prefixes, literals and comments are kept. A file with a comment in a place where it cannot be kept is refused. No
    file outside the folder is written.

    Exit codes: 0 all is canonical, 1 a file was refused (or with --check: would change), 2 wrong use.
    """
    if data is not None and root is not None:
        raise UsageError("--data and --root are two places.", "leave one of them out.")
    work = _any_folder(data, files) if data is not None else _base(root, files)
    changed = refused = 0
    for path in work.paths:
        try:
            if not path.resolve().is_relative_to(work.root):
                raise UsageError(f"{path}: the file is a link to one outside {work.root}.", "format that one.")
            name, old, new = work.format(path)
            content = path.read_bytes()
        except _RefusedError as error:
            click.echo(show_finding(error.finding), err=True)
            refused += 1
            continue
        except (AkbError, OSError) as error:
            click.echo(f"{click.style('refused:', fg='yellow')} {error}", err=True)
            refused += 1
            continue
        if new == old and not content.startswith(BOM_UTF8):
            continue
        changed += 1
        click.echo(f"{'would change' if only_check else 'formatted'} {name}")
        if not only_check:
            work.write(path, new, content)
    verb = "would change" if only_check else "changed"
    click.echo(f"{plural(len(work.paths), 'file', 'files')}: {changed} {verb}, {refused} refused.{work.rest}")
    if refused or (only_check and changed):
        raise SystemExit(1)


@dataclass(frozen=True)
class _Work:
    root: Path
    paths: list[Path]
    format: Format
    write: Callable[[Path, str, bytes], None]
    rest: str = ""
    """What is said of other files."""


class _RefusedError(Exception):
    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def _base(root: Path | None, files: Iterable[Path]) -> _Work:
    """Return what is to be done in a base of our own form."""
    from ..turtle.files import kb_files
    from ..turtle.reader import namespaces_of
    from ..turtle.source_files import read_file
    from ..turtle.writer import format_text, write_atomically

    settings = settings_for(root)
    must_be_in_base(root, settings)
    namespaces = namespaces_of(settings.root, settings.namespaces)

    def formatted(path: Path) -> tuple[str, str, str]:
        read = read_file(path, settings.root)
        if isinstance(read, Finding):
            raise _RefusedError(read)
        return read.path, read.text, format_text(read.text, read.graph, namespaces, read.path)

    paths = [_inside(path, settings.root, "Turtle files of kb/") for path in files]
    everything = paths or sorted(kb_files(settings.root))
    return _Work(settings.root, everything, formatted, lambda path, text, _: write_atomically(path, text))


def _any_folder(data: Path, files: Iterable[Path]) -> _Work:
    """Return what is to be done in a folder of any form."""
    from ..history.ignored import ignored_in
    from ..serialization import TURTLE, read_formats
    from ..turtle.formatting import format_any
    from ..turtle.project_files import list_files
    from ..turtle.projects import read_files
    from ..turtle.source_files import SourceFile, decoded, shown_name
    from ..turtle.writer import write_atomically

    here = Path.cwd()

    def formatted(path: Path) -> tuple[str, str, str]:
        name = shown_name(path, here)
        text = decoded(path, name)
        if isinstance(text, Finding):
            raise _RefusedError(text)
        read = read_files(here, [name])[name]
        if not isinstance(read, SourceFile):
            raise _RefusedError(read)
        return name, text, format_any(text, name)

    def write(path: Path, text: str, content: bytes) -> None:
        # Lines end as they did.
        write_atomically(path.resolve(), text, "\r\n" if content.count(b"\r\n") * 2 > content.count(b"\n") else "\n")

    root = data.resolve() if data.is_dir() else data.resolve().parent
    paths = [_inside(path, root, "Turtle files of the folder") for path in files]
    listed = paths or list(list_files(data, ignored_in).files)
    turtle = [path for path in listed if read_formats().get(path.suffix.lower()) is TURTLE]
    others = len(listed) - len(turtle)
    rest = f" {plural(others, 'file that is', 'files that are')} not Turtle, left as it is." if others else ""
    return _Work(root, turtle, formatted, write, rest)


def _inside(path: Path, root: Path, what: str) -> Path:
    if not path.is_file():
        raise UsageError(f"{path} is not a file.", f"name {what}, or none for all of them.")
    if not path.resolve().is_relative_to(root):
        raise UsageError(f"{path} is not in {root}, and nothing outside is written.", f"name {what}.")
    return path.absolute()
