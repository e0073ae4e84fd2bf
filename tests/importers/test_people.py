"""Who is who: names that are those of one person, and those that are not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.importers.people import Likeness, likeness_of, name_of
from server.importers.texts import author, authors_in, listed, orcid_of
from server.importers.wording import ordinal, position
from server.importers.works import Author


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("Sören Äng", "Soren Ang", Likeness.SAME),
        ("Sören Äng", "Soeren Aeng", Likeness.SAME),
        ("Kamilė Žuka", "KAMILE ZUKA", Likeness.SAME),
        ("Teun van der Berg", "van der Berg, Teun", Likeness.SAME),
        ("JB Oak", "J. B. Oak", Likeness.SAME),
        ("gwern", "Gwern", Likeness.SAME),
        ("Joel Goethe", "Joel Gothe", Likeness.NONE),  # two letters are one only where there was one
        ("Ada M. Lind", "Ada Lind", Likeness.PARTLY),
        ("Wei Lin", "Lin Wei", Likeness.PARTLY),
        ("Ada M. Lind", "Ada B. Lind", Likeness.NONE),
        ("A. Lind", "Ada Lind", Likeness.INITIALS),
        ("A. M. Lind", "Ada Maria Lind", Likeness.INITIALS),
        ("A. B. Lind", "Ada Maria Lind", Likeness.NONE),
        ("Sam Oak", "Samuel Oak", Likeness.NEAR),
        ("Ada Lind", "Ben Lind", Likeness.NONE),
        ("Ada Lind", "Ada Oak", Likeness.NONE),
        ("Lind", "Ada Lind", Likeness.NONE),
        ("", "Ada Lind", Likeness.NONE),
    ],
)
def test_how_much_two_names_are_those_of_one_person(one: str, other: str, likeness: Likeness) -> None:
    assert likeness_of(one, other) is likeness
    assert likeness_of(other, one) is likeness


@given(st.text(max_size=20), st.text(max_size=20))
@settings(max_examples=40)
def test_any_two_texts_are_compared_and_in_either_order(one: str, other: str) -> None:
    assert likeness_of(one, other) is likeness_of(other, one)
    if name_of(one).words:
        assert likeness_of(one, one) is Likeness.SAME


def test_a_list_of_names_says_whether_it_is_whole() -> None:
    assert authors_in(["Lind, Ada", "Oak, Ben, Jr.", ""]) == ((Author("Ada Lind"), Author("Ben Oak Jr.")), False)
    for end in ("others", "et al.", "et al"):
        assert authors_in(["Ada Lind", end]) == ((Author("Ada Lind"),), True)
    assert authors_in(["Ada Lind et al."]) == ((Author("Ada Lind"),), True)


def test_a_name_that_could_be_misread_is_marked_in_the_list() -> None:
    names = [Author("Ada Lind"), Author("Ann Oak Ensemble", is_group=True), Author("The Boat Group", is_group=True)]
    assert listed(names) == "Ada Lind; {Ann Oak Ensemble}; The Boat Group"
    assert listed([Author("Ben Lab")]) == "Lab, Ben"
    assert author("Lind; Ada") == Author("Lind, Ada"), "a semicolon divides names"


def test_an_orcid_is_one_whose_last_digit_agrees() -> None:
    assert orcid_of("https://orcid.org/0000-0002-1825-0097") == "0000-0002-1825-0097"
    assert orcid_of("0000-0002-1694-233x") == "0000-0002-1694-233X"
    assert orcid_of("0000-0002-1825-0098") == orcid_of("boat") == ""


def test_places_in_a_list_are_said_as_people_say_them() -> None:
    assert [ordinal(number) for number in (1, 11, 21, 22, 112, 113, 101)] == [
        *("first", "11th", "21st", "22nd", "112th", "113th", "101st")
    ]
    assert position(0, 2) == "First of two authors."
    assert position(1, 2) == "Second of two authors."
    assert position(2, 3) == "Last of three authors."
    assert position(0, 1, is_cut_short=True) == "First of the authors that the record names."
