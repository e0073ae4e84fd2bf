"""The parent of the web workers: it holds the socket on which they all listen, and replaces one that dies.

The death of a worker is that of its requests alone: who has connected and not been accepted is accepted by another, or
by the one that takes its place. That is a spare one, which has opened the release and waits, so that nobody waits for
it. One that dies again and again is replaced later and later. When the parent is killed, the workers end
(`worker.py`); when it is told to stop, they answer what they have and take no more.
"""

from __future__ import annotations

import json
import logging
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from ...errors import StartError
from ..http.counted import Counted, named, new_files
from ..http.metrics import count_worker, workers

CHANNEL: Final = "AKB_CHANNEL"
"""The environment variable with the descriptor of a worker's socket to its parent.

The parent sends the listening socket over it, once, with the environment variables of a place as JSON. It closes when
the parent ends.
"""
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


class WebProcess(subprocess.Popen[bytes]):
    """A process that is prepared to be a web worker, and is one as soon as it has a place."""

    def __init__(self, environment: Mapping[str, str], descriptors: Sequence[int]) -> None:
        """Start it with an environment, and descriptors to inherit. Raises OSError where the system has no more."""
        self._channel, theirs = socket.socketpair()
        with theirs:
            try:
                super().__init__(
                    # -P: the current folder may hold another `server`.
                    [sys.executable, "-P", "-m", "server.web.serving"],
                    stdin=subprocess.DEVNULL,
                    # Threads of a library would keep the lower priority of the one that loaded it (`__main__.py`).
                    env={"OPENBLAS_NUM_THREADS": "1", **environment, CHANNEL: str(theirs.fileno())},
                    pass_fds=(theirs.fileno(), *descriptors),
                    # Ctrl-C on a terminal goes to a whole group of processes. In one of its own, a worker gets one
                    # signal to stop, from its parent, and the queries that it waits for get none.
                    process_group=0,
                )
            except BaseException:
                self._channel.close()
                raise

    def serve(self, listening: socket.socket, variables: Mapping[str, str]) -> None:
        """Give it a place: a socket to accept connections from, and environment variables.

        Raises OSError where it has ended.
        """
        socket.send_fds(self._channel, [json.dumps(dict(variables)).encode()], [listening.fileno()])

    def close(self) -> None:
        """Close the socket to it, at which it ends."""
        self._channel.close()


@dataclass
class _Place:
    """The place of one worker, or of the spare one, which one process after another has."""

    number: int
    process: WebProcess | None = None
    started: float = 0.0
    due: float = 0.0
    delay: float = 0.0

    def ended(self, now: float) -> int | None:
        """Return the exit code of its process if that has ended, and say when another is due; None if it runs."""
        if self.process is None or (code := self.process.poll()) is None:
            return None
        self.delay = _longer(self.delay) if now - self.started < _SOON else 0.0
        self.due = now + self.delay
        self.process.close()
        self.process = None
        return code

    def failed(self, now: float) -> None:
        """Note that no process could be started."""
        self.delay = _longer(self.delay)
        self.due = now + self.delay


class Supervisor:
    """Keeps a number of workers running."""

    def __init__(
        self,
        listening: socket.socket,
        workers: int,
        environment: Mapping[str, str],
        drain: float,
        *,
        has_spare: bool = False,
    ) -> None:
        """Take the socket, the number of workers, their environment, and how many seconds they may drain.

        With `has_spare` one more process is prepared, to take the place of a worker that dies.
        """
        self._listening = listening
        self._environment = dict(environment)
        self._drain = drain
        self._places = [_Place(number) for number in range(workers)]
        self._spare = _Place(workers)
        self._has_spare = has_spare
        # The last are those of this process.
        self._counters = new_files(workers + 1)
        self._counted = Counted(self._counters, workers)
        self._stopping = threading.Event()

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
                if self._has_spare and workers(self._counted).get("ready"):
                    self._look_after_spare()
        finally:
            self._stop()

    def _look_after(self, place: _Place) -> None:
        now = time.monotonic()
        code = place.ended(now)
        if code is not None:
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
                now - place.started,
                place.delay,
            )
        if place.process is None and now >= place.due:
            try:
                place.process, place.started = self._started(place.number), now
            except OSError as error:
                # There is no memory for another process now, or there are too many. The other workers go on.
                place.failed(now)
                if not workers(self._counted).get("ready"):
                    raise
                _LOG.error(
                    "Web worker %d cannot be started (%s); again in %.1f seconds.", place.number + 1, error, place.delay
                )
            else:
                count_worker("starts", self._counted)

    def _look_after_spare(self) -> None:
        now, spare = time.monotonic(), self._spare
        code = spare.ended(now)
        if code is not None:
            _LOG.error("The spare worker ended by itself (%s); another in %.1f seconds.", _ending(code), spare.delay)
        if spare.process is None and now >= spare.due:
            try:
                spare.process, spare.started = self._prepared(), now
            except OSError as error:
                spare.failed(now)
                _LOG.error("A spare worker cannot be started (%s); again in %.1f seconds.", error, spare.delay)

    def _started(self, number: int) -> WebProcess:
        """Return a process that has a place: the spare one where there is one that runs, or another."""
        variables = named(self._counters, number)
        spare, self._spare.process = self._spare.process, None
        if spare is not None:
            with suppress(OSError):
                spare.serve(self._listening, variables)
                return spare
            spare.wait()
            spare.close()
        process = self._prepared()
        process.serve(self._listening, variables)
        return process

    def _prepared(self) -> WebProcess:
        return WebProcess(self._environment, [one for pair in self._counters for one in pair])

    def _stop(self) -> None:
        """Let the workers finish what they have, for a time; not at all when told to stop once more."""
        self._listening.close()
        self._stopping.clear()
        running = [place.process for place in (*self._places, self._spare) if place.process is not None]
        for process in running:
            process.terminate()
        last = time.monotonic() + self._drain + _GRACE
        while any(process.poll() is None for process in running):
            if self._stopping.wait(_LOOK) or time.monotonic() > last:
                for process in running:
                    process.kill()
        for process in running:
            process.close()


def _longer(delay: float) -> float:
    return min(max(_FIRST_DELAY, 2 * delay), _LONGEST_DELAY)


def _ending(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
