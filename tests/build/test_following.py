"""A follower takes each release whole or not at all, and fetches nothing twice."""

from __future__ import annotations

import hashlib
import logging
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from server.build.checksums import FILE, damages, read_checksums, write_checksums
from server.build.following import Follower
from server.build.releases import Releases
from server.build.remote_releases import HttpSource
from server.errors import AkbError, NotFoundError, RemoteError, UnreadableError, UsageError
from server.namespaces import Namespaces
from server.settings import Settings, read_settings

from .made_releases import another, copied
from .static_files import StaticFiles, serving


@pytest.fixture
def there(settings: Settings, tmp_path: Path) -> Releases:
    """The releases of another machine, which a test may spoil."""
    return copied(settings.releases, tmp_path / "there")


@pytest.fixture
def files(there: Releases) -> Iterator[StaticFiles]:
    """The same, under an address."""
    with serving(there.folder) as files:
        yield files


def following(place: str, tmp_path: Path, **changes: object) -> Settings:
    """Return the settings of a follower in an empty folder."""
    (tmp_path / "here").mkdir(exist_ok=True)
    found = read_settings({"AKB_STATE": str(tmp_path / "state")}, root=tmp_path / "here", follow=place)
    return replace(found, **changes)  # type: ignore[arg-type]


def follower(files: StaticFiles, tmp_path: Path, **changes: object) -> Follower:
    """Return a follower that waits for nothing."""
    settings = following(files.address, tmp_path, **changes)
    return Follower(settings, HttpSource(files.address, sleep=lambda _: None))


def current(tmp_path: Path) -> str:
    """Return the name of the release that the follower serves."""
    [folder] = (tmp_path / "state" / "followed").iterdir()
    release = Releases(folder / "releases").current()
    assert release is None or damages(release) == []
    return release.name if release else ""


@pytest.mark.parametrize("kind", ["folder", "address"])
def test_each_release_is_taken_once(kind: str, there: Releases, files: StaticFiles, tmp_path: Path) -> None:
    place = str(there.folder) if kind == "folder" else files.address
    settings = following(place, tmp_path)
    told: list[tuple[int, int]] = []
    info = Follower(settings).take(lambda _stage, done, total: told.append((done, total)))
    release = there.current()
    assert release is not None
    assert info == there.info(release)
    size = read_checksums(release).size
    assert (told[0], told[-1], told == sorted(told)) == ((0, size), (size, size), True)
    ours = Releases(settings.releases).current()
    assert ours is not None
    assert {path.relative_to(ours).as_posix(): path.read_bytes() for path in ours.rglob("*") if path.is_file()} == {
        path.relative_to(release).as_posix(): path.read_bytes() for path in release.rglob("*") if path.is_file()
    }
    asked = len(files.asked)
    assert Follower(settings).take() is None
    assert len(files.asked) - asked == (1 if kind == "address" else 0), "no more than which one it is"


def test_files_that_are_here_are_not_fetched_again(there: Releases, files: StaticFiles, tmp_path: Path) -> None:
    one = follower(files, tmp_path)
    one.take()
    another(there, "2", {"languages.json": "[1, 2, 3]"})
    files.asked.clear()
    assert one.take() is not None
    assert sorted(path for path, _ in files.asked) == sorted(
        ["/current", f"/2/{FILE}", "/2/languages.json", "/2/release.json"]
    )
    assert current(tmp_path) == "2"
    [folder] = (tmp_path / "state" / "followed").iterdir()
    names = {path.stat().st_ino for path in folder.glob("releases/*/search.sqlite")}
    assert len(names) == 1, "both releases have the one file"


def test_a_file_that_has_rotted_here_is_fetched_again(there: Releases, files: StaticFiles, tmp_path: Path) -> None:
    one = follower(files, tmp_path)
    one.take()
    [folder] = (tmp_path / "state" / "followed").iterdir()
    [rotten] = folder.glob("releases/*/map.json")
    rotten.write_text("{}")
    another(there, "2")
    assert one.take() is not None
    assert current(tmp_path) == "2"


@pytest.mark.parametrize("has_ranges", [True, False])
def test_an_interrupted_transfer_goes_on(has_ranges: bool, there: Releases, files: StaticFiles, tmp_path: Path) -> None:
    files.has_ranges = has_ranges
    files.cut = {"map.json": 700, "/current": 3, FILE: 100}
    assert follower(files, tmp_path).take() is not None
    ranges = [asked for path, asked in files.asked if path.endswith("map.json")]
    assert ranges == ["", "bytes=700-"]


