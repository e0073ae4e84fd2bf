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

from ..records import Finding, Progress, Severity, no_progress
from ..settings import Settings, read_settings

_COLOURS: Final = {Severity.VIOLATION: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}

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


def show_finding(finding: Finding) -> str:
    """Return a finding as `file:line:column: severity: [rule] entity: what is wrong`, with the mend below it."""
    place = ":".join(str(part) for part in (finding.file, finding.line, finding.column) if part)
    place = f"{place}: " if place else ""
    severity = click.style(finding.severity.value, fg=_COLOURS[finding.severity], bold=True)
    focus = f" {finding.focus}:" if finding.focus else ""
    return (
        f"{click.style(place, bold=True)}{severity} [{finding.rule}]{focus} {finding.message}\n"
        f"  {click.style('mend:', fg='green')} {finding.mend}"
    )


def plural(number: int, one: str, many: str) -> str:
    """Return a number with the noun that suits it."""
    return f"{number:,} {one if number == 1 else many}"
