"""What a build leaves for the next one: it is used for the release that it was left for, if it is whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.build import handover
from server.build.handover import Handover, Part
from server.build.rows import Table


def left(state: Path, release: str) -> None:
    """Leave an object and a text for a release."""
    leaving = Handover(state, "")
    leaving.leave(Part.NAMES, {"kb/a.ttl": ["é"]})
    leaving.leave(Part.INFERRED, "<x:s> <x:p> <x:o> .\n")
    leaving.save(release)


def test_what_was_left_for_a_release_is_known_to_the_build_that_starts_from_it(tmp_path: Path) -> None:
    left(tmp_path, "one")
    after = Handover(tmp_path, "one")
    assert after.known(Part.NAMES) == {"kb/a.ttl": ["é"]}
    assert after.known_text(Part.INFERRED) == "<x:s> <x:p> <x:o> .\n"
    assert after.known(Part.ROWS) == {}
    for before in ("", "two"):
        assert Handover(tmp_path, before).known(Part.NAMES) == {}


def test_rows_are_written_some_at_a_time_and_are_what_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover, "_ROWS", 2)
    monkeypatch.setattr(handover, "_TEXT", 3)
    rows = {name: [{"entity": f"é{n}", "count": n} for n in range(length)] for length, name in enumerate("abcdef")}
    text = '<x:s> <x:p> "é" .\n'
    leaving = Handover(tmp_path, "")
    leaving.leave(Part.ROWS, {name: Table(some, {}) for name, some in rows.items()})
    leaving.leave(Part.DOCUMENTS, {})
    leaving.leave(Part.INFERRED, text)
    leaving.save("one")
    after = Handover(tmp_path, "one")
    assert (after.known(Part.ROWS), after.known_text(Part.DOCUMENTS)) == (rows, "{}")
    assert after.known_text(Part.INFERRED) == text


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
