"""Fixtures that many tests share: a copy of the base, a release of it, a client, a server, a browser."""

from __future__ import annotations

import gc
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import pytest
from filelock import FileLock
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright

from server.build.build import build
from server.build.releases import Releases
from server.knowledge.history import History
from server.schema.reading import schema_of
from server.schema.schema import Schema
from server.settings import Settings, read_settings
from server.store.embedded import Store
from server.turtle.base import Base
from server.turtle.reader import read_base
from server.web.app import create_app
from tests import made_history, thorough
from tests.e2e.browsing import ARGUMENTS

# How long an example takes, to be made or to be tried, says how busy the machine is.
# CI takes the same examples each time, as Hypothesis does there by itself; whoever runs the tests at home tries others.
hypothesis.settings.register_profile(
    "any machine",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    max_examples=thorough.examples(),
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
# More examples, and other ones each time; see tests/thorough.py.
hypothesis.settings.register_profile(
    "nightly", hypothesis.settings.get_profile("any machine"), max_examples=thorough.EXAMPLES, derandomize=False
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "any machine"))

# Tests start hundreds of processes: what one of them has compiled, the others need not.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# A spare web worker costs each server as much again to start; tests of it ask for one.
os.environ.setdefault("AKB_SPARE_WORKER", "no")
sys.dont_write_bytecode = False

# Thousands of tests are collected, and none of what makes them up is ever garbage.
gc.disable()

REPOSITORY = Path(__file__).parent.parent
KNOWLEDGE = Path(__file__).parent / "base" / "kb"
"""A small base that stays as it is: what the real one holds is tested in test_knowledge.py alone."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Have one test process more than there are processors: tests wait for servers and browsers.

    With two more, what each process starts for itself costs as much as is gained.
    """
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let each test process start with other modules of tests that take long, so that none runs alone at the end.

    pytest-xdist gives each process an equal part of this list, and who is done takes over from the end of another's.
    A module that stays in one process is set up once; so is Virtuoso if all that need it do.
    """
    processes = getattr(config, "workerinput", {}).get("workercount", 1)
    groups: dict[str, list[pytest.Item]] = {}
    quick: list[pytest.Item] = []
    for item in items:
        if item.get_closest_marker("slow") is None:
            quick.append(item)
        else:
            group = "virtuoso" if "virtuoso" in getattr(item, "fixturenames", ()) else str(item.path)
            groups.setdefault(group, []).append(item)
    ordered: list[pytest.Item] = []
    for number in range(processes):
        share = [item for group in list(groups.values())[number::processes] for item in group]
        size = (len(items) - len(ordered)) // (processes - number)
        rest = max(0, size - len(share))
        ordered += share + quick[:rest]
        del quick[:rest]
    items[:] = ordered + quick


def pytest_collection_finish() -> None:
    """Collect garbage again, and from now on without a look at all that was there before the first test."""
    gc.freeze()
    gc.enable()


HANG = 600
"""Seconds after which something hangs; nothing is measured by it."""


@pytest.fixture
def in_linear_time() -> Iterator[None]:
    """Stop a test after two minutes of CPU time.

    For work that takes far less than a second on any machine, and hours when it grows with the square of its input.
    """

    def stop(_number: int, _frame: object) -> None:
        raise AssertionError("it took two minutes of CPU time: the work grows faster than the input")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, 120)
    yield
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.signal(signal.SIGPROF, before)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder of this repository."""
    return REPOSITORY


QUICK = 'embedding = "none"\ndownloads = "none"\n'
"""Settings of most bases: what is near in meaning, and downloads, have tests of their own, and take most of a build."""


