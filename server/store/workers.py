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
from .interface import Queryable
from .jobs import Job, Limits, Outcome, Task
from .process import IN_FILE, INLINE, KINDS, REFUSED, ForkServer, WorkerProcess
from .remote_store import RemoteStore

_NEW_SECONDS: Final = 0.01
"""For how long a query that runs counts as new, and how long another waits for it at most while a worker is free."""
_SPARES: Final = 2
"""How many workers wait for work after one was killed: more are killed only as fast as these can be started."""
_NARROWER: Final = "make it narrower: sort and group fewer rows."
_CRASHES: Final = frozenset({-signal.SIGSEGV, -signal.SIGBUS, -signal.SIGILL})
"""How a worker ends whose stack overflows."""


class _Here(threading.local):
    waited = 0.0
    client = ""


_HERE: Final = _Here()


def waited() -> float:
    """Return for how many seconds this thread has waited for workers, and for their start, since it began."""
    return _HERE.waited


def ask_for(client: str) -> None:
    """Let this thread ask for a client from now on, by whose name the places are shared; for nobody if it is empty."""
    _HERE.client = client


NO_TASKS: Final[Mapping[str, Any]] = MappingProxyType({})


class _LostError(Exception):
    """The worker ended, and not at a limit of the query."""


class _Turn:
    """One that waits for a place: the lock is opened when it has one."""

    __slots__ = ("client", "lock", "thread", "worker")

    def __init__(self, client: str) -> None:
        self.client = client
        self.lock = threading.Lock()
        self.lock.acquire()
        self.thread = threading.get_ident()
        self.worker: WorkerProcess | None = None


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
        self._idle: list[WorkerProcess] = []
        self._lock = threading.Lock()
        self._fork_server: ForkServer | None = None
        self._starting = threading.Lock()
        self._running: dict[int, tuple[float, str]] = {}
        """When each query that runs was given its place, and for which client, by the thread that waits for it."""
        # Another store has processors of its own.
        self._cores = limits.workers if remote else limits.cores
        self._turns: list[_Turn] = []
        self._closed = self._refilling = self._does_tasks = False

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

    def _run(self, job: Job | Task) -> Outcome:
        seconds = self.limits.seconds_for(job.seconds)
        try:
            return self._attempt(job, seconds)
        except _LostError:
            # Something else than this query ended the worker; a query changes nothing, so it may be asked again. The
            # same may have ended others, and nobody looks at a worker before it is asked, which would take too long.
            self._clear_away_the_dead()
        try:
            return self._attempt(job, seconds)
        except _LostError as error:
            raise MemoryLimitError(f"The {job.what} was stopped twice by the system.", _NARROWER) from error

    def is_quick(self, query: str, default_graphs: tuple[str, ...] = (), named_graphs: tuple[str, ...] = ()) -> bool:
        """Tell whether a query is answered in this process, since it takes no longer than to ask another one."""
        return self._near is not None and not (default_graphs or named_graphs) and is_bounded(query)

    def _attempt(self, job: Job | Task, seconds: float) -> Outcome:
        about_to_wait()
        worker = self._take(seconds)
        try:
            outcome = self._ask(worker, job, seconds)
        except BaseException:
            self._give_back(worker if worker.healthy else None)
            if not worker.healthy:
                worker.kill()
                self._replace()
            raise
        if worker.makes_way:
            self._give_back(None)
            worker.kill()
            self._replace()
        else:
            self._give_back(worker)
        return outcome

    def _clear_away_the_dead(self) -> None:
        with self._lock:
            self._idle = [worker for worker in self._idle if worker.alive()]

    def check(self) -> None:
        """See that queries find a worker: one that runs, or a new one. Raises as `run` does."""
        with self._lock:
            if self._running:
                return
        self._clear_away_the_dead()
        if self._idle:
            return
        self.run(Job("ASK {}", {"boolean": "json"}))

    def close(self) -> None:
        """Stop the idle workers at once, and those at work when they are done."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            done = not (self._running or self._refilling)
        for worker in idle:
            worker.kill()
        if done:
            self._sweep()

    def _take(self, seconds: float) -> WorkerProcess:
        """Return a worker for this thread alone; it waits for one for at most so many seconds."""
        turn: _Turn | None = None
        client = _HERE.client
        with self._lock:
            waiting = len(self._turns)
            if len(self._running) < self.limits.workers and not (self._is_crowded() or self._has_its_share(client)):
                worker = self._place(client)
            elif self._has_its_turns(client):
                raise BusyError(
                    "As many queries of yours wait as may for one client.", "send it again when they are answered."
                )
            elif len(self._running) + waiting < self.limits.workers + self.limits.queue:
                turn = _Turn(client)
                self._turns.append(turn)
            else:
                raise BusyError(
                    f"{len(self._running)} queries run and {waiting} wait; this server takes no more at once.",
                    "send the query again in a few seconds.",
                )
        if turn is None and worker is not None:
            return worker
        started = time.monotonic()
        try:
            return self._started(self._wait(turn, seconds) if turn is not None else None)
        finally:
            _HERE.waited += time.monotonic() - started

    def _started(self, worker: WorkerProcess | None) -> WorkerProcess:
        """Return the worker that came with a place, or else a new one."""
        if worker is not None:
            return worker
        try:
            return WorkerProcess(self._running_fork_server())
        except (EOFError, TimeoutError) as error:
            self._give_back(None)
            raise _LostError from error
        except BaseException:
            self._give_back(None)
            raise

    def _running_fork_server(self) -> ForkServer:
        """Return the process that starts workers; the first who asks waits until it has opened the release."""
        with self._starting:
            if self._fork_server is None or not self._fork_server.alive():
                if self._fork_server is not None:
                    self._fork_server.close()
                self._fork_server = ForkServer(self._configuration)
            return self._fork_server

    def _sweep(self) -> None:
        """Leave nothing behind of a pool that is closed and where no query runs."""
        with self._starting:
            if self._fork_server is not None:
                self._fork_server.close()
            self._fork_server = None

    def _is_crowded(self) -> bool:
        """Tell whether as many new queries run as there are processors. The lock is held.

        Most queries take a millisecond. One more worker would not answer another any sooner, and what the workers that
        run have in the processors' caches would be lost, which makes each query take up to half as long again.
        """
        if len(self._running) < self._cores:
            return False
        new = time.monotonic() - _NEW_SECONDS
        return sum(started > new for started, _ in self._running.values()) >= self._cores

    def _running_for(self, client: str) -> int:
        return sum(one == client for _, one in self._running.values())

    def _has_its_share(self, client: str) -> bool:
        """Tell whether one client has all places but one, which is for others. The lock is held."""
        return bool(client) and self._running_for(client) >= max(1, self.limits.workers - 1)

    def _has_its_turns(self, client: str) -> bool:
        """Tell whether one client waits for half of the places in the queue. The lock is held."""
        return bool(client) and sum(turn.client == client for turn in self._turns) >= max(1, self.limits.queue // 2)

    def _place(self, client: str) -> WorkerProcess | None:
        """Give this thread a place, and return an idle worker, or None for a new one. The lock is held."""
        self._running[threading.get_ident()] = time.monotonic(), client
        return self._idle.pop() if self._idle else None

    def _wait(self, turn: _Turn, seconds: float) -> WorkerProcess | None:
        """Wait for the place of a query that ends, and return the worker that has it, or None for a new one."""
        if turn.lock.acquire(timeout=_NEW_SECONDS):
            return turn.worker
        with self._lock:
            # None of those that run was a short one.
            is_free = len(self._running) < self.limits.workers and not self._has_its_share(turn.client)
            if turn in self._turns and is_free:
                self._turns.remove(turn)
                return self._place(turn.client)
        if not turn.lock.acquire(timeout=seconds):
            with self._lock:
                # Between the two lines above, the turn may have come after all.
                if turn in self._turns:
                    self._turns.remove(turn)
                    raise BusyError(
                        f"No worker was free for {seconds:.3g} seconds.", "send the query again in a few seconds."
                    )
        return turn.worker

    def _give_back(self, worker: WorkerProcess | None) -> None:
        """Hand the place of a query that has ended, and its worker if that still runs, to the next.

        That is one of the client for whom the fewest run; among these, who has waited for the longest.
        """
        keep = sweep = False
        with self._lock:
            del self._running[threading.get_ident()]
            waiting = [turn for turn in self._turns if not self._has_its_share(turn.client)]
            if waiting:
                turn = min(waiting, key=lambda one: self._running_for(one.client) if one.client else 0)
                self._turns.remove(turn)
                turn.worker = worker or (self._idle.pop() if self._idle else None)
                self._running[turn.thread] = time.monotonic(), turn.client
                turn.lock.release()
                return
            # Spare ones may have come meanwhile.
            keep = worker is not None and not self._closed and len(self._idle) < self.limits.workers
            if worker is not None and keep:
                self._idle.append(worker)
            sweep = self._closed and not (self._running or self._refilling)
        if worker is not None and not keep:
            worker.kill()
        if sweep:
            self._sweep()

    def _replace(self) -> None:
        """Have spare workers started in the background, unless that is being done."""
        with self._lock:
            if self._closed or self._refilling:
                return
            self._refilling = True
        threading.Thread(target=self._refill, daemon=True).start()

    def _refill(self) -> None:
        """Start workers until enough are spare."""
        while True:
            with self._lock:
                if self._closed or len(self._idle) >= min(_SPARES, self.limits.workers):
                    break
            try:
                fork_server = self._running_fork_server()
                if self._does_tasks:
                    fork_server.load()
                worker = WorkerProcess(fork_server)
            except (EOFError, TimeoutError, OSError):
                # The next query finds out why, and says it.
                break
            with self._lock:
                # Those that were at work before are asked first.
                self._idle.insert(0, worker)
        with self._lock:
            self._refilling = False
            closed = self._closed
        if closed:
            self.close()

    def _ask(self, worker: WorkerProcess, job: Job | Task, seconds: float) -> Outcome:
        try:
            code, kind, size, body = worker.exchange(job.request(seconds), time.monotonic() + seconds)
            file = worker.file() if code == IN_FILE and job.keeps else None
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
        if code == REFUSED:
            raise self._refusal(json.loads(body))
        name = KINDS[kind]
        return Outcome(name, job.formats[name], size, body if code == INLINE else file)

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
