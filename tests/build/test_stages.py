"""Releases that share files by hard links: each stays as it was made, whatever becomes of the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.build.build import build
from server.build.checksums import FILE, damages, sha256_of
from server.build.following import Follower
from server.build.releases import Releases
from server.settings import Settings, read_settings
from server.store.embedded import Store

AF = "kb/concept/alignment-faking.ttl"


@pytest.fixture
def own(root: Path, tmp_path: Path) -> Settings:
    (root / "akb.toml").write_text('embedding = "tfidf"\ndownloads = "nt, csv"\n', encoding="utf-8")
    return read_settings({"AKB_STATE": str(tmp_path / "state")}, root=root)


def built(settings: Settings, confidence: str) -> Path:
    """Build a release in which nothing but one confidence is another."""
    path = settings.root / AF
    text = path.read_text()
    old = next(one for one in ("0.8", "0.7", "0.6", "0.5") if f"akb:confidence {one}" in text)
    path.write_text(text.replace(f"akb:confidence {old}", f"akb:confidence {confidence}", 1))
    build(settings)
    release = Releases(settings.releases).current()
    assert release is not None
    return release


def state_of(release: Path) -> dict[str, tuple[int, int, int, str]]:
    """Return of each file its number in the file system, its size, when it was written, and its SHA-256."""
    return {
        path.relative_to(release).as_posix(): (stat.st_ino, stat.st_size, stat.st_mtime_ns, sha256_of(path))
        for path in release.rglob("*")
        if path.is_file() and (stat := path.stat())
    }


def shared(one: Path, other: Path) -> set[str]:
    """Return the names of the files that two releases share."""
    ours, theirs = state_of(one), state_of(other)
    return {name for name in ours.keys() & theirs.keys() if ours[name][0] == theirs[name][0]}


def test_a_shared_file_is_never_written_again_and_outlives_the_release_it_came_from(own: Settings) -> None:
    built(own, "0.8")
    first = built(own, "0.7")
    before = state_of(first)
    second = built(own, "0.6")
    common = shared(first, second)
    assert "similarity/vectors.npy" in common
    assert any(name.startswith("store/") and name.endswith(".sst") for name in common)
    assert not {"release.json", "inputs.json", FILE} & common, "each says something of its own release"
    assert state_of(first) == before, "the build after it wrote none of its files"
    assert (damages(first), damages(second)) == ([], [])
    # What is read, by pages or by the build after it, is not written either.
    opened = Store.open(second / "store", {}, 0)
    assert opened.count(f"{own.namespaces.graph}asserted") > 0
    del opened
    middle = state_of(second)
    third = built(own, "0.5")
    assert not first.exists(), "older than the one before the current one"
    assert state_of(second) == middle
    assert (damages(second), damages(third)) == ([], [])
    assert shared(second, third)


def test_who_follows_gets_every_one_of_them_whole(own: Settings, tmp_path: Path) -> None:
    built(own, "0.8")
    environment = {"AKB_FOLLOW": str(own.releases), "AKB_STATE": str(tmp_path / "reader")}
    reader = read_settings(environment, root=own.root)
    follower = Follower(reader)
    taken: list[Path] = []
    states: list[dict[str, tuple[int, int, int, str]]] = []
    for confidence in ("0.7", "0.6", "0.5"):
        release = built(own, confidence)
        follower.take()
        copy = Releases(reader.releases).current()
        assert copy is not None
        assert copy.name == release.name
        assert damages(copy) == []
        assert {name: one[3] for name, one in state_of(copy).items()} == {
            name: one[3] for name, one in state_of(release).items()
        }
        if taken:
            assert shared(taken[-1], copy), "what is there is not copied again"
            assert state_of(taken[-1]) == states[-1]
        taken.append(copy)
        states.append(state_of(copy))
    assert [path.exists() for path in taken] == [False, True, True]
