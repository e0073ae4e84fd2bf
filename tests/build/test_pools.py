"""Work in parts gives the same results here and on a cluster, whoever dies on the way."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from distributed import Client

from server.build import clusters, pools
from server.build.beside import work_beside
from server.build.pools import cluster_pool, local_pool
from server.build.releases import Releases
from server.cli.main import main
from server.errors import RemoteError, UsageError
from server.inference import parts as inference
from server.records.pool import Pool
from server.records.progress import Progress, no_progress
from server.settings import Settings
from server.similarity.model_files import missing
from server.validation.changes import index
from server.validation.engines import parts as shapes

from .parts import fail_at, process, slow_square, slowed, square
from .test_small_changes import content

REPOSITORY = Path(__file__).parents[2]


@contextmanager
def dask(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program of Dask, which can import these tests."""
    command = [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:], "--no-dashboard"]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(20)


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@contextmanager
def scheduler(folder: Path) -> Iterator[str]:
    """Run a scheduler, and yield its address."""
    file = folder / "scheduler.json"
    with dask("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file)):
        until(lambda: file.exists() and file.read_text().endswith("}"))
        yield json.loads(file.read_text())["address"]


@contextmanager
def worker(address: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker with one thread, without the process that would start it anew."""
    with dask("worker", address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny") as process:
        yield process


def wait_for_workers(address: str, count: int) -> None:
    with Client(address, timeout=60, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=120)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a cluster of two workers."""
    with scheduler(tmp_path_factory.mktemp("cluster")) as address, worker(address), worker(address):
        wait_for_workers(address, 2)
        yield address


@contextmanager
def opened(kind: str, request: pytest.FixtureRequest) -> Iterator[Pool]:
    with local_pool(2) if kind == "local" else cluster_pool(request.getfixturevalue("cluster")) as pool:
        yield pool


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["local", "cluster"])
def test_results_come_in_the_order_of_the_parts(kind: str, request: pytest.FixtureRequest) -> None:
    told: list[tuple[str, int, int]] = []
    with opened(kind, request) as pool:
        parts = list(range(40))
        found = pool.map(square, parts, "squares", lambda *said: told.append(said))
        assert found == [number * number for number in parts]
        assert (told[0], told[-1], told == sorted(told)) == (("squares", 0, 40), ("squares", 40, 40), True)
        assert pool.map(square, []) == []
        assert os.getpid() not in pool.map(process, parts)
        with pytest.raises(ValueError, match="part 3 is bad"):
            pool.map(fail_at, [(number, 3) for number in range(9)])
        assert pool.map(square, [2]) == [4], "it goes on after a fault"


@pytest.mark.parametrize("fault", [OSError(errno.EROFS, "Read-only file system"), ImportError("no sem_open")])
def test_where_processes_cannot_have_locks_this_one_does_the_work(
    fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A container may lack /dev/shm, or have it read-only."""

    def refuse(*_: object) -> None:
        raise fault

    monkeypatch.setattr(pools, "ProcessPoolExecutor", refuse)
    with local_pool(2) as pool:
        assert pool.map(process, [1, 2]) == [os.getpid()] * 2
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    with work_beside() as beside:
        assert beside.begin(process, 1).result() == os.getpid()


@pytest.mark.slow
def test_a_worker_that_is_killed_costs_a_retry_and_no_result(tmp_path: Path) -> None:
    (tmp_path / "marks").mkdir()
    with scheduler(tmp_path) as address, worker(address) as one, worker(address) as other:
        wait_for_workers(address, 2)
        parts = [(number, str(tmp_path / "marks")) for number in range(6)]
        found: list[list[int]] = []

        def work() -> None:
            with cluster_pool(address) as pool:
                found.append(pool.map(slow_square, parts))

        thread = threading.Thread(target=work)
        thread.start()

        def began(pid: int) -> list[str]:
            return [path.name.partition("-")[2] for path in (tmp_path / "marks").glob(f"{pid}-*")]

        until(lambda: bool(began(one.pid) and began(other.pid)))
        os.kill(one.pid, signal.SIGKILL)
        one.wait(20)
        lost = began(one.pid)
        (tmp_path / "marks" / "go").touch()
        thread.join(120)
        assert found == [[number * number for number, _ in parts]]
        assert set(lost) <= set(began(other.pid)), "the other one did again what the dead one had begun"


@pytest.mark.slow
def test_a_cluster_that_has_nobody_left_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "_NO_WORKERS_SECONDS", 0.5)
    monkeypatch.setattr(clusters, "_LOOK_SECONDS", 0.2)
    (tmp_path / "marks").mkdir()
    with scheduler(tmp_path) as address:
        with pytest.raises(UsageError, match="has no workers") as none, cluster_pool(address):
            pass
        assert f"dask worker {address}" in none.value.mend
        with worker(address) as only:
            wait_for_workers(address, 1)
            with cluster_pool(address) as pool:

                def kill(_stage: str, _done: int, _total: int) -> None:
                    if list((tmp_path / "marks").iterdir()):
                        only.kill()

                with pytest.raises(RemoteError, match="has no workers left"):
                    pool.map(slow_square, [(1, str(tmp_path / "marks"))], progress=kill)


@pytest.mark.parametrize(
    "address",
    ["tcp://127.0.0.1:9", "127.0.0.1:9", "nonsense://x", "tcp://", "inproc://1/2", "tcp://[::1", "tcp://x:port"],
)
def test_a_wrong_address_is_said_with_its_mend(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "_CONNECT_SECONDS", 1)
    with pytest.raises(UsageError, match="There is no Dask scheduler at") as caught, cluster_pool(address):
        pass
    assert "dask scheduler" in caught.value.mend


def test_without_dask_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match="not installed") as caught, cluster_pool("tcp://127.0.0.1:9"):
        pass
    assert "alignment-kb[cluster]" in caught.value.mend


@pytest.mark.slow
def test_workers_of_another_version_are_refused(cluster: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "engine_version", lambda: "0.0.1")
    with (
        pytest.raises(UsageError, match=r"The workers need the akb that runs here, 0\.0\.1") as caught,
        cluster_pool(cluster),
    ):
        pass
    assert "install the same version" in caught.value.mend


@pytest.mark.slow
def test_a_build_on_a_cluster_is_the_build_here(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With two workers, of which one is killed while both are checking against the shapes."""
    # So small a base is in one part else.
    for module, name, size in ((index, "_PART", 20_000), (shapes, "SENT", 40_000), (inference, "SENT", 100)):
        monkeypatch.setattr(module, name, size)

    def built(name: str, *words: str) -> Path:
        embedding = "tfidf" if missing() else "minilm"
        environment = {"AKB_ROOT": str(root), "AKB_STATE": str(tmp_path / name), "AKB_EMBEDDING": embedding}
        result = CliRunner(env=environment).invoke(main, ["build", *words])
        assert result.exit_code == 0, result.output
        release = Releases(tmp_path / name / "releases").current()
        assert release is not None
        return release

    marks = tmp_path / "marks"
    marks.mkdir()
    done: dict[str, int] = {}
    with scheduler(tmp_path) as address, worker(address) as one, worker(address) as other:
        wait_for_workers(address, 2)

        def began(pid: int) -> list[str]:
            return [path.name.partition("-")[2] for path in marks.glob(f"{pid}-*")]

        def kill_one() -> None:
            until(lambda: bool(began(one.pid) and began(other.pid)))
            os.kill(one.pid, signal.SIGKILL)
            one.wait(20)
            (marks / "go").touch()

        whole = clusters.DaskPool.map

        def watched(
            pool: clusters.DaskPool,
            function: Callable[[Any], Any],
            parts: Sequence[Any],
            stage: str = "parts",
            progress: Progress = no_progress,
        ) -> list[Any]:
            called = function.func if isinstance(function, partial) else function
            done[called.__name__] = len(parts)
            if called is not shapes.results_of:
                return whole(pool, function, parts, stage, progress)
            thread = threading.Thread(target=kill_one)
            thread.start()
            found = whole(pool, partial(slowed, str(marks), function), list(enumerate(parts)), stage, progress)
            thread.join()
            return found

        monkeypatch.setattr(clusters.DaskPool, "map", watched)
        there = built("there", "--cluster", address)
        assert began(one.pid)
        assert set(began(one.pid)) <= set(began(other.pid)), "the other one did again what the dead one had begun"
    assert {name for name, parts in done.items() if parts > 1} == {"read_files", "results_of", "inferred_of"}
    assert ("_vectors" in done) is not bool(missing())
    ours, theirs = content(there), content(built("here"))
    assert ours.keys() == theirs.keys()
    for name, held in theirs.items():
        assert ours[name] == held, name


def test_a_build_says_what_keeps_it_from_the_cluster(settings: Settings, tmp_path: Path) -> None:
    environment = {"AKB_ROOT": str(settings.root), "AKB_STATE": str(tmp_path)}
    result = CliRunner(env=environment).invoke(main, ["build", "--cluster", "tcp://127.0.0.1:9"])
    assert (result.exit_code, "There is no Dask scheduler at tcp://127.0.0.1:9" in result.output) == (2, True)
    assert not (tmp_path / "releases").exists()
