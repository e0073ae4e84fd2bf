"""Worker processes: each runs one query or task after another over a release, where it can be killed.

pyoxigraph can neither stop a query nor survive a memory limit, and follows SERVICE to any host. So public queries
run here: a worker is killed when time is up, it aborts when memory is, and there is no network in it.

`main` is a fork server: it reads the release into memory once, and each worker is a fork of it that shares this memory
and reads nothing anew. A fork has one thread alone, and the engine starts threads for a store on disk. So the
fork server never opens one: a short-lived process reads the release for it, and a release that is too large for memory
is opened by each worker for itself.

The web process (`workers.py`) and a worker speak over a socket, one request and one reply at a time (`process.py`). A
short answer follows its reply; a long one is left in a file, so that neither side holds it in memory.

A task is a function of a higher layer, which the configuration names. It takes the store, the folder of the release,
what the configuration says for tasks, and what is asked; what it returns is sent as JSON.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import marshal
import math
import os
import resource
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Final, NoReturn

from .. import errors
from ..errors import AkbError, ForbiddenQueryError, QueryError, RemoteError, UnwritableError
from ..serialization import answer_formats
from .embedded import Store
from .interface import Queryable
from .process import CHUNK, FILE, IN_FILE, INLINE, KINDS, LOAD, ORDER, REFUSED, REPLY, REQUEST, START, USUAL

_SHORT: Final = 256 * 1024
"""Bytes: an answer up to this size goes through the socket; a longer one through a file."""

_GRACE_SECONDS: Final = 2
_STACK_BYTES: Final = 120 << 20
"""What the engine may use of the stack as it reads a query by recursion; Linux leaves 128 MB free for it to grow into.

With the usual 8 MB, a chain of some 3,000 BINDs would end the process.
"""
_TASK_LENGTH: Final = 3
"""The parts of a request for a task; one for a query has more."""
_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000
_PR_SET_PDEATHSIG: Final = 1


class _TooLargeError(Exception):
    """The answer is larger than the limit."""


class _Spool:
    """A file-like object that keeps a short body in memory, moves a long one to a file, and stops at a limit.

    The file has no name, so that nothing is left however this process ends.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.file: IO[bytes] | None = None
        self.keeps = True
        """Whether a long body is wanted, and not only its size."""
        self.size = 0
        self.chunks: list[bytes] = []
        self.is_full = False
        """Whether there was no space for the file."""

    def write(self, data: bytes) -> int:
        self.size += len(data)
        if self.size > self._limit:
            raise _TooLargeError
        if not self.keeps and self.size > _SHORT:
            self.chunks = []
            return len(data)
        try:
            if self.file is None and self.size > _SHORT:
                self.file = TemporaryFile()  # noqa: SIM115 - the web process reads it
                self.file.writelines(self.chunks)
                self.chunks = []
            if self.file is None:
                self.chunks.append(bytes(data))
            else:
                self.file.write(data)
        except OSError:
            self.is_full = True
            raise
        return len(data)

    def flush(self) -> None:
        """Do nothing: `close` writes what is left."""

    def close(self) -> None:
        """Write what is left."""
        if self.file is not None:
            try:
                self.file.flush()
            except OSError:
                self.is_full = True
                raise

    @property
    def is_over(self) -> bool:
        return self.size > self._limit

    def discard(self) -> None:
        """Keep nothing."""
        file, self.file = self.file, None
        if file is not None:
            with suppress(OSError):  # what is left need not be written
                file.close()


