"""What is staged is written out as the next commit will have it."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.errors import UsageError
from server.history.staged import staged_copy
from tests.history.repositories import commit, git, repository, write


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_index_is_written_out_and_nothing_else(tmp_path: Path) -> None:
    top = repository(tmp_path / "r")
    commit(top, {"data/a.ttl": "old", "data/gone.ttl": "x", "other/b.ttl": "x"})
    write(top, {"data/a.ttl": "staged", "data/new file.ttl": "staged"})
    git(top, "add", ".")
    git(top, "rm", "--quiet", "data/gone.ttl")
    write(top, {"data/a.ttl": "not staged", "data/unknown.ttl": "x"})
    with staged_copy(top / "data", [top / "data"]) as (found, copy):
        assert found == top
        assert names(copy) == {"data/a.ttl", "data/new file.ttl"}
        assert (copy / "data/a.ttl").read_text() == "staged"
    assert not copy.exists()


def test_in_a_hook_it_is_what_git_is_about_to_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # githooks(5): `git commit FILE` prepares an index of its own, and names it in GIT_INDEX_FILE.
    top = repository(tmp_path / "r")
    commit(top, {"a.ttl": "old", "b.ttl": "old"})
    write(top, {"a.ttl": "new", "b.ttl": "new"})
    git(top, "add", "b.ttl")
    seen = tmp_path / "seen"
    hook = top / ".git/hooks/pre-commit"
    hook.write_text(f'#!/bin/sh\necho "$GIT_INDEX_FILE" > {seen}\ncp "$GIT_INDEX_FILE" .git/kept-index\n')
    hook.chmod(0o755)
    git(top, "commit", "--quiet", "--message", "x", "--only", "a.ttl")
    assert Path(top, seen.read_text().strip()).name != "index"
    monkeypatch.setenv("GIT_INDEX_FILE", str(top / ".git/kept-index"))
    with staged_copy(top, [top]) as (_, copy):
        assert {name: (copy / name).read_text() for name in names(copy)} == {"a.ttl": "new", "b.ttl": "old"}
    # The index of another repository says nothing of this one.
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "elsewhere"))
    with staged_copy(top, [top]) as (_, copy):
        assert (copy / "b.ttl").read_text() == "new"


def test_a_conflict_a_place_outside_and_no_repository_are_wrong_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = repository(tmp_path / "r")
    commit(top, {"a.ttl": "one"})
    git(top, "switch", "--quiet", "--create", "other")
    commit(top, {"a.ttl": "two"})
    git(top, "switch", "--quiet", "main")
    commit(top, {"a.ttl": "three"})
    with pytest.raises(AssertionError):
        git(top, "merge", "--quiet", "other")
    with pytest.raises(UsageError, match="conflict"), staged_copy(top, [top]):
        pass
    with pytest.raises(UsageError, match="is not in the repository"), staged_copy(top, [tmp_path]):
        pass
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(UsageError, match="not in a git repository"), staged_copy(tmp_path, [tmp_path]):
        pass
