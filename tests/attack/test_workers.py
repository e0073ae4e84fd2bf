"""Queries and tasks that are made to be dear: each is stopped, and the next finds a worker."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from server.errors import BusyError, LimitError, MemoryLimitError, QueryError, TimeLimitError
from server.formats import raster as drawing
from server.knowledge.reconciliation import apart as reconciling
from server.proposals import apart as proposing
from server.review import apart as deciding
from server.settings import Settings
from server.sparql.guards import DEEPEST
from server.store import workers
from server.store.jobs import LEAST_SECONDS, Job, Limits, Task
from server.store.places import ask_for, waited
from server.store.process import WorkerProcess
from server.store.workers import QueryPool

FORMATS = {"solutions": "json", "boolean": "json", "triples": "nt"}
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
TASKS = {name: f"tests.attack.tasks:{name}" for name in ("sleep", "grow", "fill", "refuse", "fail", "echo", "loaded")}
LIMITS = Limits(seconds=5.0, memory_bytes=512 << 20, answer_bytes=1 << 20, workers=2, queue=40)


@pytest.fixture(scope="module", autouse=True)
def _tasks_can_be_imported(repository: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(repository), prepend=os.pathsep)
        yield


@pytest.fixture(scope="module")
def pool(settings: Settings) -> Iterator[QueryPool]:
    release = settings.releases / (settings.releases / "current").read_text().strip()
    pool = QueryPool(release / "store", {}, settings.memory_triples, LIMITS, tasks=TASKS, for_tasks={"known": ("a", 1)})
    yield pool
    pool.close()


NESTED: dict[str, Callable[[int], str]] = {
    "groups": lambda n: "SELECT * " + "{" * n + "}" * n,
    "optional": lambda n: "SELECT * {" + "OPTIONAL { ?a ?b ?c " * n + "}" * n + "}",
    "subqueries": lambda n: "SELECT * {" + "{ SELECT * {" * n + "}}" * n + "}",
    "functions": lambda n: "SELECT * { FILTER(" + "STR(" * n + "1" + ")" * n + ") }",
    "exists": lambda n: "SELECT * {" + "FILTER NOT EXISTS {" * n + "}" * n + "}",
    "lists": lambda n: "SELECT * { ?s ?p " + "(" * n + "1" + ")" * n + " }",
    "paths": lambda n: "SELECT * { ?s " + "(" * n + "<a:b>" + ")" * n + " ?o }",
    "triple terms": lambda n: "SELECT * {" + "<<( ?a ?b " * n + "?c" + " )>>" * n + " ?p ?o }",
    "negations": lambda n: "SELECT * { FILTER(" + "! " * n + "1) }",
}


@pytest.mark.parametrize("nested", NESTED.values(), ids=NESTED)
def test_what_nests_too_deeply_is_an_error_before_the_engine_reads_it(
    pool: QueryPool, nested: Callable[[int], str]
) -> None:
    before = [worker.pid for worker in pool.places.idle]
    with pytest.raises(QueryError, match="nests too deeply"):
        pool.run(Job(nested(10_000), FORMATS))
    assert {*before} <= {worker.pid for worker in pool.places.idle}, "no worker died of it"
    pool.run(Job(f"{nested(DEEPEST // 10)} LIMIT 1", FORMATS))


CHAINS: dict[str, Callable[[int], str]] = {
    "binds": lambda n: "SELECT * {" + "".join(f"BIND(1 AS ?x{i})" for i in range(n // 18)) + "}",
    "minus": lambda n: "ASK { ?a ?b ?c " + "MINUS{?a :b :c}" * (n // 15) + "}",
    "unions": lambda n: "ASK {{}" + "UNION{}" * (n // 7) + "}",
    "sums": lambda n: "SELECT * { FILTER(1" + "+1" * (n // 2) + ") }",
    "projections": lambda n: "SELECT " + "".join(f"(1 AS ?x{i})" for i in range(n // 14)) + " {}",
}


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
def test_a_long_chain_is_answered_or_stopped_and_said_to_be_so(pool: QueryPool, chain: Callable[[int], str]) -> None:
    text = chain(60_000)
    failure = ""
    try:
        pool.run(Job(text, FORMATS, seconds=1))
    except (QueryError, LimitError) as error:
        failure = error.message
    assert "by the system" not in failure
    assert pool.run(Job("ASK {}", FORMATS)).text()


def test_a_stack_that_overflows_all_the_same_is_told_from_a_worker_that_was_killed(
    pool: QueryPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = next(iter(workers._CRASHES))
    monkeypatch.setattr(WorkerProcess, "reply", lambda *_: (_ for _ in ()).throw(EOFError))
    monkeypatch.setattr(WorkerProcess, "exit_code", lambda _: code)
    with pytest.raises(QueryError, match="stack overflowed"):
        pool.run(Job("ASK {}", FORMATS))


def test_what_waits_for_a_worker_is_counted_and_what_runs_is_not(settings: Settings) -> None:
    release = settings.releases / (settings.releases / "current").read_text().strip()
    pool = QueryPool(release / "store", {}, settings.memory_triples, LIMITS, tasks=TASKS, for_tasks={"known": ()})
    try:
        before = waited()
        pool.do(Task("echo", None, "", ""))
        started = waited()
        assert started > before, "it had to be started"
        pool.do(Task("sleep", 0.1, "", ""))
        assert waited() == started
    finally:
        pool.close()


def test_a_tiny_limit_of_time_has_a_floor_and_counts_from_when_the_work_starts(pool: QueryPool) -> None:
    """To stop a query costs a worker: below the floor, whoever asks would have workers started and nothing else."""
    for _ in range(3):
        assert pool.run(Job("ASK {}", FORMATS, seconds=1e-9)).text() == '{"head":{},"boolean":true}'
    started = time.monotonic()
    with pytest.raises(TimeLimitError, match=f"{LEAST_SECONDS}"[:3]):
        pool.run(Job(ENDLESS, FORMATS, seconds=1e-9))
    assert time.monotonic() - started >= LEAST_SECONDS


def test_a_worker_that_was_killed_is_replaced_before_anybody_asks(pool: QueryPool) -> None:
    with pytest.raises(TimeLimitError):
        pool.run(Job(ENDLESS, FORMATS, seconds=LEAST_SECONDS))
    deadline = time.monotonic() + 60
    while len(pool.places.idle) < 2 or pool._refilling:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    spare = {worker.pid for worker in pool.places.idle}
    pool.run(Job("ASK {}", FORMATS))
    assert {worker.pid for worker in pool.places.idle} == spare, "nobody had to start one"


def test_a_pool_that_is_closed_while_spares_start_leaves_no_worker(settings: Settings) -> None:
    release = settings.releases / (settings.releases / "current").read_text().strip()
    pool = QueryPool(release / "store", {}, settings.memory_triples, LIMITS)
    with pytest.raises(TimeLimitError):
        pool.run(Job(ENDLESS, FORMATS, seconds=LEAST_SECONDS))
    pool.close()
    deadline = time.monotonic() + 60
    while pool._refilling or pool._fork_server is not None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert pool.places.idle == []


def test_queries_that_are_stopped_all_the_time_let_others_be_answered(pool: QueryPool) -> None:
    over = threading.Event()
    stopped = []

    def attack() -> None:
        while not over.is_set():
            try:
                pool.run(Job(ENDLESS, FORMATS, seconds=1e-4))
            except LimitError as error:
                stopped.append(error)

    threads = [threading.Thread(target=attack) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(5):
            assert pool.run(Job("ASK {}", FORMATS)).text()
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert stopped


def test_one_client_leaves_a_place_for_others_and_the_next_is_who_has_the_fewest(settings: Settings) -> None:
    release = settings.releases / (settings.releases / "current").read_text().strip()
    limits = Limits(seconds=600, workers=3, queue=10, cores=3)
    pool = QueryPool(release / "store", {}, settings.memory_triples, limits, tasks=TASKS, for_tasks={"known": ()})
    order: list[str] = []

    def ask(client: str, seconds: float) -> None:
        ask_for(client)
        pool.do(Task("sleep", seconds, "nap", ""))
        order.append(client)

    def start(client: str, seconds: float) -> threading.Thread:
        thread = threading.Thread(target=ask, args=(client, seconds))
        thread.start()
        return thread

    def until(running: int, waiting: int) -> None:
        deadline = time.monotonic() + 60
        while (pool.places.running, pool.places.waiting) != (running, waiting):
            assert time.monotonic() < deadline, (pool.places.running, pool.places.waiting)
            time.sleep(0.01)

    try:
        threads = [start("greedy", 3), start("greedy", 3)]
        until(2, 0)
        threads += [start("greedy", 0) for _ in range(5)]
        until(2, 5)
        ask_for("greedy")
        with pytest.raises(BusyError, match="of yours wait"):
            pool.run(Job("ASK {}", FORMATS))
        # The third place is free, and none of those that wait may have it.
        ask_for("modest")
        assert pool.run(Job("ASK {}", FORMATS)).text()
        assert order == []
        until(2, 5)
        for thread in threads:
            thread.join()
    finally:
        ask_for("")
        pool.close()
    assert order == ["greedy"] * 7


def test_a_task_is_given_what_the_pool_knows_and_returns_what_json_can_carry(pool: QueryPool) -> None:
    found = pool.do(Task("echo", {"asked": [1, "é"]}, "echo", ""))
    assert found == {"given": {"asked": [1, "é"]}, "known": ["a", 1], "holds": True, "folder": True}


def test_a_task_is_stopped_at_its_limits(pool: QueryPool) -> None:
    with pytest.raises(TimeLimitError, match=r"The nap ran longer than 0\.3 seconds") as caught:
        pool.do(Task("sleep", 3600, "nap", "sleep less.", seconds=0.3))
    assert caught.value.mend == "sleep less."
    with pytest.raises(MemoryLimitError):
        pool.do(Task("grow", 2 << 30, "growth", ""))
    with pytest.raises(QueryError, match="larger than 1 MB"):
        pool.do(Task("fill", 2 << 20, "answer", ""))


def test_an_error_of_a_task_comes_back_as_such(pool: QueryPool) -> None:
    with pytest.raises(QueryError, match="not so") as caught:
        pool.do(Task("refuse", None, "", ""))
    assert (type(caught.value).__name__, caught.value.mend) == ("TooLargeError", "do this.")
    with pytest.raises(RuntimeError, match="KeyError: 'lost'"):
        pool.do(Task("fail", "lost", "", ""))


def test_from_the_first_task_on_new_workers_come_with_what_tasks_need(settings: Settings) -> None:
    """To load it takes longer than most tasks, and whatever takes long costs its worker."""
    release = settings.releases / (settings.releases / "current").read_text().strip()
    pool = QueryPool(release / "store", {}, settings.memory_triples, LIMITS, tasks=TASKS, for_tasks={"known": ()})
    task = Task("loaded", None, "question", "")
    try:
        assert pool.do(task) is False
        # However quick it was, let it be replaced.
        for worker in pool.places.idle:
            worker.kill()
        pool.places.idle.clear()
        pool._refill()
        assert pool.do(task) is True
    finally:
        pool.close()


def test_what_the_tasks_of_the_server_need_starts_no_thread_in_the_fork_server(settings: Settings) -> None:
    """A fork of a process with other threads may find a lock taken for ever."""
    release = settings.releases / (settings.releases / "current").read_text().strip()
    tasks = {**reconciling.TASKS, **deciding.TASKS, **proposing.TASKS, **drawing.TASKS}
    pool = QueryPool(release / "store", {}, settings.memory_triples, LIMITS, tasks=tasks)
    try:
        fork_server = pool._running_fork_server()
        fork_server.load()
        assert len([*Path(f"/proc/{fork_server._process.pid}/task").iterdir()]) == 1
        assert pool.run(Job("ASK {}", FORMATS)).text()
    finally:
        pool.close()
