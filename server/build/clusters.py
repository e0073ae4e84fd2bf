"""A Dask cluster as a pool of workers. This module alone knows Dask (`distributed`), which is an extra.

Dask gives a part whose worker died to another worker, up to three times; the result is the same, since functions are
pure. What is watched here is what Dask waits for without end: a cluster that has no workers left.
"""

from __future__ import annotations

import logging
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlsplit

from ..engine import engine_fingerprint, engine_version
from ..errors import RemoteError, UsageError
from ..records.progress import Progress, no_progress

if TYPE_CHECKING:
    from distributed import Client, Future

Part = TypeVar("Part")
Result = TypeVar("Result")

_CONNECT_SECONDS: Final = 10
_LOOK_SECONDS: Final = 2.0
_NO_WORKERS_SECONDS: Final = 60.0
"""How long a cluster may be without a worker, as a worker that died may be restarted."""
_INSTALL: Final = "pip install 'alignment-kb[cluster]'"


@contextmanager
def connected(address: str) -> Iterator[DaskPool]:
    """Connect to a scheduler, and verify that its workers have the same version of akb."""
    try:
        from distributed import Client  # noqa: PLC0415 - so that a missing package can be reported
    except ImportError as error:
        raise UsageError("--cluster needs Dask, which is not installed.", f"run `{_INSTALL}`.") from error
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # it logs every worker that leaves, at length
    try:
        _must_listen(address)
        client = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"There is no Dask scheduler at {address}: {error}",
            "start one with `dask scheduler`, and workers with `dask worker ADDRESS`; then name its ADDRESS, such as "
            "tcp://build.example:8786.",
        ) from error
    try:
        _must_have_this_akb(client, address)
        yield DaskPool(client, address)
    finally:
        client.close(timeout=5)


def mark_of_worker() -> str:
    """Return the version of akb of this process: another version may have other results."""
    return f"{engine_version()} {engine_fingerprint()[:12]} on Python {sys.version_info.major}.{sys.version_info.minor}"


def _must_listen(address: str) -> None:
    """Raise OSError or ValueError when nothing listens there: Dask's own client reports it too late."""
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    if parts.scheme not in {"tcp", "tls"} or not parts.hostname or not parts.port:
        raise ValueError("it is not of the form tcp://HOST:PORT.")
    socket.create_connection((parts.hostname, parts.port), _CONNECT_SECONDS).close()


def _must_have_this_akb(client: Client, address: str) -> None:
    try:
        marks: dict[str, object] = client.run(mark_of_worker, on_error="return")
    except (OSError, TimeoutError) as error:
        raise RemoteError(f"The cluster at {address} does not answer: {error}", "look at its scheduler.") from error
    if not marks:
        raise UsageError(f"The cluster at {address} has no workers.", f"start some with `dask worker {address}`.")
    ours = mark_of_worker()
    for worker, mark in marks.items():
        if mark != ours:
            found = "cannot import it" if isinstance(mark, Exception) else f"has {mark}"
            raise UsageError(
                f"The workers need the akb that runs here, {ours}; {worker} {found}.",
                f"install the same version where the worker runs ({_INSTALL}), and restart it.",
            )


class DaskPool:
    """The workers of one Dask cluster."""

    def __init__(self, client: Client, address: str) -> None:
        self._client = client
        self._address = address

    def map(
        self,
        function: Callable[[Part], Result],
        parts: Sequence[Part],
        stage: str = "parts",
        progress: Progress = no_progress,
    ) -> list[Result]:
        """Return the result of each part, in the order of the parts."""
        import dask  # noqa: PLC0415 - it is installed, since a client exists
        from distributed import KilledWorker  # noqa: PLC0415 - likewise

        progress(stage, 0, len(parts))
        # It would warn about parts of more than 10 MB, which have their data with them on purpose.
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": "100 GB"}):
            futures = self._client.map(function, list(parts), pure=False)
        try:
            self._wait(futures, stage, progress)
            return list(self._client.gather(futures))
        except KilledWorker as error:
            raise RemoteError(
                f"A part of the work killed every worker of {self._address} that took it up.",
                "look at their logs; if memory ran out, give each worker more with `dask worker --memory-limit`.",
            ) from error
        finally:
            self._client.cancel(futures)

    def _wait(self, futures: Sequence[Future[Result]], stage: str, progress: Progress) -> None:
        """Wait until all parts are done, one has failed, or no worker is left."""
        alone_since: float | None = None
        one_done = threading.Event()
        for future in futures:
            future.add_done_callback(lambda _future: one_done.set())
        while True:
            statuses = [future.status for future in futures]
            done = statuses.count("finished")
            progress(stage, done, len(futures))
            if done == len(futures) or {"error", "lost", "cancelled"} & set(statuses):
                return
            if self._client.status != "running":
                raise self._lost("Its scheduler does not answer any more")
            if self._client.scheduler_info(n_workers=1)["workers"]:
                alone_since = None
            else:
                alone_since = alone_since or time.monotonic()
                if time.monotonic() - alone_since > _NO_WORKERS_SECONDS:
                    raise self._lost("It has no workers left")
            one_done.wait(_LOOK_SECONDS)
            one_done.clear()

    def _lost(self, why: str) -> RemoteError:
        return RemoteError(
            f"The cluster at {self._address} is lost. {why}.",
            f"start workers with `dask worker {self._address}`, and build again.",
        )
