"""A query that an event loop asks: it is sent, and a quick answer taken, without a thread that waits for either."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from .jobs import Job, Outcome
from .places import HERE, Place
from .process import INLINE, Reply, WorkerProcess

if TYPE_CHECKING:
    from .workers import QueryPool


class Begun:
    """A query on its way to a worker, for an event loop: it waits for no place and for no answer.

    What is answered soon needs no thread. Whatever else becomes of it is for a thread, which goes on by `finish`.
    """

    def __init__(self, pool: QueryPool, job: Job, over: object) -> None:
        self._pool, self._job = pool, job
        self.over = over
        """What the asker wants to find again with it."""
        self._client = HERE.client
        self._seconds = pool.limits.seconds_for(job.seconds)
        self.place: Place | None = None
        self.outcome: Outcome | None = None
        """The whole answer, once it is here."""
        self.sent: float | None = None
        """When a worker was asked, by the monotonic clock."""
        self._received = b""
        self._spent = 0.0

    def enter(self, wake: Callable[[], object]) -> bool:
        """Take a place, and tell whether it may be sent now: else `wake` is called when it may.

        Raises BusyError when too many wait.
        """
        self.place = self._pool.places.enter(self._client, wake)
        return self.place.runs

    def hurry(self) -> bool:
        """Tell whether it may be sent now, since those that run take long."""
        return self.place is not None and self._pool.places.hurry(self.place)

    def withdraw(self) -> bool:
        """Leave the line; tell whether it stood there: else `wake` is called, or was."""
        if self.place is None or not self._pool.places.withdraw(self.place):
            return False
        self.place = None
        return True

    def send(self) -> int | None:
        """Ask the worker, and return the descriptor by which its reply comes; None where a worker is to be started."""
        worker = self.place.worker if self.place else None
        if worker is None:
            return None
        self.sent = time.monotonic()
        worker.send(self._job.request(self._seconds))
        return worker.fileno()

    def receive(self) -> bool:
        """Take what has come, without waiting; tell whether there is no more to wait for in an event loop."""
        assert self.place is not None
        assert self.place.worker is not None
        worker = self.place.worker
        try:
            self._received += worker.received()
        except EOFError:
            # A thread finds out why.
            return True
        reply = worker.reply_in(self._received)
        if reply is None or reply[0] != INLINE:
            return reply is not None
        self.outcome = self._pool.outcome_of(self._job, worker, reply)
        self._spent = self.seconds
        place, self.place = self.place, None
        self._pool.done(place, worker)
        return True

    @property
    def seconds(self) -> float:
        """How long a worker has worked on it."""
        return self._spent or (time.monotonic() - self.sent if self.sent else 0.0)

    def finish(self) -> Outcome:
        """Wait for the answer, and return it. Raises as `QueryPool.run` does."""
        HERE.waited -= self.seconds
        if self.outcome is None:
            try:
                self.outcome = self._pool.go_on(self._job, self)
            finally:
                self.place = None
        return self.outcome

    def close(self) -> None:
        """Give it up, unless it is finished."""
        if self.place is not None:
            place, self.place = self.place, None
            self._pool.abandon(place)

    def reply(self, worker: WorkerProcess) -> Reply:
        """Wait for the reply of a worker that was asked. Raises as `WorkerProcess.reply` does."""
        assert self.sent is not None
        received, self._received = self._received, b""
        return worker.reply(self.sent + self._seconds, self.sent, received)
