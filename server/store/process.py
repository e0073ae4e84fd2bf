"""One worker process as its parent sees it: the socket to it, and how it is ended (see `worker.py`)."""

from __future__ import annotations

import marshal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

REQUEST: Final = struct.Struct("!I")
"""What precedes a request: how many bytes it has."""
REPLY: Final = struct.Struct("!BBQ")
"""What precedes a reply: which of the codes below it is, the index of the answer's kind, and how many bytes it has."""
INLINE, IN_FILE, REFUSED = range(3)
"""The answer follows; the answer is in the worker's file; why there is none follows, as JSON."""
KINDS: Final = ("solutions", "boolean", "triples")
CHUNK: Final = 64 * 1024

_START_SECONDS: Final = 60
"""How long a worker may take to open a release: a large one is read into memory."""
_TIMEVAL: Final = struct.Struct("ll")
_TOLERANCE: Final = 0.02
"""Seconds by which the kernel's timer may be off before it is set anew: most queries have the same limit."""


class WorkerProcess:
    """One worker process, and the socket to it. One thread at a time may use it."""

    def __init__(self, configuration: Mapping[str, Any]) -> None:
        self.healthy = True
        self._seconds = 0.0
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                # -P: the current folder may hold another `server`.
                [sys.executable, "-P", "-m", "server.store.worker"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
            )
        try:
            self.exchange(dict(configuration), time.monotonic() + _START_SECONDS)
        except BaseException:
            self.kill()
            raise

    @property
    def pid(self) -> int:
        """The id of the process, after which the worker names its file."""
        return self._process.pid

    def alive(self) -> bool:
        """Tell whether the process still runs; one that does not is cleared away."""
        if self._process.poll() is None:
            return True
        self.kill()
        return False

    def exit_code(self) -> int:
        """Wait for the process to end, and return its exit code: the negative number of the signal that ended it."""
        return self._process.wait()

    def exchange(self, request: Any, deadline: float) -> tuple[int, int, int, bytes]:
        """Send a request and return the reply: its code, the index of the kind, the size of the answer, what followed.

        Raises TimeoutError at the deadline and EOFError when the worker dies; it is of no use after either.
        """
        # Until the whole reply is read, an interruption leaves the socket in the middle of something.
        self.healthy = False
        data = marshal.dumps(request)
        with suppress(BrokenPipeError, ConnectionResetError):
            self._socket.sendall(REQUEST.pack(len(data)) + data)
        received = self._receive(deadline)
        while len(received) < REPLY.size:
            received += self._receive(deadline)
        code, kind, size = REPLY.unpack_from(received)
        missing = (0 if code == IN_FILE else size) - (len(received) - REPLY.size)
        if missing:
            pieces = [received]
            while missing > 0:
                pieces.append(self._receive(deadline))
                missing -= len(pieces[-1])
            received = b"".join(pieces)
        self.healthy = True
        return code, kind, size, received[REPLY.size :]

    def kill(self) -> None:
        """End the process, now."""
        self._process.kill()
        self._process.wait()
        self._socket.close()

    def _receive(self, deadline: float) -> bytes:
        """Return what comes next.

        The kernel minds the time: to wait first and read then would give the interpreter's lock away twice.
        """
        while (left := deadline - time.monotonic()) > 0:
            if abs(left - self._seconds) > _TOLERANCE:
                self._seconds = left
                # Nothing at all would stand for no limit.
                whole, part = divmod(max(left, 0.001), 1)
                self._socket.setsockopt(
                    socket.SOL_SOCKET, socket.SO_RCVTIMEO, _TIMEVAL.pack(int(whole), int(part * 1_000_000))
                )
            try:
                data = self._socket.recv(CHUNK)
            except BlockingIOError:
                continue
            except ConnectionResetError:
                raise EOFError from None
            if not data:
                raise EOFError
            return data
        raise TimeoutError
