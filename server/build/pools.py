"""Parallel work: in this process, in processes of this machine, or on a cluster if an address is given."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing.connection import Connection
from threading import Thread
from typing import TypeVar

from ..records.pool import Pool
from ..records.progress import Progress, no_progress

Part = TypeVar("Part")
Result = TypeVar("Result")


class ProcessPool:
    """Processes of this machine."""

    def __init__(self, executor: ProcessPoolExecutor) -> None:
        self._executor = executor

    def map(
        self,
        function: Callable[[Part], Result],
        parts: Sequence[Part],
        stage: str = "parts",
        progress: Progress = no_progress,
    ) -> list[Result]:
        """Return the result of each part, in the order of the parts."""
        progress(stage, 0, len(parts))
        futures = [self._executor.submit(function, part) for part in parts]
        try:
            for done, future in enumerate(as_completed(futures), 1):
                future.result()
                progress(stage, done, len(parts))
        finally:
            for future in futures:
                future.cancel()
        return [future.result() for future in futures]


class OwnProcess:
    """This process alone: each part is done in its turn."""

    def map(
        self,
        function: Callable[[Part], Result],
        parts: Sequence[Part],
        stage: str = "parts",
        progress: Progress = no_progress,
    ) -> list[Result]:
        """Return the result of each part, in the order of the parts."""
        results = []
        progress(stage, 0, len(parts))
        for done, part in enumerate(parts, 1):
            results.append(function(part))
            progress(stage, done, len(parts))
        return results


@contextmanager
def local_pool(workers: int) -> Iterator[Pool]:
    """Yield a pool of processes of this machine."""
    with processes(workers) as executor:
        yield ProcessPool(executor)


@contextmanager
def processes(most: int) -> Iterator[ProcessPoolExecutor]:
    """Yield what starts processes, as many as are needed, up to a number.

    They end at once with an error in the block, and with this process, also where that is killed.
    """
    # A forked process would inherit the locks of threads that it does not have.
    context = multiprocessing.get_context("spawn")
    reader, writer = context.Pipe(duplex=False)
    with reader, writer:
        executor = ProcessPoolExecutor(most, context, _end_with, (reader,))
        try:
            yield executor
        except BaseException:
            writer.close()
            raise
        finally:
            executor.shutdown(cancel_futures=True)


def _end_with(parent: Connection) -> None:
    """End this process when nobody can write to a connection any more."""

    def wait() -> None:
        parent.poll(None)
        os._exit(1)

    # An interrupt from the keyboard goes to all processes; the one that started them tells them what becomes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=wait, daemon=True).start()


@contextmanager
def cluster_pool(address: str) -> Iterator[Pool]:
    """Yield the workers of the Dask cluster whose scheduler has this address.

    Raises UsageError when Dask is not installed, nothing answers there, or the workers have another akb.
    """
    from . import clusters  # noqa: PLC0415 - Dask is an extra, and takes a second to import

    with clusters.connected(address) as pool:
        yield pool
