"""Counters of the web workers: each process has a file in memory of its own, which all of them can read.

To count is to add to a number in memory. In its multiprocess mode `prometheus_client` makes fifteen calls for that,
which took a fifth of the Python time of a small query. The files have no name and are on no disk that could be full; a
worker that takes the place of another counts on where that ended, so that no counter ever goes down.
"""

from __future__ import annotations

import json
import mmap
import os
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

FILES: Final = "AKB_COUNTERS"
"""The environment variable that names the files; where there is none, a process counts for itself."""

Series = tuple[str, ...]
"""The name of a metric, and the values of its labels."""
Added = tuple[Series, int, Sequence[tuple[int, float]]]
"""What is added to a series of so many numbers: amounts, each with the place of the number that it is added to."""
File = tuple[int, int]
"""The descriptors of the names and of the numbers of one process."""

_MOST: Final = 1 << 17
"""The most numbers that a process can count; memory is taken only by those that are used."""
_BYTES: Final = 8


def new_files(count: int) -> list[File]:
    """Make the files for some processes. They exist for as long as one process has them open."""
    return [(_memory(0), _memory(_MOST * _BYTES)) for _ in range(count)]


def named(files: Sequence[File], own: int) -> dict[str, str]:
    """Return the variable by which a child learns of all files, and which is its own."""
    return {FILES: json.dumps([own, *files])}


class Counted:
    """The counters of this process, and access to those of all. Threads may share it."""

    def __init__(self, files: Sequence[File] | None = None, own: int = 0) -> None:
        """Take the files and which is our own; without them, those that the environment names when one is needed."""
        self._lock = threading.Lock()
        self._places: dict[Series, int] = {}
        self._sizes: list[tuple[Series, int]] = []
        """Each series with how many numbers it has, in the order in which they follow each other."""
        self._files, self._own = files, own
        self._numbers: memoryview[float] | None = None
        self._end = 0

    def add(self, *added: Added) -> None:
        """Add amounts to series. A new series for which there is no space left is not counted."""
        with self._lock:
            numbers = self._numbers if self._numbers is not None else self._open()
            for series, size, amounts in added:
                start = self._places.get(series)
                if start is None:
                    if self._end + size > _MOST:
                        continue
                    start = self._new(series, size)
                for place, amount in amounts:
                    numbers[start + place] += amount

    def all(self) -> Iterator[tuple[Series, list[float]]]:
        """Yield each series of each process with its numbers."""
        with self._lock:
            numbers = self._numbers if self._numbers is not None else self._open()
        if not self._files:
            yield from _cut(list(self._sizes), numbers)
            return
        for names, file in self._files:
            sizes = list(_read(names))
            content = os.pread(file, sum(size for _, size in sizes) * _BYTES, 0)
            yield from _cut(sizes, memoryview(content).cast("d"))

    def _new(self, series: Series, size: int) -> int:
        """Return the index of the first number of a new series. The caller holds the lock."""
        if self._files:
            names = self._files[self._own][0]
            # A line is written at once, so that nobody reads half of it.
            os.pwrite(names, f"{json.dumps([series, size])}\n".encode(), os.fstat(names).st_size)
        return self._known(series, size)

    def _known(self, series: Series, size: int) -> int:
        start = self._places[series] = self._end
        self._sizes.append((series, size))
        self._end += size
        return start

    def _open(self) -> memoryview[float]:
        """Return the numbers of this process. The caller holds the lock."""
        if self._files is None:
            self._own, *files = json.loads(os.environ.get(FILES, "[0]"))
            self._files = [(names, numbers) for names, numbers in files]
        if self._files:
            names, numbers = self._files[self._own]
            for series, size in _read(names):
                self._known(series, size)
            self._numbers = memoryview(mmap.mmap(numbers, _MOST * _BYTES)).cast("d")
        else:
            self._numbers = memoryview(bytearray(_MOST * _BYTES)).cast("d")
        return self._numbers


def _memory(size: int) -> int:
    """Return the descriptor of a file of so many zeros, which is in memory where the system has such files."""
    if hasattr(os, "memfd_create"):
        file = os.memfd_create("akb-counters")
    else:
        with tempfile.TemporaryFile() as named:
            file = os.dup(named.fileno())
    os.truncate(file, size)
    return file


def _read(names: int) -> Iterator[tuple[Series, int]]:
    for line in os.pread(names, os.fstat(names).st_size, 0).splitlines():
        series, size = json.loads(line)
        yield tuple(series), size


def _cut(sizes: Iterable[tuple[Series, int]], numbers: memoryview[float]) -> Iterator[tuple[Series, list[float]]]:
    start = 0
    for series, size in sizes:
        yield series, list(numbers[start : start + size])
        start += size
