"""A release is whole or it is not served: whatever byte of whatever file a disk or a hand has changed."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from server.build import checksums
from server.build.build import build
from server.build.checksums import damages, must_be_whole
from server.build.following import Follower
from server.build.releases import Releases
from server.cli.build import release_to_read
from server.errors import AkbError, BuildError, NotFoundError, UnreadableError
from server.settings import Settings, read_settings
from tests.build.made_releases import another, copied
from tests.thorough import examples, part


def truncated(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def flipped(path: Path) -> None:
    flip(path, path.stat().st_size * 4)


def flip(path: Path, bit: int) -> None:
    """Flip a bit of a file; one that is empty gets a byte."""
    data = bytearray(path.read_bytes() or b"\0")
    data[bit // 8 % len(data)] ^= 1 << bit % 8
    path.write_bytes(data)


def missing(path: Path) -> None:
    path.unlink()


@pytest.fixture(scope="module")
def pair(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Releases:
    """Two releases with the same content: `before`, and `new`, which is the current one."""
    releases = copied(settings.releases, tmp_path_factory.mktemp("pair") / "releases")
    another(releases, "before")
    another(releases, "new")
    assert {path.name for path in releases.folder.iterdir()} == {"before", "new", "current"}
    return releases


@contextmanager
def spoilt(path: Path, spoil: Callable[[Path], None]) -> Iterator[bool]:
    """Spoil a file for a while; yield whether that changed anything."""
    kept = path.read_bytes()
    spoil(path)
    try:
        yield not path.exists() or path.read_bytes() != kept
    finally:
        path.write_bytes(kept)


def refusal(folder: Path) -> str:
    """Return why the newest release is not the one to read; the one before must take its place."""
    release, _hold, refused = Releases(folder).held()
    assert release.name == ("before" if refused else "new")
    return refused


@pytest.mark.parametrize("spoil", [truncated, flipped, missing])
def test_every_file_that_is_damaged_makes_the_one_before_be_served(
    spoil: Callable[[Path], None], pair: Releases
) -> None:
    files = sorted(path for path in (pair.folder / "new").rglob("*") if path.is_file())
    names = {path.name for path in files}
    assert names >= {"release.json", "map.json", "search.sqlite", "answers.sqlite", "vectors.npy", "CURRENT"}, names
    assert any(name.startswith("MANIFEST") for name in names)
    assert any(name.endswith(".sst") for name in names)
    # Of each file something is changed; of one in three, besides, something is lacking.
    for path in files if spoil is flipped else part(files, len(files) // 3):
        with spoilt(path, spoil) as changed:
            refused = refusal(pair.folder)
            assert bool(refused) == changed, path
            if changed and path.name not in {"checksums", "release.json"}:
                assert path.name in refused
            if changed and path.name == "release.json" and spoil is not missing:
                assert path.name in refused
    assert refusal(pair.folder) == ""


@pytest.mark.parametrize("spoil", [truncated, flipped, missing])
def test_a_pointer_that_is_damaged_names_no_release(spoil: Callable[[Path], None], pair: Releases) -> None:
    with spoilt(pair.pointer, spoil):
        release, _hold, refused = Releases(pair.folder).held()
        assert release.name == "new", "the newest by its name"
        assert "names no release" in refused


@hypothesis_settings(
    max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(choice=st.integers(0), bit=st.integers(0, 1 << 40))
def test_any_bit_of_any_file(choice: int, bit: int, pair: Releases) -> None:
    files = sorted(path for path in (pair.folder / "new").rglob("*") if path.is_file())
    path = files[choice % len(files)]
    with spoilt(path, lambda one: flip(one, bit)):
        assert refusal(pair.folder)


def test_of_a_large_release_the_sizes_of_all_and_the_smallest_files_are_verified(
    pair: Releases, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = pair.folder / "new"
    largest = max((path for path in release.rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)
    monkeypatch.setattr(checksums, "AT_OPENING", largest.stat().st_size // 2)
    with spoilt(largest, flipped):
        must_be_whole(release)
        assert [damage.path for damage in damages(release)] == [largest.relative_to(release).as_posix()]
    for path, spoil in ((largest, truncated), (largest, missing), (release / "release.json", flipped)):
        with spoilt(path, spoil), pytest.raises(UnreadableError, match=f"{path.name}: it"):
            must_be_whole(release)


def test_when_all_are_damaged_that_is_said(pair: Releases) -> None:
    with spoilt(pair.folder / "new" / "map.json", flipped), spoilt(pair.folder / "before" / "map.json", missing):
        with pytest.raises(UnreadableError, match=r"release new is damaged: map\.json") as caught:
            Releases(pair.folder).held()
        assert "akb build" in caught.value.mend
        with spoilt(pair.pointer, truncated), pytest.raises(NotFoundError):
            Releases(pair.folder).held()


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Settings:
    """Settings with a copy of the release of the small base, in a state of its own that remembers its build."""
    shutil.copytree(settings.state, tmp_path / "state")
    return read_settings({"AKB_STATE": str(tmp_path / "state")}, root=settings.root)


def test_a_damaged_new_release_is_refused_and_its_server_says_so(
    own: Settings, make_app: Callable[[Settings], Flask], caplog: pytest.LogCaptureFixture
) -> None:
    client = make_app(own).test_client()
    before = client.get("/readyz").json
    assert before is not None
    assert before.keys() == {"status", "release"}
    releases = Releases(own.releases)
    new = another(releases, "new")
    flipped(new / "search.sqlite")
    with caplog.at_level(logging.ERROR):
        for _ in range(2):
            assert client.get("/concept/alignment-faking.html").status_code == 200
            assert client.get("/search?q=faking").status_code == 200
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 1, said
    assert f"Still serving the release {before['release']}: The release new is damaged: search.sqlite" in said[0]
    ready = client.get("/readyz").json
    assert ready is not None
    assert (ready["status"], ready["release"]) == ("ready", before["release"])
    assert "search.sqlite" in ready["refused"]
    another(releases, "newer", like=own.releases / before["release"])
    assert client.get("/readyz").json == {"status": "ready", "release": "newer"}
    assert not new.exists(), "the one before that can be served is retained, not the damaged one"


def test_a_server_that_starts_with_a_damaged_release_serves_the_one_before(
    own: Settings, make_app: Callable[[Settings], Flask]
) -> None:
    releases = Releases(own.releases)
    before = releases.current()
    assert before is not None
    truncated(another(releases, "9") / "store" / "CURRENT")
    client = make_app(own).test_client()
    assert client.get("/concept/alignment-faking.html").status_code == 200
    ready = client.get("/readyz").json
    assert ready is not None
    assert ready["release"] == before.name
    assert "store/CURRENT" in ready["refused"]


def test_a_build_does_not_start_from_a_damaged_release(own: Settings) -> None:
    before = Releases(own.releases).current()
    assert before is not None
    flipped(before / "map.json")
    notes: list[str] = []
    info, made = build(own, on_note=notes.append)
    assert made, "nothing has changed, and it is built all the same"
    assert "map.json" in notes[0]
    current = Releases(own.releases).current()
    assert current is not None
    assert current.name == info.name
    assert damages(current) == []
    assert build(own)[1] is False


def test_what_a_build_saved_for_the_next_is_not_used_when_it_is_damaged(own: Settings, tmp_path: Path) -> None:
    root = shutil.copytree(own.root, tmp_path / "base")
    own = replace(own, root=root)
    build(own, force=True)
    for saved in (*own.state.glob("rows-*"), *own.state.glob("names-*"), *own.state.glob("inferred-*")):
        saved.write_text(saved.read_text().replace("alignment", "misalignment"))
    path = root / "kb" / "concept" / "alignment-faking.ttl"
    path.write_text(path.read_text().replace('definition "', 'definition "Anew: ', 1))
    build(own)
    current = Releases(own.releases).current()
    assert current is not None
    for file in ("map.json", "search.sqlite", "lookups.sqlite"):
        assert b"misalignment-faking" not in (current / file).read_bytes()


def test_when_the_base_must_be_mended_too_the_one_before_is_read(
    own: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    releases = Releases(own.releases)
    missing(another(releases, "9") / "gaps.json")

    def fail(_: Settings) -> None:
        raise BuildError("The base has 1 violation; no release was made.", "fix the findings.")

    release_to_read(own, fail)
    said = capsys.readouterr().err
    assert "The release 9 is damaged: gaps.json: it is missing" in said
    assert "Using the release before it" in said
    shutil.rmtree(own.releases)
    with pytest.raises(AkbError, match="1 violation"):
        release_to_read(own, fail)


def test_a_follower_takes_a_damaged_release_again(settings: Settings, tmp_path: Path) -> None:
    there = copied(settings.releases, tmp_path / "there")
    (tmp_path / "here").mkdir()
    here = read_settings({"AKB_STATE": str(tmp_path / "state")}, root=tmp_path / "here", follow=str(there.folder))
    assert Follower(here).take() is not None
    [release] = here.releases.glob("[!.]*/")
    flipped(release / "search.sqlite")
    assert Follower(here).take() is not None
    assert damages(release) == []
    assert json.loads((release / "release.json").read_text())["name"] == release.name
    assert Follower(here).take() is None
