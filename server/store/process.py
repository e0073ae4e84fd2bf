"""Worker processes as the web process sees them: how they are started, asked and ended (see `worker.py`)."""

from __future__ import annotations

import marshal
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import IO, Any, Final

from ..priorities import LOWER

REQUEST: Final = struct.Struct("!I")
"""What precedes a request: how many bytes it has."""
REPLY: Final = struct.Struct("!BBQ")
"""What precedes a reply: which of the codes below it is, the index of the answer's kind, and how many bytes it has."""
INLINE, IN_FILE, REFUSED = range(3)
"""The answer follows; it is in a file, whose descriptor is to be asked for; why there is none follows, as JSON."""
FILE: Final = b"f"
"""What asks for the descriptor of the file, and comes with it."""
KINDS: Final = ("solutions", "boolean", "triples", "task")
CHUNK: Final = 64 * 1024
USUAL: Final = 4096
"""Bytes: most requests and replies are shorter, and allocating much more takes longer than reading twice."""

START, LOAD = 0, -1
"""What asks the fork server for a worker, and to load all that tasks need; any other number is a worker's that ends."""
ORDER: Final = struct.Struct("!q")
"""A message between the web process and the fork server, either way: a number."""

_ALLOCATOR: Final = (
    "glibc.malloc.tcache_count=2000:glibc.malloc.tcache_max=1032:glibc.malloc.trim_threshold=67108864:"
    "glibc.malloc.top_pad=1048576"
)
"""How a worker's C library handles memory: a query makes and frees thousands of small pieces, and the next one as many.

If they are cached, a query takes up to a third less CPU time. Other C libraries pass over this.
"""

_START_SECONDS: Final = 300
"""How long opening a release may take: a large one is read into memory."""
LONG_SECONDS: Final = 0.05
"""For how long a request may be a short one. One that takes longer makes way for pages and for those that may be."""
_TIMEVAL: Final = struct.Struct("ll")
_TOLERANCE: Final = 0.02
"""Seconds by which the kernel's timer may be off before it is set anew: most queries have the same limit."""


Reply = tuple[int, int, int, bytes]
"""Its code, the index of the answer's kind, how many bytes the answer has, and what follows."""


def _missing_in(received: bytes) -> int | None:
    """Return how many bytes of a reply are still to come; None where that is not known yet."""
    if len(received) < REPLY.size:
        return None
    code, _, size = REPLY.unpack_from(received)
    return int(0 if code == IN_FILE else size) - (len(received) - REPLY.size)


