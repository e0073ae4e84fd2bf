"""Public queries: bounded in time, memory, size and number; what is killed harms nothing and leaves nothing."""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from server.errors import (
    BusyError,
    ForbiddenQueryError,
    MemoryLimitError,
    NotAcceptableError,
    QueryError,
    TimeLimitError,
    UnreadableError,
)
from server.settings import Settings
from server.store.embedded import Store
from server.store.jobs import Job, Limits
from server.store.process import WorkerProcess
from server.store.workers import QueryPool
from tests.made import NAMESPACES

FORMATS = {"solutions": "json", "boolean": "json", "triples": "nt"}
ASK = Job("ASK { ?s ?p ?o }", FORMATS)
ENDLESS = Job("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }", FORMATS)
GREEDY = Job("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g", FORMATS)
LARGE = Job("SELECT * { ?a ?b ?c . ?d ?e ?f }", FORMATS)
LIMITS = Limits(seconds=1.0, memory_bytes=128 << 20, answer_bytes=4 << 20, workers=2, queue=2)


OTHERS: set[int] = set()
"""The workers of pools that other tests in this process have left open: those of an application, to its last test."""


@pytest.fixture
def pool(settings: Settings) -> Iterator[QueryPool]:
    OTHERS.clear()
    OTHERS.update(children())
    release = settings.releases / (settings.releases / "current").read_text().strip()
    pool = QueryPool(release / "store", NAMESPACES.prefixes(), settings.memory_triples, LIMITS)
    yield pool
    pool.close()


def children() -> set[int]:
    """Return the workers that this process has had started for the pool of a test."""
    return {pid for pid, parent in processes().items() if parent in processes() and parent != os.getpid()} - OTHERS


def fork_servers() -> set[int]:
    """Return the fork servers of this process, those of other tests with them."""
    return {pid for pid, parent in processes().items() if parent == os.getpid()}


def processes() -> dict[int, int]:
    """Return the parent of each process below this one that runs the worker's module."""
    listing = subprocess.run(["ps", "-eo", "pid,ppid,stat,args"], capture_output=True, text=True, check=True).stdout
    rows = [line.split(maxsplit=3) for line in listing.splitlines()[1:]]
    parents = {int(row[0]): int(row[1]) for row in rows if "server.store.worker" in row[-1] and "Z" not in row[2]}
    own = {pid for pid, parent in parents.items() if parent == os.getpid()}
    return {pid: parent for pid, parent in parents.items() if pid in own or parent in own}


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_an_answer_comes_whole_with_its_kind_and_size(pool: QueryPool) -> None:
    outcome = pool.run(ASK)
    assert (outcome.kind, outcome.format_name) == ("boolean", "json")
    assert outcome.text() == '{"head":{},"boolean":true}'
    # Longer than what goes through the pipe, and so by way of a file.
    job = Job("SELECT * { ?s ?p ?o } LIMIT 3000", FORMATS)
    outcome = pool.run(job)
    body = b"".join(outcome.chunks())
    assert len(body) == outcome.size > 256 * 1024
    assert body.endswith(b"}")


def test_of_a_long_answer_that_is_not_wanted_only_the_size_is_known(pool: QueryPool) -> None:
    files = open_files()
    for query in ("SELECT * { ?s ?p ?o } LIMIT 3000", "ASK {}"):
        wanted = pool.run(Job(query, FORMATS))
        counted = pool.run(Job(query, FORMATS, keeps=False))
        assert (counted.kind, counted.format_name, counted.size) == (wanted.kind, wanted.format_name, wanted.size)
        wanted.close()
    assert open_files() <= files + LIMITS.workers


def test_a_disk_without_space_for_a_long_answer_is_said_and_harms_no_other(settings: Settings) -> None:
    release = settings.releases / (settings.releases / "current").read_text().strip()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    pool = QueryPool(release / "store", NAMESPACES.prefixes(), settings.memory_triples, LIMITS)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300 * 1024, hard))
        with pytest.raises(BusyError, match="no space for a long answer"):
            pool.run(Job("SELECT * { ?s ?p ?o } LIMIT 3000", FORMATS))
        assert pool.run(ASK).text()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        pool.close()


