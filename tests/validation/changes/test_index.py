"""The index keeps what files say, whatever happens to it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from server.build.sources import without
from server.errors import UsageError
from server.namespaces import Namespaces
from server.records.pool import Pool
from server.schema.reading import schema_of
from server.turtle.base import IndexedFile
from server.turtle.reader import empty_base, read_base
from server.validation.changes import checking
from server.validation.changes import index as changes_index
from server.validation.changes.index import DamagedError, Index, open_index
from server.validation.check import check
from tests.made import NAMESPACES
from tests.pools import PicklingPool

AF = "kb/concept/alignment-faking.ttl"
IRI = NAMESPACES.expand("concept:alignment-faking")


def refreshed(root: Path, path: Path) -> dict[str, int]:
    """Bring the index in line with a base; return the number of each file's row, which changes when it is read anew."""
    with open_index(path, NAMESPACES) as index:
        index.refresh(root)
    with sqlite3.connect(path) as database:
        return dict(database.execute("SELECT path, id FROM file"))


def test_it_says_what_the_files_say(root: Path, tmp_path: Path) -> None:
    base = read_base(root, NAMESPACES)
    with open_index(tmp_path / "index", NAMESPACES) as index:
        index.refresh(root)
        [block] = index.about([IRI])
        assert (block.file, block.subject) == (AF, IRI)
        assert len(block.statements) == len(
            list(base.asserted.predicate_objects(next(node for node in base.asserted.subjects() if str(node) == IRI)))
        )
        naming = {block.subject for block in index.naming([IRI])}
        assert naming == {str(s) for s, _, o in base.asserted if str(o) == IRI}
        assert len(index.entities()) == 62
        assert index.unreadable() == []
        assert not index.speaks_of_logic()


