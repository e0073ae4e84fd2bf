"""Queries that an event loop asks: nothing in it waits, and whatever else becomes of one a thread finishes."""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Iterator

import pytest

from server.errors import BusyError, QueryError, TimeLimitError
from server.settings import Settings
from server.store.begun import Begun
from server.store.jobs import Job, Limits
from server.store.places import waited
from server.store.workers import QueryPool
from tests.made import NAMESPACES

FORMATS = {"solutions": "csv", "boolean": "json"}
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
LONG = "SELECT * { ?s ?p ?o } LIMIT 3000"
"""Its answer is in a file."""


@pytest.fixture(scope="module")
def pool(settings: Settings) -> Iterator[QueryPool]:
    release = settings.releases / (settings.releases / "current").read_text().strip()
    limits = Limits(seconds=60, workers=1, queue=1)
    pool = QueryPool(release / "store", NAMESPACES.prefixes(), settings.memory_triples, limits)
    yield pool
    pool.close()


def begin(pool: QueryPool, query: str, seconds: float | None = None) -> Begun:
    return pool.begin(Job(query, FORMATS, seconds=seconds))


def sent(pool: QueryPool, query: str, seconds: float | None = None) -> tuple[Begun, int]:
    """Return a query that was sent to a worker, and the descriptor by which the reply comes."""
    pool.run(Job("ASK {}", FORMATS))
    begun = begin(pool, query, seconds)
    assert begun.enter(lambda: None)
    descriptor = begun.send()
    assert descriptor is not None
    return begun, descriptor


def is_free(pool: QueryPool) -> bool:
    """Tell whether the only place is free, and its worker of use."""
    return pool.places.running == pool.places.waiting == 0 and pool.run(Job("ASK {}", FORMATS)).size > 0


def test_a_short_answer_comes_without_a_thread_and_its_time_counts_once(pool: QueryPool) -> None:
    begun, descriptor = sent(pool, "SELECT (7 AS ?n) {}")
    while not (select.select([descriptor], [], []) and begun.receive()):
        pass
    assert is_free(pool), "others may have the worker before anybody looks at the answer"
    assert begun.outcome is not None
    seconds, before = begun.seconds, waited()
    assert begun.finish().text() == "n\r\n7\r\n"
    assert begun.seconds == seconds > 0
    assert waited() == pytest.approx(before - seconds), "it is work for the client, though nobody waited here"


@pytest.mark.parametrize("query", [LONG, "SELECT (1/0 AS ?n) { ?s ?p ?o }"])
def test_a_thread_goes_on_wherever_the_loop_stopped(query: str, pool: QueryPool) -> None:
    expected = pool.run(Job(query, FORMATS)).text()
    for looks in range(3):
        begun, descriptor = sent(pool, query)
        for _ in range(looks):
            # After the first, there may be nothing more to come.
            if select.select([descriptor], [], [], 0.1) and begun.receive():
                break
        assert begun.finish().text() == expected
        assert is_free(pool)
    # Not even sent, and not even in line.
    begun = begin(pool, query)
    assert begun.enter(lambda: None)
    assert begun.finish().text() == expected
    assert begin(pool, query).finish().text() == expected
    assert is_free(pool)


def test_its_error_is_that_of_the_query(pool: QueryPool) -> None:
    begun, descriptor = sent(pool, "SELECT ?nothing { SELECT }")
    select.select([descriptor], [], [])
    assert begun.receive()
    assert begun.outcome is None
    with pytest.raises(QueryError, match="error at 1:"):
        begun.finish()
    assert is_free(pool)


def test_its_time_counts_from_when_it_was_sent(pool: QueryPool) -> None:
    begun, descriptor = sent(pool, ENDLESS, seconds=0.3)
    assert not select.select([descriptor], [], [], 0.31)[0]
    started = time.process_time()
    with pytest.raises(TimeLimitError, match=r"longer than 0\.3 seconds"):
        begun.finish()
    assert time.process_time() - started < 0.2, "it was over at once"
    assert is_free(pool)


def test_a_worker_that_dies_is_replaced_by_the_thread(pool: QueryPool) -> None:
    begun, descriptor = sent(pool, ENDLESS)
    assert begun.place is not None
    assert begun.place.worker is not None
    os.kill(begun.place.worker.pid, signal.SIGKILL)
    select.select([descriptor], [], [])
    assert begun.receive()
    begun._job = Job("SELECT (7 AS ?n) {}", FORMATS)
    assert begun.finish().text() == "n\r\n7\r\n"
    assert is_free(pool)


def test_what_is_given_up_leaves_its_place(pool: QueryPool) -> None:
    running, _ = sent(pool, ENDLESS)
    turns: list[str] = []
    waiting = begin(pool, "ASK {}")
    assert not waiting.enter(lambda: turns.append("waiting"))
    with pytest.raises(BusyError):
        begin(pool, "ASK {}").enter(lambda: None)
    waiting.close()
    assert pool.places.waiting == 0
    running.close()
    running.close()
    begin(pool, "ASK {}").close()
    assert turns == []
    assert is_free(pool)
