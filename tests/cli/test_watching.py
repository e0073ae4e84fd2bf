"""`akb check --watch`: a change is checked, what is new and mended is said, and Ctrl-C is a good end."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.cli.main import main
from server.cli.sources import Sources
from server.cli.watching import changes_under, watch_and_check
from server.records.findings import Report
from server.records.policy import Verdict
from tests.conftest import HANG

AF = "kb/concept/alignment-faking.ttl"
LABEL = '    skos:prefLabel "Alignment Faking"@en ;\n'


@pytest.fixture
def watching(root: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], Callable[[str], str]]]:
    """A running watch of a copy of the base, and a function that waits for a text and returns what was said so far."""
    log = tmp_path / "watch.log"
    command = [sys.executable, "-m", "server.cli.main", "check", "--watch", "--format", "json=shapes/report.json"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, cwd=root, env=os.environ)

    def wait_for(text: str, start: int = 0) -> str:
        deadline = time.monotonic() + HANG
        while time.monotonic() < deadline and process.poll() is None:
            said = log.read_text(encoding="utf-8")
            if text in said[start:]:
                return said
            time.sleep(0.05)
        raise AssertionError(f"{text!r} was not said: {log.read_text(encoding='utf-8')}")

    wait_for("Ctrl-C ends it.")
    yield process, wait_for
    if process.poll() is None:
        process.kill()
    process.wait(timeout=HANG)


@pytest.mark.slow
def test_what_is_new_and_mended_is_said_and_ctrl_c_ends_with_0(
    watching: tuple[subprocess.Popen[bytes], Callable[..., str]], root: Path
) -> None:
    process, wait_for = watching
    path = root / AF
    whole = path.read_text()
    path.write_text(whole.replace(LABEL, ""))
    said = wait_for("1 finding (1 violation).")
    assert f"new {AF}:" in said
    assert "[entity-english-label] concept:alignment-faking" in said
    assert '"entity-english-label"' in (root / "shapes/report.json").read_text(), "other formats are kept in step"

    # What cannot be read is told, and the watch goes on.
    ontology = root / "ontology/akb.ttl"
    terms = ontology.read_text()
    ontology.write_text("akb:x a")
    said = wait_for("ontology/akb.ttl:1:", start=len(said))
    ontology.write_text(terms)
    said = wait_for("1 finding (1 violation).", start=len(said))

    path.write_text(whole)
    said = wait_for("no findings.", start=len(said))
    assert "mended [entity-english-label] concept:alignment-faking: There is no English label" in said

    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=HANG) == 0
    assert "Traceback" not in said


@pytest.mark.slow
def test_files_that_no_check_reads_are_passed_over(
    watching: tuple[subprocess.Popen[bytes], Callable[..., str]], root: Path
) -> None:
    _, wait_for = watching
    for name in (f"{AF}.swp", f"{AF}~", "kb/.hidden/x.json", "kb/.x.ttl"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("x")
    # What changes later is seen later; a check that has a reason to look finds one of them too.
    path = root / AF
    path.write_text(path.read_text().replace(LABEL, ""))
    said = wait_for("2 findings (2 violations).")
    assert re.findall(r"^\d\d:\d\d:\d\d (.*)", said, re.MULTILINE) == [AF]


@pytest.mark.parametrize("words", [["--format", "json"], ["--write-baseline", "b.json"]])
def test_a_watch_writes_text_and_no_baseline(words: list[str], root: Path) -> None:
    result = CliRunner(env={"AKB_ROOT": str(root)}).invoke(main, ["check", "--watch", *words])
    assert result.exit_code == 2
    assert "--watch writes text" in result.output


def test_a_watch_of_no_base_exits_with_2(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["check", "--watch", "--root", str(tmp_path)]).exit_code == 2


class Interrupting:
    """Brings Ctrl-C at the moment at which it is freed, when Python drops what is raised."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_ctrl_c_is_heeded_also_while_an_object_is_freed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    # A shell that starts the tests in the background lets them ignore the signal, and so would what they start.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))

    def check() -> Verdict:
        Interrupting()
        return Verdict(Report((), 0, 0, 0), ())

    watch_and_check(Sources(data=tmp_path), check)
    assert capsys.readouterr().out.endswith("No longer watching.\n")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.fixture
def seen(tmp_path: Path) -> Iterator[Callable[..., list[str]]]:
    """Watch a folder, write files one after another, and return which of them were seen."""
    stopped = threading.Event()

    def see(names: list[str], *, is_base: bool = False, written: tuple[Path, ...] = ()) -> list[str]:
        # What is written into a folder before that is watched too is not seen.
        for name in names:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        sources = Sources(data=tmp_path, written=written)
        changes = changes_under([tmp_path], stopped, sources.is_own, is_base=is_base)
        for name in (*names, "last.ttl"):
            (tmp_path / name).write_text(name)
        found: list[str] = []
        while not any("last.ttl" in one for one in found):
            found += [part.strip() for part in next(changes).split(",")]
        return sorted(Path(one).relative_to(tmp_path).as_posix() for one in found)

    yield see
    stopped.set()


def test_only_what_is_checked_of_a_project_is_seen(seen: Callable[..., list[str]], tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("target/\n")
    (tmp_path / "target").mkdir()
    (tmp_path / "target/old.ttl").write_text("")
    names = ["a.trig", "notes.md", "report.html", "target/b.ttl", "rules/r.rq", ".hidden/c.ttl", "d.ttl~"]
    assert seen(names) == ["a.trig", "last.ttl", "rules/r.rq"]


def test_a_report_of_its_own_is_not_seen_whatever_it_is_called(seen: Callable[..., list[str]], tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "link.ttl").symlink_to(tmp_path / "deep/report.ttl")
    written = (tmp_path / "link.ttl", tmp_path / "deep/../report.json")
    assert seen(["deep/report.ttl", "report.json", "other.json"], written=written) == ["last.ttl", "other.json"]


@pytest.mark.slow
def test_output_in_the_folder_that_is_watched_does_not_wake_the_watch(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<urn:a> a <urn:T> .")
    log = tmp_path / "log.ttl"
    command = [sys.executable, "-m", "server.cli.main", "check", "--watch", "--data", ".", "--format", "turtle=r.ttl"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, cwd=tmp_path)
    try:
        _wait(log, "Ctrl-C ends it.", process)
        for number in range(2):
            (tmp_path / "a.ttl").write_text(f"<urn:a{number}> a <urn:T> .")
            _wait(log, "no findings.\n", process, times=number + 2)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=HANG) == 0
    finally:
        process.kill()
    assert log.read_text().count("1 file, 1 entity, 0 edges: no findings.") == 3, "the report and the log are not data"
    assert len(re.findall(r"^\d\d:\d\d:\d\d a\.ttl$", log.read_text(), re.MULTILINE)) == 2


def _wait(log: Path, text: str, process: subprocess.Popen[bytes], times: int = 1) -> None:
    deadline = time.monotonic() + HANG
    while log.read_text().count(text) < times:
        assert time.monotonic() < deadline
        assert process.poll() is None, log.read_text()
        time.sleep(0.05)
