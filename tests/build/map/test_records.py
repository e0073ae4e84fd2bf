"""The map as a file of a release."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.build.map.records import FILE, Map, Place, read_map, write_map
from server.errors import UnreadableError


def test_what_is_written_is_read(tmp_path: Path) -> None:
    whole = Map((Place("concept:a", "Ä", 3, 10, 20), Place("claim:b", "B", 0, 1, 2)), ((0, 1),), 5)
    write_map(whole, tmp_path)
    assert read_map(tmp_path) == whole
    assert whole.places[0].class_name == "concept"


def test_a_release_of_an_older_engine_has_an_empty_map(tmp_path: Path) -> None:
    assert read_map(tmp_path) == Map((), (), 0)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"places": [{"id": 1}], "links": [], "left_out": 0}'])
def test_a_damaged_map_says_so(text: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableError, match=r"map\.json is damaged"):
        read_map(tmp_path)
