"""The walk through the review queue at a real terminal: decided with single keys, taken back, and left."""

from __future__ import annotations

import os
import pty
import re
import select
import sys
import termios
import time
from pathlib import Path

import pytest

from server.build.build import build
from server.settings import read_settings

pytestmark = pytest.mark.slow

KEYS = "q quit"


class Terminal:
    """A terminal in which `akb` runs."""

    def __init__(self, *arguments: str, cwd: Path, state: Path) -> None:
        self._seen = ""
        self.pid, self._handle = pty.fork()
        if self.pid == 0:
            os.chdir(cwd)
            os.environ.update(AKB_STATE=str(state), COLUMNS="120", TERM="xterm", PYTHONPATH=os.pathsep.join(sys.path))
            os.execv(sys.executable, [sys.executable, "-m", "server.cli.main", *arguments])

    def expect(self, words: str, seconds: float = 90) -> str:
        """Return what is shown up to these words, without colours."""
        deadline = time.monotonic() + seconds
        while words not in self._seen:
            assert time.monotonic() < deadline, f"{words!r} does not come; there is: {self._seen}"
            if select.select([self._handle], [], [], 0.2)[0]:
                read = os.read(self._handle, 65536).decode()
                self._seen += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", read)
        before, _, self._seen = self._seen.partition(words)
        return before

    def press(self, key: str) -> None:
        """Press a key, once single keys are waited for: what comes before that is thrown away."""
        while termios.tcgetattr(self._handle)[3] & termios.ICANON:
            time.sleep(0.02)
        self.type(key)

    def type(self, line: str) -> None:
        """Type a line."""
        os.write(self._handle, line.encode())

    def end(self) -> int:
        """Return the exit code, once it has ended."""
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def test_pairs_are_decided_taken_back_and_left(root: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    build(read_settings({"AKB_STATE": str(state)}, root=root))
    reviews = root / "kb" / "review"
    before = {file.name: file.read_bytes() for file in reviews.iterdir()}
    terminal = Terminal("review", "--who", "Ada Example", "--root", str(root), cwd=root, state=state)
    assert "you decide as Ada Example" in terminal.expect(KEYS)

    terminal.press("n")
    terminal.expect("Why (Enter for none)")
    terminal.type("Not the same thing.\r")
    terminal.expect("Decided: unrelated.")
    terminal.expect(KEYS)
    [made] = [file for file in reviews.iterdir() if file.name not in before]
    text = made.read_text(encoding="utf-8")
    assert '"Not the same thing."@en' in text
    assert "Ada Example" in text

    terminal.press("u")
    terminal.expect("Undone: unrelated.")
    terminal.expect(KEYS)
    assert {file.name: file.read_bytes() for file in reviews.iterdir()} == before
    terminal.press("u")
    terminal.expect("There is nothing to undo.")
    terminal.expect(KEYS)

    # A merger that one thinks better of changes nothing; a key that means nothing shows the keys again.
    terminal.press("m")
    terminal.expect("2 ")
    terminal.expect("keeps its IRI")
    terminal.press("x")
    terminal.expect(KEYS)
    terminal.press("z")
    terminal.expect(KEYS)
    assert {file.name: file.read_bytes() for file in reviews.iterdir()} == before

    terminal.press("e")
    terminal.expect("Which (0 for none)")
    terminal.type("1\r")
    terminal.expect("How are they joined")
    terminal.type("Both were seen in one study.\r")
    terminal.expect("says so (Enter for none)")
    terminal.type("\r")
    terminal.expect("Status")
    terminal.type("\r")
    terminal.expect("Decided: edge.")
    terminal.expect(KEYS)
    terminal.press("q")
    assert terminal.end() == 0
    notes = [file for file in (root / "kb").rglob("*.ttl") if "Both were seen in one study." in file.read_text("utf-8")]
    assert len(notes) == 1
