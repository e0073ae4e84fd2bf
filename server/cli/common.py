"""What several commands share: their options, how findings look, how progress is shown."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from ..errors import AkbError, UsageError
from ..records import Finding, Progress, Severity, no_progress
from ..settings import Settings, read_settings
from ..validation.reports.text import line_of
from ..validation.reports.wording import plural

__all__ = [
    "paint", "plural", "progress_bar", "root_option", "settings_for", "show_error", "show_finding", "write_file",
]  # fmt: skip

_STYLES: Final[dict[str, dict[str, Any]]] = {
    Severity.VIOLATION: {"fg": "red", "bold": True},
    Severity.WARNING: {"fg": "yellow", "bold": True},
    Severity.INFO: {"fg": "cyan", "bold": True},
    "place": {"bold": True},
    "mend": {"fg": "green"},
    "mended": {"fg": "green", "bold": True},
    "new": {"fg": "magenta", "bold": True},
}

root_option = click.option(
    "--root",
    type=click.Path(path_type=Path),
    help="Folder of the base. Default: $AKB_ROOT, else the nearest one upward, else the one that akb carries.",
)


def settings_for(root: Path | None, **options: Any) -> Settings:
    """Read the settings of this run."""
    return read_settings(os.environ, root=root, **options)


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Show how far the work is: a bar on a terminal, nothing elsewhere."""
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


def show_error(error: AkbError) -> str:
    """Return an error of ours with its mend."""
    text = click.style("error: ", fg="red", bold=True) + error.message
    return text + (f"\n{click.style(' mend: ', fg='green')}{error.mend}" if error.mend else "")


def write_file(path: Path, text: str) -> None:
    """Write what the user asked to have in a file. Raises UsageError when it cannot be written."""
    try:
        path.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}.", "name a file in a folder that exists."
        ) from error
