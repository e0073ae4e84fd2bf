"""What git ignores is found as git tells it, in a repository or not."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.history.ignored import ignored_in
from tests.history.repositories import git, repository, write

FILES = {
    ".gitignore": "target/\n*.log.ttl\n!kept.log.ttl\n",
    "a.ttl": "",
    "b.log.ttl": "",
    "kept.log.ttl": "",
    "deep/target/c.ttl": "",
    "deep/d.ttl": "",
    "deep/.gitignore": "own.ttl\n",
    "deep/own.ttl": "",
}
IGNORED = {"b.log.ttl", "deep/target/", "deep/own.ttl"}


@pytest.fixture(autouse=True)
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))


def test_a_folder_outside_every_repository_has_its_own_files(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    assert ignored_in(tmp_path) == IGNORED
    assert {path.name for path in tmp_path.iterdir()} == {name.partition("/")[0] for name in FILES}, "nothing is left"


def test_in_a_repository_what_is_tracked_is_not_ignored(tmp_path: Path) -> None:
    repository(tmp_path)
    write(tmp_path, FILES)
    assert ignored_in(tmp_path) == IGNORED
    git(tmp_path, "add", "--force", "b.log.ttl")
    assert ignored_in(tmp_path) == IGNORED - {"b.log.ttl"}
    # Rules of the folders above hold in a folder.
    assert ignored_in(tmp_path / "deep") == {"target/", "own.ttl"}


def test_a_folder_that_is_ignored_itself_is_meant_when_it_is_named(tmp_path: Path) -> None:
    repository(tmp_path)
    write(tmp_path, FILES)
    assert ignored_in(tmp_path / "deep/target") == set()


def test_without_git_nothing_is_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, FILES)
    monkeypatch.setenv("PATH", "")
    assert ignored_in(tmp_path) == set()
