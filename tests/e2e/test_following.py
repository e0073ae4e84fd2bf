"""Readers scale by copies: a real server follows another one, or a folder; and what it does when that goes wrong."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from server.build.checksums import FILE, read_checksums
from server.build.releases import Releases
from server.settings import Settings
from tests.build.made_releases import another, copied
from tests.build.static_files import serving
from tests.conftest import address_of

pytestmark = pytest.mark.slow


@pytest.fixture
def there(settings: Settings, tmp_path: Path) -> Releases:
    """The releases of the build machine: one, by the name `first`."""
    found = copied(settings.releases, tmp_path / "there" / "releases")
    another(found, "first")
    return found


@dataclass
class Server:
    """A server that runs in the background."""

    process: subprocess.Popen[bytes]
    log: Path
    address: str = ""

    def wait(self) -> None:
        self.address = address_of(self.process, self.log)

    def release(self) -> str:
        with urlopen(f"{self.address}healthz", timeout=20) as response:
            return str(json.load(response)["release"])

    def becomes(self, release: str) -> None:
        until(lambda: self.release() == release, lambda: f"{self.release()}, not {release}: {self.log.read_text()}")


def until(holds: Callable[[], bool], told: Callable[[], str]) -> None:
    deadline = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < deadline, told()
        time.sleep(0.05)


@contextmanager
def starting(tmp_path: Path, state: Path, *words: str, **variables: str) -> Iterator[Server]:
    """Start `akb serve` with these words, in an empty folder."""
    empty = tmp_path / "empty"
    empty.mkdir(exist_ok=True)
    log = tmp_path / f"serve-{time.monotonic_ns()}.log"
    environment = os.environ | {"AKB_STATE": str(state), "AKB_FOLLOW_SECONDS": "1"} | variables
    command = [sys.executable, "-m", "server.cli.main", "serve", "--port", "0", *words]
    # The engine is where this test has it, whatever the folder.
    environment["PYTHONPATH"] = str(Path(__file__).parents[2])
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment, cwd=empty)
    try:
        yield Server(process, log)
    finally:
        process.terminate()
        process.wait(timeout=30)


def following(tmp_path: Path, place: str) -> object:
    """Start a server that follows; its root is a folder in which there is nothing."""
    return starting(tmp_path, tmp_path / "copy", "--root", str(tmp_path / "empty"), "--follow", place)


def get(address: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    try:
        with urlopen(Request(address, headers=headers), timeout=20) as response:
            return response.status, response.read(), _lower(response.headers)
    except HTTPError as error:
        with error:
            return error.code, error.read(), _lower(error.headers)


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def test_a_copy_follows_without_dropping_a_request_and_outlives_the_build_machine(
    there: Releases, settings: Settings, tmp_path: Path
) -> None:
    state = there.folder.parent
    (tmp_path / "empty").mkdir()
    with starting(tmp_path, state, "--follow", str(there.folder), AKB_OFFER_RELEASES="yes") as machine:
        machine.wait()
        with following(tmp_path, f"{machine.address}releases/") as copy:  # type: ignore[attr-defined]
            copy.wait()
            assert copy.release() == "first"
            page = "concept/alignment-faking.html"
            assert get(copy.address + page)[:2] == get(machine.address + page)[:2]
            failed: list[object] = []
            answered = 0
            stopped = threading.Event()

            def read() -> None:
                nonlocal answered
                while not stopped.is_set():
                    try:
                        status = get(copy.address + page)[0]
                    except OSError as error:
                        failed.append(error)
                    else:
                        answered += 1
                        failed.extend([status] if status != 200 else [])

            readers = [threading.Thread(target=read) for _ in range(3)]
            for reader in readers:
                reader.start()
            another(there, "second", {"languages.json": "{}"})
            machine.becomes("second")
            copy.becomes("second")
            stopped.set()
            for reader in readers:
                reader.join()
            assert (failed, answered > 0) == ([], True)
            machine.process.kill()
            machine.process.wait(20)
            until(lambda: "Still serving the previous release" in copy.log.read_text(), copy.log.read_text)
            assert get(copy.address + page)[0] == 200
            assert "Release second is here, from http://" in copy.log.read_text()


def test_a_follower_that_is_killed_half_way_goes_on_and_serves_nothing_torn(there: Releases, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with serving(there.folder) as files:
        files.stall = "search.sqlite"
        with following(tmp_path, files.address) as copy:  # type: ignore[attr-defined]
            assert files.stalled.wait(120), copy.log.read_text()
            parts = "copy/followed/*/incoming/*.part"
            until(lambda: any(part.stat().st_size for part in tmp_path.glob(parts)), copy.log.read_text)
            copy.process.kill()
            copy.process.wait(20)
        assert not list(tmp_path.glob("copy/followed/*/releases/*")), "nothing is there before it is whole"
        files.stall = ""
        files.go_on.set()
        before = len(files.asked)
        with following(tmp_path, files.address) as copy:  # type: ignore[attr-defined]
            copy.wait()
            assert copy.release() == "first"
        again = files.asked[before:]
        [ranged] = [asked for path, asked in again if path.endswith("search.sqlite")]
        assert ranged.startswith("bytes="), "it went on where it stopped"
        had = {path for path, _ in files.asked[: before - 1]} - {"/current", f"/first/{FILE}"}
        assert had
        assert had.isdisjoint(path for path, _ in again), "what had come was not fetched again"


def test_a_damaged_release_is_refused_and_the_one_before_is_served(there: Releases, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with following(tmp_path, str(there.folder)) as copy:  # type: ignore[attr-defined]
        copy.wait()
        # It is damaged before the copy can see it.
        aside = shutil.copytree(there.folder, tmp_path / "aside")
        damaged = another(Releases(aside), "second", {"languages.json": '{"a": 1}'})
        (damaged / "languages.json").write_text("{}")
        shutil.move(damaged, there.folder / "second")
        there.pointer.write_text("second\n")
        until(lambda: "is refused" in copy.log.read_text(), copy.log.read_text)
        assert "second/languages.json does not have its checksum" in copy.log.read_text()
        assert copy.release() == "first"
    with following(tmp_path, str(there.folder)) as copy:  # type: ignore[attr-defined]
        # What is there is served when it starts anew, too.
        copy.wait()
        assert copy.release() == "first"
        assert "Using the release before it, of " in copy.log.read_text()


def test_a_wrong_address_ends_with_its_mend(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with serving(tmp_path / "empty") as files:
        with following(tmp_path, files.address + "nowhere") as copy:  # type: ignore[attr-defined]
            assert copy.process.wait(60) == 2
        said = copy.log.read_text()
        assert "has no current: 404" in said
        assert "AKB_OFFER_RELEASES=yes" in said
        assert "Traceback" not in said


def test_releases_are_offered_in_ranges_and_only_where_it_is_set(there: Releases, tmp_path: Path, server: str) -> None:
    assert get(f"{server}releases/current")[0] == get(f"{server}releases/first/{FILE}")[0] == 404
    release = there.folder / "first"
    (tmp_path / "empty").mkdir()
    with starting(tmp_path, there.folder.parent, "--follow", str(there.folder), AKB_OFFER_RELEASES="yes") as machine:
        machine.wait()
        at = f"{machine.address}releases/"
        status, body, headers = get(f"{at}current")
        assert (status, body, headers["cache-control"]) == (200, b"first\n", "no-cache")
        assert get(f"{at}current", **{"If-None-Match": headers["etag"]})[0] == 304
        data = (release / "map.json").read_bytes()
        for accepted in ("identity", "gzip, br"):
            status, body, headers = get(f"{at}first/map.json", **{"Accept-Encoding": accepted})
            assert (status, body, headers["accept-ranges"]) == (200, data, "bytes")
            assert "immutable" in headers["cache-control"]
        tag = headers["etag"]
        assert tag == f'"{read_checksums(release).files["map.json"]}"'
        assert get(f"{at}first/map.json", **{"If-None-Match": tag})[0] == 304
        status, body, headers = get(f"{at}first/map.json", Range="bytes=100-", **{"If-Range": tag})
        assert (status, body, headers["content-range"]) == (206, data[100:], f"bytes 100-{len(data) - 1}/{len(data)}")
        assert get(f"{at}first/map.json", Range="bytes=100-", **{"If-Range": '"other"'})[:2] == (200, data)
        assert get(f"{at}first/map.json", Range=f"bytes={len(data)}-")[0] == 416
        for path in (
            "nowhere/map.json",
            "first/nowhere",
            "first/../current",
            "first/%2e%2e/current",
            "%2e%2e/releases/current",
            "first/store/",
            ".lock/map.json",
        ):
            assert get(at + path)[0] in {400, 404}, path
        assert get(f"{at}first/{FILE}")[1] == (release / FILE).read_bytes()
