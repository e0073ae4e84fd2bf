"""A full disk is said as such, by every command that writes; nothing is lost, and nothing half-written is left.

A disk of any size cannot be had without rights, so files are not allowed to grow: the system refuses the write in the
middle, as it does on a full disk.
"""

from __future__ import annotations

import errno
import os
import resource
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.build.build import build
from server.build.checksums import damages
from server.build.following import Follower
from server.build.releases import Releases
from server.cli import main as command_line
from server.cli.main import main
from server.errors import DiskFullError, UnreadableError
from server.full_disks import full_disk, is_full
from server.review.changes import write_files
from server.settings import Settings, read_settings
from server.turtle.writer import write_together

TABLE = "class,label,definition,status,sources\nconcept,Reward hacking,Scoring well by a wrong route.,draft,a book\n"
LINK = ("concept:alignment-faking", "extends", "concept:compliance-gap", "--note", "A note.", "--status", "active")


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """Let the system refuse every byte of a file beyond a size."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def akb(root: Path, state: Path, *words: object) -> Result:
    environment = {"AKB_ROOT": str(root), "AKB_STATE": str(state), "AKB_EMBEDDING": "none"}
    return CliRunner(env=environment).invoke(main, [str(word) for word in words])


def contents(*folders: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def own(root: Path, tmp_path: Path) -> Path:
    """A base in which there is something to do for every command, and a folder beside it."""
    path = root / "kb" / "concept" / "alignment-faking.ttl"
    path.write_text(path.read_text().replace(" ;\n", "   ;\n", 1))
    (root / "ontology" / "context.jsonld").write_text("{}")
    (tmp_path / "table.csv").write_text(TABLE)
    for name, text in (("old", "A."), ("ours", "A. Ours."), ("theirs", "A.")):
        (tmp_path / f"{name}.ttl").write_text(f'<urn:a> <urn:definition> "{text * 50}" .\n<urn:a> a <urn:B> .\n')
    (tmp_path / "theirs.ttl").write_text((tmp_path / "theirs.ttl").read_text() + "<urn:a> <urn:c> <urn:d> .\n")
    return root


@pytest.mark.parametrize("size", [0, 20])
@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("new", "concept", "A new idea"), id="new"),
        pytest.param(("link", *LINK), id="link"),
        pytest.param(("fmt",), id="fmt"),
        pytest.param(("generate",), id="generate"),
        pytest.param(("import", "table", "{folder}/table.csv"), id="import"),
        pytest.param(("check", "--only", "syntax", "--format", "json={folder}/report.json"), id="report"),
        pytest.param(("check", "--only", "syntax", "--write-baseline", "{folder}/known.json"), id="baseline"),
        pytest.param(("init", "{folder}/base2"), id="init"),
        pytest.param(
            ("merge-driver", "{folder}/old.ttl", "{folder}/ours.ttl", "{folder}/theirs.ttl", "kb/concept/a.ttl"),
            id="merge",
        ),
    ],
)
def test_a_command_says_that_the_disk_is_full_and_leaves_everything_as_it_was(
    words: tuple[str, ...], size: int, own: Path, tmp_path: Path
) -> None:
    given = [word.format(folder=tmp_path) for word in words]
    before = contents(own, tmp_path)
    with no_file_larger_than(size):
        result = akb(own, tmp_path / "state", *given)
    assert result.exit_code == 3, result.output
    assert "No space left on the disk that holds /" in result.output
    assert "fault" not in result.output
    after = {path: text for path, text in contents(own, tmp_path).items() if tmp_path / "state" not in path.parents}
    assert after == before
    # With the space that was missing it is done.
    assert akb(own, tmp_path / "state", *given).exit_code in {0, 1}
    assert contents(own, tmp_path) != before


@pytest.mark.parametrize("size", [0, 4096, 300_000])
def test_a_build_on_a_full_disk_leaves_the_release_before(size: int, settings: Settings, tmp_path: Path) -> None:
    shutil.copytree(settings.state, tmp_path / "state")
    own = read_settings({"AKB_STATE": str(tmp_path / "state")}, root=settings.root)
    before = contents(own.releases)
    # SQLite calls it an I/O error that a file may not grow, and on a disk that is full it says so.
    with no_file_larger_than(size), pytest.raises((DiskFullError, UnreadableError), match=r"No space left|disk I/O"):
        build(own, force=True)
    assert contents(own.releases) == before
    assert not [path for path in own.releases.iterdir() if path.name.startswith(".")]
    assert not build(own)[1], "the release before is the current one"


def test_a_follower_on_a_full_disk_keeps_its_release(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    here = read_settings({"AKB_STATE": str(tmp_path / "state")}, root=tmp_path / "here", follow=str(settings.releases))
    with no_file_larger_than(50_000), pytest.raises(DiskFullError, match="No space left"):
        Follower(here).take()
    assert Releases(here.releases).current() is None
    assert Follower(here).take() is not None
    [release] = here.releases.glob("[!.]*/")
    assert damages(release) == []


def test_files_that_belong_together_are_written_all_or_none(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "gone").write_text("old")
    before = contents(tmp_path)
    texts = {"a": "new", "b": "new", "c": "x" * 5000, "gone": None}
    with no_file_larger_than(1000), pytest.raises(OSError, match="File too large") as caught:
        write_files(tmp_path, texts)
    assert caught.value.filename == str(tmp_path / "c")
    assert contents(tmp_path) == before
    write_files(tmp_path, texts)
    assert {path.name: text.decode() for path, text in contents(tmp_path).items()} == {
        "a": "new", "b": "new", "c": "x" * 5000,
    }  # fmt: skip


def test_a_file_that_exists_is_whole_when_its_folder_takes_nothing_more(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    with no_file_larger_than(2), pytest.raises(OSError, match="File too large"):
        write_together({tmp_path / "a": "new text"})
    assert contents(tmp_path) == {tmp_path / "a": b"old"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is of Linux")
def test_a_report_to_a_device_that_is_full(own: Path, tmp_path: Path) -> None:
    result = akb(own, tmp_path / "state", "check", "--only", "syntax", "--format", "json=/dev/full")
    assert (result.exit_code, "No space left" in result.output) == (3, True)
    assert Path("/dev/full").is_char_device()


def test_what_counts_as_a_full_disk() -> None:
    full = sqlite3.connect(":memory:")
    full.execute("PRAGMA max_page_count = 2")
    with pytest.raises(sqlite3.Error) as caught:
        full.execute("CREATE TABLE a (b)").execute("INSERT INTO a VALUES (zeroblob(100000))")
    assert is_full(caught.value)
    assert is_full(OSError(errno.ENOSPC, "No space left on device"))
    assert is_full(OSError("IO error: No space left on device: While appending to file: /x/000027.log: No space"))
    assert is_full(OSError("100 requested and 50 written"))
    assert not is_full(OSError(errno.EACCES, "Permission denied"))
    assert not is_full(sqlite3.OperationalError("database is locked"))
    wrapped = RuntimeError("it went wrong")
    wrapped.__cause__ = OSError(errno.EDQUOT, "Disk quota exceeded", "/x/y")
    assert is_full(wrapped)
    assert "the disk that holds /x/y" in full_disk(wrapped).message
    engine = OSError("IO error: No space left on device: While appending to file: /x/000027.log: No space")
    assert "the disk that holds /x/000027.log" in full_disk(engine).message


def test_a_fault_is_reported_even_when_its_log_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(command_line, "gettempdir", lambda: str(tmp_path / "nowhere"))
    monkeypatch.setattr("server.cli.stats.settings_for", lambda _: 1 / 0)
    result = CliRunner().invoke(main, ["stats"])
    assert result.exit_code == 4
    assert "ZeroDivisionError" in result.output
    assert "report it with what is above" in result.output
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - hidden files count
