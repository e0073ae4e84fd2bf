"""Releases on disk: whole or absent, whatever happens in between."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.build.releases import Releases
from server.errors import NotFoundError, UnreadableError
from server.records.releases import ReleaseInfo
from server.store.embedded import Store
from tests.made import NAMESPACES


def make(releases: Releases, name: str) -> Path:
    building = releases.begin()
    store = Store.create(building / "store", {})
    store.load("<urn:a> <urn:b> <urn:c> .", "urn:g")
    store.finish()
    del store
    return releases.publish(building, ReleaseInfo(name=name, built="2026-11-21T00:00:00Z", fingerprint="f"))


def test_without_a_release_there_is_a_mend(tmp_path: Path) -> None:
    releases = Releases(tmp_path / "releases")
    assert releases.current() is None
    with pytest.raises(NotFoundError) as caught:
        releases.open_current(NAMESPACES, 0)
    assert "akb build" in caught.value.mend


def test_the_last_published_is_current_and_one_older_is_kept(tmp_path: Path) -> None:
    releases = Releases(tmp_path / "releases")
    for name in ("1", "2", "3", "4"):
        assert releases.current() != make(releases, name)
        current = releases.current()
        assert current is not None
        assert current.name == name
    assert sorted(path.name for path in releases.folder.iterdir()) == ["3", "4", "current"]
    info, _, store = releases.open_current(NAMESPACES, 0)
    assert (info.name, len(store)) == ("4", 1)


def test_what_a_killed_build_left_is_never_current_and_is_swept_away(tmp_path: Path) -> None:
    releases = Releases(tmp_path / "releases")
    make(releases, "1")
    left = releases.begin()
    (left / "half").write_text("x")
    assert releases.current() == releases.folder / "1"
    begun = releases.begin()
    assert not left.exists()
    assert begun.exists()


def test_a_pointer_to_what_is_gone_counts_as_no_release(tmp_path: Path) -> None:
    releases = Releases(tmp_path / "releases")
    releases.folder.mkdir()
    releases.pointer.write_text("nowhere\n")
    assert releases.current() is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"name": "x"}', '{"name": "x", "surprise": 1}'])
def test_a_damaged_release_is_named_with_its_mend(tmp_path: Path, text: str) -> None:
    releases = Releases(tmp_path / "releases")
    release = make(releases, "1")
    (release / "release.json").write_text(text)
    with pytest.raises(UnreadableError, match="is damaged") as caught:
        releases.info(release)
    assert "--force" in caught.value.mend


def test_a_release_that_is_held_is_not_removed(tmp_path: Path) -> None:
    releases = Releases(tmp_path / "releases")
    first = make(releases, "1")
    folder, hold, _ = releases.held()
    assert folder == first
    for name in ("2", "3", "4"):
        make(releases, name)
    assert first.is_dir(), "somebody serves it"
    assert sorted(path.name for path in releases.folder.iterdir()) == ["1", "3", "4", "current"]
    del hold
    make(releases, "5")
    assert not first.exists()