def main() -> None:
    """Start and end workers as the web process asks for it, until it closes the socket that is standard input."""
    # The store may print there as it aborts: the descriptor is taken for nothing else.
    control = socket.socket(fileno=os.dup(0))
    configuration = _next_request(control)
    store = None
    if configuration["remote"] is None:
        _shut_network_off()
        store = Store.read_apart(
            Path(configuration["store"]), configuration["prefixes"], configuration["memory_triples"]
        )
    # What other packages add is loaded once, and not by each worker.
    answer_formats()
    _keep_shared()
    control.sendall(ORDER.pack(os.getpid()))
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, ORDER.size, 1)
        while data and len(data) < ORDER.size:
            more = control.recv(ORDER.size - len(data))
            data = data + more if more else b""
        if not data:
            return
        order = ORDER.unpack(data)[0]
        if order == LOAD:
            _load(configuration["tasks"])
            control.sendall(ORDER.pack(0))
            continue
        if order != START:
            os.kill(order, signal.SIGKILL)
            control.sendall(ORDER.pack(os.waitstatus_to_exitcode(os.waitpid(order, 0)[1])))
            continue
        pid = os.fork()
        if pid == 0:
            control.close()
            _work(socket.socket(fileno=descriptors[0]), configuration, store)
        os.close(descriptors[0])
        control.sendall(ORDER.pack(pid))


def _load(tasks: dict[str, str]) -> None:
    """Load the modules of tasks; what cannot be loaded is the error of the task that needs it."""
    for name in tasks.values():
        with suppress(Exception):
            importlib.import_module(name.partition(":")[0])
    _keep_shared()


def _keep_shared() -> None:
    """Leave alone what there is: a collection would write into every page that workers share."""
    gc.collect()
    gc.freeze()


def _work(parent: socket.socket, configuration: dict[str, Any], shared: Store | None) -> NoReturn:
    """Be a worker: answer requests until the web process closes the socket."""
    try:
        _end_with_the_fork_server()
        store = shared or _open(configuration)
        _limit_memory(configuration["memory_bytes"])
        _raise_stack()
        # What the store prints as it aborts is of no use to anybody: the web process says what happened.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        parent.sendall(REPLY.pack(INLINE, 0, 0))
        most_bytes = configuration["answer_bytes"]
        tasks = _Tasks(store, configuration)
        while (job := _next_request(parent)) is not None:
            # The web process has it killed at the limit; should that be gone by then, the kernel does a little later.
            signal.alarm(math.ceil(job[-1]) + _GRACE_SECONDS)
            spool = _Spool(most_bytes)
            parent.sendall(_reply(store, job, spool) if len(job) > _TASK_LENGTH else tasks.reply(job, spool))
            signal.alarm(0)
            # Who reads from a stream without asking for descriptors loses them; so the web process asks.
            if spool.file is not None and parent.recv(1):
                socket.send_fds(parent, [FILE], [spool.file.fileno()])
            spool.discard()
    finally:
        # What the fork server would clear away as it ends is not the worker's.
        os._exit(0)


def _next_request(parent: socket.socket) -> Any:
    """Return what the web process sends next, or None when it has closed the socket."""
    data = parent.recv(USUAL)
    while data and (len(data) < REQUEST.size or len(data) < REQUEST.size + REQUEST.unpack_from(data)[0]):
        more = parent.recv(4 * CHUNK)
        if not more:
            return None
        data += more
    # The web process alone has the other end of the socket.
    return marshal.loads(memoryview(data)[REQUEST.size :]) if data else None  # noqa: S302 - see above


def _open(configuration: dict[str, Any]) -> Queryable:
    if configuration["remote"] is not None:
        # It brings a network client, which a worker over our own store neither needs nor waits for.
        from .remote_store import RemoteStore  # noqa: PLC0415 - see above

        return RemoteStore.configured(configuration["remote"])
    return Store.open(Path(configuration["store"]), configuration["prefixes"], configuration["memory_triples"])


