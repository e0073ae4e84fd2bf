"""What killed processes leave behind is removed by the next one; what others use is not."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from server.build.build import build
from server.errors import UsageError
from server.leftovers import temporary_folder, temporary_prefix
from server.locks import locked
from server.settings import read_settings
from server.turtle.writer import write_atomically

KILLED = """
import os, signal, sys
from pathlib import Path
from server.leftovers import temporary_folder
with temporary_folder("akb-test-", Path(sys.argv[1])) as folder:
    (folder / "file").write_text("x")
    print(folder, flush=True)
    if sys.argv[2] == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    sys.stdin.read()
"""


def run(folder: Path, how: str) -> tuple[subprocess.Popen[str], Path]:
    """Start a process that has a temporary folder; return it and the folder."""
    command = [sys.executable, "-c", KILLED, str(folder), how]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


@pytest.mark.skipif(os.name != "posix", reason="there are no such locks elsewhere")
def test_folders_of_killed_processes_are_removed_and_those_in_use_are_not(tmp_path: Path) -> None:
    killed, left = run(tmp_path, "killed")
    killed.communicate()
    running, used = run(tmp_path, "running")
    assert not left.exists(), "the next process has removed it"
    with temporary_folder("akb-test-", tmp_path) as own:
        assert sorted(tmp_path.iterdir()) == sorted([used, own])
    running.communicate()
    assert list(tmp_path.iterdir()) == []


def test_temporary_files_of_killed_processes_are_removed(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left, young, ours, other = (
        tmp_path / name
        for name in (f".akb-{ended.pid}-a", f".akb-{ended.pid}-b", f"{temporary_prefix()}c", ".akb-notes")
    )
    for path in (left, young, ours, other):
        path.write_text("half")
    for path in (left, ours, other):
        os.utime(path, (0, time.time() - 3600))
    write_atomically(tmp_path / "a.ttl", "whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["a.ttl", young.name, ours.name, other.name])


def test_a_lock_is_held_waited_for_and_released(tmp_path: Path) -> None:
    said: list[str] = []
    with locked(tmp_path / "lock", lambda: said.append("waits")) as waited:
        assert (waited, said) == (False, [])

        def refuse() -> None:
            raise UsageError("It is taken.")

        with pytest.raises(UsageError, match="taken"), locked(tmp_path / "lock", refuse):
            pass
    with locked(tmp_path / "lock") as waited:
        assert not waited


@pytest.mark.skipif(os.name != "posix", reason="needs the rights of files of Unix")
def test_a_lock_that_cannot_be_written_is_named(tmp_path: Path, root: Path) -> None:
    own = read_settings({"AKB_STATE": str(tmp_path / "state")}, root=root)
    own.state.mkdir()
    # Whoever has all rights cannot open a folder for writing either.
    (own.state / "build.lock").mkdir()
    if os.geteuid() != 0:
        (own.state / "build.lock").rmdir()
        (own.state / "build.lock").touch(0o444)
    with pytest.raises(UsageError, match=r"build\.lock cannot be locked") as caught:
        build(own)
    assert "AKB_STATE" in caught.value.mend
