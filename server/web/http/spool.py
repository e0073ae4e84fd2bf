"""Answers that are too long for memory, in files without names: bounded together, and gone when nobody needs them.

A file has no name, so that nothing is left behind however a process ends. It is read by `os.pread`, so any number of
clients share one descriptor.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Final, cast

from ...errors import BusyError, TimeLimitError
from ...full_disks import is_full
from ...waiting import about_to_wait

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

PIECE: Final = 64 * 1024
"""Bytes of an answer that are read and sent at a time."""
_WRITERS: Final = 2
"""Files that are written at the same time; the interpreter and other threads stay free for other requests."""
_WAITING: Final = 4
"""How many threads may wait until a file is written."""
_NO_LIMIT: Final = float("inf")
_MEND: Final = "try again in a minute, or ask for less: one entity, or a query with LIMIT."


class Spool:
    """The disk space for long answers of one process. Thread-safe."""

    def __init__(self, most_bytes: int) -> None:
        """Take how many bytes all files may have together."""
        self._most = most_bytes
        self._used = 0
        self._lock = threading.Lock()

    @property
    def used(self) -> int:
        """The bytes that are taken."""
        return self._used

    def take(self, size: int) -> None:
        """Count some bytes more. Raises BusyError where there would be too many."""
        with self._lock:
            if self._used + size > self._most:
                raise BusyError("The server holds as many long answers as it has space for.", _MEND)
            self._used += size

    def give_back(self, size: int) -> None:
        """Count some bytes no more."""
        with self._lock:
            self._used -= size


class SpooledFile:
    """A file that is written once, and then read by whoever holds it; the last one to close it frees its space."""

    def __init__(self, spool: Spool, write: Callable[[IO[bytes]], object], seconds: float = _NO_LIMIT) -> None:
        """Write it, within `seconds`.

        Raises BusyError where there is no space, on the disk or in the spool, and TimeLimitError.
        """
        self._seconds, self._started = seconds, time.monotonic()
        self._spool = spool
        self._holders = 1
        self._lock = threading.Lock()
        self.size = 0
        """Bytes."""
        digest = hashlib.sha256()
        try:
            self._file = TemporaryFile(buffering=0)  # noqa: SIM115 - closed by the last who holds it
        except OSError as error:
            raise _no_space(error) from error
        try:
            write(cast("IO[bytes]", _Writer(self, self._file, digest.update)))
        except BaseException as error:
            self.close()
            if isinstance(error, OSError):
                raise _no_space(error) from error
            raise
        self.digest = digest.hexdigest()[:24]
        """A strong validator of the content."""

    def hold(self) -> SpooledFile | None:
        """Have the file stay until it is closed once more; return None where it is gone already."""
        with self._lock:
            if not self._holders:
                return None
            self._holders += 1
            return self

    def close(self) -> None:
        """Hold it no more."""
        with self._lock:
            self._holders -= 1
            if self._holders:
                return
        self._file.close()
        self._spool.give_back(self.size)

    def read(self, position: int, size: int) -> bytes:
        """Return some bytes from a position on."""
        return os.pread(self._file.fileno(), size, position)

    def _count(self, size: int) -> None:
        if time.monotonic() - self._started > self._seconds:
            raise TimeLimitError(
                f"To write this took longer than {self._seconds:.3g} seconds and was stopped.",
                "ask for another format, of which N-Triples is the quickest; or for less, by a query with LIMIT.",
            )
        self._spool.take(size)
        self.size += size


class _Writer:
    """Counts what is written to a file of a spool, before it is written."""

    def __init__(self, spooled: SpooledFile, file: IO[bytes], also: Callable[[ReadableBuffer], object]) -> None:
        self._spooled, self._file, self._also = spooled, file, also

    def write(self, data: bytes) -> int:
        self._spooled._count(len(data))
        self._also(data)
        left = memoryview(data)
        while left:
            left = left[self._file.write(left) :]
        return len(data)

    def flush(self) -> None:
        """Do nothing: what is written is in the file."""


class StoredFile:
    """A file on disk that never changes, open for one answer."""

    def __init__(self, path: Path, digest: str) -> None:
        """Open a file, whose content has this digest. Raises OSError when it is not there."""
        self._file = path.open("rb", buffering=0)
        self.size = os.fstat(self._file.fileno()).st_size
        """Bytes."""
        self.digest = digest
        """A strong validator of the content."""

    def read(self, position: int, size: int) -> bytes:
        """Return some bytes from a position on."""
        return os.pread(self._file.fileno(), size, position)

    def close(self) -> None:
        """Close it."""
        self._file.close()


class Reading:
    """A file, or a part of it, as the body of one answer."""

    def __init__(self, file: SpooledFile | StoredFile) -> None:
        """Take a file that is held for this; it is closed with this."""
        self._file: SpooledFile | StoredFile | None = file
        self._position, self._end = 0, file.size

    def seek(self, position: int, end: int) -> None:
        """Read from a position up to an end, and no more."""
        self._position, self._end = position, end

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        left = min(PIECE, self._end - self._position)
        piece = self._file.read(self._position, left) if self._file and left > 0 else b""
        if not piece:
            raise StopIteration
        self._position += len(piece)
        return piece

    def close(self) -> None:
        """Hold the file no more."""
        file, self._file = self._file, None
        if file is not None:
            file.close()

    __del__ = close


class Files:
    """Files that are made once for all who ask, the least recently used of which give way to others. Thread-safe.

    They are made piece by piece by threads of this process, so what that takes is bounded: in time, which is looked at
    with each piece; in how many are made at a time, and how many wait for that; and in space.
    """

    def __init__(self, spool: Spool, seconds: float = _NO_LIMIT) -> None:
        """Take the spool that holds the files, and how many seconds each may take to be written."""
        self._spool = spool
        self._seconds = seconds
        self._inside = 0
        self._writing = threading.BoundedSemaphore(_WRITERS)
        self._files: OrderedDict[Hashable, SpooledFile] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, write: Callable[[IO[bytes]], object]) -> SpooledFile:
        """Return the file of a key, held for the caller.

        Raises BusyError where there is no space for it or too many wait for others, and TimeLimitError.
        """
        if (found := self._held(key)) is not None:
            return found
        with self._place(), _waited_for(self._lock_of(key)):
            found = self._held(key)
            while found is None:
                try:
                    with self._writing:
                        made = SpooledFile(self._spool, write, self._seconds)
                except BusyError:
                    if not self._drop_one():
                        raise
                else:
                    with self._lock:
                        self._files[key] = made
                    found = made.hold()
        return found

    def _lock_of(self, key: Hashable) -> threading.Lock:
        with self._lock:
            return self._making.setdefault(key, threading.Lock())

    @contextmanager
    def _place(self) -> Iterator[None]:
        """Count a thread that makes a file, or waits for one. Raises BusyError where there are too many."""
        with self._lock:
            if self._inside >= _WRITERS + _WAITING:
                raise BusyError("The server writes as many long answers as it can at a time.", "try again in a minute.")
            self._inside += 1
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1

    def close(self) -> None:
        """Hold none of them any more."""
        while self._drop_one():
            pass

    __del__ = close

    def _held(self, key: Hashable) -> SpooledFile | None:
        with self._lock:
            file = self._files.get(key)
            if file is None:
                return None
            self._files.move_to_end(key)
            return file.hold()

    def _drop_one(self) -> bool:
        with self._lock:
            if not self._files:
                return False
            _, file = self._files.popitem(last=False)
        file.close()
        return True


@contextmanager
def _waited_for(lock: threading.Lock) -> Iterator[None]:
    """Hold a lock, and let others work where another thread has it for now."""
    if not lock.acquire(blocking=False):
        about_to_wait()
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _no_space(error: OSError) -> BusyError | OSError:
    if is_full(error) or isinstance(error, FileNotFoundError):
        # FileNotFoundError is what Python raises where it finds no folder for temporary files that it can write to.
        return BusyError("The disk of the server has no space for a long answer.", _MEND)
    return error
