"""A real Chromium, and a real Virtuoso on free loopback ports, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.browsing import WIDE, Visit, Windows

_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
ServerThreads = 10
CheckpointInterval = 0
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
StopCompilerWhenXOverRunTime = 1
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 5
[SPARQL]
ResultSetMaxRows = 1000000
"""


@pytest.fixture(scope="session")
def shared_windows(browser: Browser) -> Windows:
    """The windows of that browser, for `windows`."""
    return Windows(browser)


@pytest.fixture
def windows(shared_windows: Windows) -> Iterator[Windows]:
    """Windows that a test opens; at its end they are closed, and what the browser has kept is forgotten."""
    yield shared_windows
    shared_windows.close()


@pytest.fixture
def visit(windows: Windows, server: str) -> Callable[..., Visit]:
    """Open a window, whose addresses are relative to the server, and listen to it."""

    def begin(**options: Any) -> Visit:
        page = windows.open(server, **options)
        seen = Visit(page, [], [])
        page.on("request", lambda request: seen.requests.append(request.url))
        noted = {"error", "warning"}
        page.on("console", lambda said: seen.complaints.append(said.text) if said.type in noted else None)
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        return seen

    return begin


@pytest.fixture
def opened(visit: Callable[..., Visit]) -> Callable[..., AbstractContextManager[Page]]:
    """Open an address in a window of its own; at the end the browser must not have complained, say of the policy."""

    @contextmanager
    def opening(path: str = "", viewport: dict[str, int] = WIDE, **options: Any) -> Iterator[Page]:
        seen = visit(viewport=viewport, **options)
        seen.page.goto(path)
        yield seen.page
        assert seen.complaints == []

    return opening


@dataclass(frozen=True)
class Virtuoso:
    """Where a running Virtuoso answers; `dba` with the password `dba` may write."""

    address: str
    sql: str
    """HOST:PORT of its SQL port."""
    folder: Path
    """A folder from which it may read files."""

    @property
    def endpoint(self) -> str:
        """Queries, by anyone."""
        return f"{self.address}/sparql"

    @property
    def update(self) -> str:
        """Updates, with Digest."""
        return f"{self.address}/sparql-auth"

    @property
    def graph_store(self) -> str:
        """The Graph Store Protocol, with Digest."""
        return f"{self.address}/sparql-graph-crud-auth"


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Virtuoso]:
    """A Virtuoso of this test process. Without the program, its tests are skipped on a desk and fail in CI.

    It ends with the last test of its file: a query that nobody waits for any more keeps it busy, and others waiting.
    """
    program = shutil.which("virtuoso-t")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("Virtuoso is missing: CI must install it (Debian: apt-get install virtuoso-opensource-7).")
        pytest.skip("Virtuoso is not installed: its tests did not run (Debian: apt install virtuoso-opensource-7).")
    folder = tmp_path_factory.mktemp("virtuoso")
    sql, http = _free_ports()
    (folder / "virtuoso.ini").write_text(_INI.format(folder=folder, sql=sql, http=http))
    log = folder / "output.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [program, "-f", "-c", folder / "virtuoso.ini"], cwd=folder, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield _ready(process, Virtuoso(f"http://127.0.0.1:{http}", f"127.0.0.1:{sql}", folder), log)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=20)


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def _ready(process: subprocess.Popen[bytes], virtuoso: Virtuoso, log: Path) -> Virtuoso:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(URLError, OSError), urlopen(f"{virtuoso.endpoint}?query=ASK%7B%7D", timeout=5):
            return virtuoso
        time.sleep(0.1)
    raise AssertionError(f"Virtuoso did not become ready: {log.read_text(errors='replace')}")
