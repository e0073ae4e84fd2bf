"""The packages by themselves: made from a clean copy, installed far from the checkout, they serve the base they carry.

That base is the small one of the tests, which is built in a tenth of the time; in a nightly run it is ours. That pip,
pipx and uv install them, with what they need, on each version of Python, `.ci/install` shows.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import NamedTuple
from urllib.parse import urlsplit
from urllib.request import Request, urlopen
from zipfile import ZipFile

import pytest
from rdflib import Graph

from docs.changelog import project_version
from tests.conftest import KNOWLEDGE
from tests.thorough import NIGHTLY

pytestmark = pytest.mark.slow

PATIENCE = 300
"""Seconds after which a command that has not ended will not end."""

CARRIED = {
    "server": "server",
    "docs": "server/manual",
    "examples": "server/base/examples",
    "kb": "server/base/kb",
    "ontology": "server/base/ontology",
    "shapes": "server/base/shapes",
    "theme": "server/base/theme",
}
"""Folder of the repository to its place in the wheel."""


def clean_environment() -> dict[str, str]:
    """Return an environment in which nothing points at the checkout, and no package index can be asked."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AKB_", "PYTHON", "PIP_", "PYTEST_")) and name != "VIRTUAL_ENV"
    }
    return environment | {"PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def run(*command: str | Path, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=clean_environment() | more,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.fixture(scope="module")
def copy(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what git knows, or would take up, and nothing that a build or a test has left behind."""
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=repository)
    assert listed.returncode == 0, listed.stderr
    folder = tmp_path_factory.mktemp("clean") / "copy"
    for name in filter(None, listed.stdout.split("\0")):
        # A file that is deleted and not yet committed is still listed.
        if (repository / name).is_file() and (NIGHTLY or not name.startswith("kb/")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(repository / name, folder / name)
    if not NIGHTLY:
        shutil.copytree(KNOWLEDGE, folder / "kb")
    return folder


@pytest.fixture(scope="module")
def source_package(copy: Path) -> Path:
    """Make the source package."""
    out = copy.parent / "sources"
    made = run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", out, cwd=copy)
    assert made.returncode == 0, made.stdout + made.stderr
    [path] = out.glob("*.tar.gz")
    return path


@pytest.fixture(scope="module")
def wheel(source_package: Path) -> Path:
    """Build the wheel from the source package, as a release does; without isolation, thus without a download."""
    out = source_package.parent / "wheels"
    command = (sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", out, source_package)
    built = run(*command, cwd=source_package.parent)
    assert built.returncode == 0, built.stdout + built.stderr
    [path] = out.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel in an environment of its own, and return the folder with its commands.

    The environment borrows the dependencies of the one that runs the tests, by a line in a .pth file; the .pth files
    over there, by which an editable install leads to the checkout, are not read.
    """
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    commands = folder / ("Scripts" if os.name == "nt" else "bin")
    python = commands / "python"
    done = run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", wheel, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    asked = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder)
    borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (Path(asked.stdout.strip()) / "borrowed.pth").write_text("\n".join(sorted(borrowed)) + "\n", encoding="utf-8")
    return commands


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """Make an empty folder, in which all commands run."""
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


WITHOUT_DOWNLOADS = {"AKB_DOWNLOADS": "none"}
"""They take a third of a build, and nothing of the package but its code."""


class Built(NamedTuple):
    """What `akb build` said in an empty folder, what the package held before, and the folders."""

    done: subprocess.CompletedProcess[str]
    before: dict[str, bytes]
    empty: Path
    state: Path


@pytest.fixture(scope="module")
def built(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build the base that the package carries, once."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "empty").mkdir()
    before = files(package_of(installed, folder))
    environment = {"AKB_STATE": str(folder / "state")} | WITHOUT_DOWNLOADS
    done = run(installed / "akb", "build", cwd=folder / "empty", **environment)
    return Built(done, before, folder / "empty", folder / "state")


@contextmanager
def serving(akb: Path, cwd: Path, state: Path) -> Iterator[str]:
    """Run `akb serve` as a newcomer would, and yield its address."""
    process = subprocess.Popen(
        [str(akb), "serve", "--port", "0"],
        cwd=cwd,
        env=clean_environment() | {"AKB_STATE": str(state)} | WITHOUT_DOWNLOADS,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines: Queue[str] = Queue()

    def listen() -> None:
        for line in process.stdout:
            lines.put(line)
        lines.put("")

    reader = Thread(target=listen)
    reader.start()
    try:
        said = []
        try:
            while line := lines.get(timeout=PATIENCE):
                said.append(line)
                if found := re.match(r"Serving at (\S+)", line):
                    break
            else:
                found = None
        except Empty:
            found = None
        assert found, f"akb serve did not become ready: {''.join(said)}"
        yield found[1]
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)
        reader.join(timeout=PATIENCE)
        process.stdout.close()


def files(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, without the bytecode that Python keeps there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and not _is_tool(path)
    }


def _is_tool(path: Path) -> bool:
    """Tell whether a file makes pages of the manual, and is none itself."""
    return path.parent.name == "docs" and path.suffix == ".py"


def package_of(commands: Path, cwd: Path) -> Path:
    asked = run(commands / "python", "-c", "import server; print(server.__file__)", cwd=cwd)
    assert asked.returncode == 0, asked.stderr
    return Path(asked.stdout.strip()).parent


def test_the_wheel_carries_every_file_that_the_engine_and_the_base_need(copy: Path, wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        carried = {name: archive.read(name) for name in archive.namelist()}
    for source, target in CARRIED.items():
        for name, content in files(copy / source).items():
            assert carried.get(f"{target}/{name}") == content, f"{source}/{name}"
    for kind in (
        r"server/web/static/.+\.css",
        r"server/web/templates/.+\.html",
        r"server/queries/.+\.rq",
        r"server/web/examples/.+\.rq",
        r"server/base/kb/concept/alignment-faking\.ttl",
        r"server/base/shapes/rules/.+\.rq",
        r"server/py\.typed",
        r"alignment_kb-[^/]+\.dist-info/licenses/LICENSE",
    ):
        assert any(re.fullmatch(kind, name) for name in carried), kind


def test_the_wheel_carries_nothing_else(copy: Path, wheel: Path) -> None:
    known = {f"{target}/{name}" for source, target in CARRIED.items() for name in files(copy / source)}
    with ZipFile(wheel) as archive:
        others = {name for name in archive.namelist() if ".dist-info/" not in name} - known
        for name in ("akb.toml", "peers.toml"):
            assert archive.read(f"server/base/{name}") == (copy / name).read_bytes()
            others.remove(f"server/base/{name}")
    assert others == set()


def test_the_installed_package_is_not_the_checkout(installed: Path, repository: Path, empty: Path) -> None:
    package = package_of(installed, empty)
    assert package.is_relative_to(installed.parent)
    asked = run(installed / "python", "-c", "import sys; print('\\n'.join(sys.path))", cwd=empty)
    assert str(repository) not in asked.stdout.splitlines()
    code = "from pathlib import Path; from server.roots import find_root; print(find_root(Path.cwd()))"
    assert Path(run(installed / "python", "-c", code, cwd=empty).stdout.strip()) == package / "base"


def test_every_command_explains_itself(installed: Path, empty: Path) -> None:
    shown = run(installed / "akb", "--help", cwd=empty)
    assert shown.returncode == 0, shown.stderr
    for name in ("serve", "build", "check", "fmt", "new", "link", "query", "peers", "publish", "generate"):
        assert re.search(rf"^  {name}\b", shown.stdout, re.MULTILINE), name
    # That of each command is asked for, in one process, by tests/cli/test_commands.py.
    assert run(installed / "akb", "serve", "--help", cwd=empty).returncode == 0
    assert run(installed / "akb", "--version", cwd=empty).stdout == f"akb, version {project_version()}\n"


def test_check_and_build_work_in_an_empty_folder(installed: Path, built: Built) -> None:
    done, before, empty, state = built
    checked = run(installed / "akb", "check", cwd=empty, AKB_STATE=str(state))
    assert (checked.returncode, checked.stderr) == (0, "")
    # The baseline is that of our base: of the small one it knows what is not found.
    assert re.search(r"no findings(; [0-9,]+ (known|mended))?[.]\n\Z", checked.stdout)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^Release \S+$", done.stdout, re.MULTILINE)
    assert (state / "releases" / "current").is_file()
    environment = {"AKB_STATE": str(state)} | WITHOUT_DOWNLOADS
    asked = run(installed / "akb", "query", "ASK { concept:alignment-faking a akb:Concept }", cwd=empty, **environment)
    assert json.loads(asked.stdout)["boolean"] is True
    peers = run(installed / "akb", "peers", cwd=empty, AKB_STATE=str(state))
    assert "Wikidata <https://query.wikidata.org/sparql> not enabled" in peers.stdout
    # Neither the folder of the reader nor the installed package is written to.
    assert list(empty.iterdir()) == []
    assert files(package_of(installed, empty)) == before


def test_serve_works_in_an_empty_folder(installed: Path, built: Built, empty: Path) -> None:
    """What has been built is served as it is; that a server builds by itself is in test_reloading.py."""
    with serving(installed / "akb", empty, built.state) as address:

        def get(path: str, accept: str) -> tuple[str, bytes]:
            with urlopen(Request(address + path, headers={"Accept": accept}), timeout=PATIENCE) as answer:
                return answer.headers["Content-Type"], answer.read()

        kind, page = get("concept/alignment-faking", "text/html")
        assert kind.startswith("text/html")
        assert b"<h1>Alignment Faking</h1>" in page
        kind, data = get("concept/alignment-faking", "text/turtle")
        assert kind.startswith("text/turtle")
        assert len(Graph().parse(data=data, format="turtle")) > 0
        for path in re.findall(rb'(?:href|src)="/(static/[^"]+)"', page):
            assert get(path.decode(), "*/*")[1]
        assert b'<h2 id="examples">Examples</h2>' in get("sparql", "text/html")[1]
        assert b'<h1 id="settings">Settings</h1>' in get("docs/settings", "text/html")[1]
        assert get("docs/images/claim.png", "*/*")[1].startswith(b"\x89PNG")
        assert get("ontology", "text/html")[1].count(b'<section class="term">') > 20
        # What looks after a server needs no other program.
        health = run(installed / "akb", "health", "--port", str(urlsplit(address).port), cwd=empty)
        assert re.fullmatch(r"ready, release \S+\n", health.stdout), health.stderr
    assert list(empty.iterdir()) == []


def test_it_starts_a_base_of_ones_own(installed: Path, empty: Path) -> None:
    for template in ("minimal", "scholarly", "skos"):
        started = run(installed / "akb", "init", template, "--template", template, cwd=empty)
        assert started.returncode == 0, started.stdout + started.stderr
        assert (empty / template / ".github/workflows/check.yml").is_file()
        assert f"=={project_version()}" in (empty / template / "requirements.txt").read_text()
        checked = run(installed / "akb", "check", cwd=empty / template)
        assert checked.returncode == 0, checked.stdout + checked.stderr
