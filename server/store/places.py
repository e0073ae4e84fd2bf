"""Who may have a worker now, and who waits for one: a bounded number of places, which clients share."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from ..errors import BusyError
from .jobs import Limits
from .process import LONG_SECONDS, WorkerProcess


class _Here(threading.local):
    waited = 0.0
    client = ""


HERE: Final = _Here()


def waited() -> float:
    """Return for how many seconds this thread has waited for workers, and for their start, since it began."""
    return HERE.waited


def ask_for(client: str) -> None:
    """Let this thread ask for a client from now on, by whose name the places are shared; for nobody if it is empty."""
    HERE.client = client


class Place:
    """One that runs a query, or waits for its turn to."""

    __slots__ = ("client", "since", "wake", "worker")

    def __init__(self, client: str, wake: Callable[[], object]) -> None:
        self.client = client
        self.wake = wake
        """Called when its turn has come, by whichever thread hands it on."""
        self.since: float | None = None
        """Since when it runs, by the monotonic clock; None while it waits."""
        self.worker: WorkerProcess | None = None
        """The worker that it has; one that runs and has none is to start a new one."""

    @property
    def runs(self) -> bool:
        """Whether its turn has come."""
        return self.since is not None


class Places:
    """The places over one release, and the workers that are idle. Threads may share it."""

    def __init__(self, limits: Limits, cores: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Take how many may run and wait, and how many processors there are for them."""
        self._limits, self._cores, self._clock = limits, cores, clock
        self._lock = threading.Lock()
        self._running: set[Place] = set()
        self._line: list[Place] = []
        self._is_closed = False
        self.idle: list[WorkerProcess] = []
        """The workers that wait for work; the last one is asked first."""

    @property
    def running(self) -> int:
        """How many queries run."""
        return len(self._running)

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._line)

    @property
    def is_closed(self) -> bool:
        """Whether idle workers are wanted no more."""
        return self._is_closed

    def enter(self, client: str, wake: Callable[[], object]) -> Place:
        """Return a place for a client, which runs or waits. Raises BusyError when too many wait."""
        place = Place(client, wake)
        with self._lock:
            waiting = len(self._line)
            if self._has_room_for(client):
                self._begin(place)
            elif self._has_its_turns(client):
                raise BusyError(
                    "As many queries of yours wait as may for one client.", "send it again when they are answered."
                )
            elif len(self._running) + waiting < self._limits.workers + self._limits.queue:
                self._line.append(place)
            else:
                raise BusyError(
                    f"{len(self._running)} queries run and {waiting} wait; this server takes no more at once.",
                    "send the query again in a few seconds.",
                )
        return place

    def hurry(self, place: Place) -> bool:
        """Let one in the line begin where those that run take long, and tell whether it begins by that.

        A worker must be free. Whoever waits asks again and again: nothing happens that would show it.
        One whose turn had come before is woken for that.
        """
        with self._lock:
            if place not in self._line or not self._has_room_for(place.client):
                return False
            self._line.remove(place)
            self._begin(place)
            return True

    def withdraw(self, place: Place) -> bool:
        """Take one out of the line; tell whether it was there: else its turn has come meanwhile."""
        with self._lock:
            if place not in self._line:
                return False
            self._line.remove(place)
            return True

    def leave(self, place: Place, worker: WorkerProcess | None) -> WorkerProcess | None:
        """Hand the place of a query that has ended, and its worker if that still runs, to the next.

        That is one of the client for whom the fewest run; among these, who has waited for the longest. Return the
        worker where nobody has a use for it.
        """
        with self._lock:
            self._running.remove(place)
            waiting = [one for one in self._line if not self._has_its_share(one.client)]
            if waiting:
                next_one = min(waiting, key=lambda one: self._running_for(one.client) if one.client else 0)
                self._line.remove(next_one)
                self._begin(next_one, worker)
                next_one.wake()
                return None
            # Spare ones may have come meanwhile.
            if worker is not None and not self._is_closed and len(self.idle) < self._limits.workers:
                self.idle.append(worker)
                return None
        return worker

    def lack_spares(self, count: int) -> bool:
        """Tell whether fewer workers than these are idle, and more are wanted."""
        return not self._is_closed and len(self.idle) < min(count, self._limits.workers)

    def add_spare(self, worker: WorkerProcess) -> None:
        """Add an idle worker; those that were at work before are asked first."""
        with self._lock:
            self.idle.insert(0, worker)

    def clear_away_the_dead(self) -> None:
        """Forget the idle workers that have ended."""
        with self._lock:
            self.idle = [worker for worker in self.idle if worker.alive()]

    def close(self) -> list[WorkerProcess]:
        """Keep no worker idle from now on; return those that were."""
        with self._lock:
            self._is_closed = True
            idle, self.idle = self.idle, []
        return idle

    def _begin(self, place: Place, worker: WorkerProcess | None = None) -> None:
        """Let one run, with a worker that is given or idle. The lock is held."""
        place.since = self._clock()
        place.worker = worker or (self.idle.pop() if self.idle else None)
        self._running.add(place)

    def _has_room_for(self, client: str) -> bool:
        """Tell whether one more query of a client may run. The lock is held."""
        is_free = len(self._running) < self._limits.workers
        return is_free and not (self._is_crowded() or self._has_its_share(client))

    def _is_crowded(self) -> bool:
        """Tell whether as many new queries run as there are processors. The lock is held.

        Most queries take a millisecond. One more worker would not answer another any sooner, and what the workers that
        run have in the processors' caches would be lost, which makes each query take up to half as long again.
        """
        if len(self._running) < self._cores:
            return False
        new = self._clock() - LONG_SECONDS
        return sum(one.since is not None and one.since > new for one in self._running) >= self._cores

    def _running_for(self, client: str) -> int:
        return sum(one.client == client for one in self._running)

    def _has_its_share(self, client: str) -> bool:
        """Tell whether one client has all places but one, which is for others. The lock is held."""
        return bool(client) and self._running_for(client) >= max(1, self._limits.workers - 1)

    def _has_its_turns(self, client: str) -> bool:
        """Tell whether one client waits for half of the places in the queue. The lock is held."""
        return bool(client) and sum(one.client == client for one in self._line) >= max(1, self._limits.queue // 2)
