"""A runaway query harms nobody: pages go on, it is stopped at its limit, and nothing stays behind."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest

from server.settings import Settings
from tests.thorough import NIGHTLY

pytestmark = pytest.mark.slow

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SORTED = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g"
SECONDS = 1
WORKER = "server.store.worker"
HANG = 300
"""Seconds after which something hangs; nothing is measured by it."""


def ask(address: str, query: str, **parameters: str) -> tuple[int, str]:
    """Return the status and the body of the answer to a query."""
    try:
        with urlopen(f"{address}sparql?{urlencode({'query': query, **parameters})}", timeout=HANG) as response:
            return response.status, response.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def family(marker: str, part: str) -> set[int]:
    """Return the processes that a server of this test has started, and whose command line has a part in it."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (
                marker.encode() in (folder / "environ").read_bytes()
                and part.encode() in (folder / "cmdline").read_bytes()
            ):
                found.add(int(folder.name))
    return found


@pytest.fixture
def marker() -> str:
    """What the processes of one test carry in their environment, so that those of others are told from them."""
    return f"family-{uuid4().hex}"


@pytest.fixture
def bounded(
    marker: str,
    settings: Settings,
    start_server: Callable[..., AbstractContextManager[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[int], AbstractContextManager[str]]:
    """A function that starts a server whose queries may take so many seconds."""

    def start(seconds: int) -> AbstractContextManager[str]:
        monkeypatch.setenv("AKB_QUERY_SECONDS", str(seconds))
        monkeypatch.setenv("AKB_QUERY_MEMORY_MB", "128")
        monkeypatch.setenv("AKB_QUERY_WORKERS", "2")
        monkeypatch.setenv("AKB_QUERY_QUEUE", "3")
        monkeypatch.setenv("AKB_TEST_FAMILY", marker)
        return start_server(settings.root, settings.state)

    return start


def running(marker: str, before: set[int]) -> set[int]:
    """Wait until two workers run that did not before, and return them."""
    deadline = time.monotonic() + HANG
    while len(found := family(marker, WORKER) - before) < 2:
        assert time.monotonic() < deadline, "no workers start"
        time.sleep(0.02)
    return found


def test_pages_are_answered_while_runaway_queries_have_every_worker(
    bounded: Callable[[int], AbstractContextManager[str]], marker: str
) -> None:
    """It holds by the order of what happens: the runaway queries end when the test ends them, and not before."""
    with bounded(3600) as address, ThreadPoolExecutor(40) as threads:
        runaways = [threads.submit(ask, address, RUNAWAY) for _ in range(2)]
        first = running(marker, set())

        def page(_: int) -> int:
            with urlopen(Request(f"{address}concept/alignment-faking.html"), timeout=HANG) as response:
                return int(response.status)

        assert set(threads.map(page, range(60 if NIGHTLY else 24))) == {200}
        assert not any(run.done() for run in runaways), "no page waited for a query"

        # Five more: three wait, and two are turned away at once.
        more = {threads.submit(ask, address, f"ASK {{ FILTER({number} > 0) }}") for number in range(1, 6)}
        turned_away: set[Future[tuple[int, str]]] = set()
        while len(turned_away) < 2:
            done, _ = wait(more - turned_away, timeout=HANG, return_when=FIRST_COMPLETED)
            assert done, "nobody was turned away"
            turned_away |= done
        assert len(turned_away) == 2
        for status, body in (run.result() for run in turned_away):
            assert status == 503
            assert "2 queries run and 3 wait" in body
        assert not any(run.done() for run in runaways)

        # A query whose worker was killed by somebody else is asked once more, behind those that wait.
        for process in first:
            os.kill(process, signal.SIGKILL)
        for status, body in (run.result(HANG) for run in more - turned_away):
            assert (status, json.loads(body)["boolean"]) == (200, True)
        while not all(run.done() for run in runaways):
            for process in family(marker, WORKER):
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            time.sleep(0.05)
        for status, body in (run.result() for run in runaways):
            assert status == 503
            assert "stopped twice by the system" in body


def test_runaway_queries_are_stopped_at_their_limit_and_leave_nothing_behind(
    bounded: Callable[[int], AbstractContextManager[str]], marker: str
) -> None:
    with bounded(SECONDS) as address:
        for limit, parameters in ((f"{SECONDS}", {}), ("0.5", {"timeout": "0.5"}), (f"{SECONDS}", {"timeout": "900"})):
            started = time.monotonic()
            status, body = ask(address, RUNAWAY, **parameters)
            assert status == 503
            assert time.monotonic() - started >= float(limit), "it had its time"
            problem = json.loads(body)
            assert f"longer than {limit} seconds" in problem["detail"]
            assert problem["mend"]
        assert ask(address, SORTED)[0] == 503
        # A worker may take longer to start than a query may take, on a machine that is slow enough.
        deadline = time.monotonic() + HANG
        while (found := ask(address, "ASK { concept:alignment-faking a akb:Concept }"))[0] == 503:
            assert time.monotonic() < deadline, "no query is answered any more"
        assert (found[0], json.loads(found[1])["boolean"]) == (200, True)
        # The process that starts workers, two of them, and two spare ones.
        assert len(family(marker, WORKER)) <= 5
    deadline = time.monotonic() + HANG
    while family(marker, WORKER):
        assert time.monotonic() < deadline, "workers stay behind"
        time.sleep(0.1)


def test_the_memory_of_the_server_does_not_grow_with_a_large_answer(
    bounded: Callable[[int], AbstractContextManager[str]], marker: str
) -> None:
    def resident(process: int) -> int:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    with bounded(HANG) as address:
        large = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 100000"
        ask(address, "ASK {}")
        [web] = family(marker, "server.web.serving")
        start = resident(web)
        for _ in range(3 if NIGHTLY else 1):
            status, body = ask(address, large, format="csv")
            assert status == 200
            # A text may hold line breaks, so lines are not rows.
            assert sum(1 for _ in csv.reader(io.StringIO(body))) == 100_001
            assert len(body) > 20_000_000
        assert resident(web) - start < 15_000_000