def test_a_base_whose_files_stay_in_the_index_is_the_base(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What its files say is there as often as it is asked for, and damage is noticed whenever it comes."""
    (root / "kb/concept/bad.ttl").write_text("not Turtle")
    empty = empty_base(root, NAMESPACES)
    with open_index(tmp_path / "index", NAMESPACES) as index:
        index.refresh(root)
        held = checking.indexed_base(empty, index)
        monkeypatch.setattr(checking, "IN_MEMORY", len(held.ntriples) // 2)
        base = checking.indexed_base(empty, index)
        lazy = [file for file in base.files if isinstance(file, IndexedFile)]
        assert 0 < len(lazy) < len(base.files)
        for _ in range(2):
            assert list(base.pieces) == list(held.pieces)
        assert [file.path for file in base.files] == [file.path for file in held.files]
        assert (base.pieces.size, base.unreadable) == (len(held.ntriples), held.unreadable)
        schema = schema_of(base)
        assert check(base, schema) == check(held, schema)
        left = without(base, {IRI}).ntriples
        assert f"<{IRI}>" not in left
        assert left == without(held, {IRI}).ntriples
        index.begin()
        index._database.execute("UPDATE block SET text = text || ' '")
        with pytest.raises(DamagedError):
            lazy[-1].ntriples  # noqa: B018 - it is read there


def test_a_pool_reads_what_is_read_here(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where a file cannot be read, one is no Turtle, and there are more parts than are sent at once."""
    monkeypatch.setattr(changes_index, "_PART", 20_000)
    monkeypatch.setattr(changes_index, "_PARTS", 3)
    (root / "kb/concept/bad.ttl").write_text("not Turtle")
    (root / "kb/notes.txt").write_text("no Turtle either")
    pool = PicklingPool()

    def held(name: str, pool: Pool | None) -> list[list[tuple[object, ...]]]:
        with open_index(tmp_path / name, NAMESPACES) as index:
            for text in ("", "\n"):
                (root / AF).write_text((root / AF).read_text() + text)
                index.begin()
                index.update(root, pool=pool)
                index.commit()
        with sqlite3.connect(tmp_path / name) as database:
            tables = ("file", "block", "found", "tagged")
            return [database.execute(f"SELECT * FROM {table}").fetchall() for table in tables]

    text = (root / AF).read_text()
    here = held("here", None)
    (root / AF).write_text(text)
    assert held("pool", pool) == here
    assert len(pool.sizes) > 1, "in more than one round"
    assert max(map(len, pool.sizes)) == 3


def test_only_what_changed_is_read_anew(root: Path, tmp_path: Path) -> None:
    """A file is known by its content, not by its time."""
    before = refreshed(root, tmp_path / "index")
    (root / AF).touch()
    assert refreshed(root, tmp_path / "index") == before
    (root / AF).write_text((root / AF).read_text() + "\n")
    (root / "kb/method/rlhf.ttl").unlink()
    (root / "kb/concept/new.ttl").write_text("not Turtle")
    after = refreshed(root, tmp_path / "index")
    assert {path for path in before if before[path] != after.get(path)} == {AF, "kb/method/rlhf.ttl"}
    assert after.keys() - before.keys() == {"kb/concept/new.ttl"}
    with open_index(tmp_path / "index", NAMESPACES) as index:
        assert index.unreadable() == ["kb/concept/new.ttl"]


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_what_is_no_index_gives_way_to_one(content: bytes, root: Path, tmp_path: Path) -> None:
    path = tmp_path / "index"
    path.write_bytes(content)
    for _ in range(2):
        try:
            assert len(refreshed(root, path)) == 63
        except DamagedError:
            assert not path.exists()
        else:
            return
    pytest.fail("the second attempt starts anew")


def test_damage_in_a_block_is_noticed(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "index"
    refreshed(root, path)
    content = path.read_bytes()
    assert b"Alignment Faking" in content
    path.write_bytes(content.replace(b"Alignment Faking", b"Alignment Fooking"[:16]))
    with pytest.raises(DamagedError), open_index(path, NAMESPACES) as index:
        index.about([IRI])
    assert not path.exists()


def test_an_index_of_another_kind_is_made_anew(root: Path, tmp_path: Path) -> None:
    refreshed(root, tmp_path / "index")
    with open_index(tmp_path / "index", Namespaces("http://kb.example/")) as index:
        assert index.ids() == {}
        index.refresh(root)
        assert index.entities() != []


def _refresh(root: Path, path: Path) -> None:
    with open_index(path, NAMESPACES) as index:
        index.refresh(root)


def test_two_at_once_wait_for_each_other(root: Path, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_refresh, args=(root, tmp_path / "index")) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * 4
    assert len(refreshed(root, tmp_path / "index")) == 63


def test_one_that_is_killed_leaves_what_was_there(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "index"
    before = refreshed(root, path)
    (root / AF).unlink()
    code = (
        "import os, pathlib, sys, time\n"
        "from server.namespaces import Namespaces\n"
        "from server.validation.changes.index import open_index\n"
        "def stop(_stage, done, _total):\n"
        "    if done == 30: print('here', flush=True); time.sleep(60)\n"
        "with open_index(pathlib.Path(sys.argv[2]), Namespaces()) as index:\n"
        "    index.refresh(pathlib.Path(sys.argv[1]), stop)\n"
    )
    command = [sys.executable, "-c", code, str(root), str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"here\n"
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    time.sleep(0.01)
    with open_index(path, NAMESPACES) as index:
        assert index.ids().keys() == before.keys()
    assert refreshed(root, path).keys() == before.keys() - {AF}


def test_two_files_that_speak_of_one_subject_are_two_blocks(root: Path, tmp_path: Path) -> None:
    (root / "kb/concept/x.ttl").write_text(f"<{IRI}> <urn:p> [ <urn:q> <{IRI}> ] .")
    with open_index(tmp_path / "index", NAMESPACES) as index:
        index.refresh(root)
        assert [block.file for block in index.about([IRI])] == [AF, "kb/concept/x.ttl"]
        assert "kb/concept/x.ttl" in {block.file for block in index.naming([IRI])}


def test_an_index_that_cannot_be_written_is_said_to_be_so(root: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(UsageError, match="file cannot be written"),
        open_index(tmp_path / "file" / "index", NAMESPACES) as index,
    ):
        assert isinstance(index, Index)


def test_an_index_in_memory_leaves_nothing(root: Path) -> None:
    for _ in range(2):
        with open_index(None, NAMESPACES) as index:
            assert not index.ids()
            index.refresh(root)
            assert index.ids()
