"""What a build leaves for the next one: it is used for the release that it was left for, if it is whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.build.handover import Handover, Part


def left(state: Path, release: str) -> None:
    """Leave an object and a text for a release."""
    handover = Handover(state, "")
    handover.leave(Part.NAMES, {"kb/a.ttl": ["é"]})
    handover.leave(Part.INFERRED, "<x:s> <x:p> <x:o> .\n")
    handover.save(release)


def test_what_was_left_for_a_release_is_known_to_the_build_that_starts_from_it(tmp_path: Path) -> None:
    left(tmp_path, "one")
    after = Handover(tmp_path, "one")
    assert after.known(Part.NAMES) == {"kb/a.ttl": ["é"]}
    assert after.known_text(Part.INFERRED) == "<x:s> <x:p> <x:o> .\n"
    assert after.known(Part.ROWS) == {}
    for before in ("", "two"):
        assert Handover(tmp_path, before).known(Part.NAMES) == {}


def test_what_was_left_for_releases_before_is_cleared_away(tmp_path: Path) -> None:
    left(tmp_path, "one")
    left(tmp_path, "two")
    assert {path.name for path in tmp_path.iterdir()} == {"names-two", "inferred-two"}


@pytest.mark.parametrize(
    "damage", [lambda b: b[:-2], lambda b: b"", lambda b: b.replace(b"kb", b"bk"), lambda _: b"\xff\n"]
)
def test_what_is_damaged_is_as_if_it_were_not_there(damage, tmp_path: Path) -> None:
    left(tmp_path, "one")
    path = tmp_path / "names-one"
    path.write_bytes(damage(path.read_bytes()))
    assert Handover(tmp_path, "one").known(Part.NAMES) == {}