def test_what_is_bounded_is_answered_here_as_a_worker_would_and_the_rest_is_not(
    settings: Settings, pool: QueryPool
) -> None:
    release = settings.releases / (settings.releases / "current").read_text().strip()
    prefixes = NAMESPACES.prefixes()
    store = Store.open(release / "store", prefixes, settings.memory_triples)
    near = QueryPool(release / "store", prefixes, settings.memory_triples, LIMITS, near=store)
    concept = "concept:alignment-faking"
    jobs = [
        ASK,
        Job(f"ASK {{ {concept} a akb:Nothing }}", FORMATS),
        Job(f"ASK {{ {concept} a akb:Concept }}", {"boolean": "xml"}),
        Job(f"ASK {{ {concept} a <Concept> }}", FORMATS, base=settings.namespaces.expand("akb:")),
        Job(f"SELECT ?o {{ {concept} a ?o }} LIMIT 99", {"solutions": "csv"}),
        Job(f"SELECT * {{ {concept} a ?o }} LIMIT 99", {"solutions": "page"}),
    ]
    try:
        for job in jobs:
            here, there = near.run(job), pool.run(job)
            assert (here.kind, here.format_name, here.size, here.text()) == (
                there.kind,
                there.format_name,
                there.size,
                there.text(),
            )
        assert near._fork_server is None, "nobody was asked"
        with pytest.raises(NotAcceptableError):
            near.run(Job(ASK.query, {"solutions": "json"}))
        with pytest.raises(QueryError, match="error at 1:"):
            near.run(Job("ASK { nobody:b ?p ?o }", FORMATS))
        assert near._fork_server is None
        with pytest.raises(ForbiddenQueryError):
            near.run(Job("ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", FORMATS))
        graph = settings.namespaces.expand("graph:asserted")
        assert near.run(ASK._replace(default_graphs=(graph,))).text()
        assert near._fork_server is not None
    finally:
        near.close()


def test_a_query_over_its_time_is_killed_on_time(pool: QueryPool) -> None:
    started = time.monotonic()
    with pytest.raises(TimeLimitError, match="longer than 1 seconds") as caught:
        pool.run(ENDLESS)
    assert time.monotonic() - started >= 1, "it had its time; as it never ends by itself, it was killed"
    assert caught.value.mend
    assert pool.run(ASK).text()


def test_a_client_may_lower_the_limit_and_not_raise_it(pool: QueryPool) -> None:
    with pytest.raises(TimeLimitError, match=r"longer than 0\.3 seconds"):
        pool.run(Job(ENDLESS.query, FORMATS, seconds=0.3))
    with pytest.raises(TimeLimitError, match="longer than 1 seconds"):
        pool.run(Job(ENDLESS.query, FORMATS, seconds=3600))


def test_a_query_over_its_memory_is_stopped(settings: Settings) -> None:
    release = settings.releases / (settings.releases / "current").read_text().strip()
    limits = Limits(seconds=30, memory_bytes=96 << 20, workers=1, queue=0)
    pool = QueryPool(release / "store", NAMESPACES.prefixes(), settings.memory_triples, limits)
    try:
        with pytest.raises(MemoryLimitError, match="more than 96 MB"):
            pool.run(GREEDY)
        assert pool.run(ASK).text()
    finally:
        pool.close()


def test_an_answer_over_the_size_limit_is_refused_whole(pool: QueryPool) -> None:
    with pytest.raises(QueryError, match="larger than 4 MB, and nothing of it was sent"):
        pool.run(LARGE)


def test_the_users_errors_come_back_as_such(pool: QueryPool) -> None:
    with pytest.raises(QueryError, match="error at 1:"):
        pool.run(Job("SELEC", FORMATS))
    with pytest.raises(NotAcceptableError) as caught:
        pool.run(Job(ASK.query, {"solutions": "json"}))
    assert caught.value.kind == "boolean"
    with pytest.raises(ForbiddenQueryError):
        pool.run(Job("ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", FORMATS))
    assert len(children()) == 1, "none of these costs a worker"


