"""Builds and servers that are killed, disturbed and stopped: what is published stays whole."""

from __future__ import annotations

import json
import os
import random
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner
from filelock import FileLock
from rdflib import Graph

from server.build.releases import Releases
from server.cli.main import main
from server.records.releases import ReleaseInfo
from tests.conftest import running_server
from tests.made import CLASSES, NAMESPACES
from tests.thorough import NIGHTLY

pytestmark = pytest.mark.slow

KILLS = 6 if NIGHTLY else 3
STRIDE = 1 if NIGHTLY else 3
"""A publication is killed before each of its steps, or before one in so many."""
PATIENCE = 60
"""Seconds after which whatever has not happened will not happen."""

KEPT = frozenset(
    {"concept:alignment-faking", "thinker:evan-hubinger", "thinker:anthropic", "paper:alignment-faking-in-llms"}
)
NAME = re.compile(rf"\b(?:{'|'.join(CLASSES)}):[a-z0-9]+(?:-[a-z0-9]+)*")


def small(root: Path) -> None:
    """Reduce a base to the entities in KEPT and the edges between them, so that it builds quickly and is still valid.

    In the canonical form each edge is a paragraph that names both of its ends and its source.
    """
    for path in (root / "kb").rglob("*.ttl"):
        if f"{path.parent.name}:{path.stem}" in KEPT:
            paragraphs = path.read_text(encoding="utf-8").rstrip("\n").split("\n\n")
            kept = [paragraph for paragraph in paragraphs if set(NAME.findall(paragraph)) <= KEPT]
            path.write_text("\n\n".join(kept) + "\n", encoding="utf-8")
        else:
            path.unlink()


def akb(root: Path, state: Path, command: str, *options: str) -> subprocess.Popen[str]:
    """Start a command of the command line as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "server.cli.main", command, "--root", str(root), *options],
        env=os.environ | {"AKB_STATE": str(state)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def here(command: str, root: Path, state: Path, *options: str) -> tuple[int, str, str]:
    """Run a command in this process, where nobody is to kill it; return what `ended` returns."""
    done = CliRunner(env={"AKB_STATE": str(state)}).invoke(main, [command, "--root", str(root), *options])
    return done.exit_code, done.stdout, done.stderr


build_here = partial(here, "build")


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Wait for a command, and return its exit code and what it said on its two streams."""
    try:
        output, errors = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    return process.returncode, output, errors


def wait_until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, f"in {PATIENCE} seconds it did not happen that {what}"
        time.sleep(0.02)


def triples(address: str) -> set[object]:
    """Fetch the description of alignment faking from a server, as a set of triples."""
    with urlopen(f"{address}concept/alignment-faking.ttl", timeout=PATIENCE) as answer:
        assert answer.status == 200
        return set(Graph().parse(data=answer.read(), format="turtle"))


def served_release(address: str) -> str:
    with urlopen(f"{address}healthz", timeout=PATIENCE) as answer:
        return json.load(answer)["release"]


def will_serve(address: str, name: str) -> None:
    """Wait for a server to open a release: until it has, it serves the one before."""
    wait_until(lambda: served_release(address) == name, f"{name} is served")


