"""Writes the files of an export beside the one before, and puts them in its place.

What is the same as before is not written: the new folder gets a second name for the old file. So its date stays, and
whoever copies the folder to a host copies what has changed.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ...errors import UsageError
from ...leftovers import temporary_folder

MARK: Final = "akb-export.json"
"""The file by which an export is known again; it says of what release it is."""


@dataclass(frozen=True)
class Export:
    """What an export was made of, and what it has."""

    release: str
    """What the files follow from: release, engine, site, theme."""
    site: str
    pages: int
    files: int
    size: int


def read_export(folder: Path) -> Export | None:
    """Return what the export in a folder says of itself; None where there is none."""
    try:
        return Export(**json.loads((folder / MARK).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def must_be_free(folder: Path) -> None:
    """Raise UsageError for a folder whose files an export must not replace."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise UsageError(f"{folder} is not a folder.", "name a folder that is empty, or is not there yet.")
    if folder.is_dir() and any(folder.iterdir()) and read_export(folder) is None:
        raise UsageError(
            f"{folder} has files that are not of an export.",
            "name a folder that is empty, or is not there yet, or one that an export was written to before.",
        )
    if folder.resolve() == Path.cwd() or folder.resolve() in Path.cwd().parents:
        raise UsageError(f"{folder} is the folder in which you are.", "name another one; it is replaced as a whole.")


@contextmanager
def beside(folder: Path) -> Iterator[Path]:
    """Yield an empty folder beside another one, on the same disk; it is removed unless it was put in its place."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with temporary_folder(f".{folder.name}-", folder.parent) as place:
        yield place


def put(content: bytes, file: str, folder: Path, before: Path | None) -> None:
    """Make a file with a content in a folder; where the folder before has the same file, that gets a second name."""
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    # What is there may be a second name too, and must not be written through.
    path.unlink(missing_ok=True)
    with suppress(OSError):
        if before is not None and _has(before / file, content):
            os.link(before / file, path)
            return
    path.write_bytes(content)


def count_written(files: Iterable[str], folder: Path, before: Path | None) -> int:
    """Return how many files of a folder are not those of the folder before."""
    return sum(before is None or not _is_same(folder / file, before / file) for file in files)


def _has(path: Path, content: bytes) -> bool:
    return path.stat().st_size == len(content) and path.read_bytes() == content


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def swap(made: Path, folder: Path) -> None:
    """Put a folder that was made in the place of another one, which goes."""
    made.chmod(0o755)
    if not folder.exists():
        made.rename(folder)
        return
    old = made.with_name(f"{made.name}.old")
    folder.rename(old)
    try:
        made.rename(folder)
    except BaseException:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def write_mark(folder: Path, export: Export) -> None:
    """Write what an export says of itself."""
    (folder / MARK).write_text(json.dumps(vars(export), indent=2) + "\n", encoding="utf-8")
