"""Runs public queries and tasks in worker processes: bounded in time, memory, size and number (see `worker.py`).

A query that is over its limit is killed with its worker. Spare workers, which are started in the background, take the
place of those that were killed, so that no other query waits for the start of one.
"""

from __future__ import annotations

import json
import math
import signal
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from .. import errors
from ..errors import (
    BusyError,
    ForbiddenQueryError,
    MemoryLimitError,
    NotAcceptableError,
    QueryError,
    RemoteError,
    TimeLimitError,
)
from ..sparql.bounded import is_bounded
from ..waiting import about_to_wait
from .begun import Begun
from .interface import Queryable
from .jobs import Job, Limits, Outcome, Task
from .places import HERE, Place, Places
from .process import INLINE, KINDS, LONG_SECONDS, REFUSED, ForkServer, Reply, WorkerProcess
from .remote_store import RemoteStore

_SPARES: Final = 2
"""How many workers wait for work after one was killed: more are killed only as fast as these can be started."""
_NARROWER: Final = "make it narrower: sort and group fewer rows."
_CRASHES: Final = frozenset({-signal.SIGSEGV, -signal.SIGBUS, -signal.SIGILL})
"""How a worker ends whose stack overflows."""


NO_TASKS: Final[Mapping[str, Any]] = MappingProxyType({})


class _LostError(Exception):
    """The worker ended, and not at a limit of the query."""


