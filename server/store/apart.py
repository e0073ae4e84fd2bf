"""Reads a text in a process of its own, with limits of memory and CPU time: the engine has none, and can be killed.

The process is started for the first text that needs it, and then kept; one that was killed gets a successor.
"""

from __future__ import annotations

import atexit
import marshal
import os
import select
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from ..serialization import Format
from .reading import NO_MEMORY, Budget, OverBudgetError, Wrong

_NESTING: Final = frozenset({-getattr(signal, name) for name in ("SIGSEGV", "SIGBUS") if hasattr(signal, name)})
_LOOK: Final = 1.0
"""Seconds between two looks at a process that does not answer."""
_TIME: Final = -getattr(signal, "SIGXCPU", 0)


def read_apart(text: str, syntax: Format, base: str, budget: Budget) -> str | Wrong:
    """Return a text as N-Triples, or the line, column and reason of why it is not in the format.

    Raises OverBudgetError. Threads take turns.
    """
    with _LOCK:
        found = _READER.read(text.encode(), syntax, base, budget)
    return str(found, "utf-8") if isinstance(found, bytes) else found


class _Reader:
    """The process, from this side."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def read(self, text: bytes, syntax: Format, base: str, budget: Budget) -> bytes | Wrong:
        """Return what the process answers. Raises OverBudgetError when it has none, or ends."""
        name = syntax.name if syntax.read else ""
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            with suppress(BrokenPipeError):
                marshal.dump((name, syntax.media_type, base, budget.memory, budget.seconds, len(text)), process.stdin)
                process.stdin.write(text)
                process.stdin.flush()
            _await_answer(process)
            size, wrong = marshal.load(process.stdout)  # noqa: S302 - it comes from our own process
            answer = _exactly(max(size, 0), process.stdout)
        except (EOFError, ValueError, TypeError):
            raise OverBudgetError(_limit_of(self._end())) from None
        except BaseException:
            # Whoever interrupts us leaves an answer behind that is not to the next question.
            self._end(kill=True)
            raise
        if size >= 0:
            return answer
        if wrong is None:
            raise OverBudgetError("memory")
        line, column, reason = wrong
        return line, column, reason

    def _started(self) -> subprocess.Popen[bytes]:
        # A fork has the pipes of its parent, whose process this is.
        if self._process is None or self._owner != os.getpid() or self._process.poll() is not None:
            self._process = subprocess.Popen(
                # -P: the current folder may hold another `server`.
                [sys.executable, "-P", "-m", "server.store.reading"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                # The engine would look for a place in its code where memory is out, and wait for itself forever.
                env=os.environ | {"RUST_BACKTRACE": "0"},
            )
            self._owner = os.getpid()
        return self._process

    def close(self) -> None:
        """End the process, if this one has started it."""
        if self._process is not None and self._owner == os.getpid():
            self._end()

    def _end(self, *, kill: bool = False) -> int:
        process, self._process = self._process, None
        assert process is not None
        if kill:
            process.kill()
        for pipe in (process.stdin, process.stdout):
            # What could not be sent to a process that has ended is of no more use.
            with suppress(OSError):
                assert pipe is not None
                pipe.close()
        return process.wait()


def _await_answer(process: subprocess.Popen[bytes]) -> None:
    """Wait until a process answers or ends.

    One that sleeps waits for itself, as it may where memory ends, and is killed.
    """
    assert process.stdout is not None
    before = ""
    if os.name != "posix":
        return
    while not select.select([process.stdout], [], [], _LOOK)[0]:
        with suppress(OSError):
            # Its state and its times (proc_pid_stat(5)), after its name, which may have spaces in it.
            facts = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2]
            state, times = facts.split()[0], facts.split()[11:13]
            now = f"{state} {times}"
            if state == "S" and now == before:
                process.kill()
                return
            before = now


def _exactly(size: int, file: IO[bytes]) -> bytes:
    data = file.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _limit_of(code: int) -> str:
    """Return which limit a process met, by how it ended. Raises RuntimeError where that was no limit."""
    if code >= 0 and code != NO_MEMORY:
        raise RuntimeError(f"the process that reads files ended with the exit code {code}")
    if code == _TIME:
        return "seconds"
    return "nesting" if code in _NESTING else "memory"


_LOCK: Final = threading.Lock()
_READER: Final = _Reader()
# It would end by itself, but nobody would have waited for it.
atexit.register(_READER.close)