def whole_current(state: Path) -> ReleaseInfo:
    """Return the current release, after making sure that it holds as many triples as it says."""
    releases = Releases(state / "releases")
    assert releases.pointer.is_file()
    assert releases.current() is not None, "the pointer names a release that is not whole"
    namespaces = NAMESPACES
    info, _, store = releases.open_current(namespaces, 0)
    assert releases.pointer.read_text(encoding="utf-8") == f"{info.name}\n"
    counted = {name: store.count(f"{namespaces.graph}{name}") for name in ("asserted", "inferred", "ontology")}
    assert counted == {"asserted": info.asserted, "inferred": info.inferred, "ontology": info.ontology}
    assert json.loads((releases.folder / info.name / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    return info


def assert_tidy(state: Path, current: str) -> None:
    """There are at most two releases, whole ones, and nothing else but the pointer."""
    folder = state / "releases"
    names = {path.name for path in folder.iterdir()}
    assert names >= {"current", current}
    assert len(names - {"current"}) <= 2, sorted(names)
    assert [name for name in names if name.startswith(".")] == []
    assert all((folder / name / "release.json").is_file() for name in names - {"current"})


FAULTY = Path("kb/thinker/evan-hubinger.ttl")


def spoil(root: Path) -> Path:
    """Make a base that cannot be built, and return the file to blame."""
    path = root / FAULTY
    path.write_text(path.read_text(encoding="utf-8") + "thinker:evan-hubinger akb:status\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def built(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with a small base and a release of it, once; `place` copies it."""
    folder = tmp_path_factory.mktemp("built")
    for part in ("kb", "ontology", "shapes"):
        shutil.copytree(repository / part, folder / "base" / part)
    small(folder / "base")
    # One of the downloads, since each file of a release is a step at which its publication can be killed.
    (folder / "base" / "akb.toml").write_text('embedding = "none"\ndownloads = "nt"\n', encoding="utf-8")
    code, _, errors = build_here(folder / "base", folder / "state")
    assert code == 0, errors
    return folder


@pytest.fixture
def place(built: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Copy the small base and the state with its release to where the test may spoil them."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    return tmp_path / "base", tmp_path / "state"


@pytest.fixture(scope="module")
def served(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path, str]]:
    """Another copy, and the address of a server of it: tests may publish there, and leave the files as they were."""
    folder = shutil.copytree(built, tmp_path_factory.mktemp("served") / "place")
    with running_server(folder / "base", folder / "state") as address:
        yield folder / "base", folder / "state", address


@contextmanager
def restored(path: Path) -> Iterator[None]:
    """Give a file back the text that it has, at the end."""
    before = path.read_text(encoding="utf-8")
    yield
    path.write_text(before, encoding="utf-8")


BUILDER = """
import contextlib, os, sys
import pyshacl, server.build.build, server.build.pools, server.cli.build
from server.cli.main import main
with contextlib.suppress(ImportError):
    import shacl, sparq

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        main(sys.argv[1:])
    print(child, flush=True)
    sys.stdin.readline()
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""Builds in a child process that has all modules from the start, so that whoever kills it meets the build itself."""


class Build:
    """A build that runs in a child process of BUILDER."""

    def __init__(self, builder: subprocess.Popen[str]) -> None:
        self._builder = builder
        print(file=builder.stdin, flush=True)
        self._process = os.pidfd_open(int(builder.stdout.readline()))

    def wait(self, seconds: float) -> bool:
        """Tell whether it came to a good end within a time."""
        if not select.select([self._process], [], [], seconds)[0]:
            return False
        assert self._end() == 0
        return True

    def kill(self) -> None:
        signal.pidfd_send_signal(self._process, signal.SIGKILL)
        assert self._end() in {0, -signal.SIGKILL}

    def _end(self) -> int:
        os.close(self._process)
        print(file=self._builder.stdin, flush=True)
        return int(self._builder.stdout.readline())


@contextmanager
def builder(root: Path, state: Path) -> Iterator[Callable[[], Build]]:
    """Start BUILDER for a base, and yield the function that begins a build."""
    command = [sys.executable, "-c", BUILDER, "build", "--force", "--root", str(root)]
    with subprocess.Popen(
        command, env=os.environ | {"AKB_STATE": str(state)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield partial(Build, process)
        process.stdin.close()
        process.wait(timeout=PATIENCE)


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs fork, and Linux to wait for what another forked")
def test_builds_killed_at_random_moments_never_harm_what_is_served(served: tuple[Path, Path, str]) -> None:
    root, state, address = served
    seed = random.SystemRandom().randrange(2**32)
    chance = random.Random(seed)
    # One moment out of each part of a build, in any order: chance picks the moments, and leaves no part out.
    moments = [(number + chance.random()) / KILLS for number in range(KILLS)]
    chance.shuffle(moments)
    with builder(root, state) as begin:
        started = time.monotonic()
        assert begin().wait(PATIENCE)
        duration = time.monotonic() - started
        print(f"seed {seed}, one build takes {duration:.2f} s")  # noqa: T201 - pytest shows it when the test fails
        expected = triples(address)
        assert expected
        for moment in moments:
            started = time.monotonic()
            while (build := begin()).wait(moment * duration):
                # It outran the build that was measured, so the machine has become quicker since.
                duration, started = min(duration, time.monotonic() - started), time.monotonic()
            build.kill()
            assert triples(address) == expected
            will_serve(address, whole_current(state).name)
        code, _, errors = build_here(root, state, "--force")
        assert code == 0, errors
        info = whole_current(state)
        assert_tidy(state, info.name)
        will_serve(address, info.name)
        assert triples(address) == expected


PUBLISHER = """
import json, os, shutil, signal, sys
from pathlib import Path
from server.build.releases import Releases
from server.records.releases import ReleaseInfo

STEPS = {"os.rename", "os.chmod", "os.remove", "os.rmdir", "os.mkdir"}

def publish(folder, source, name, last_step):
    releases = Releases(Path(folder))
    building = releases.begin()
    own = shutil.ignore_patterns("release.json", "checksums")
    shutil.copytree(source, building, dirs_exist_ok=True, ignore=own, copy_function=os.link)
    info = json.loads((Path(source) / "release.json").read_text(encoding="utf-8")) | {"name": name}
    steps = 0
    def die_at_last_step(event, arguments):
        nonlocal steps
        # To open a file for reading changes nothing.
        if event in STEPS or event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            steps += 1
            if steps == last_step:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(die_at_last_step)
    releases.publish(building, ReleaseInfo(**info))

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        publish(*json.loads(line))
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""Publishes in a child process that kills itself before the step of the given number, which changes a file or folder.

Python announces each such step to an audit hook; thus chance need not find the few milliseconds that matter.
"""


@contextmanager
def publisher() -> Iterator[Callable[..., int]]:
    """Start PUBLISHER and yield the function that lets it publish and returns the exit code."""
    with subprocess.Popen(
        [sys.executable, "-c", PUBLISHER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def publish(folder: Path, source: Path, name: str, last_step: int = 0) -> int:
            print(json.dumps([str(folder), str(source), name, last_step]), file=process.stdin, flush=True)
            return int(process.stdout.readline())

        yield publish
        process.stdin.close()
        process.wait(timeout=PATIENCE)


def linked(source: str, target: str) -> None:
    """Give a file another name, in place of a copy; what is locked or replaced is a file of its own."""
    if Path(source).name in {"current", "release.json"}:
        shutil.copy2(source, target)
    else:
        os.link(source, target)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_publication_killed_at_any_step_leaves_a_whole_release_and_the_next_one_tidies_up(
    place: tuple[Path, Path], tmp_path: Path
) -> None:
    _, state = place
    first = Releases(state / "releases").current()
    assert first is not None
    unharmed: list[int] = []
    untidy: dict[int, list[str]] = {}
    before = tmp_path / "before"
    before.mkdir()
    with publisher() as publish:
        # Two releases, so that the one that is killed has an older one to throw away.
        assert publish(before, first, "20000101T000000000001Z-aaaaaaaa") == 0
        assert publish(before, first, "20000101T000000000002Z-aaaaaaaa") == 0
        for step in range(1, 1000, STRIDE):
            trial = tmp_path / "trials" / str(step)
            releases = Releases(trial / "releases")
            shutil.copytree(before, releases.folder, copy_function=linked)
            code = publish(releases.folder, first, "20000101T000000000003Z-aaaaaaaa", step)
            assert code in {0, -signal.SIGKILL}
            assert whole_current(trial).name[:21] in {"20000101T000000000002", "20000101T000000000003"}, step
            assert publish(releases.folder, first, "20000101T000000000004Z-aaaaaaaa") == 0
            assert whole_current(trial).name == "20000101T000000000004Z-aaaaaaaa"
            left = sorted(path.name for path in releases.folder.iterdir())
            if len(left) != 3 or not all((releases.folder / name / "release.json").is_file() for name in left[:2]):
                untidy[step] = left
            shutil.rmtree(trial)
            if code == 0:
                unharmed.append(step)
                break
    assert unharmed, "the publication did not come to its end"
    assert unharmed[0] > 10, "the steps were not seen"
    assert untidy == {}


def test_a_faulty_base_is_refused_and_the_release_before_it_is_served_on(served: tuple[Path, Path, str]) -> None:
    root, state, address = served
    before, expected = served_release(address), triples(address)
    with restored(root / FAULTY):
        blamed = spoil(root)
        for options in ([], ["--force"]):
            code, _, errors = build_here(root, state, *options)
            assert code == 1
            assert blamed.relative_to(root).as_posix() in errors
            assert "no release was made" in errors
        assert served_release(address) == before == whole_current(state).name
        assert triples(address) == expected
        assert_tidy(state, before)


def test_two_builds_at_once_both_end_well(place: tuple[Path, Path]) -> None:
    root, state = place
    both = [akb(root, state, "build", "--force") for _ in range(2)]
    results = [ended(process) for process in both]
    assert [code for code, _, _ in results] == [0, 0], results
    made = {re.search(r"^Release (\S+)", output, re.MULTILINE)[1] for _, output, _ in results}
    assert len(made) == 2
    info = whole_current(state)
    assert info.name == max(made)
    assert_tidy(state, info.name)


def test_a_build_waits_for_another_one_and_says_so(place: tuple[Path, Path], tmp_path: Path) -> None:
    root, state = place
    said = tmp_path / "said"
    with said.open("w", encoding="utf-8") as errors, FileLock(state / "build.lock"):
        process = subprocess.Popen(
            [sys.executable, "-m", "server.cli.main", "build", "--root", str(root), "--force"],
            env=os.environ | {"AKB_STATE": str(state)},
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        wait_until(lambda: "waiting for it to end" in said.read_text(encoding="utf-8"), "the build said that it waits")
        assert process.poll() is None
    assert process.wait(timeout=PATIENCE) == 0
    assert_tidy(state, whole_current(state).name)


def test_serve_falls_back_to_the_release_before_a_faulty_base(
    place: tuple[Path, Path], start_server: Callable[..., object]
) -> None:
    root, state = place
    before = whole_current(state).name
    blamed = spoil(root)
    with start_server(root, state) as address:
        assert served_release(address) == before
        assert triples(address)
        [log] = state.parent.glob("serve-*.log")
        said = log.read_text(encoding="utf-8")
    assert blamed.relative_to(root).as_posix() in said
    assert re.search(r"^warning: The base has \d+ violations?; no release was made\.$", said, re.MULTILINE), said
    assert "Using the release before it, of " in said


def test_serve_without_any_release_refuses_a_faulty_base(place: tuple[Path, Path], tmp_path: Path) -> None:
    root, _ = place
    blamed = spoil(root)
    code, output, errors = here("serve", root, tmp_path / "fresh", "--port", "0")
    assert code == 1
    assert "Serving at" not in output
    assert blamed.relative_to(root).as_posix() in errors
    assert re.search(r"^error: The base has \d+ violations?; no release was made\.\n mend: ", errors, re.MULTILINE), (
        errors
    )


def test_a_port_that_is_in_use_is_named_with_a_way_out(place: tuple[Path, Path]) -> None:
    root, state = place
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        code, output, errors = here("serve", root, state, "--port", str(port))
    assert code == 2
    assert "Serving at" not in output
    assert f"error: Cannot listen on 127.0.0.1, port {port}: Address already in use." in errors
    assert "--port 0" in errors
    assert "Traceback" not in errors


def alive(session: int) -> list[str]:
    """Return the processes of a session that still run; one that ended and waits for its parent's notice does not."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:  # it ended while we looked
            continue
        state, _, _, of_session = text.rpartition(")")[2].split()[:4]
        if int(of_session) == session and state not in "ZX":
            found.append(text)
    return found


@contextmanager
def serving(root: Path, state: Path, log: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Run `akb serve` with a spare worker in a session of its own, and return its address."""
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "server.cli.main", "serve", "--root", str(root), "--port", "0"],
            env=os.environ | {"AKB_STATE": str(state), "AKB_SPARE_WORKER": "yes"},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until(lambda: "Serving at" in log.read_text(encoding="utf-8"), "the server became ready")
        yield process, re.search(r"^Serving at (\S+)", log.read_text(encoding="utf-8"), re.MULTILINE)[1]
    finally:
        process.kill()
        process.wait(timeout=PATIENCE)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
@pytest.mark.parametrize("whole_group", [True, False], ids=["from the terminal", "to the main process only"])
def test_ctrl_c_stops_the_server_and_leaves_no_process(
    place: tuple[Path, Path], tmp_path: Path, whole_group: bool
) -> None:
    root, state = place
    with serving(root, state, tmp_path / "serve.log") as (process, address):
        assert triples(address)
        wait_until(lambda: len(alive(process.pid)) > 2, "both workers were there")
        # Ctrl-C on a terminal goes to the whole group; a supervisor sends it to the main process.
        if whole_group:
            os.killpg(process.pid, signal.SIGINT)
        else:
            process.send_signal(signal.SIGINT)
        assert process.wait(timeout=PATIENCE / 3) == 0
        wait_until(lambda: not alive(process.pid), "every process ended")
        with pytest.raises(OSError, match="refused"):
            urlopen(f"{address}healthz", timeout=PATIENCE)
        assert "Traceback" not in (tmp_path / "serve.log").read_text(encoding="utf-8")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
def test_a_killed_server_leaves_no_process(place: tuple[Path, Path], tmp_path: Path) -> None:
    """A worker that outlives its parent would hold the port, and nobody could stop it."""
    root, state = place
    with serving(root, state, tmp_path / "serve.log") as (process, address):
        assert triples(address)
        wait_until(lambda: len(alive(process.pid)) > 2, "both workers were there")
        process.kill()
        process.wait(timeout=PATIENCE)
        wait_until(lambda: not alive(process.pid), "every process ended")


def test_a_release_of_changed_files_is_served_by_two_servers_without_a_restart(
    served: tuple[Path, Path, str], start_server: Callable[..., object]
) -> None:
    root, state, one = served
    path = root / "kb" / "concept" / "alignment-faking.ttl"
    with restored(path), start_server(root, state) as other:
        assert one != other
        before = served_release(one)
        path.write_text(
            path.read_text(encoding="utf-8").replace('"Alignment Faking"@en', '"Faked Alignment"@en'), encoding="utf-8"
        )
        code, _, errors = build_here(root, state)
        assert code == 0, errors
        name = whole_current(state).name
        assert name != before
        will_serve(one, name)
        will_serve(other, name)
        assert any("Faked Alignment" in str(label) for _, _, label in triples(one))
        with urlopen(f"{other}concept/alignment-faking.html", timeout=PATIENCE) as answer:
            assert b"<h1>Faked Alignment</h1>" in answer.read()


def test_a_damaged_pointer_is_healed_by_the_next_build(place: tuple[Path, Path]) -> None:
    root, state = place
    (state / "releases" / "current").write_text("20000101T000000000000Z-00000000\n", encoding="utf-8")
    code, _, errors = build_here(root, state)
    assert code == 0, errors
    info = whole_current(state)
    assert info == replace(info, edges=4)
