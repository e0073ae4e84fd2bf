"""A real terminal in which `akb` runs, and the keys that are pressed in it; Linux and macOS."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import sys
import termios
import time
from contextlib import suppress
from pathlib import Path


class Terminal:
    """A terminal in which `akb` runs."""

    def __init__(self, *arguments: str, cwd: Path, state: Path, columns: int = 120) -> None:
        self._seen = ""
        self.keys = 0
        """How many keys were pressed."""
        self.cpu = 0.0
        """CPU seconds of the program and of what it ran, once it has ended."""
        self.pid, self._handle = pty.fork()
        if self.pid == 0:
            os.chdir(cwd)
            os.environ.update(
                AKB_STATE=str(state), COLUMNS=str(columns), TERM="xterm", PYTHONPATH=os.pathsep.join(sys.path)
            )
            os.execv(sys.executable, [sys.executable, "-m", "server.cli.main", *arguments])

    def expect(self, words: str, seconds: float = 90) -> str:
        """Return what is shown up to these words, without colours."""
        deadline = time.monotonic() + seconds
        while words not in self._seen:
            assert time.monotonic() < deadline, f"{words!r} does not come; there is: {self._seen}"
            if select.select([self._handle], [], [], 0.2)[0]:
                read = os.read(self._handle, 65536).decode(errors="replace")
                self._seen += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", read)
        before, _, self._seen = self._seen.partition(words)
        return before

    def press(self, key: str) -> None:
        """Press a key, once single keys are waited for: what comes before that is thrown away."""
        while termios.tcgetattr(self._handle)[3] & termios.ICANON:
            time.sleep(0.005)
        self.type(key)

    def type(self, line: str) -> None:
        """Type a line."""
        self.keys += len(line)
        os.write(self._handle, line.encode())

    def end(self) -> int:
        """Return the exit code, once it has ended."""
        _, status, used = os.wait4(self.pid, 0)
        self.cpu = used.ru_utime + used.ru_stime
        return os.waitstatus_to_exitcode(status)

    def kill(self) -> None:
        """End it without a chance to write anything."""
        os.kill(self.pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(self.pid, 0)