class ForkServer:
    """The process that has read the release once and starts workers, which share its memory. Threads may share it.

    It is the parent of the workers: until it has waited for one, no other process can have that worker's id.
    """

    def __init__(self, configuration: Mapping[str, Any]) -> None:
        """Start it, and wait until it has opened the release. Raises EOFError or TimeoutError when it does not."""
        self._lock = threading.Lock()
        self._is_loaded = False
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                # -P: the current folder may hold another `server`.
                [sys.executable, "-P", "-m", "server.store.worker"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                # A fork has one thread alone, so that no library may start others.
                env=os.environ | {"GLIBC_TUNABLES": _ALLOCATOR, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            )
        self._socket.settimeout(_START_SECONDS)
        data = marshal.dumps(dict(configuration))
        try:
            with suppress(BrokenPipeError, ConnectionResetError):
                self._socket.sendall(REQUEST.pack(len(data)) + data)
            self._reply()
        except BaseException:
            self.close()
            raise

    def start(self, theirs: socket.socket) -> int:
        """Start a worker with its end of a socket, and return the id of its process. Raises EOFError when it cannot."""
        return self._ask(START, [theirs.fileno()])

    def load(self) -> None:
        """Load what tasks need, so that the workers from now on have it. Raises EOFError when it cannot."""
        if not self._is_loaded:
            self._ask(LOAD, [])
            self._is_loaded = True

    def end(self, pid: int) -> int:
        """Kill a worker unless it has ended, and return its exit code; for a signal that is its negative number."""
        try:
            return self._ask(pid, [])
        except EOFError:
            # The kernel kills the workers of a fork server that is gone.
            return -signal.SIGKILL

    def alive(self) -> bool:
        """Tell whether the process still runs."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the process, now, and with it every worker."""
        self._process.kill()
        self._process.wait()
        self._socket.close()

    def _ask(self, order: int, descriptors: list[int]) -> int:
        with self._lock:
            try:
                socket.send_fds(self._socket, [ORDER.pack(order)], descriptors)
                return self._reply()
            except OSError as error:
                # After a time-out, the next reply would be that to another order.
                self._process.kill()
                raise EOFError from error

    def _reply(self) -> int:
        data = b""
        while len(data) < ORDER.size:
            more = self._socket.recv(ORDER.size - len(data))
            if not more:
                raise EOFError
            data += more
        return int(ORDER.unpack(data)[0])


class WorkerProcess:
    """One worker process, and the socket to it. One thread at a time may use it."""

    def __init__(self, fork_server: ForkServer) -> None:
        """Start one, and wait until it takes requests. Raises EOFError or TimeoutError when it does not."""
        self.healthy = True
        self.makes_way = False
        """Whether what it does takes long, so that it makes way for pages and short queries."""
        self._seconds = 0.0
        self._fork_server = fork_server
        self._exit_code: int | None = None
        self._socket, theirs = socket.socketpair()
        try:
            with theirs:
                self.pid = fork_server.start(theirs)
                """The id of the process, after which the worker names its file."""
        except BaseException:
            self._socket.close()
            raise
        try:
            self._receive(time.monotonic() + _START_SECONDS)
        except BaseException:
            self.kill()
            raise

    def alive(self) -> bool:
        """Tell whether the process still runs; one that does not is cleared away."""
        try:
            gone = not self._socket.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return True
        except ConnectionResetError:
            gone = True
        if gone:
            self.kill()
        return not gone

    def exit_code(self) -> int:
        """Kill the process unless it has ended, and return its exit code; for a signal that is its negative number."""
        if self._exit_code is None:
            self._exit_code = self._fork_server.end(self.pid)
        return self._exit_code

    def fileno(self) -> int:
        """Return the descriptor by which its replies come."""
        return self._socket.fileno()

    def send(self, request: Any) -> None:
        """Send a request. Whether the worker is there shows by its reply."""
        # Until the whole reply is read, an interruption leaves the socket in the middle of something.
        self.healthy = False
        data = marshal.dumps(request)
        with suppress(BrokenPipeError, ConnectionResetError):
            self._socket.sendall(REQUEST.pack(len(data)) + data)

    def reply(self, deadline: float, sent: float, received: bytes = b"") -> Reply:
        """Wait for the reply to a request that was sent at some time, of which a part may have come; return it.

        Raises TimeoutError at the deadline and EOFError when the worker dies; it is of no use after either.
        """
        if not received:
            try:
                received = self._receive(min(deadline, sent + LONG_SECONDS))
            except TimeoutError:
                self._make_way()
                received = self._receive(deadline)
        while (missing := _missing_in(received)) is None:
            received += self._receive(deadline)
        if missing:
            pieces = [received]
            while missing > 0:
                pieces.append(self._receive(deadline, CHUNK))
                missing -= len(pieces[-1])
            received = b"".join(pieces)
        return self._whole(received)

    def received(self) -> bytes:
        """Return what has come, without waiting. Raises EOFError when the worker has died."""
        try:
            data = self._socket.recv(CHUNK, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return b""
        except ConnectionResetError:
            raise EOFError from None
        if not data:
            raise EOFError
        return data

    def reply_in(self, received: bytes) -> Reply | None:
        """Return the reply that has come, or None while there is more to come."""
        return self._whole(received) if _missing_in(received) == 0 else None

    def _whole(self, received: bytes) -> Reply:
        self.healthy = True
        return *REPLY.unpack_from(received), received[REPLY.size :]

    def _make_way(self) -> None:
        """Lower the priority of the process, which cannot be raised again: it is of no use for the next request."""
        self.makes_way = True
        with suppress(OSError):  # it has ended
            os.setpriority(os.PRIO_PROCESS, self.pid, os.getpriority(os.PRIO_PROCESS, self.pid) + LOWER)

    def file(self) -> IO[bytes]:
        """Return the file of an answer that is in one. Raises EOFError when the worker is gone."""
        self.healthy = False
        try:
            self._socket.sendall(FILE)
            _, descriptors, _, _ = socket.recv_fds(self._socket, len(FILE), 1)
        except OSError as error:
            raise EOFError from error
        if not descriptors:
            raise EOFError
        self.healthy = True
        file = os.fdopen(descriptors[0], "rb")
        file.seek(0)
        return file

    def kill(self) -> None:
        """End the process, now."""
        self.exit_code()
        self._socket.close()

    def _receive(self, deadline: float, size: int = USUAL) -> bytes:
        """Return what comes next, at most `size` bytes.

        The kernel minds the time: to wait first and read then would give the interpreter's lock away twice.
        """
        while (left := deadline - time.monotonic()) > 0:
            if abs(left - self._seconds) > _TOLERANCE:
                self._seconds = left
                # Zero would mean no limit.
                whole, part = divmod(max(left, 0.001), 1)
                self._socket.setsockopt(
                    socket.SOL_SOCKET, socket.SO_RCVTIMEO, _TIMEVAL.pack(int(whole), int(part * 1_000_000))
                )
            try:
                data = self._socket.recv(size)
            except BlockingIOError:
                continue
            except ConnectionResetError:
                raise EOFError from None
            if not data:
                raise EOFError
            return data
        raise TimeoutError
