"""Locks between processes: files in the folder of state, whose locks end with the process that has them."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from .errors import UsageError


@contextmanager
def locked(path: Path, on_wait: Callable[[], None] = lambda: None) -> Iterator[bool]:
    """Hold the lock of a file; tell whether it had to be waited for, about which `on_wait` is told at the beginning.

    Raises UsageError where the file cannot be written, as one of another user.
    """
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
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise
        raise UsageError(
            f"{path} cannot be locked: {error.strerror}.",
            "let it be written, or remove it if it is another user's, or name another folder in AKB_STATE.",
        ) from error
    try:
        yield waited
    finally:
        lock.release()