def test_a_part_that_is_wrong_or_whole_is_found_out(there: Releases, files: StaticFiles, tmp_path: Path) -> None:
    settings = following(files.address, tmp_path)
    incoming = settings.releases.parent / "incoming"
    incoming.mkdir(parents=True)
    release = there.current()
    assert release is not None
    digests = read_checksums(release).files
    (incoming / f"{digests['map.json']}.part").write_bytes(b"x" * 10)
    (incoming / f"{digests['search.sqlite']}.part").write_bytes((release / "search.sqlite").read_bytes())
    assert Follower(settings).take() is not None
    assert current(tmp_path) == release.name


def test_tries_are_bounded_and_waits_grow(files: StaticFiles, tmp_path: Path) -> None:
    waits: list[float] = []
    source = HttpSource(files.address, sleep=waits.append)
    files.fail = {"/current": [503, 500, 429]}
    assert Follower(following(files.address, tmp_path), source).take() is not None
    assert len(waits) == 3
    assert waits == sorted(waits)
    files.fail = {"/current": [503] * 99}
    with pytest.raises(RemoteError, match="cannot be fetched: 503") as caught:
        Follower(following(files.address, tmp_path), source).take()
    assert len(files.fail["/current"]) == 99 - 5
    assert "AKB_OFFER_RELEASES" in caught.value.mend


