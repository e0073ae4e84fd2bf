"""Counters of the web workers: each worker has a memory-mapped file of its own, which all workers can read.

To count is to add to a number in memory. In its multiprocess mode `prometheus_client` makes fifteen calls for that,
which took a fifth of the Python time of a small query.
"""

from __future__ import annotations

import json
import mmap
import os
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

FOLDER: Final = "AKB_METRICS_FOLDER"
"""The environment variable that names the folder of the files; where there is none, a process counts for itself."""

Series = tuple[str, ...]
"""The name of a metric, and the values of its labels."""

_MOST: Final = 1 << 17
"""The most numbers that a worker can count. The file is sparse: unused numbers take no space on disk."""
_BYTES: Final = 8


class Counted:
    """The counters of this process, and access to those of all workers. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._places: dict[Series, int] = {}
        self._sizes: list[tuple[Series, int]] = []
        """Each series with how many numbers it has, in the order in which they follow each other."""
        self._names: Path | None = None
        self._numbers = memoryview(b"").cast("d")

    def add(self, series: Series, size: int, *amounts: tuple[int, float]) -> None:
        """Add to a series of `size` numbers: amounts, each with the place of the number that it is added to."""
        with self._lock:
            start = self._places.get(series)
            if start is None:
                start = self._new(series, size)
            for place, amount in amounts:
                self._numbers[start + place] += amount

    def all(self) -> Iterator[tuple[Series, list[float]]]:
        """Yield each series of each process with its numbers."""
        folder = os.environ.get(FOLDER)
        if folder is None:
            yield from _cut(list(self._sizes), self._numbers)
            return
        for names in Path(folder).glob("*.names"):
            lines = map(json.loads, names.read_text(encoding="utf-8").splitlines())
            numbers = memoryview(names.with_suffix(".numbers").read_bytes()).cast("d")
            yield from _cut(((tuple(series), size) for series, size in lines), numbers)

    def _new(self, series: Series, size: int) -> int:
        """Return the index of the first number of a new series. The caller holds the lock."""
        if not self._places:
            self._open()
        start = sum(size for _, size in self._sizes)
        self._sizes.append((series, size))
        if self._names is not None:
            # A line is written at once, so that nobody reads half of it.
            with self._names.open("a", encoding="utf-8") as file:
                file.write(json.dumps([series, size]) + "\n")
        self._places[series] = start
        return start

    def _open(self) -> None:
        folder = os.environ.get(FOLDER)
        if folder is None:
            self._numbers = memoryview(bytearray(_MOST * _BYTES)).cast("d")
            return
        names = Path(folder) / f"{os.getpid()}.names"
        with names.with_suffix(".numbers").open("w+b") as file:
            file.truncate(_MOST * _BYTES)
            self._numbers = memoryview(mmap.mmap(file.fileno(), _MOST * _BYTES)).cast("d")
        self._names = names


def _cut(sizes: Iterable[tuple[Series, int]], numbers: memoryview[float]) -> Iterator[tuple[Series, list[float]]]:
    start = 0
    for series, size in sizes:
        yield series, list(numbers[start : start + size])
        start += size
