"""Revisions by all their names, and what is said when there is none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from server.errors import UsageError
from server.history.git import find_repository, resolve
from tests.history.repositories import commit, git, repository

FILE = {"kb/concept/a.ttl": "a"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = repository(tmp_path / "project")
    commit(folder, FILE)
    commit(folder, {"kb/concept/a.ttl": "b"})
    return folder


def test_a_revision_has_many_names(project: Path) -> None:
    first, last = git(project, "rev-list", "--reverse", "HEAD").split()
    git(project, "tag", "-a", "v1", "-m", "One", first)
    git(project, "branch", "feature/x", first)
    for name in ("HEAD~1", "HEAD^", "v1", "feature/x", first, first[:8], f"{last[:8]}~1", "main@{1}"):
        assert resolve(project, name) == first, name
    assert resolve(project, "HEAD") == resolve(project, "@") == resolve(project, "main") == last


def test_a_tree_is_a_revision_too(project: Path) -> None:
    tree = git(project, "rev-parse", "HEAD^{tree}")
    assert resolve(project, tree) == tree


def test_three_dots_stand_for_where_a_branch_left_off(project: Path) -> None:
    fork = git(project, "rev-parse", "HEAD")
    git(project, "switch", "--quiet", "--create", "topic")
    topic = commit(project, {"kb/concept/b.ttl": "b"})
    git(project, "switch", "--quiet", "main")
    commit(project, {"kb/concept/c.ttl": "c"})
    assert resolve(project, "main...topic") == resolve(project, "topic...") == resolve(project, "...topic") == fork
    git(project, "switch", "--quiet", "--detach", topic)
    assert resolve(project, "main...") == fork


@pytest.mark.parametrize("name", ["nope", "HEAD~9", "f" * 40, "HEAD:kb/concept/a.ttl", "main:nope", "a b", "\x7f", "é"])
def test_an_unknown_revision_is_named(project: Path, name: str) -> None:
    with pytest.raises(UsageError, match="is not a revision of this repository") as caught:
        resolve(project, name)
    assert repr(name) in caught.value.message
    assert "git log" in caught.value.mend


@pytest.mark.parametrize("name", ["", "-x", "--all", "--output=x", "HEAD..main", "a\0b"])
def test_what_can_be_no_revision_does_not_reach_git(project: Path, name: str) -> None:
    with pytest.raises(UsageError, match="is not the name of one revision"):
        resolve(project, name)
    assert not (project / "x").exists()


def test_a_repository_without_commits_has_no_revision(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'HEAD' is not a revision"):
        resolve(repository(tmp_path), "HEAD")


def test_unrelated_histories_have_no_common_ancestor(project: Path) -> None:
    git(project, "switch", "--quiet", "--orphan", "other")
    commit(project)
    with pytest.raises(UsageError, match="main and HEAD have no common ancestor"):
        resolve(project, "main...")


def test_a_shallow_clone_says_how_to_fetch_the_rest(project: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=1", project.as_uri(), "shallow")
    for name in ("HEAD~1", git(project, "rev-parse", "HEAD~1")):
        with pytest.raises(UsageError) as caught:
            resolve(tmp_path / "shallow", name)
        assert "fetch-depth: 0" in caught.value.mend
        assert "git fetch --unshallow" in caught.value.mend
    git(tmp_path / "shallow", "fetch", "--quiet", "--unshallow")
    assert resolve(tmp_path / "shallow", "HEAD~1") == git(project, "rev-parse", "HEAD~1")


def test_a_folder_outside_a_repository_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(UsageError, match="is not in a git repository"):
        find_repository(tmp_path)


def test_a_repository_of_another_user_is_refused_with_the_command_that_trusts_it(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`safe.directory` of git-config(1); git's own tests use this switch to pretend."""
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "true")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    with pytest.raises(UsageError, match="belongs to another user") as caught:
        find_repository(project / "kb")
    assert f"safe.directory {project}" in caught.value.mend


def test_without_git_the_user_is_told_to_install_it(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(project))
    with pytest.raises(UsageError, match="git is not installed"):
        resolve(project, "HEAD")


def test_a_broken_repository_is_no_fault_of_ours(project: Path) -> None:
    (project / ".git" / "config").write_text("[core\n")
    with pytest.raises(UsageError, match="cannot read the repository"):
        find_repository(project)


def test_what_git_tells_a_hook_about_another_folder_is_not_used(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = repository(tmp_path / "other")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    assert find_repository(project / "kb") == project
