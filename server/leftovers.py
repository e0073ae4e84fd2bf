"""Temporary files and folders, and the removal of those that killed processes left behind.

A folder is locked by the process that uses it; the lock ends with the process, whatever ends it. A file has the id of
its process in its name.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from typing import Final

from .errors import UsageError

try:
    import fcntl
except ImportError:  # Windows has no such locks: there nothing is removed
    fcntl = None  # type: ignore[assignment]

_PREFIX: Final = ".akb-"
"""What the name of every temporary file begins with; the id of its process follows."""
_YOUNG: Final = 60
"""Seconds for which a file is left alone, in case its process is of another machine or container."""


@contextmanager
def temporary_folder(prefix: str, place: Path | None = None) -> Iterator[Path]:
    """Make a folder whose name begins with `prefix` in `place`, or where temporary files go; it is removed at the end.

    Those of processes that were killed before they could are removed first.
    """
    place = place or temporary_place()
    sweep_folders(prefix, place)
    folder, handle = _locked_folder(prefix, place)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if handle is not None:
            os.close(handle)


def temporary_place() -> Path:
    """Return the folder for temporary files. Raises UsageError where there is none that can be written."""
    try:
        return Path(gettempdir())
    except FileNotFoundError as error:
        raise UsageError(
            "There is no folder for temporary files: none of the usual ones can be written.",
            "set TMPDIR to a folder that this user can write.",
        ) from error


def sweep_folders(prefix: str, place: Path) -> None:
    """Remove the folders in `place` whose names begin with `prefix`, and which no process uses."""
    for folder in place.glob(f"{prefix}*/") if fcntl is not None else ():
        # One of another user cannot be opened, or not removed.
        with suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(handle)


def _locked_folder(prefix: str, place: Path) -> tuple[Path, int | None]:
    while True:
        folder = Path(mkdtemp(prefix=prefix, dir=place))
        if fcntl is None:
            return folder, None
        # Between these two lines another process may have taken it for a leftover.
        with suppress(FileNotFoundError):
            handle = os.open(folder, os.O_RDONLY)
            fcntl.flock(handle, fcntl.LOCK_SH)
            if folder.exists():
                return folder, handle
            os.close(handle)


def temporary_prefix() -> str:
    """Return what the name of a temporary file of this process begins with."""
    return f"{_PREFIX}{os.getpid()}-"


def sweep_files(place: Path) -> None:
    """Remove the temporary files in a folder whose processes no longer run; a process looks once at a folder."""
    if place in _SWEPT:
        return
    _SWEPT.add(place)
    for path in place.glob(f"{_PREFIX}*-*"):
        owner = path.name.removeprefix(_PREFIX).partition("-")[0]
        with suppress(OSError):
            if owner.isdigit() and not _runs(int(owner)) and path.stat().st_mtime < time.time() - _YOUNG:
                path.unlink()


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return True


_SWEPT: Final[set[Path]] = set()
