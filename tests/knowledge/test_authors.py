"""What the notes of edges tell of the order of authors."""

from __future__ import annotations

import pytest

from server.knowledge.authors import UNKNOWN, how_many, place


@pytest.mark.parametrize(
    ("note", "where", "total"),
    [
        ("First of eight authors.", 1, 8),
        ("Hubinger is the first of five authors.", 1, 5),
        ("Sole author.", 1, 1),
        ("Sole author of the first version and first of three later.", 1, 1),
        ("Carlsmith is the only author.", 1, 1),
        ("Leads the author list, before Meg Tong and Tomek Korbak.", 1, 0),
        ("Third-named author.", 3, 0),
        ("Ninth of nine authors.", 9, 9),
        ("Twelfth of forty-one authors.", 12, 41),
        ("Twentieth of 32 authors.", 20, 32),
        ("Thirty-second of forty-one authors.", 32, 41),
        ("Second of the 39 named authors.", 2, 39),
        ("Among the nineteen authors.", UNKNOWN, 19),
        ("Written by twenty authors with Ryan Greenblatt first.", UNKNOWN, 20),
        ("Named in the alphabetical part of the author list.", UNKNOWN, 0),
        ("", UNKNOWN, 0),
    ],
)
def test_a_note_tells_the_place_of_an_author_and_how_many_there_are(note: str, where: int, total: int) -> None:
    assert (place(note), how_many(note)) == (where, total)


def test_those_who_are_counted_from_the_end_come_last_and_in_their_order() -> None:
    notes = ["Last of twelve authors.", "Among the twelve authors.", "Third from the end of twelve authors.",
             "Second from the end of twelve authors.", "Fifth of twelve authors."]  # fmt: skip
    assert sorted(notes, key=place) == [notes[4], notes[1], notes[2], notes[3], notes[0]]
