"""States of the past that can be asked: kept ones, and which are built, within what limits. No state is built here."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import pytest
from filelock import FileLock

from server.build import past
from server.build.past import BeingBuiltError, PastStates, make_room, read_spent, size_of
from server.build.releases import Releases
from server.engine import engine_fingerprint
from server.errors import NotFoundError
from server.records.moments import BaseMoment
from server.records.releases import ReleaseInfo
from server.settings import Settings, read_settings
from tests import made_history

AT = datetime(2026, 1, 4, tzinfo=UTC)


class Started:
    """Stands for the process of a build, which is begun and never does anything."""

    commands: ClassVar[list[Sequence[str]]] = []
    stdin = None

    def __init__(self, command: Sequence[str], **_: object) -> None:
        self.commands.append(command)

    def poll(self) -> int:
        return 0

    def wait(self) -> int:
        return 0


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """The builds that are begun."""
    monkeypatch.setattr(Started, "commands", [])
    stand_in = SimpleNamespace(Popen=Started, DEVNULL=subprocess.DEVNULL, PIPE=subprocess.PIPE)
    monkeypatch.setattr(past, "subprocess", stand_in)
    return Started.commands


@pytest.fixture
def of_then(travelled: Settings, tmp_path: Path) -> Settings:
    """Settings for the base with a history, and an empty folder of state."""
    return replace(travelled, state=tmp_path / "state")


def revision(settings: Settings) -> str:
    return made_history.revisions(settings.root)[3]


def release(releases: Releases, name: str, **more: object) -> Path:
    building = releases.begin()
    (building / "file").write_bytes(b"x" * 1000)
    return releases.publish(building, ReleaseInfo(name=name, built="2026-01-05T00:00:00Z", fingerprint="f", **more))


def test_a_kept_release_is_found_by_its_commit_or_its_hash(of_then: Settings, begun: list[Sequence[str]]) -> None:
    releases = Releases(of_then.releases, 5)
    clean = release(releases, "1", state="s1", revision="r1", is_clean=True)
    dirty = release(releases, "2", state="s2", revision="r1")
    states = PastStates(of_then)
    assert states.find(BaseMoment(AT, "r1")).release == clean
    assert states.find(BaseMoment(AT, "r1", "s2")).release == dirty
    assert states.find(BaseMoment(AT, "", "s1")).release == clean
    assert [info.name for _, info in states.kept()] == ["2", "1"]
    with pytest.raises(NotFoundError, match="no commit has it"):
        states.find(BaseMoment(AT, "", "s3"))
    assert begun == []


def test_as_many_releases_are_kept_as_is_said(tmp_path: Path) -> None:
    releases = Releases(tmp_path, 3)
    for name in "123456":
        release(releases, name)
    assert [path.name for path in releases.all()] == ["6", "5", "4", "3"]


def test_one_that_is_not_kept_is_built_once_and_can_be_asked_later(
    of_then: Settings, begun: list[Sequence[str]]
) -> None:
    states = PastStates(of_then)
    with pytest.raises(BeingBuiltError, match="is being built") as caught:
        states.find(BaseMoment(AT, revision(of_then)))
    assert caught.value.retry_after > 0
    [command] = begun
    assert command[-4:] == [revision(of_then), str(of_then.past_seconds), "4", "1024"]
    # Of whatever process it is.
    with FileLock(of_then.state / "past" / "build.lock"), pytest.raises(BeingBuiltError):
        PastStates(of_then).find(BaseMoment(AT, revision(of_then)))
    assert len(begun) == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"past_seconds": 0}, "this server builds none"),
        ({"follow": "https://example.org/releases/"}, "no repository"),
        ({"root": Path("/nowhere")}, "no repository"),
        ({"past_mb": 0}, "takes about 1 MB"),
    ],
    ids=["none", "a follower", "no repository", "no space"],
)
def test_what_is_not_built_is_not_found_and_says_why(
    of_then: Settings, begun: list[Sequence[str]], change: dict[str, object], why: str
) -> None:
    folder = release(Releases(of_then.releases), "1", revision="abc", is_clean=True)
    (folder / "large").write_bytes(b"x" * (1 << 20))
    wanted = BaseMoment(AT, revision(of_then))
    settings = replace(of_then, **change)
    with pytest.raises(NotFoundError, match=why) as caught:
        PastStates(settings).find(wanted)
    assert settings.follow or "abc" in caught.value.mend, "what there is instead"
    with pytest.raises(NotFoundError, match="no repository"):
        PastStates(of_then).find(BaseMoment(AT, "0123456789"))
    assert begun == []


def test_the_builds_of_an_hour_have_a_limit(of_then: Settings, begun: list[Sequence[str]]) -> None:
    states = PastStates(of_then)
    states.folder.mkdir(parents=True)
    now = time.time()
    spent = [(now - 4000, 600), (now - 1800, 400), (now - 60, 198)]
    (states.folder / "spent.json").write_text(json.dumps(spent))
    assert read_spent(states.folder) == spent
    with pytest.raises(BeingBuiltError, match="took 598 of 600 seconds") as caught:
        states.find(BaseMoment(AT, revision(of_then)))
    assert 1700 < caught.value.retry_after <= 1800, "when the first of them is an hour old"
    assert begun == []
    (states.folder / "spent.json").write_text("damaged")
    with pytest.raises(BeingBuiltError, match="is being built"):
        states.find(BaseMoment(AT, revision(of_then)))


def test_what_could_not_be_built_is_tried_again_by_another_engine_or_with_more_time(
    of_then: Settings, begun: list[Sequence[str]]
) -> None:
    states = PastStates(of_then)
    failed = states.folder / "failed" / revision(of_then)
    failed.parent.mkdir(parents=True)
    written = {"engine": engine_fingerprint(), "why": "too old.", "seconds": of_then.past_seconds}
    failed.write_text(json.dumps(written))
    with pytest.raises(NotFoundError, match="cannot be built: too old"):
        states.find(BaseMoment(AT, revision(of_then)))
    assert begun == []
    for other in ({"engine": "another"}, {"seconds": 20}):
        failed.write_text(json.dumps(written | other))
        with pytest.raises(BeingBuiltError):
            states.find(BaseMoment(AT, revision(of_then)))
    assert len(begun) == 2


def test_the_states_asked_last_stay(tmp_path: Path) -> None:
    releases = Releases(tmp_path / "releases", 10)
    for age, name in enumerate("1234"):
        folder = release(releases, name)
        os.utime(folder, (1000 - age, 1000 - age))
    make_room(tmp_path, 3, 10**6)
    assert [path.name for path in releases.all()] == ["3", "2", "1"]
    make_room(tmp_path, 3, sum(size_of(folder) for folder in releases.all()) - 1)
    assert [path.name for path in releases.all()] == ["2", "1"]
    make_room(tmp_path, 3, 1)
    assert [path.name for path in releases.all()] == ["1"], "the newest was just built for somebody"


def test_the_settings_say_how_many_and_how_long(root: Path) -> None:
    said = {"AKB_KEPT_RELEASES": "7", "AKB_PAST_SECONDS": "0", "AKB_PAST_STATES": "2", "AKB_PAST_MB": "10"}
    settings = read_settings(said, root=root)
    assert (settings.kept_releases, settings.past_seconds, settings.past_states, settings.past_mb) == (7, 0, 2, 10)