def _reply(store: Queryable, job: Any, spool: _Spool) -> bytes:
    """Answer a request, and return what is to be sent."""
    query, base, default_graphs, named_graphs, formats, spool.keeps, _ = job
    try:
        answer = store.answer(query, base=base, default_graphs=default_graphs, named_graphs=named_graphs)
        name = formats.get(answer.kind)
        if name is None:
            return _refusal({"unacceptable": answer.kind, "message": "", "format": ""})
        answer.write(name, spool)
        spool.close()
    except UnwritableError as error:
        refusal = {"unacceptable": answer.kind, "message": error.message, "format": name}
    except ForbiddenQueryError as error:
        refusal = {"forbidden": error.message, "mend": error.mend}
    except QueryError as error:
        refusal = {"malformed": error.message, "mend": error.mend}
    except RemoteError as error:
        refusal = {"remote": error.message}
    except _TooLargeError:
        refusal = {"too_large": ""}
    except Exception as error:  # noqa: BLE001 - evaluation errors have no common class; the parent reports them
        # pyoxigraph hides what our own writer raised behind an error of its own.
        said = isinstance(error, RuntimeError | OSError | ValueError) and str(error)
        refusal = {"failed": said or f"{type(error).__name__}: {error}"}
        if spool.is_over:
            refusal = {"too_large": ""}
        elif spool.is_full:
            refusal = {"full": ""}
    else:
        return _whole(answer.kind, spool)
    spool.discard()
    return _refusal(refusal)


class _Tasks:
    """The tasks of a worker; their modules are loaded when the first of them is asked for."""

    def __init__(self, store: Queryable, configuration: dict[str, Any]) -> None:
        self._store = store
        self._names: dict[str, str] = configuration["tasks"]
        self._folder = Path(configuration["store"]).parent
        self._given: dict[str, Any] = configuration["for_tasks"]

    def reply(self, job: tuple[str, str, float], spool: _Spool) -> bytes:
        """Do a task, and return what is to be sent."""
        name, given, _ = job
        try:
            module, _, function = self._names[name].partition(":")
            do = getattr(importlib.import_module(module), function)
            found = do(self._store, self._folder, self._given, json.loads(given))
            spool.write(json.dumps(found, ensure_ascii=False).encode())
            spool.close()
        except AkbError as error:
            # Its own class may take other arguments, or be of a module that the web process does not have.
            name = next(one.__name__ for one in type(error).__mro__ if one.__module__ == errors.__name__)
            refusal = {"ours": name, "message": error.message, "mend": error.mend}
        except MemoryError:
            refusal = {"memory": ""}
        except _TooLargeError:
            refusal = {"too_large": ""}
        except Exception as error:  # noqa: BLE001 - the parent reports what no task raises on purpose
            refusal = {"full": ""} if spool.is_full else {"fault": f"{type(error).__name__}: {error}"}
        else:
            return _whole("task", spool)
        spool.discard()
        return _refusal(refusal)


def _whole(kind: str, spool: _Spool) -> bytes:
    """Return what is sent with, or of, an answer that is whole."""
    if spool.size and not spool.chunks:
        # In a file, or nowhere where only the size is wanted.
        return REPLY.pack(IN_FILE, KINDS.index(kind), spool.size)
    return b"".join((REPLY.pack(INLINE, KINDS.index(kind), spool.size), *spool.chunks))


def _refusal(reasons: dict[str, str]) -> bytes:
    body = json.dumps(reasons).encode()
    return REPLY.pack(REFUSED, 0, len(body)) + body


def _shut_network_off() -> None:
    """Move to a network namespace with no way out, where the kernel allows it.

    Otherwise the guard that looks for SERVICE is the only protection.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _end_with_the_fork_server() -> None:
    """Have the kernel kill this process when the fork server ends, where the kernel can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _limit_memory(extra: int) -> None:
    """Let the process grow by `extra` bytes over what it holds with the store open; hitting the limit aborts it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * resource.getpagesize() + extra
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _raise_stack() -> None:
    """Let the stack of the only thread grow further, as far as the system allows it."""
    _, most = resource.getrlimit(resource.RLIMIT_STACK)
    resource.setrlimit(
        resource.RLIMIT_STACK, (_STACK_BYTES if most == resource.RLIM_INFINITY else min(most, _STACK_BYTES), most)
    )


# Importing this module must not start a worker; `python -m` does.
if __name__ == "__main__":
    main()
