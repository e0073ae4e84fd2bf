"""A real server under load: new releases come, and it is told to stop; nobody who asks notices."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from server.build.build import build
from server.settings import Settings, read_settings
from tests.conftest import HANG, address_of
from tests.thorough import NIGHTLY, nightly

pytestmark = pytest.mark.slow

AF = "/concept/alignment-faking"
PATHS = [f"{AF}.html", f"{AF}.jsonld", AF, "/concept", "/", f"/sparql?query={quote('ASK {}')}", "/static/style.css"]
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


PAUSE = 0.1 if NIGHTLY else 0.2
"""Seconds between two requests of a thread: eight of them ask all the time, and leave the machine to the build."""
RELEASES = 2 if NIGHTLY else 1
"""How many come while they ask."""


class Hammer:
    """Threads that ask again and again over kept connections, and note what goes wrong."""

    def __init__(self, address: str, threads: int) -> None:
        self.place = urlsplit(address).netloc
        self.wrong: list[str] = []
        self.names: list[str] = []
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(threads)]

    def __enter__(self) -> Hammer:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, turn: int) -> None:
        with closing(http.client.HTTPConnection(self.place, timeout=HANG)) as connection:
            self._ask_over(connection, turn)

    def _ask_over(self, connection: http.client.HTTPConnection, turn: int) -> None:
        while not self._stopped.wait(PAUSE):
            path = PATHS[turn % len(PATHS)]
            turn += 1
            try:
                connection.request("GET", path)
                response = connection.getresponse()
                text = response.read().decode()
            except (OSError, http.client.HTTPException) as error:
                self.wrong.append(f"{path}: {error!r}")
                return
            if response.status not in {200, 303}:
                self.wrong.append(f"{path}: {response.status} {text[:200]}")
            if path == f"{AF}.html":
                self.names.append(re.search(r"<h1>(.*?)</h1>", text)[1])


@pytest.mark.parametrize("memory_triples", [pytest.param("500000", marks=nightly), "0"], ids=["in memory", "from disk"])
def test_no_request_is_dropped_while_releases_come(
    memory_triples: str,
    ready: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    start_server: Callable[..., object],
) -> None:
    """From disk in each run: where a release is held in memory, nothing that is removed is read any more."""
    monkeypatch.setenv("AKB_MEMORY_TRIPLES", memory_triples)
    root, state = ready
    settings = read_settings({"AKB_STATE": str(state)}, root=root)
    path = root / "kb/concept/alignment-faking.ttl"
    before = path.read_text()
    wanted = [re.search(r'prefLabel "(.*?)"@en', before)[1]]
    with start_server(root, state, "--workers", "2") as address, Hammer(address, 8) as hammer:
        for number in range(RELEASES):
            wanted.append(f"Name number {number}")
            path.write_text(before.replace(f'prefLabel "{wanted[0]}"', f'prefLabel "{wanted[-1]}"'))
            assert build(settings)[1]
            deadline = time.monotonic() + HANG
            while hammer.names[-8:].count(wanted[-1]) < 8:
                assert time.monotonic() < deadline, "the new release is not served"
                assert hammer.wrong == []
                time.sleep(0.05)
    assert hammer.wrong == []
    assert len(hammer.names) >= RELEASES * 8, "eight after each release"
    assert set(hammer.names) == set(wanted)
    # What nobody serves any more is gone.
    path.write_text(before)
    build(settings)
    assert len([folder for folder in settings.releases.iterdir() if folder.is_dir()]) == 2


def worker_seconds(session: int) -> float:
    """Return the CPU time so far of the processes in a session that run queries."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == session and b"server.store.worker" in (folder / "cmdline").read_bytes():
                total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize(("whole_group", "workers"), [(False, 2), (True, 1)], ids=["SIGTERM", "Ctrl-C"])
def test_a_server_that_is_told_to_stop_answers_what_it_was_asked(
    whole_group: bool, workers: int, settings: Settings, tmp_path: Path
) -> None:
    log = tmp_path / "serve.log"
    words = ["serve", "--root", str(settings.root), "--port", "0", "--workers", str(workers)]
    command = [sys.executable, "-m", "server.cli.main", *words]
    environment = os.environ | {"AKB_STATE": str(settings.state)}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env=environment, start_new_session=True
        )
    try:
        place = urlsplit(address_of(process, log)).netloc
        connection = http.client.HTTPConnection(place, timeout=HANG)
        before = worker_seconds(process.pid)
        connection.request("GET", f"/sparql?timeout=2&query={quote(SLOW)}")
        deadline = time.monotonic() + HANG
        while worker_seconds(process.pid) < before + 0.2:
            assert time.monotonic() < deadline, "the query does not run"
            time.sleep(0.02)
        if whole_group:
            os.killpg(process.pid, signal.SIGINT)
        else:
            process.terminate()
        response = connection.getresponse()
        assert response.status == 503, "it ran to its limit of time"
        assert "2 seconds" in response.read().decode()
        assert process.wait(timeout=HANG) == 0
        with pytest.raises(ConnectionRefusedError):
            http.client.HTTPConnection(place, timeout=HANG).request("GET", "/healthz")
    finally:
        process.kill()
        process.wait()