def test_queries_beyond_the_queue_are_turned_away_at_once_and_those_in_it_get_their_turn(settings: Settings) -> None:
    release = settings.releases / (settings.releases / "current").read_text().strip()
    # No query reaches the limit: those that run are ended below.
    pool = QueryPool(
        release / "store",
        NAMESPACES.prefixes(),
        settings.memory_triples,
        Limits(seconds=3600, workers=2, queue=2),
    )
    results: list[str] = []

    def run(job: Job) -> None:
        try:
            results.append(pool.run(job).text())
        except MemoryLimitError as error:
            results.append(error.message)

    slow = [threading.Thread(target=run, args=(ENDLESS,)) for _ in range(2)]
    for thread in slow:
        thread.start()
    while len(children()) < 2 or pool.places.running < 2:
        time.sleep(0.01)
    first = children()
    waiting = [threading.Thread(target=run, args=(ASK,)) for _ in range(2)]
    for thread in waiting:
        thread.start()
    while pool.places.waiting < 2:
        time.sleep(0.01)
    with pytest.raises(BusyError, match="2 queries run and 2 wait"):
        pool.run(ASK)
    assert results == []
    # A query whose worker was killed is asked once more, behind those that wait.
    for process in first:
        os.kill(process, signal.SIGKILL)
    for thread in waiting:
        thread.join()
    assert results == ['{"head":{},"boolean":true}'] * 2
    while any(thread.is_alive() for thread in slow):
        for process in children():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        time.sleep(0.05)
    assert results[2:] == ["The query was stopped twice by the system."] * 2
    pool.close()


def test_workers_share_what_the_fork_server_has_read(pool: QueryPool) -> None:
    """A second worker adds less than half of what the fork server holds: the release in it is there once."""
    workers = [WorkerProcess(pool._running_fork_server()) for _ in range(2)]
    try:
        for worker in workers:
            worker.send(ASK.request(30))
            worker.reply(time.monotonic() + 300, time.monotonic())
        held = {process: private_bytes(process) for process in (worker.pid for worker in workers)}
        whole = resident_bytes(pool._running_fork_server()._process.pid)
        assert max(held.values()) < whole / 2
    finally:
        for worker in workers:
            worker.kill()


def test_a_query_that_takes_long_makes_way_for_pages_and_no_other_query_does(settings: Settings) -> None:
    """Where there are too few processors for all: the nice value, sched(7)."""
    release = settings.releases / (settings.releases / "current").read_text().strip()
    patient = Limits(seconds=600.0, memory_bytes=128 << 20, answer_bytes=4 << 20, workers=2, queue=2)
    pool = QueryPool(release / "store", NAMESPACES.prefixes(), settings.memory_triples, patient)
    OTHERS.update(children())
    usual = os.getpriority(os.PRIO_PROCESS, 0)
    lower = min(19, usual + 10)

    def of_priority(value: int) -> list[int]:
        return [worker for worker in children() if os.getpriority(os.PRIO_PROCESS, worker) == value]

    def ask() -> None:
        with suppress(MemoryLimitError):
            pool.run(ENDLESS)

    pool.run(ASK)
    assert of_priority(usual)
    assert not of_priority(lower)
    thread = threading.Thread(target=ask)
    thread.start()
    while not of_priority(lower):
        time.sleep(0.05)
    pool.run(ASK)
    assert of_priority(usual)
    [long] = of_priority(lower)
    # As the engine does that is given no more memory.
    os.kill(long, signal.SIGABRT)
    thread.join()
    pool.close()


