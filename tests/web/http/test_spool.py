"""Long answers in files without names: bounded, shared, and freed by the last who reads them."""

from __future__ import annotations

import resource
import signal
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

import pytest

from server.errors import BusyError, TimeLimitError
from server.web.http.spool import Files, Reading, Spool, SpooledFile
from tests.conftest import HANG


def of(size: int) -> Callable[[IO[bytes]], object]:
    return lambda file: file.write(b"a" * size)


def test_all_files_together_are_bounded() -> None:
    spool = Spool(100)
    first = SpooledFile(spool, of(60))
    with pytest.raises(BusyError, match="as many long answers as it has space for"):
        SpooledFile(spool, of(50))
    assert spool.used == 60, "what did not fit takes nothing"
    first.close()
    assert spool.used == 0


def test_a_file_lasts_for_as_long_as_one_reads_it() -> None:
    spool = Spool(1000)
    file = SpooledFile(spool, of(300))
    reading = Reading(file.hold() or pytest.fail("it is gone"))
    file.close()
    assert b"".join(reading) == b"a" * 300
    reading.close()
    reading.close()
    assert spool.used == 0
    assert file.hold() is None


def test_reading_begins_and_ends_anywhere() -> None:
    file = SpooledFile(Spool(100), lambda output: output.write(b"0123456789"))
    reading = Reading(file)
    reading.seek(6, 9)
    assert b"".join(reading) == b"678"
    reading.seek(7, 100)
    assert b"".join(reading) == b"789"
    reading.close()


def test_files_are_made_once_and_the_least_recently_used_gives_way() -> None:
    spool, made = Spool(100), []

    def write(name: str) -> Callable[[IO[bytes]], object]:
        def to(file: IO[bytes]) -> None:
            file.write(b"a" * 40)
            made.append(name)

        return to

    files = Files(spool)
    for name in ("a", "b", "a", "c", "a", "b"):
        files.get(name, write(name)).close()
    assert made == ["a", "b", "c", "b"]
    with pytest.raises(BusyError):
        files.get("huge", of(101))
    files.close()
    assert spool.used == 0


def test_one_that_is_read_is_not_freed_by_another_that_needs_the_space() -> None:
    spool = Spool(100)
    files = Files(spool)
    reading = Reading(files.get("a", of(60)))
    with pytest.raises(BusyError):
        files.get("b", of(60))
    assert b"".join(reading) == b"a" * 60
    reading.close()
    files.get("b", of(60)).close()
    assert spool.used == 60
    files.close()


def test_a_full_disk_is_a_refusal_of_this_answer_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50, hard))
        spool = Spool(10_000)
        with pytest.raises(BusyError, match="no space for a long answer"):
            SpooledFile(spool, of(5000))
        assert spool.used == 0
        SpooledFile(spool, of(50)).close()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(BusyError, match="no space for a long answer"):
        SpooledFile(Spool(100), of(1))


def test_what_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two pieces: each is made in a moment, however much there is."""
    now = 0.0
    monkeypatch.setattr("server.web.http.spool.time.monotonic", lambda: now)
    taken = []

    def endless(file: IO[bytes]) -> None:
        nonlocal now
        while True:
            now += 1
            taken.append(file.write(b"a"))

    spool = Spool(1000)
    files = Files(spool, seconds=10)
    with pytest.raises(TimeLimitError, match="longer than 10 seconds"):
        files.get("a", endless)
    assert len(taken) == 10
    assert spool.used == 0
    files.get("a", of(60)).close()
    files.close()


def test_few_threads_wait_for_files() -> None:
    """So that others are there for pages; and who asks for what is there need not wait."""
    files, go_on, begun = Files(Spool(1000)), threading.Event(), threading.Barrier(3)

    def slow(file: IO[bytes]) -> None:
        begun.wait(HANG)
        go_on.wait(HANG)
        file.write(b"a")

    files.get("there", of(5)).close()
    with ThreadPoolExecutor(6) as threads:
        # Two of them write, one waits for each of these, and two wait for their turn to write.
        asked = [threads.submit(files.get, key, slow) for key in ("a", "b")]
        begun.wait(HANG)
        asked += [threads.submit(files.get, key, of(1)) for key in ("a", "b", "c", "d")]
        while files._inside < 6:
            go_on.wait(0.001)
        with pytest.raises(BusyError, match="as many long answers as it can"):
            files.get("e", of(1))
        files.get("there", of(5)).close()
        go_on.set()
        for one in asked:
            one.result(HANG).close()
    files.get("e", of(1)).close()
    files.close()
