"""The parent of the web workers: it holds the socket on which they all listen, and starts another where one dies.

The death of a worker is that of its requests alone: who has connected and not been accepted is accepted by another, or
by the one that takes its place. One that dies again and again is started later and later. When the parent is killed,
the workers end (`worker.py`); when it is told to stop, they answer what they have and take no more.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ...errors import StartError
from ..http.counted import Counted, named, new_files
from ..http.metrics import count_worker, workers

LISTENING: Final = "AKB_LISTENING"
"""The environment variable with the descriptor of the listening socket."""
PARENT: Final = "AKB_PARENT"
"""That with the descriptor of a pipe which ends with the parent."""
_BACKLOG: Final = 2048
_LOOK: Final = 0.1
"""Seconds between looks at the workers."""
_SOON: Final = 10.0
"""Seconds: a worker that lived for less is a reason to wait before the next."""
_FIRST_DELAY, _LONGEST_DELAY = 0.1, 30.0
"""Seconds before a worker takes the place of another that died soon; twice as long each time."""
_TRIES: Final = 3
"""How often a worker may end before the first has become ready."""
_GRACE: Final = 5.0
"""Seconds that a worker has beyond the time to drain, before it is killed."""
_LOG: Final = logging.getLogger("akb.web")


@dataclass
class _Place:
    """The place of one worker, which one process after another has."""

    number: int
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float = 0.0
    delay: float = 0.0


class Supervisor:
    """Keeps a number of workers running."""

    def __init__(self, listening: socket.socket, workers: int, environment: Mapping[str, str], drain: float) -> None:
        """Take the socket, how many workers there shall be, what they know, and how many seconds they may drain."""
        self._listening = listening
        self._environment = dict(environment)
        self._drain = drain
        self._places = [_Place(number) for number in range(workers)]
        # The last are those of this process.
        self._counters = new_files(workers + 1)
        self._counted = Counted(self._counters, workers)
        self._stopping = threading.Event()
        self._ending, self._alive = os.pipe()

    def run(self) -> None:
        """Keep the workers running until SIGTERM or SIGINT, then let them finish what they have.

        Raises StartError where no worker gets so far that it can answer.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stopping.set())
        self._listening.listen(_BACKLOG)
        try:
            while not self._stopping.wait(_LOOK):
                for place in self._places:
                    self._look_after(place)
        finally:
            self._stop()

    def _look_after(self, place: _Place) -> None:
        now = time.monotonic()
        if place.process is not None and (code := place.process.poll()) is not None:
            lived = now - place.started
            place.delay = _longer(place.delay) if lived < _SOON else 0.0
            place.due = now + place.delay
            place.process = None
            counts = workers(self._counted)
            if not counts.get("ready") and counts.get("deaths", 0) + 1 >= _TRIES:
                raise StartError(
                    f"The server does not start: its worker ended {_TRIES} times before it could answer.",
                    "see above what it says, and mend that.",
                )
            count_worker("deaths", self._counted)
            _LOG.error(
                "Web worker %d ended by itself (%s) after %.0f seconds; another takes its place in %.1f seconds.",
                place.number + 1,
                _ending(code),
                lived,
                place.delay,
            )
        if place.process is None and now >= place.due:
            try:
                place.process, place.started = self._started(place.number), now
            except OSError as error:
                # There is no memory for another process now, or there are too many. The other workers go on.
                place.delay = _longer(place.delay)
                place.due = now + place.delay
                if not workers(self._counted).get("ready"):
                    raise
                _LOG.error(
                    "Web worker %d cannot be started (%s); again in %.1f seconds.", place.number + 1, error, place.delay
                )
            else:
                count_worker("starts", self._counted)

    def _started(self, number: int) -> subprocess.Popen[bytes]:
        descriptors = {LISTENING: self._listening.fileno(), PARENT: self._ending}
        return subprocess.Popen(
            # -P: the current folder may hold another `server`.
            [sys.executable, "-P", "-m", "server.web.serving.worker"],
            stdin=subprocess.DEVNULL,
            env=self._environment
            | {name: str(one) for name, one in descriptors.items()}
            | named(self._counters, number),
            pass_fds=(*descriptors.values(), *(one for pair in self._counters for one in pair)),
        )

    def _stop(self) -> None:
        """Let the workers finish what they have, for a time; not at all when told to stop once more."""
        self._listening.close()
        self._stopping.clear()
        running = [place.process for place in self._places if place.process is not None]
        for process in running:
            process.terminate()
        last = time.monotonic() + self._drain + _GRACE
        while any(process.poll() is None for process in running):
            if self._stopping.wait(_LOOK) or time.monotonic() > last:
                for process in running:
                    process.kill()
        for descriptor in (self._ending, self._alive):
            os.close(descriptor)


def _longer(delay: float) -> float:
    return min(max(_FIRST_DELAY, 2 * delay), _LONGEST_DELAY)


def _ending(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
