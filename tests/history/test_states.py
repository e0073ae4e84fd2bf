"""The state of a base: the same files have the same hash, in a working tree and at a commit."""

from __future__ import annotations

import hashlib
from pathlib import Path

from server.history.states import state_at, state_now
from tests.history.repositories import commit, git, repository, write

FILES = {"kb/concept/a.ttl": "a", "kb/concept/ä b.ttl": "b", "ontology/o.ttl": "o"}


def test_the_hash_is_what_git_says_of_the_files(tmp_path: Path) -> None:
    root = repository(tmp_path) / "base"
    first = commit(root, FILES) if root.mkdir() is None else ""
    listed = git(
        root,
        "-c",
        "core.quotePath=off",
        "ls-tree",
        "-r",
        "--format=%(objectname) %(path)",
        "HEAD",
        "--",
        "kb",
        "ontology",
    )
    state = state_now(root)
    assert state.hash == hashlib.sha256(f"{listed}\n".encode()).hexdigest()
    assert (state.revision, state.is_clean) == (first, True)
    assert state == state_at(root, first)


def test_what_is_changed_has_another_hash_which_it_keeps_when_it_is_committed(tmp_path: Path) -> None:
    root = repository(tmp_path)
    first = commit(root, FILES)
    write(root, {"kb/concept/c.ttl": "c"})
    changed = state_now(root)
    assert (changed.revision, changed.is_clean) == (first, False)
    assert changed.hash != state_at(root, first).hash
    second = commit(root)
    assert state_now(root) == state_at(root, second)
    assert (state_now(root).hash, state_now(root).revision) == (changed.hash, second)


def test_what_does_not_count_makes_no_state(tmp_path: Path) -> None:
    root = repository(tmp_path)
    first = commit(root, FILES)
    commit(root, {"README.md": "x", "shapes/s.ttl": "s", "kb/concept/.hidden": "h", "kb/concept/a.ttl~": "t"})
    assert (state_now(root).hash, state_now(root).is_clean) == (state_at(root, first).hash, True)


def test_without_git_it_has_a_hash_and_no_commit(tmp_path: Path) -> None:
    write(tmp_path / "one", FILES)
    root = repository(tmp_path / "two")
    assert state_now(tmp_path / "one").revision == ""
    write(root, FILES)
    assert state_now(root).revision == ""
    commit(root)
    assert state_now(tmp_path / "one").hash == state_now(root).hash