def copy_base(folder: Path, kb: Path) -> Path:
    """Put together a base of the repository's ontology and shapes, and `kb`."""
    for part in (REPOSITORY / "ontology", REPOSITORY / "shapes", REPOSITORY / "examples"):
        shutil.copytree(part, folder / part.name)
    shutil.copytree(kb, folder / "kb")
    (folder / "akb.toml").write_text(QUICK, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def make_base() -> Callable[[Path], Path]:
    """A function that copies the small base into a new folder, for fixtures that outlive one test."""
    return lambda folder: copy_base(folder, KNOWLEDGE)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small base that a test may spoil."""
    return copy_base(tmp_path / "base", KNOWLEDGE)


@pytest.fixture(scope="session")
def built_quickly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small base, as `root` has it, and the state with its release, built once for all processes."""
    shared = shared_folder(tmp_path_factory)
    with FileLock(shared / "quick.lock"):
        if not (shared / "quick").exists():
            copy_base(shared / "quick" / "base", KNOWLEDGE)
    build(read_settings({"AKB_STATE": str(shared / "quick" / "state")}, root=shared / "quick" / "base"))
    return shared / "quick"


@pytest.fixture
def ready(built_quickly: Path, tmp_path: Path) -> tuple[Path, Path]:
    """The folder of a small base that a test may spoil, and its folder of state, with the release of it."""
    shutil.copytree(built_quickly, tmp_path / "ready")
    return tmp_path / "ready" / "base", tmp_path / "ready" / "state"


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings for the small base, with a release that is built once for all test processes."""
    shared = shared_folder(tmp_path_factory)
    with FileLock(shared / "base.lock"):
        if not (shared / "base").exists():
            copy_base(shared / "base", KNOWLEDGE)
            (shared / "base" / "akb.toml").write_text('embedding = "tfidf"\n', encoding="utf-8")
            shutil.copy(REPOSITORY / "peers.toml", shared / "base")
    # A build waits for its twin and reuses it.
    settings = read_settings({"AKB_STATE": str(shared / "state")}, root=shared / "base")
    build(settings)
    return settings


def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that the test processes share: pytest-xdist gives each one of its own within it."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings for the base of this repository, with a release without downloads that all test processes share.

    Its texts have vectors in a nightly run only: they take half of the build.
    """
    environment = {"AKB_STATE": str(shared_folder(tmp_path_factory) / "published"), "AKB_DOWNLOADS": "none"}
    if not thorough.NIGHTLY:
        environment["AKB_EMBEDDING"] = "none"
    settings = read_settings(environment, root=REPOSITORY)
    build(settings)
    return settings


@pytest.fixture(scope="session")
def travelled(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings for the small base with a history of some 30 commits, with a release that all test processes share.

    A test that goes on with it takes a copy: `made_history.copy`.
    """
    shared = shared_folder(tmp_path_factory)
    with FileLock(shared / "travelled.lock"):
        if not (shared / "travelled").exists():
            made_history.make(shared / "travelled")
    settings = read_settings({"AKB_STATE": str(shared / "travelled-state")}, root=shared / "travelled")
    build(settings)
    return settings


@pytest.fixture(scope="session")
def travelled_site(travelled: Settings) -> Iterator[FlaskClient]:
    """A client of the site of the base with a history."""
    app = create_app(travelled)
    yield app.test_client()
    app.extensions["akb"].close()


@pytest.fixture(scope="session")
def travelled_history(travelled_site: FlaskClient) -> History:
    """The history of that base."""
    history: History = travelled_site.application.extensions["akb"].release().history
    return history


@pytest.fixture(scope="session")
def store(settings: Settings) -> Store:
    """The current release, open for reading."""
    return Releases(settings.releases).open_current(settings.namespaces, settings.memory_triples)[-1]


@pytest.fixture(scope="session")
def base(settings: Settings) -> Base:
    """The small base, as read from its files. Not to be changed."""
    return read_base(settings.root, settings.namespaces)


@pytest.fixture(scope="session")
def schema(base: Base) -> Schema:
    """The repository's ontology as records."""
    return schema_of(base)


@pytest.fixture(scope="session")
def client(settings: Settings) -> Iterator[FlaskClient]:
    """A client of the application, without a network between."""
    app = create_app(settings)
    # Tests share it: who follows the links of the switch of languages leaves nothing behind.
    yield app.test_client(use_cookies=False)
    app.extensions["akb"].close()


@pytest.fixture(scope="session")
def make_client() -> Iterator[Callable[[Path], FlaskClient]]:
    """A function that builds the base in a folder, and returns a client of its site."""
    made: list[Flask] = []

    def make(root: Path) -> FlaskClient:
        own = read_settings({}, root=root)
        build(own)
        made.append(create_app(own))
        return made[-1].test_client(use_cookies=False)

    yield make
    for app in made:
        app.extensions["akb"].close()


@pytest.fixture
def make_app() -> Iterator[Callable[[Settings], Flask]]:
    """A function that makes an application; the workers of its queries are stopped at the end."""
    made: list[Flask] = []

    def make(settings: Settings) -> Flask:
        made.append(create_app(settings))
        return made[-1]

    yield make
    for app in made:
        app.extensions["akb"].close()


ServerStarter = Callable[..., "contextmanager[str]"]


@contextmanager
def running_server(root: Path, state: Path, *options: str) -> Iterator[str]:
    """Run `akb serve` on a free port and yield its address (with a slash at its end)."""
    environment = os.environ | {"AKB_STATE": str(state)}
    command = [sys.executable, "-m", "server.cli.main", "serve", "--root", str(root), "--port", "0", *options]
    log = state.parent / f"serve-{time.monotonic_ns()}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment)
    try:
        yield address_of(process, log)
    finally:
        process.terminate()
        process.wait(timeout=20)


def address_of(process: subprocess.Popen[bytes], log: Path) -> str:
    """Wait until a server says at which address it answers."""
    deadline = time.monotonic() + HANG
    while time.monotonic() < deadline:
        text = log.read_text(encoding="utf-8")
        if found := re.search(r"^Serving at (http://\S+)", text, re.MULTILINE):
            return found[1]
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise AssertionError(f"akb serve did not become ready: {log.read_text(encoding='utf-8')}")


@pytest.fixture(scope="session")
def server(settings: Settings) -> Iterator[str]:
    """The address of a real server that serves the small base."""
    with running_server(settings.root, settings.state) as address:
        yield address


@pytest.fixture(scope="session")
def start_server() -> Callable[..., object]:
    """The function that starts a server on a base of the test's own; see `running_server`."""
    return running_server


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium. Without one, browser tests are skipped on a desk and fail in CI.

    The shell is the same browser without windows, which takes a third of the CPU time.
    """
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    if os.environ.get("CI"):
        pytest.fail("Chromium is missing: CI must install it (Debian: apt-get install chromium).")
    pytest.skip("Chromium is not installed: the browser tests did not run (Debian: apt install chromium).")


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for all tests of a process."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many cases of the matrix were held, and how many entities were written and read back in each format.

    These are of tests/web/test_matrix.py and tests/formats/test_writers.py, over all test processes.
    """
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.stats.get(outcome, ())]
    counts = [value for report in reports for name, value in report.user_properties if name == "matrix"]
    if counts:
        passed, failed = map(sum, zip(*counts, strict=True))
        told = f"{passed + failed} cases, {passed} passed, {failed} failed"
        terminalreporter.write_line(f"The matrix of headers and addresses: {told}.")
    written = [value for report in reports for name, value in report.user_properties if name == "written"]
    if written:
        told = ", ".join(f"{name} {count:,}" for name, count, _ in sorted(written))
        seeds = ", ".join(sorted({str(seed) for _, _, seed in written}))
        terminalreporter.write_line(f"Entities written and read back, of the seed {seeds}: {told}.")
