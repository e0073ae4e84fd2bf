"""Work beside a build is done once, by whoever comes to it first; processes end with the one that started them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from server.build.beside import Beside, results, work_beside
from server.errors import BuildError, UnreadableError


def process(_: object = None) -> int:
    return os.getpid()


def fail(begun: str) -> None:
    Path(begun).touch()
    raise UnreadableError("kb/a.ttl cannot be read.", "mend it")


def end(begun: str) -> None:
    Path(begun).touch()
    os._exit(3)


def work_until(path: str) -> int:
    """Say that it is begun, and wait until a file is there."""
    Path(f"{path}.begun").touch()
    until(Path(path))
    return os.getpid()


def until(path: Path) -> None:
    while not path.exists():
        time.sleep(0.02)


def test_without_others_each_piece_is_done_when_it_is_asked_for() -> None:
    done: list[int] = []
    told: list[tuple[str, int, int]] = []
    pieces = [Beside().begin(done.append, number) for number in range(3)]
    assert done == []
    assert results(pieces, "parts", lambda *said: told.append(said)) == [None, None, None]
    assert done == [2, 1, 0], "the last first, where others would begin with the first"
    assert told == [("parts", number, 3) for number in range(4)]


def test_one_processor_does_all_in_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    with work_beside() as beside:
        assert beside.begin(process).result() == os.getpid()


@pytest.mark.slow
def test_others_work_while_this_process_does_what_they_have_not_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    with work_beside() as beside:
        first = beside.begin(work_until, str(tmp_path / "go"))
        until(tmp_path / "go.begun")
        others = [beside.begin(process, number) for number in range(3)]
        assert results(others) == [os.getpid()] * 3
        (tmp_path / "go").touch()
        assert first.result() != os.getpid()
        failing = beside.begin(fail, str(tmp_path / "failing"))
        until(tmp_path / "failing")
        with pytest.raises(UnreadableError, match="cannot be read") as raised:
            failing.result()
        assert raised.value.mend == "mend it"
        ending = beside.begin(end, str(tmp_path / "ending"))
        until(tmp_path / "ending")
        with pytest.raises(BuildError, match="ended from outside"):
            ending.result()


_PARENT = """
import signal, sys
from pathlib import Path
from server.build.beside import work_beside
from tests.build.test_beside import until, work_until
if __name__ == "__main__":
    # Where tests run in the background, an interrupt may be ignored by all that they start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with work_beside() as beside:
        beside.begin(work_until, sys.argv[1])
        until(Path(sys.argv[1] + ".begun"))
        if sys.argv[2] == "error":
            raise SystemExit("an error")
        until(Path(sys.argv[1]))
"""


@pytest.mark.slow
@pytest.mark.skipif(os.cpu_count() == 1, reason="there are no other processes on one processor")
@pytest.mark.parametrize("how", ["error", "kill", "interrupt"])
def test_processes_end_with_the_one_that_started_them(how: str, tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(_PARENT)
    parent = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "go"), how],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        start_new_session=True,
        stderr=subprocess.PIPE,
    )
    try:
        until(tmp_path / "go.begun")
        if how == "kill":
            parent.kill()
        elif how == "interrupt":
            os.killpg(parent.pid, signal.SIGINT)
        # The pipe is at its end when no process has it any more.
        _, said = parent.communicate()
        assert said.count(b"Traceback") == (how == "interrupt"), said
    finally:
        with suppress(ProcessLookupError):
            os.killpg(parent.pid, signal.SIGKILL)
