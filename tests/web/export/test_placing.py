"""The folder of an export is replaced as a whole, and what has not changed is not written."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.errors import UsageError
from server.web.export.placing import Export, beside, count_written, must_be_free, put, read_export, swap, write_mark

EXPORT = Export("release", "https://example.org/", 1, 2, 3)


def test_a_folder_of_others_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "site"
    must_be_free(folder)
    folder.mkdir()
    must_be_free(folder)
    (folder / "letter.txt").write_text("dear")
    with pytest.raises(UsageError, match="not of an export"):
        must_be_free(folder)
    write_mark(folder, EXPORT)
    must_be_free(folder)
    assert read_export(folder) == EXPORT
    (folder / "akb-export.json").write_text("[]")
    assert read_export(folder) is None
    with pytest.raises(UsageError, match="not a folder"):
        must_be_free(folder / "letter.txt")
    link = tmp_path / "link"
    link.symlink_to(folder)
    with pytest.raises(UsageError, match="not a folder"):
        must_be_free(link)
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    with pytest.raises(UsageError, match="in which you are"):
        must_be_free(here)


def test_what_is_as_before_keeps_its_date_and_the_old_folder_its_content(tmp_path: Path) -> None:
    before, made = tmp_path / "before", tmp_path / "made"
    put(b"same", "a/same.txt", before, None)
    put(b"old", "a/other.txt", before, None)
    for content, file in ((b"same", "a/same.txt"), (b"new", "a/other.txt"), (b"new", "new.txt")):
        put(content, file, made, before)
    # What was a second name for a while is not written through.
    put(b"changed", "a/same.txt", made, before)
    assert (before / "a/same.txt").read_bytes() == b"same"
    put(b"same", "a/same.txt", made, before)
    assert (before / "a/same.txt").samefile(made / "a/same.txt")
    assert (before / "a/other.txt").read_bytes() == b"old"
    assert count_written(["a/same.txt", "a/other.txt", "new.txt"], made, before) == 2
    assert count_written(["a/same.txt"], made, None) == 1


def test_a_run_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    put(b"old", "index.html", folder, None)

    def fail() -> None:
        with beside(folder) as place:
            put(b"new", "index.html", place / "site", folder)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    with beside(folder) as place:
        put(b"new", "index.html", place / "site", folder)
        swap(place / "site", folder)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    assert (folder / "index.html").read_bytes() == b"new"