def test_a_worker_that_made_way_is_not_asked_again(pool: QueryPool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A priority that was lowered cannot be raised again."""
    pool.run(ASK)
    [first] = children()
    monkeypatch.setattr("server.store.process.LONG_SECONDS", 0.0)
    pool.run(ASK)
    assert first not in children()


def private_bytes(process: int) -> int:
    return sum(
        map(
            int, re.findall(r"^Private_\w+: +(\d+) kB", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)
        )
    )


def resident_bytes(process: int) -> int:
    return sum(
        map(int, re.findall(r"^Rss: +(\d+) kB", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE))
    )


def test_the_fork_server_has_one_thread_and_so_may_fork(pool: QueryPool) -> None:
    pool.run(ASK)
    process = pool._running_fork_server()._process.pid
    assert len(list(Path(f"/proc/{process}/task").iterdir())) == 1


def test_a_store_that_is_too_large_for_memory_is_opened_by_each_worker(settings: Settings) -> None:
    release = settings.releases / (settings.releases / "current").read_text().strip()
    pool = QueryPool(release / "store", NAMESPACES.prefixes(), 1, LIMITS)
    try:
        assert pool.run(ASK).text() == '{"head":{},"boolean":true}'
        [process] = children()
        assert any(str(release) in str(path.resolve()) for path in Path(f"/proc/{process}/fd").iterdir())
        with pytest.raises(TimeLimitError):
            pool.run(Job(ENDLESS.query, FORMATS, seconds=0.2))
        assert pool.run(ASK).text()
    finally:
        pool.close()


def test_a_fork_server_that_dies_takes_its_workers_with_it_and_is_replaced(pool: QueryPool) -> None:
    pool.run(ASK)
    [process], server = children(), pool._running_fork_server()
    os.kill(server._process.pid, signal.SIGKILL)
    server._process.wait()
    assert pool.run(ASK).text()
    assert pool._running_fork_server() is not server
    deadline = time.monotonic() + 300
    while process in children():
        assert time.monotonic() < deadline, "its worker still runs"
        time.sleep(0.01)


def test_a_release_that_cannot_be_read_is_said_to_be_so(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="not a readable store"):
        Store.read_apart(tmp_path, NAMESPACES.prefixes(), 10**6)


def test_a_worker_that_dies_between_queries_is_replaced(pool: QueryPool) -> None:
    pool.run(ASK)
    [process] = children()
    os.kill(process, signal.SIGKILL)
    assert pool.run(ASK).text()
    assert process not in children()


def test_nothing_is_left_behind(pool: QueryPool) -> None:
    before_it = fork_servers()
    pool.run(ASK)
    files = open_files()
    for job in (ENDLESS, LARGE, ASK, Job("SELECT * { ?s ?p ?o } LIMIT 3000", FORMATS)) * 2:
        with suppress(TimeLimitError, QueryError):
            b"".join(pool.run(Job(job.query, FORMATS, seconds=0.3)).chunks())
    assert len(children()) <= LIMITS.workers
    assert open_files() <= files + 2 * LIMITS.workers
    pool.close()
    assert children() == set()
    assert fork_servers() <= before_it


def test_a_closed_pool_lets_the_query_that_runs_end(pool: QueryPool) -> None:
    results: list[str] = []

    def run() -> None:
        try:
            pool.run(ENDLESS)
        except TimeLimitError:
            results.append("killed at its limit")

    thread = threading.Thread(target=run)
    thread.start()
    while not children():
        time.sleep(0.01)
    pool.close()
    thread.join()
    assert results == ["killed at its limit"]
    assert children() == set()


def test_no_query_outlives_a_server_that_is_killed(settings: Settings, tmp_path: Path) -> None:
    """The kernel's alarm ends the worker when nobody is left to kill it."""
    release = settings.releases / (settings.releases / "current").read_text().strip()
    code = f"""
from pathlib import Path
from server.namespaces import Namespaces
from server.store.embedded import Store
from server.store.process import WorkerProcess
from server.store.jobs import Job, Limits
from server.store.workers import QueryPool
pool = QueryPool(Path({str(release / "store")!r}), Namespaces().prefixes(), 10**6, Limits(seconds=1))
_, worker = pool._take(1)
print(worker.pid, flush=True)
worker.send(Job({ENDLESS.query!r}, {FORMATS!r}).request(1))
worker.reply(float("inf"), 0)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        time.sleep(0.3)
        parent.kill()
    deadline = time.monotonic() + 300
    while Path(f"/proc/{worker}").exists() and "Z" not in Path(f"/proc/{worker}/stat").read_text().split()[2]:
        assert time.monotonic() < deadline, "the worker still runs"
        time.sleep(0.1)


class _Ear(BaseHTTPRequestHandler):
    """Notes that somebody called."""

    heard: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.heard.append(self.path)
        self.send_response(200)
        self.end_headers()

    do_POST = do_GET  # noqa: N815 - http.server names its methods so

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_there_is_no_network_in_a_worker() -> None:
    """Even past the guard, the engine's own SERVICE reaches nobody, where the kernel gives us a namespace."""
    server = HTTPServer(("127.0.0.1", 0), _Ear)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    code = f"""
import os, sys
import pyoxigraph
from server.store.worker import _shut_network_off
if len(sys.argv) > 1:
    _shut_network_off()
    if pid := os.fork():
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
query = "SELECT * {{ SERVICE SILENT <http://127.0.0.1:{server.server_port}/> {{ ?s ?p ?o }} }}"
list(pyoxigraph.Store().query(query))
"""
    try:
        _Ear.heard.clear()
        subprocess.run([sys.executable, "-c", code], check=True, timeout=30)
        assert _Ear.heard, "with the network on, the engine calls"
        _Ear.heard.clear()
        probe = subprocess.run(["unshare", "--user", "--net", "true"], check=False, capture_output=True)
        if probe.returncode:
            pytest.skip("this kernel gives no user namespaces: the guard stands alone here")
        subprocess.run([sys.executable, "-c", code, "off"], check=True, timeout=30, stdout=subprocess.DEVNULL)
        assert _Ear.heard == []
    finally:
        server.shutdown()
        server.server_close()
