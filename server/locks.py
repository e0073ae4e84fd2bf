"""The folder of state, and locks in it between processes, which end with the process that has them."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from .errors import UsageError


def make_state(folder: Path) -> None:
    """Make the folder of state, or one in it, where it is not there. Raises UsageError where it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
    except OSError as error:
        if error.errno in _FULL:
            raise
        if NO_STATE in (folder, *folder.parents):
            raise UsageError("There is no folder for releases and caches: this user has no home.", _SET) from error
        raise UsageError(f"{folder} cannot be written: {error.strerror}.", _SET) from error


def can_write(folder: Path) -> bool:
    """Tell whether the folder of state is there or can be made, and can be written."""
    try:
        make_state(folder)
    except UsageError:
        return False
    return True


NO_STATE: Final = Path(os.devnull, "state")
"""The folder of state where nothing says which it is: it has nothing to read, and cannot be made."""
_SET: Final = "set AKB_STATE to a folder that this user can write."
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


@contextmanager
def locked(path: Path, on_wait: Callable[[], None] = lambda: None) -> Iterator[bool]:
    """Hold the lock of a file; tell whether it had to be waited for, about which `on_wait` is told at the beginning.

    Its folder is made. Raises UsageError where that or the file cannot be written, as one of another user.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 - most commands take no lock, and it takes long to import

    make_state(path.parent)
    lock = FileLock(path)
    waited = False
    try:
        try:
            lock.acquire(blocking=False)
        except Timeout:
            waited = True
            on_wait()
            lock.acquire()
    except OSError as error:
        if error.errno in _FULL:
            raise
        raise UsageError(
            f"{path} cannot be locked: {error.strerror}.",
            "let it be written, or remove it if it is another user's, or name another folder in AKB_STATE.",
        ) from error
    try:
        yield waited
    finally:
        lock.release()
