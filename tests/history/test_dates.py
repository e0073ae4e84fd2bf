"""When each file was last changed, as git tells it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from server.history.dates import FileHistory, commit_dates, file_histories
from tests.history.repositories import commit, git, repository, write

A, B = "kb/concept/a.ttl", "kb/concept/b.ttl"


def day(number: int) -> datetime:
    return datetime(2026, 1, number, tzinfo=UTC)


def dates(root: Path) -> dict[str, datetime]:
    return commit_dates(file_histories(root))


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> object:
    """A function that sets the day on which commits are made."""
    return lambda number: monkeypatch.setenv("GIT_COMMITTER_DATE", day(number).isoformat())


def test_a_file_has_the_date_of_the_commit_that_changed_it_last(tmp_path: Path, on: object) -> None:
    folder = repository(tmp_path)
    on(1)
    commit(folder, {A: "a", B: "b", "README.md": "not of the base"})
    on(2)
    commit(folder, {B: "b2"})
    assert dates(folder) == {A: day(1), B: day(2)}


def test_the_base_may_be_a_folder_of_the_repository(tmp_path: Path, on: object) -> None:
    folder = repository(tmp_path)
    on(1)
    commit(folder, {f"base/{A}": "a", A: "another"})
    assert dates(folder / "base") == {A: day(1)}


def test_what_is_not_committed_has_no_date(tmp_path: Path, on: object) -> None:
    folder = repository(tmp_path)
    on(1)
    commit(folder, {A: "a", B: "b"})
    write(folder, {A: "changed", "kb/concept/new.ttl": "new"})
    assert dates(folder) == {B: day(1)}
    git(folder, "add", "--all")
    assert dates(folder) == {B: day(1)}


def test_what_was_removed_and_came_back_has_the_later_date(tmp_path: Path, on: object) -> None:
    folder = repository(tmp_path)
    on(1)
    commit(folder, {A: "a"})
    on(2)
    git(folder, "rm", "--quiet", A)
    commit(folder)
    on(3)
    commit(folder, {A: "a"})
    assert dates(folder) == {A: day(3)}


def test_a_branch_counts_from_its_merge(tmp_path: Path, on: object) -> None:
    folder = repository(tmp_path)
    on(1)
    commit(folder, {A: "a"})
    git(folder, "switch", "--quiet", "--create", "branch")
    on(2)
    commit(folder, {B: "b"})
    git(folder, "switch", "--quiet", "main")
    on(3)
    git(folder, "merge", "--quiet", "--no-ff", "--message", "Merge", "branch")
    assert dates(folder) == {A: day(1), B: day(3)}


@pytest.mark.parametrize("name", ["with space", "caf\u00e9", 'quo"te', "a\nb"])
def test_a_name_may_be_any(name: str, tmp_path: Path, on: object) -> None:
    folder = repository(tmp_path)
    on(1)
    commit(folder, {f"kb/concept/{name}.ttl": "x"})
    assert dates(folder) == {f"kb/concept/{name}.ttl": day(1)}


def test_without_a_history_nothing_has_a_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {A: "a"})
    assert dates(tmp_path) == {}
    assert dates(repository(tmp_path)) == {}
    monkeypatch.setenv("PATH", "")
    assert dates(tmp_path) == {}


def test_a_file_knows_when_it_came_in_when_it_was_changed_and_how_often(tmp_path: Path, on: object) -> None:
    folder = repository(tmp_path)
    for number in (1, 2, 4):
        on(number)
        commit(folder, {A: str(number), **({B: "b"} if number == 2 else {})})
    assert file_histories(folder) == {A: FileHistory(day(1), day(4), 3), B: FileHistory(day(2), day(2), 1)}
    write(folder, {A: "not committed"})
    assert file_histories(folder)[A] == FileHistory(day(1), None, 3)
