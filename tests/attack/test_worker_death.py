"""The death of a web worker is the death of that worker alone."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from server.settings import Settings
from tests.attack.slow import children, eventually, get, is_web_worker, status, workers

pytestmark = pytest.mark.slow

WORKERS = 2


@pytest.fixture(scope="module")
def served(settings: Settings, start_server: Callable[..., AbstractContextManager[str]]) -> Iterator[str]:
    """The address of a server with two web workers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AKB_SPARE_WORKER", "yes")
        with start_server(settings.root, settings.state, "--workers", str(WORKERS)) as address:
            yield address


def ready(address: str) -> dict[str, int]:
    """Return what a server says of its workers."""
    found: dict[str, int] = json.loads(get(address, "/readyz").partition(b"\r\n\r\n")[2])["workers"]
    return found


def answered(address: str) -> float:
    """Return how many requests a server has counted."""
    lines = get(address, "/metrics").decode().splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith("akb_requests_total"))


def spare(address: str) -> int | None:
    """Return the process of a server that is a web worker and accepts no connections, if there is one."""
    listening = workers(address)
    [parent] = {int(stat(one).split()[1]) for one in listening}
    return next((one for one in children(parent) if one not in listening and is_web_worker(one)), None)


def stat(process: int) -> str:
    """Return the state of a process, its parent, and what follows (proc_pid_stat(5))."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2]


def test_a_spare_one_takes_its_place(served: str) -> None:
    """A process that accepts no connections until then; and one more is prepared."""
    eventually(lambda: len(workers(served)) == WORKERS and spare(served), "there is a spare one")
    prepared, [victim, _] = spare(served), workers(served)
    os.kill(victim, signal.SIGKILL)
    eventually(lambda: prepared in workers(served), "it takes the place")
    eventually(lambda: spare(served) not in {None, prepared}, "another is prepared")
    killed = spare(served)
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    assert status(get(served, "/concept/alignment-faking.html")) == 200
    eventually(lambda: spare(served) not in {None, killed}, "a spare one that dies is replaced too")


def test_another_takes_its_place_and_others_answer_meanwhile(served: str) -> None:
    eventually(lambda: len(workers(served)) == WORKERS, "both workers listen")
    before, [victim, other] = answered(served), workers(served)
    os.kill(victim, signal.SIGKILL)
    for _ in range(20):
        assert status(get(served, "/healthz")) == 200, "the other one answers, whoever would have accepted this"
    eventually(lambda: len(workers(served)) == WORKERS, "another takes the place")
    assert victim not in workers(served)
    assert other in workers(served), "the other one goes on"
    assert ready(served) == {"wanted": WORKERS, "running": WORKERS, "deaths": 2}
    assert b"akb_worker_deaths_total 2.0" in get(served, "/metrics")
    assert answered(served) > before, "what was counted is not lost with the process"


def test_all_may_die_at_once(served: str) -> None:
    """Who connects meanwhile waits, and is answered by the next."""
    dead = workers(served)
    for worker in dead:
        os.kill(worker, signal.SIGKILL)
    assert status(get(served, "/concept/alignment-faking.html")) == 200
    eventually(lambda: len(workers(served)) == WORKERS, "others take their places")
    assert not set(dead) & set(workers(served))