@pytest.mark.parametrize("path", ["/nowhere/", "/"])
def test_a_wrong_address_is_said_at_once(path: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with serving(tmp_path / "empty") as files:
        address = files.address.rstrip("/") + path
        with pytest.raises(NotFoundError, match="has no current: 404") as caught:
            Follower(following(address, tmp_path)).take()
        assert "AKB_OFFER_RELEASES=yes" in caught.value.mend
        assert len(files.asked) == 1
    with pytest.raises(NotFoundError, match="has no current") as caught:
        Follower(following(str(tmp_path / "empty"), tmp_path)).take()


def refused(there: Releases, files: StaticFiles, tmp_path: Path, **changes: object) -> AkbError:
    """Return why the newest release is refused; the one before must be the current one still."""
    with pytest.raises((UnreadableError, RemoteError)) as caught:
        follower(files, tmp_path, **changes).take()
    assert current(tmp_path) == "good"
    return caught.value


@pytest.fixture
def good(there: Releases, files: StaticFiles, tmp_path: Path) -> Releases:
    """The releases there, of which the follower has one by the name `good`; there is now one by the name `bad`."""
    another(there, "good")
    follower(files, tmp_path).take()
    another(there, "bad", {"languages.json": "[3]"})
    return there


def test_a_damaged_file_is_refused_and_taken_when_it_is_mended(
    good: Releases, files: StaticFiles, tmp_path: Path
) -> None:
    path = good.folder / "bad" / "languages.json"
    path.write_text("[4]")
    assert "bad/languages.json does not have its checksum" in refused(good, files, tmp_path).message
    path.write_text("[3]")
    assert follower(files, tmp_path).take() is not None
    assert current(tmp_path) == "bad"


def rewritten(release: Path, old: str, new: str) -> None:
    (release / FILE).write_text((release / FILE).read_text().replace(old, new))


def test_hostile_and_torn_listings_are_refused(good: Releases, files: StaticFiles, tmp_path: Path) -> None:
    bad = good.folder / "bad"
    listing = (bad / FILE).read_text()
    outside = tmp_path / "outside"
    for name in ("../../outside", str(outside), "store/../../../outside"):
        rewritten(bad, "  map.json", f"  {name}")
        assert "checksums of bad are no such" in refused(good, files, tmp_path).message
        (bad / FILE).write_text(listing)
    (bad / FILE).write_text(listing[: len(listing) // 2])
    assert "checksums of bad are no such" in refused(good, files, tmp_path).message
    (bad / FILE).write_text("<html>\n")
    assert "checksums of bad are no such" in refused(good, files, tmp_path).message
    (bad / FILE).write_text(f"# 1 files, 9 bytes\n{'a' * 64}  map.json\n")
    assert "has no release.json" in refused(good, files, tmp_path).message
    for name in ("../bad", ".", "", "a\nb", "/etc"):
        good.pointer.write_text(name)
        assert "does not name a release" in refused(good, files, tmp_path).message
    assert not outside.exists()


def test_sizes_are_held(good: Releases, files: StaticFiles, tmp_path: Path) -> None:
    bad = good.folder / "bad"
    found = read_checksums(bad)
    assert found.size > 1 << 20
    assert "raise AKB_FOLLOW_MB" in refused(good, files, tmp_path, follow_mb=1).mend
    rewritten(bad, f"{found.size} bytes", "10 bytes")
    assert "more" in refused(good, files, tmp_path).message
    good.pointer.write_text("x" * 2000)
    assert "more than 1,000 bytes" in refused(good, files, tmp_path).message
    good.pointer.write_text("bad")
    rewritten(bad, "10 bytes", "999999999999999999 bytes")
    assert "the disk has" in refused(good, files, tmp_path, follow_mb=10**12).message


def test_what_is_no_release_of_this_base_is_refused(good: Releases, files: StaticFiles, tmp_path: Path) -> None:
    found = refused(good, files, tmp_path, namespaces=Namespaces("https://example.org/kb/"))
    assert ("not of the base" in found.message, "AKB_BASE" in found.mend) == (True, True)
    bad = good.folder / "bad"
    (bad / "store" / "CURRENT").write_text("MANIFEST-999999\n")
    write_checksums(bad)
    assert "another version of akb" in refused(good, files, tmp_path).message
    shutil.copy(good.folder / "good" / "store" / "CURRENT", bad / "store" / "CURRENT")
    shutil.copy(good.folder / "good" / "release.json", bad / "release.json")
    write_checksums(bad)
    assert "calls itself 'good'" in refused(good, files, tmp_path).message


def test_a_release_that_goes_while_it_is_fetched_gives_way_to_the_newer(
    there: Releases, files: StaticFiles, tmp_path: Path
) -> None:
    another(there, "2")
    (there.folder / "2" / "map.json").unlink()

    def publish_another(_stage: str, _done: int, _total: int) -> None:
        if not (there.folder / "3").exists():
            there.pointer.write_text(f"{first.name}\n")
            another(there, "3")

    [first] = [path for path in there.folder.iterdir() if path.is_dir() and path.name != "2"]
    info = follower(files, tmp_path).take(publish_another)
    assert (info is not None, current(tmp_path)) == (True, "3")


def test_a_folder_that_cannot_be_written_is_said(files: StaticFiles, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file, not a folder")
    with pytest.raises(UsageError, match="cannot be written: Not a directory") as caught:
        follower(files, tmp_path).take()
    assert str(tmp_path / "state") in caught.value.message
    assert "AKB_STATE" in caught.value.mend


def test_the_loop_logs_a_fault_once_and_goes_on(
    good: Releases, files: StaticFiles, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (good.folder / "bad" / "languages.json").write_text("[4]")
    one = follower(files, tmp_path, follow_seconds=0.01)
    stopped, looked = threading.Event(), threading.Event()
    take, tries = one.take, 0

    def counted() -> object:
        nonlocal tries
        tries += 1
        if tries == 4:
            (good.folder / "bad" / "languages.json").write_text("[3]")
        if tries == 6:
            looked.set()
            stopped.set()
        return take()

    one.take = counted  # type: ignore[method-assign]
    with caplog.at_level(logging.INFO, "akb.follow"):
        thread = threading.Thread(target=one.run, args=(stopped,))
        logging.getLogger("akb.follow").addHandler(caplog.handler)
        thread.start()
        assert looked.wait(60)
        thread.join(60)
    logging.getLogger("akb.follow").removeHandler(caplog.handler)
    said = list(dict.fromkeys(record.getMessage() for record in caplog.records))
    assert len(said) == 2
    assert "is refused" in said[0]
    assert said[1] == f"Release bad is here, from {files.address}"
    assert current(tmp_path) == "bad"


def test_what_is_followed_has_a_folder_of_its_own(tmp_path: Path, settings: Settings) -> None:
    own = read_settings({"AKB_STATE": str(tmp_path)}, root=settings.root)
    ends = [
        read_settings({"AKB_STATE": str(tmp_path), "AKB_FOLLOW": url}, root=tmp_path)
        for url in ("http://a/x", "http://a/x/")
    ]
    assert ends[0].follow == ends[1].follow == "http://a/x/"
    mark = hashlib.sha256(b"http://a/x/").hexdigest()[:16]
    assert ends[0].releases == ends[1].releases == tmp_path / "followed" / mark / "releases"
    assert own.releases == tmp_path / "releases"
