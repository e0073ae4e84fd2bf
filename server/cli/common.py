"""What several commands share: their options, how findings look, how progress is shown."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, Final

import click

from ..errors import AkbError, UsageError
from ..records.engines import Engine
from ..records.findings import Finding, Severity
from ..records.progress import Progress, no_progress
from ..settings import Project, Settings, read_settings
from ..validation.reports.text import line_of
from ..validation.reports.wording import plural

__all__ = [
    "Output", "asked_for", "engine_option", "must_be_classes", "must_be_in_base", "origin_of", "paint", "plural",
    "progress_bar", "project_options", "read_outputs", "root_option", "settings_for", "show_error", "show_finding",
    "show_note", "write_file", "writing_to",
]  # fmt: skip

Output = tuple[str, Path | None]
"""The name of a format, and the file to write; None is standard output."""

_STYLES: Final[dict[str, dict[str, Any]]] = {
    Severity.VIOLATION: {"fg": "red", "bold": True},
    Severity.WARNING: {"fg": "yellow", "bold": True},
    Severity.INFO: {"fg": "cyan", "bold": True},
    "place": {"bold": True},
    "mend": {"fg": "green"},
    "mended": {"fg": "green", "bold": True},
    "new": {"fg": "magenta", "bold": True},
    "added": {"fg": "green"},
    "removed": {"fg": "red"},
    "changed": {"fg": "yellow"},
}

root_option = click.option(
    "--root",
    type=click.Path(path_type=Path),
    help="Folder of the base. Default: $AKB_ROOT, else the nearest one upward, else the one that akb carries.",
)


def project_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command work on any RDF in place of a base of our form; it is given a Project, or None, as `project`."""
    place = click.Path(path_type=Path)

    @wraps(command)
    def with_project(*, data: Path | None, ontology: Path | None, shapes: Path | None, **options: Any) -> Any:
        if data is None and (ontology or shapes):
            raise UsageError("--shapes and --ontology belong to --data.", "name the data too, or use --root.")
        if data is not None and options.get("root") is not None:
            raise UsageError("--data and --root are two bases.", "leave one of them out.")
        ends = [end.resolve() if end else None for end in (data, ontology, shapes)]
        project = Project(ends[0], ends[1], ends[2]) if ends[0] else None
        return command(**options, project=project)

    for option in (
        click.option("--shapes", type=place, help="With --data: file or folder of its shapes. Default: $AKB_SHAPES."),
        click.option("--ontology", type=place, help="With --data: file or folder of its ontology, if it is elsewhere."),
        click.option("--data", type=place, help="File or folder of any RDF, in place of a base of our form."),
    ):
        with_project = option(with_project)
    return with_project


engine_option = click.option(
    "--engine",
    type=click.Choice([engine.value for engine in Engine]),
    help="What checks shapes and infers: fast (which gives way to the reference where it must), reference, or both, "
    "which fails when they differ. Default: $AKB_ENGINE, else fast.",
)


def settings_for(root: Path | None, **options: Any) -> Settings:
    """Read the settings of this run; the limits of reading files hold from then on."""
    from ..turtle.limits import use_limits

    settings = read_settings(os.environ, root=root, **options)
    use_limits(settings.read_limits)
    return settings


def origin_of(host: str, port: int) -> str:
    """Return the address of a server that listens on a host and a port (RFC 3986, section 3.2.2, for IPv6).

    >>> origin_of("127.0.0.1", 8000), origin_of("::1", 80)
    ('http://127.0.0.1:8000', 'http://[::1]:80')
    """
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def asked_for(what: str, mend: str) -> str:
    """Return what is typed in answer to a question. Raises UsageError where nobody answers."""
    try:
        return str(click.prompt(what, err=True)).strip()
    except click.Abort as error:
        raise UsageError(f"There is no {what.partition(' (')[0].lower()}.", mend) from error


def must_be_in_base(root: Path | None, settings: Settings) -> None:
    """Raise UsageError where no base was named and the nearest one is not around: then it is that of the package."""
    here = Path.cwd()
    if root is None and "AKB_ROOT" not in os.environ and settings.root not in (here, *here.parents):
        raise UsageError(
            f"{here} is not in a knowledge base.", "name a base with --root, or a folder of any RDF with --data."
        )


def must_be_classes(names: Iterable[str], classes: Collection[str]) -> None:
    """Raise UsageError where one of `names` is not the name of a page class of the base."""
    if wrong := [name for name in names if name not in classes]:
        raise UsageError(f"There is no class {wrong[0]!r}.", f"choose from {', '.join(classes)}.")


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Show how far the work is: a bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield no_progress
        return
    # It takes long to import, and most runs have no terminal.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    if not console.is_terminal:
        yield no_progress
        return
    columns = (TextColumn("{task.description:<8}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True) as bar:
        tasks: dict[str, Any] = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield tell


def paint(text: str, role: str) -> str:
    """Colour a part of a report; click takes the colour away where it does not print to a terminal."""
    return click.style(text, **_STYLES[role])


def show_finding(finding: Finding) -> str:
    """Return a finding as `file:line:column: severity [rule] entity: what is wrong`, with the mend below it."""
    return line_of(finding, finding.file, paint)


def show_note(text: str) -> None:
    """Say what a user should know and need not mend, on standard error."""
    click.echo(f"{click.style('note:', fg='cyan')} {text}", err=True)


def show_error(error: AkbError) -> str:
    """Return an error of ours with its mend."""
    text = click.style("error: ", fg="red", bold=True) + error.message
    return text + (f"\n{click.style(' mend: ', fg='green')}{error.mend}" if error.mend else "")


def read_outputs(formats: tuple[str, ...], known: Collection[str]) -> tuple[Output, ...]:
    """Read the values of --format. Text goes to standard output unless another format goes there."""
    outputs: list[Output] = []
    for value in formats:
        name, _, file = value.partition("=")
        if name not in known:
            raise UsageError(f"{name!r} is not a format.", f"choose one of {', '.join(known)}.")
        if "=" in value and not file:
            raise UsageError(f"--format {value} names no file.", f"write --format {name}=FILE, or --format {name}.")
        outputs.append((name, Path(file) if file else None))
    shown = [name for name, file in outputs if file is None]
    if len(shown) > 1:
        raise UsageError(
            f"{' and '.join(shown)} cannot both go to standard output.",
            f"write one to a file: --format {shown[-1]}=FILE.",
        )
    return tuple(outputs) if shown else (("text", None), *outputs)


@contextmanager
def writing_to(path: Path) -> Iterator[None]:
    """Raise UsageError where a file that the user named cannot be written; that a disk is full is another matter."""
    from ..full_disks import is_full

    try:
        if not path.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path.parent))
        yield
    except OSError as error:
        if is_full(error):
            raise
        raise UsageError(
            f"{path} cannot be written: {error.strerror}.", "name a file in a folder that exists."
        ) from error


def write_file(path: Path, text: str) -> None:
    """Write the file that the user asked for, whole or not at all. Raises UsageError where it cannot be written."""
    from ..turtle.writer import write_atomically

    encoded = text.encode("utf-8", "backslashreplace")
    with writing_to(path):
        if path.exists() and (not path.is_file() or not os.access(path.parent, os.W_OK)):
            # A device or a pipe, or a file in a folder where nothing can be put beside it.
            path.write_bytes(encoded)
        else:
            write_atomically(path.resolve(), encoded.decode())
