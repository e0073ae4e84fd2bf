"""The parent of the web workers: how often it starts another, and when it gives up."""

from __future__ import annotations

import errno
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from server.errors import StartError
from server.web.http.counted import FILES, Counted
from server.web.http.metrics import count_worker, workers
from server.web.serving import supervisor
from server.web.serving.supervisor import Supervisor


class Clock:
    """A clock that stands still unless it is moved."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Supervisor, Clock]]:
    """A parent of one worker, which ends as soon as it starts, and its clock."""
    clock = Clock()
    monkeypatch.setattr(supervisor, "time", clock)
    with socket.socket() as listening:
        parent = Supervisor(listening, 1, {}, 1)
        monkeypatch.setattr(parent, "_started", lambda number: ended(3))
        yield parent, clock


def process(poll: Callable[[], int | None], **others: Any) -> Any:
    """A process of which only this is asked."""
    return SimpleNamespace(poll=poll, close=lambda: None, **others)


def running() -> Any:
    places: list[int] = []
    return process(
        lambda: None,
        wait=lambda: 0,
        places=places,
        serve=lambda _, variables: places.append(json.loads(variables[FILES])[0]),
    )


def ended(code: int) -> Any:
    return process(lambda: code)


def test_one_that_dies_again_and_again_is_started_later_and_later(watched: tuple[Supervisor, Clock]) -> None:
    parent, clock = watched
    [place] = parent._places
    count_worker("ready", parent._counted)
    delays = []
    for _ in range(12):
        parent._look_after(place)
        parent._look_after(place)
        delays.append(place.due - clock.now)
        parent._look_after(place)
        assert place.process is None, "not before its time"
        clock.now = place.due
    assert delays[:4] == pytest.approx([0.1, 0.2, 0.4, 0.8])
    assert delays[-1] == 30
    parent._look_after(place)
    clock.now += 61
    parent._look_after(place)
    assert place.due == clock.now, "one that lived for a while is replaced at once"
    counts = workers(parent._counted)
    assert counts["starts"] - counts["deaths"] == 1


def test_it_gives_up_where_no_worker_ever_answers(watched: tuple[Supervisor, Clock]) -> None:
    parent, clock = watched
    [place] = parent._places

    def look() -> None:
        for _ in range(10):
            parent._look_after(place)
            clock.now += 31

    with pytest.raises(StartError, match="ended 3 times before it could answer"):
        look()


def test_where_no_process_can_be_started_it_tries_again_later(
    watched: tuple[Supervisor, Clock], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Its other workers serve on; the system may have no memory for another only for now."""
    parent, clock = watched
    [place] = parent._places

    def fails(_: int) -> Any:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    with monkeypatch.context() as patch:
        patch.setattr(parent, "_started", fails)
        with pytest.raises(OSError, match="temporarily"):
            parent._look_after(place)
        count_worker("ready", parent._counted)
        clock.now += 31
        parent._look_after(place)
        assert place.process is None
        assert place.due > clock.now
        assert "cannot be started" in caplog.text
    clock.now += 31
    parent._look_after(place)
    assert place.process is not None


def test_told_to_stop_twice_it_waits_for_nobody() -> None:
    parent = Supervisor(socket.create_server(("127.0.0.1", 0)), 1, dict(os.environ), 600)
    stubborn = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(600)",
        ],
        stdout=subprocess.PIPE,
    )
    assert stubborn.stdout is not None
    stubborn.stdout.readline()
    parent._places[0].process = process(stubborn.poll, terminate=stubborn.terminate, kill=stubborn.kill)
    stopping = threading.Thread(target=parent._stop)
    stopping.start()
    stopping.join(0.5)
    assert stopping.is_alive(), "it waits for what the worker has to do"
    parent._stopping.set()
    stopping.join(60)
    assert stubborn.returncode == -signal.SIGKILL
    stubborn.stdout.close()


def test_deaths_are_counted_by_whoever_looks() -> None:
    assert workers(Counted()) == {}, "where nobody looks after workers, nothing is said of them"


class TestSpare:
    """The spare process, which waits for a place."""

    @pytest.fixture
    def parent(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisor]:
        """A parent with a place and a spare process, whose processes run and say whether they were given a place."""
        monkeypatch.setattr(supervisor, "time", Clock())
        with socket.socket() as listening:
            parent = Supervisor(listening, 1, {}, 1, has_spare=True)
            monkeypatch.setattr(parent, "_prepared", running)
            parent._look_after(parent._places[0])
            parent._look_after_spare()
            yield parent

    def test_takes_the_place_of_one_that_dies(self, parent: Supervisor) -> None:
        [place] = parent._places
        spare = parent._spare.process
        place.process.poll = lambda: -9
        supervisor.time.now += 11
        parent._look_after(place)
        assert place.process is spare
        assert spare.places == [0]
        parent._look_after_spare()
        assert parent._spare.process is not spare, "another one waits"
        assert parent._spare.process.poll() is None

    def test_that_has_ended_unnoticed_is_passed_over(self, parent: Supervisor) -> None:
        [place] = parent._places
        spare = parent._spare.process

        def serve(*_: object) -> None:
            raise BrokenPipeError

        place.process.poll, spare.serve = lambda: -9, serve
        supervisor.time.now += 11
        parent._look_after(place)
        assert place.process is not spare
        assert place.process.places == [0]

    def test_that_ends_again_and_again_is_replaced_later_and_later(
        self, parent: Supervisor, caplog: pytest.LogCaptureFixture
    ) -> None:
        delays = []
        for _ in range(4):
            parent._spare.process.poll = lambda: 3
            parent._look_after_spare()
            delays.append(parent._spare.delay)
            assert parent._spare.process is None
            supervisor.time.now += parent._spare.delay
            parent._look_after_spare()
        assert delays == pytest.approx([0.1, 0.2, 0.4, 0.8])
        assert "The spare worker ended by itself (exit code 3)" in caplog.text
        assert workers(parent._counted).get("deaths", 0) == 0, "nobody was answered by it"
