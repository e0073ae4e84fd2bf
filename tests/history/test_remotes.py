"""Where a base is edited: read from git, for the code hosts that are known, and never from an address with a secret."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.history.remotes import page_of, remote_of
from tests.history.repositories import commit, git, repository

PAGE = "https://github.com/harbour/notes"


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("git@github.com:harbour/notes.git", PAGE),
        ("github.com:harbour/notes", PAGE),
        ("ssh://git@github.com/harbour/notes.git", PAGE),
        ("ssh://git@GitHub.com:22/harbour/notes.git/", PAGE),
        ("https://github.com/harbour/notes.git", PAGE),
        ("git://github.com/harbour/notes", PAGE),
        ("https://gitlab.example/group/sub/notes.git", "https://gitlab.example/group/sub/notes"),
        # Who may write is nobody's business.
        ("https://token@github.com/harbour/notes.git", ""),
        ("https://robot:secret@github.com/harbour/notes.git", ""),
        ("ssh://git:secret@github.com/harbour/notes.git", ""),
        ("https://github.com/harbour/notes.git?token=secret", ""),
        ("alice@github.com:harbour/notes.git", ""),
        # What is no address on the web.
        ("/srv/git/notes.git", ""),
        ("../notes.git", ""),
        ("file:///srv/git/notes.git", ""),
        ("C:\\notes", ""),
        ("https://github.com/notes", ""),
        ("https://github.com/harbour/../notes/x", ""),
        ('https://github.com/harbour/"><script>', ""),
        ("https://[github.com/harbour/notes", ""),
        ("", ""),
    ],
)
def test_the_page_of_a_repository_follows_from_the_address_of_its_remote(address: str, page: str) -> None:
    assert page_of(address) == page


@given(st.from_regex(r"[a-z0-9]{1,8}(:[a-z0-9]{1,8})?", fullmatch=True), st.sampled_from(["https", "http"]))
def test_a_secret_never_comes_out(secret: str, scheme: str) -> None:
    assert page_of(f"{scheme}://{secret}@github.com/harbour/notes.git") == ""


@pytest.mark.parametrize(
    ("remote", "edit"),
    [
        ("git@github.com:a/b.git", "https://github.com/a/b/edit/main/{path}"),
        ("https://gitlab.com/a/b/c.git", "https://gitlab.com/a/b/c/-/edit/main/{path}"),
        ("https://codeberg.org/a/b", "https://codeberg.org/a/b/_edit/main/{path}"),
        ("ssh://git@forgejo.example:2222/a/b.git", "https://forgejo.example/a/b/_edit/main/{path}"),
        ("git@bitbucket.org:a/b.git", "https://bitbucket.org/a/b/src/main/{path}?mode=edit&at=main"),
        ("https://git.example/a/b.git", None),
        ("https://notgithub.com/a/b.git", None),
        ("https://token@github.com/a/b.git", None),
    ],
)
def test_each_code_host_has_its_own_address_of_the_editor(remote: str, edit: str | None, tmp_path: Path) -> None:
    folder = repository(tmp_path)
    git(folder, "checkout", "-q", "-B", "main")
    git(folder, "remote", "add", "origin", remote)
    found = remote_of(folder)
    assert (found and found.edit) == edit


def test_the_branch_is_the_one_that_is_followed_else_that_of_origin(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    git(folder, "checkout", "-q", "-B", "my-work")
    commit(folder, {"base/kb/a.ttl": ""})
    git(folder, "remote", "add", "origin", "https://github.com/a/b")
    git(folder, "remote", "add", "mine", "https://github.com/me/b")
    assert remote_of(folder).edit == "https://github.com/a/b/edit/my-work/{path}"
    git(folder, "update-ref", "refs/remotes/origin/trunk", "HEAD")
    git(folder, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
    assert remote_of(folder).edit == "https://github.com/a/b/edit/trunk/{path}"
    git(folder, "update-ref", "refs/remotes/mine/draft/1", "HEAD")
    git(folder, "branch", "-q", "--set-upstream-to", "mine/draft/1")
    assert remote_of(folder).edit == "https://github.com/me/b/edit/draft/1/{path}"
    # A base may be a folder of its repository.
    assert remote_of(folder / "base").edit == "https://github.com/me/b/edit/draft/1/base/{path}"


def test_without_git_or_a_remote_there_is_none(tmp_path: Path) -> None:
    assert remote_of(tmp_path) is None
    assert remote_of(repository(tmp_path)) is None
