"""A runaway query harms nobody: pages go on, it is stopped at its limit, and nothing stays behind."""

from __future__ import annotations

import csv
import io
import json
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest

from server.settings import Settings

pytestmark = pytest.mark.slow

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SORTED = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g"
SECONDS = 3
WORKER = "server.store.worker"


def ask(address: str, query: str, **parameters: str) -> tuple[int, str, float]:
    """Return the status, the body and the seconds of a query."""
    started = time.monotonic()
    try:
        with urlopen(f"{address}sparql?{urlencode({'query': query, **parameters})}", timeout=60) as response:
            return response.status, response.read().decode(), time.monotonic() - started
    except HTTPError as error:
        return error.code, error.read().decode(), time.monotonic() - started


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
) -> object:
    monkeypatch.setenv("AKB_QUERY_SECONDS", str(SECONDS))
    monkeypatch.setenv("AKB_QUERY_MEMORY_MB", "128")
    monkeypatch.setenv("AKB_QUERY_WORKERS", "2")
    monkeypatch.setenv("AKB_QUERY_QUEUE", "3")
    monkeypatch.setenv("AKB_TEST_FAMILY", marker)
    return start_server(settings.root, settings.state)


def test_pages_keep_answering_while_runaway_queries_are_stopped_at_their_limit(
    bounded: AbstractContextManager[str], marker: str
) -> None:
    with bounded as address, ThreadPoolExecutor(40) as threads:
        assert ask(address, "ASK {}")[0] == 200
        runaways = [threads.submit(ask, address, RUNAWAY) for _ in range(2)]
        time.sleep(0.2)
        slowest = 0.0
        pages = 0
        while not all(run.done() for run in runaways):

            def page(_: int) -> float:
                started = time.monotonic()
                with urlopen(Request(f"{address}concept/alignment-faking.html"), timeout=30) as response:
                    assert response.status == 200
                return time.monotonic() - started

            slowest = max(slowest, *threads.map(page, range(20)))
            pages += 20
        assert pages >= 40
        assert slowest < SECONDS, "no page waited for a query"
        for run in runaways:
            status, body, seconds = run.result()
            assert status == 504
            assert seconds < SECONDS + 2
            problem = json.loads(body)
            assert "longer than 3 seconds" in problem["detail"]
            assert problem["mend"]
        # Seven at once: two run, three wait, two are turned away at once.
        answers = [run.result() for run in [threads.submit(ask, address, RUNAWAY) for _ in range(7)]]
        turned_away = [answer for answer in answers if answer[0] == 503 and answer[2] < 1]
        assert len(turned_away) == 2
        assert ask(address, SORTED)[0] in {503, 504}
        assert ask(address, RUNAWAY, timeout="0.5")[2] < 2
        status, body, _ = ask(address, "ASK { concept:alignment-faking a akb:Concept }")
        assert (status, json.loads(body)["boolean"]) == (200, True)
        assert len(family(marker, WORKER)) <= 2
    deadline = time.monotonic() + 10
    while family(marker, WORKER):
        assert time.monotonic() < deadline, "workers stay behind"
        time.sleep(0.1)


def test_the_memory_of_the_server_does_not_grow_with_a_large_answer(
    bounded: AbstractContextManager[str], marker: str
) -> None:
    def resident(process: int) -> int:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    with bounded as address:
        large = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 100000"
        ask(address, "ASK {}")
        [web] = family(marker, "spawn_main")
        start = resident(web)
        for _ in range(3):
            status, body, _ = ask(address, large, format="csv")
            assert status == 200
            # A text may hold line breaks, so lines are not rows.
            assert sum(1 for _ in csv.reader(io.StringIO(body))) == 100_001
            assert len(body) > 20_000_000
        assert resident(web) - start < 15_000_000
