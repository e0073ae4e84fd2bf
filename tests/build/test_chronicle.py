"""The history in a release: what is in it, and that a build goes on from that of the release before."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from server.build import chronicle
from server.build.build import build
from server.build.chronicle import is_current, write_chronicle
from server.build.releases import Releases
from server.errors import UnreadableError
from server.history.revisions import State
from server.knowledge.history import FILE, History
from server.namespaces import Namespaces
from server.records.history import Version
from server.settings import Settings, read_settings
from tests import made_history
from tests.history.repositories import commit, git, repository
from tests.made_history import ADA, BEN, COMMITS, concept

NAMESPACES = Namespaces()
BASE = NAMESPACES.base


@pytest.fixture
def history(travelled_history: History) -> History:
    return travelled_history


def told(versions: list[Version]) -> list[tuple[str, str]]:
    return [(version.commit.subject, version.kind.value) for version in versions]


def written(folder: Path, root: Path, before: Path | None = None) -> History:
    folder.mkdir()
    write_chronicle(folder, before, root, NAMESPACES)
    return History.open(folder)


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[State]]:
    """Note the states that are read."""
    read: list[State] = []
    original = chronicle.states

    def states(*given: str) -> Iterator[State]:
        for state in original(*given):  # type: ignore[arg-type]
            read.append(state)
            yield state

    with monkeypatch.context() as patch:
        patch.setattr(chronicle, "states", states)
        yield read


def test_it_has_each_commit_that_changed_the_base(history: History, travelled: Settings) -> None:
    subjects = [commit.subject for commit in history.commits()]
    assert subjects == [
        made.message.partition("\n")[0] for made in COMMITS if made.message != "Something beside the base"
    ]
    revisions = made_history.revisions(travelled.root)
    assert {commit.revision for commit in history.commits()} < set(revisions)
    assert history.commits()[2].message == "Alpha extends beta\n\nAs everybody knows."
    assert history.authors() == [ADA, BEN]


def test_an_entity_has_a_version_for_each_state_in_which_it_says_something_else(history: History) -> None:
    assert told(history.versions_of(f"{BASE}concept/beta")) == [
        ("Two concepts", "created"),
        ("A better definition of beta", "changed"),
        ("By a clock that is slow", "changed"),
        ("A word in German", "changed"),
    ]


def test_a_file_that_nobody_can_read_says_what_it_said(history: History) -> None:
    assert told(history.versions_of(f"{BASE}concept/gamma")) == [
        ("Gamma, and a note that is shorter", "created"),
        ("It can be read again", "changed"),
        ("Gamma is called delta", "removed"),
    ]


def test_what_goes_and_comes_back_has_the_same_hash(history: History) -> None:
    first, gone, again = history.versions_of(f"{BASE}concept/zeta")
    assert [one.kind.value for one in (first, gone, again)] == ["created", "removed", "created"]
    assert first.hash == again.hash
    assert (gone.hash, gone.ntriples) == ("", "")


def test_states_follow_each_other_though_clocks_go_wrong(history: History) -> None:
    times = [commit.at for commit in history.commits()]
    assert times == sorted(times)


def test_the_state_of_the_last_commit_is_what_the_store_has(history: History, travelled: Settings) -> None:
    _, namespaces, store = Releases(travelled.releases).open_current(travelled.namespaces, 10_000_000)
    last = history.latest()
    assert last is not None
    lines = {line for text in history.state_at(last.revision) for line in text.splitlines()}
    # The store has numbers as values; the files have them as written.
    assert len(lines) == len(store.ntriples(f"{namespaces.graph}asserted").splitlines())


def test_a_build_goes_on_from_the_release_before(
    travelled: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = made_history.copy(travelled.root, tmp_path / "base")
    written(tmp_path / "first", root)
    assert is_current(tmp_path / "first", root)
    with counted(monkeypatch) as read:
        written(tmp_path / "same", root, tmp_path / "first")
    assert not read
    assert (tmp_path / "same" / FILE).samefile(tmp_path / "first" / FILE)
    commit(root, {"kb/concept/beta.ttl": concept("beta", label="B"), "README.md": "Two at once.\n"})
    assert not is_current(tmp_path / "first", root)
    with counted(monkeypatch) as read:
        second = written(tmp_path / "second", root, tmp_path / "same")
    assert len(read) == 1
    anew = written(tmp_path / "anew", root)
    assert second.changes(size=1000) == anew.changes(size=1000)
    assert second.commits() == anew.commits()
    commit(root, {"README.md": "The base is as it was.\n"})
    assert is_current(tmp_path / "second", root)


def test_a_line_that_was_rewritten_is_read_anew(tmp_path: Path) -> None:
    root = repository(tmp_path / "base")
    commit(root, {"kb/concept/a.ttl": concept("a")})
    first = commit(root, {"kb/concept/a.ttl": concept("a", label="A")})
    written(tmp_path / "first", root)
    git(root, "commit", "--quiet", "--amend", "--message", "Said otherwise")
    history = written(tmp_path / "second", root, tmp_path / "first")
    assert [one.subject for one in history.commits()] == ["A change", "Said otherwise"]
    assert first not in {one.revision for one in history.commits()}
    assert len(history.versions_of(f"{BASE}concept/a")) == 2


def test_two_files_of_one_entity_are_one(tmp_path: Path) -> None:
    root = repository(tmp_path / "base")
    prefix = "@prefix concept: <https://w3id.org/alignment-kb/concept/> .\n"
    commit(root, {"kb/concept/a.ttl": f'{prefix}concept:a concept:says "1" .'})
    commit(root, {"kb/other/b.ttl": f'{prefix}concept:a concept:says "2" .'})
    git(root, "mv", "kb/concept/a.ttl", "kb/concept/c.ttl")
    commit(root)
    git(root, "rm", "--quiet", "kb/concept/c.ttl")
    commit(root)
    first, second, third = written(tmp_path / "history", root).versions_of(f"{BASE}concept/a")
    assert [one.ntriples.count("\n") for one in (first, second, third)] == [1, 2, 1]
    assert '"2"' in third.ntriples


def test_nodes_without_a_name_are_the_same_from_state_to_state(tmp_path: Path) -> None:
    root = repository(tmp_path / "base")
    prefix = "@prefix concept: <https://w3id.org/alignment-kb/concept/> .\n"
    commit(root, {"kb/concept/a.ttl": f'{prefix}concept:a concept:has [ concept:says "1" ] .'})
    commit(root, {"kb/concept/b.ttl": f'{prefix}concept:b concept:has [ concept:says "1" ] .'})
    last = commit(root, {"kb/concept/a.ttl": f'{prefix}concept:a concept:has _:x . _:x concept:says "1" .'})
    history = written(tmp_path / "history", root)
    assert len(history.versions_of(f"{BASE}concept/a")) == 1
    lines = "".join(history.state_at(last)).splitlines()
    assert len({line.split(" ")[0] for line in lines if line.startswith("_:")}) == 2


def test_a_base_in_no_repository_has_an_empty_history(tmp_path: Path) -> None:
    history = written(tmp_path / "history", tmp_path / "base")
    assert not history
    assert history.commits() == history.changes() == history.versions_of(f"{BASE}concept/a") == []
    assert is_current(tmp_path / "history", tmp_path / "base")


def test_a_repository_that_lacks_a_file_costs_the_history_alone(
    travelled: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacking(*_: object) -> dict[str, bytes]:
        raise UnreadableError("The repository lacks a file.")

    monkeypatch.setattr(chronicle, "read_blobs", lacking)
    (tmp_path / "history").mkdir()
    note = write_chronicle(tmp_path / "history", None, travelled.root, NAMESPACES)
    assert note == "The repository lacks a file. This release has no history."
    assert not History.open(tmp_path / "history")


def test_a_commit_of_what_is_built_is_built_in(travelled: Settings, tmp_path: Path) -> None:
    root = made_history.copy(travelled.root, tmp_path / "base")
    # It goes on from the release that is there.
    own = read_settings({"AKB_STATE": str(shutil.copytree(travelled.state, tmp_path / "state"))}, root=root)
    (root / "kb" / "concept" / "beta.ttl").write_text(concept("beta", label="B"))
    build(own)
    commit(root)
    info, is_new = build(own)
    release = Releases(own.releases).current()
    assert is_new
    assert release is not None
    assert release.name == info.name
    assert told(History.open(release).versions_of(f"{BASE}concept/beta"))[-1] == ("A change", "changed")
    assert not build(own)[1]