class QueryPool:
    """The workers over one release. Threads may share a pool."""

    def __init__(
        self,
        store: Path,
        prefixes: Mapping[str, str],
        memory_triples: int,
        limits: Limits,
        remote: RemoteStore | None = None,
        near: Queryable | None = None,
        tasks: Mapping[str, str] = NO_TASKS,
        for_tasks: Mapping[str, Any] = NO_TASKS,
    ) -> None:
        """Take the store of the release, or a remote one that answers in its place.

        `near` is the same release as it is open in this process, which answers what is bounded (see `bounded.py`).
        `tasks` are the functions that workers may be asked for, each as `module:function`, by their names; `for_tasks`
        is what all of them are given, and of plain types.
        """
        self.limits = limits
        self._near = near
        self._configuration = {
            "store": str(store),
            "prefixes": dict(prefixes),
            "memory_triples": memory_triples,
            "memory_bytes": limits.memory_bytes,
            "answer_bytes": limits.answer_bytes,
            "remote": remote.configuration(math.ceil(limits.seconds)) if remote else None,
            "tasks": dict(tasks),
            "for_tasks": dict(for_tasks),
        }
        self._lock = threading.Lock()
        self._fork_server: ForkServer | None = None
        self._starting = threading.Lock()
        # Another store has processors of its own.
        self.places = Places(limits, limits.workers if remote else limits.cores)
        self._refilling = self._does_tasks = False

    def run(self, job: Job) -> Outcome:
        """Run a query and return its whole answer.

        Raises ForbiddenQueryError for SERVICE, QueryError for a malformed query or an answer over the size limit,
        NotAcceptableError when the client takes no format for this kind of answer, TimeLimitError, MemoryLimitError,
        and BusyError when too many queries wait.
        """
        if self._near is not None and self.is_quick(job.query, job.default_graphs, job.named_graphs):
            return _answered(self._near, job)
        return self._run(job)

    def do(self, task: Task) -> Any:
        """Do a task, and return what its function returned, as JSON has it.

        Raises TooLargeError where the function does, or its answer is over the size limit, and LimitError as `run`.
        """
        # From the first one on, new workers come with what tasks need, which takes each of them longer than most tasks.
        self._does_tasks = True
        return json.loads(b"".join(self._run(task).chunks()))

    def begin(self, job: Job, over: object = None) -> Begun:
        """Return a query for an event loop to ask; it is asked for the client of this thread."""
        return Begun(self, job, over)

    def go_on(self, job: Job, begun: Begun) -> Outcome:
        """Go on with a query that was begun, as `run` does."""
        return self._run(job, begun)

    def _run(self, job: Job | Task, begun: Begun | None = None) -> Outcome:
        seconds = self.limits.seconds_for(job.seconds)
        try:
            return self._attempt(job, seconds, begun)
        except _LostError:
            # Something else than this query ended the worker; a query changes nothing, so it may be asked again. The
            # same may have ended others, and nobody looks at a worker before it is asked, which would take too long.
            self.places.clear_away_the_dead()
        try:
            return self._attempt(job, seconds)
        except _LostError as error:
            raise MemoryLimitError(f"The {job.what} was stopped twice by the system.", _NARROWER) from error

    def is_quick(self, query: str, default_graphs: tuple[str, ...] = (), named_graphs: tuple[str, ...] = ()) -> bool:
        """Tell whether a query is answered in this process, since it takes no longer than to ask another one."""
        return self._near is not None and not (default_graphs or named_graphs) and is_bounded(query)

    def _attempt(self, job: Job | Task, seconds: float, begun: Begun | None = None) -> Outcome:
        about_to_wait()
        place, worker = self._take(seconds) if begun is None or begun.place is None else self._started(begun.place)
        try:
            if begun is None or begun.sent is None:
                worker.send(job.request(seconds))
                begun = None
            outcome = self._answer(worker, job, seconds, begun)
        except BaseException:
            self._give_back(place, worker if worker.healthy else None)
            if not worker.healthy:
                worker.kill()
                self._replace()
            raise
        self.done(place, worker)
        return outcome

    def abandon(self, place: Place) -> None:
        """Give up a query that nobody wants to finish, wherever it is."""
        if self.places.withdraw(place):
            return
        self._give_back(place, None)
        if place.worker is not None:
            place.worker.kill()
            self._replace()

    def done(self, place: Place, worker: WorkerProcess) -> None:
        """Let others have the place of a query that is answered, and its worker, unless that has made way."""
        if worker.makes_way:
            self._give_back(place, None)
            worker.kill()
            self._replace()
        else:
            self._give_back(place, worker)

    def check(self) -> None:
        """See that queries find a worker: one that runs, or a new one. Raises as `run` does."""
        if self.places.running:
            return
        self.places.clear_away_the_dead()
        if self.places.idle:
            return
        self.run(Job("ASK {}", {"boolean": "json"}))

    def close(self) -> None:
        """Stop the idle workers at once, and those at work when they are done."""
        for worker in self.places.close():
            worker.kill()
        self._sweep_if_unused()

    def _take(self, seconds: float) -> tuple[Place, WorkerProcess]:
        """Return a place for this thread, and a worker for it alone; it waits for one for at most so many seconds."""
        lock = threading.Lock()
        lock.acquire()
        place = self.places.enter(HERE.client, lock.release)
        if place.worker is not None:
            return place, place.worker
        started = time.monotonic()
        try:
            if not place.runs:
                self._wait(place, lock, seconds)
            return self._started(place)
        finally:
            HERE.waited += time.monotonic() - started

    def _started(self, place: Place) -> tuple[Place, WorkerProcess]:
        """Return a place with the worker that it has, or else with a new one."""
        if place.worker is not None:
            return place, place.worker
        try:
            return place, WorkerProcess(self._running_fork_server())
        except (EOFError, TimeoutError) as error:
            self._give_back(place, None)
            raise _LostError from error
        except BaseException:
            self._give_back(place, None)
            raise

    def _wait(self, place: Place, lock: threading.Lock, seconds: float) -> None:
        """Wait until the turn of a place has come, whose lock is opened then."""
        deadline = time.monotonic() + seconds
        while not (lock.acquire(timeout=LONG_SECONDS) or self.places.hurry(place)):
            # Between the two calls, the turn may come after all.
            if time.monotonic() > deadline and self.places.withdraw(place):
                raise BusyError(
                    f"No worker was free for {seconds:.3g} seconds.", "send the query again in a few seconds."
                )

    def _running_fork_server(self) -> ForkServer:
        """Return the process that starts workers; the first who asks waits until it has opened the release."""
        with self._starting:
            if self._fork_server is None or not self._fork_server.alive():
                if self._fork_server is not None:
                    self._fork_server.close()
                self._fork_server = ForkServer(self._configuration)
            return self._fork_server

    def _sweep_if_unused(self) -> None:
        """Leave nothing behind of a pool that is closed, once no query runs."""
        if self.places.running or self._refilling:
            return
        with self._starting:
            if self._fork_server is not None:
                self._fork_server.close()
            self._fork_server = None

    def _give_back(self, place: Place, worker: WorkerProcess | None) -> None:
        """Hand a place, and its worker if that still runs, to whoever is next."""
        if (unused := self.places.leave(place, worker)) is not None:
            unused.kill()
        if self.places.is_closed:
            self._sweep_if_unused()

    def _replace(self) -> None:
        """Have spare workers started in the background, unless that is being done."""
        with self._lock:
            if self.places.is_closed or self._refilling:
                return
            self._refilling = True
        threading.Thread(target=self._refill, daemon=True).start()

    def _refill(self) -> None:
        """Start workers until enough are spare."""
        while self.places.lack_spares(_SPARES):
            try:
                fork_server = self._running_fork_server()
                if self._does_tasks:
                    fork_server.load()
                worker = WorkerProcess(fork_server)
            except (EOFError, TimeoutError, OSError):
                # The next query finds out why, and says it.
                break
            self.places.add_spare(worker)
        self._refilling = False
        if self.places.is_closed:
            self.close()

    def _answer(self, worker: WorkerProcess, job: Job | Task, seconds: float, begun: Begun | None) -> Outcome:
        """Wait for the answer of a worker that was asked, perhaps by an event loop."""
        try:
            now = time.monotonic()
            reply = worker.reply(now + seconds, now) if begun is None else begun.reply(worker)
            return self.outcome_of(job, worker, reply)
        except TimeoutError:
            raise TimeLimitError(
                f"The {job.what} ran longer than {seconds:.3g} seconds and was stopped.", job.mend
            ) from None
        except EOFError:
            code = worker.exit_code()
            if code in _CRASHES:
                raise QueryError(
                    f"The {job.what} nests too deeply, or has too many parts: the engine's stack overflowed.",
                    "write what is inside one after the other, or ask in parts.",
                ) from None
            # The engine aborts when it is given no more memory.
            if code != -signal.SIGABRT:
                raise _LostError from None
            raise MemoryLimitError(
                f"The {job.what} needed more than {self.limits.memory_bytes >> 20} MB of memory and was stopped.",
                _NARROWER if isinstance(job, Job) else job.mend,
            ) from None

    def outcome_of(self, job: Job | Task, worker: WorkerProcess, reply: Reply) -> Outcome:
        """Return what a worker replied. Raises what it refused with, and EOFError where it is gone with its file."""
        code, kind, size, body = reply
        if code == REFUSED:
            raise self._refusal(json.loads(body))
        name = KINDS[kind]
        if code == INLINE:
            return Outcome(name, job.formats[name], size, body)
        return Outcome(name, job.formats[name], size, worker.file() if job.keeps else None)

    def _refusal(self, reply: dict[str, Any]) -> Exception:
        error: Exception
        match reply:
            case {"forbidden": message, "mend": mend}:
                error = ForbiddenQueryError(message, mend)
            case {"ours": name, "message": message, "mend": mend}:
                error = getattr(errors, name)(message, mend)
            case {"memory": _}:
                error = MemoryLimitError(
                    f"It needed more than {self.limits.memory_bytes >> 20} MB of memory and was stopped.",
                    "ask for less at a time.",
                )
            case {"malformed": message, "mend": mend}:
                error = QueryError(message, mend)
            case {"full": _}:
                error = BusyError("The disk of the server has no space for a long answer.", "ask for less at a time.")
            case {"remote": message}:
                error = RemoteError(message)
            case {"unacceptable": kind, "message": message, "format": format_name}:
                error = NotAcceptableError(kind, message, format_name)
            case {"too_large": _}:
                error = QueryError(
                    f"The answer is larger than {self.limits.answer_bytes >> 20} MB, and nothing of it was sent.",
                    "ask for less at a time, with LIMIT and OFFSET over an ORDER BY.",
                )
            case {"fault": message}:
                error = RuntimeError(message)
            case _:
                error = QueryError(
                    f"The query could not be evaluated: {reply['failed'].rstrip('.')}.",
                    "change the part that this names.",
                )
        return error


def _answered(store: Queryable, job: Job) -> Outcome:
    """Answer a query in this process."""
    answer = store.answer(job.query, base=job.base)
    name = job.formats.get(answer.kind)
    if name is None:
        raise NotAcceptableError(answer.kind)
    body = answer.serialize(name)
    return Outcome(answer.kind, name, len(body), body)
