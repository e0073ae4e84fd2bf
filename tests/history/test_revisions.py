"""The states of a base: the line of first parents, and what each commit changed."""

from __future__ import annotations

from pathlib import Path

from server.history.revisions import follows, head, newest, origin, states
from tests.history.repositories import commit, git, repository, write


def test_each_commit_that_changed_the_base_is_a_state(tmp_path: Path) -> None:
    root = repository(tmp_path / "base")
    first = commit(root, {"kb/concept/a.ttl": "1", "ontology/akb.ttl": "o"})
    commit(root, {"README.md": "beside"})
    second = commit(root, {"kb/concept/a.ttl": "2", "kb/concept/b ü\n.ttl": "3", "shapes/a.ttl": "s"})
    git(root, "rm", "--quiet", "kb/concept/a.ttl")
    third = commit(root)
    found = list(states(root, head(root)))
    assert [state.revision for state in found] == [first, second, third]
    assert [[(one.path, bool(one.blob)) for one in state.files] for state in found] == [
        [("kb/concept/a.ttl", True), ("ontology/akb.ttl", True)],
        [("kb/concept/a.ttl", True), ("kb/concept/b ü\n.ttl", True)],
        [("kb/concept/a.ttl", False)],
    ]
    assert found[0].author == "A Curator"
    assert found[0].message == "A change"
    assert list(states(root, third, second)) == found[2:]
    assert newest(root, head(root)) == third


def test_a_message_and_a_path_are_never_taken_for_another_commit(tmp_path: Path) -> None:
    root = repository(tmp_path / "base")
    write(root, {"kb/\x01a": "1", "kb/:b": "2"})
    git(root, "add", "--all", ".")
    git(root, "commit", "--quiet", "--message", "One\n\n\x01two\n:100644 three")
    [state] = states(root, head(root))
    assert state.message == "One\n\n\x01two\n:100644 three"
    assert {one.path for one in state.files} == {"kb/\x01a", "kb/:b"}


def test_what_a_merge_brought_came_with_the_merge(tmp_path: Path) -> None:
    root = repository(tmp_path / "base")
    commit(root, {"kb/a.ttl": "1"})
    git(root, "checkout", "--quiet", "-b", "side")
    side = commit(root, {"kb/b.ttl": "2"})
    git(root, "checkout", "--quiet", "main")
    ours = commit(root, {"kb/c.ttl": "3"})
    git(root, "merge", "--quiet", "--no-ff", "--message", "Merge", "side")
    found = list(states(root, head(root)))
    assert [[one.path for one in state.files] for state in found] == [["kb/a.ttl"], ["kb/c.ttl"], ["kb/b.ttl"]]
    assert follows(root, head(root), ours)
    assert not follows(root, head(root), side), "it is no part of the line"


def test_a_line_that_was_rewritten_goes_on_from_nothing(tmp_path: Path) -> None:
    root = repository(tmp_path / "base")
    first = commit(root, {"kb/a.ttl": "1"})
    last = commit(root, {"kb/a.ttl": "2"})
    git(root, "reset", "--quiet", "--hard", first)
    other = commit(root, {"kb/a.ttl": "3"})
    assert follows(root, other, first)
    assert not follows(root, other, last)
    assert not follows(root, other, "0" * 40), "which no repository has"
    assert not follows(root, first, other), "that would go back"


def test_a_link_is_no_file_of_its_own(tmp_path: Path) -> None:
    root = repository(tmp_path / "base")
    commit(root, {"kb/a.ttl": "1", "kb/b.ttl": "2"})
    (root / "kb" / "a.ttl").unlink()
    (root / "kb" / "a.ttl").symlink_to("b.ttl")
    commit(root)
    *_, last = states(root, head(root))
    assert [(one.path, one.blob) for one in last.files] == [("kb/a.ttl", "")]


def test_a_base_in_a_part_of_a_repository_has_its_own_paths(tmp_path: Path) -> None:
    root = repository(tmp_path / "all")
    commit(root, {"kb/other.ttl": "0", "field/kb/a.ttl": "1"})
    [state] = states(root / "field", head(root / "field"))
    assert [one.path for one in state.files] == ["kb/a.ttl"]
    assert origin(root) != origin(root / "field")


def test_without_a_commit_there_is_no_state(tmp_path: Path) -> None:
    assert head(tmp_path) == ""
    assert head(repository(tmp_path / "empty")) == ""


def test_a_shallow_clone_is_another_line_than_a_deeper_one(tmp_path: Path) -> None:
    root = repository(tmp_path / "base")
    for number in range(3):
        commit(root, {"kb/a.ttl": str(number)})
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{root}", "clone")
    clone = tmp_path / "clone"
    shallow = origin(clone)
    assert len(list(states(clone, head(clone)))) == 1
    git(clone, "fetch", "--quiet", "--unshallow")
    assert len(list(states(clone, head(clone)))) == 3
    assert origin(clone) != shallow
