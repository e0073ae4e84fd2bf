"""Work that is done beside a build, by other processes, so that a build takes less time.

The build asks for the result of each piece, and does the piece itself if no process has begun it: so all processors
have work, and on a machine with one processor everything is done in turn.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, Final, Generic, TypeVar

from ..errors import BuildError
from ..records.progress import Progress, no_progress
from .pools import processes

Result = TypeVar("Result")
_MOST: Final = 4
"""The largest number of processes: each takes as long to start as it takes to write ten thousand triples."""


class Piece(Generic[Result]):
    """A piece of work: a function of this package, by its name, and arguments that can be pickled."""

    def __init__(self, others: Others | None, function: Callable[..., Result], arguments: Sequence[Any]) -> None:
        self._function, self._arguments = function, arguments
        self._future: Future[Result] | None = others.give(function, arguments) if others else None

    def result(self) -> Result:
        """Wait for the result, or do the work here, if that is not begun. To be called once.

        Raises what the function raises, and BuildError when the process has ended before it was done.
        """
        if self._future is None or self._future.cancel():
            return self._function(*self._arguments)
        try:
            return self._future.result()
        except BrokenProcessPool as error:
            raise BuildError(
                "A process of the build was ended from outside, so no release was made.",
                "build again; if it happens again, see whether the machine has enough memory.",
            ) from error


class Others:
    """The other processes, each of which gets a piece of work when it has done the one before."""

    def __init__(self, threads: Executor, processes: Executor) -> None:
        self._threads, self._processes = threads, processes

    def give(self, function: Callable[..., Result], arguments: Sequence[Any]) -> Future[Result]:
        """Submit work; it can be cancelled as long as no process has begun it."""
        # A pool of processes takes work before it can begin it, and cannot cancel what it has taken.
        return self._threads.submit(lambda: self._processes.submit(function, *arguments).result())


class Beside:
    """Submits work to the other processes, if there are any."""

    def __init__(self, others: Others | None = None) -> None:
        self._others = others

    def begin(self, function: Callable[..., Result], *arguments: Any) -> Piece[Result]:
        """Submit a piece of work. What it reads must not change until its result is there."""
        return Piece(self._others, function, arguments)


def results(pieces: Sequence[Piece[Result]], stage: str = "parts", progress: Progress = no_progress) -> list[Result]:
    """Return the result of each piece, in their order.

    Those that were submitted last are the first to be done here.
    """
    found = []
    progress(stage, 0, len(pieces))
    for done, piece in enumerate(reversed(pieces), 1):
        found.append(piece.result())
        progress(stage, done, len(pieces))
    return found[::-1]


@contextmanager
def work_beside() -> Iterator[Beside]:
    """Yield what submits work to processes, which are started when there is some."""
    others = min((os.cpu_count() or 1) - 1, _MOST)
    if others == 0:
        yield Beside()
        return
    threads = ThreadPoolExecutor(others)
    try:
        with processes(others) as executor:
            yield Beside(Others(threads, executor) if executor else None)
    finally:
        threads.shutdown(cancel_futures=True)
