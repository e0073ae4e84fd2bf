"""Names in lists of authors: who is a person, and the parts of a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.records.names import Listed, PersonName, listed_names, looks_like_a_person, parts_of


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada Lind", PersonName("Lind", "Ada")),
        ("Martin Luther King Jr.", PersonName("King", "Martin Luther", suffix="Jr.")),
        ("Martin Luther King, Jr.", PersonName("King", "Martin Luther", suffix="Jr.")),
        ("King, Jr., Martin Luther", PersonName("King", "Martin Luther", suffix="Jr.")),
        ("van der Berg, Jan, Jr.", PersonName("Berg", "Jan", "van der", "Jr.")),
        ("Doe, John, III, PhD", PersonName("Doe", "John, III, PhD")),
        ("Ben Oak III", PersonName("Oak", "Ben", suffix="III")),
        ("Teun van der Weij", PersonName("Weij", "Teun", "van der")),
        ("van der Weij, Teun", PersonName("Weij", "Teun", "van der")),
        ("Jean de La Fontaine", PersonName("La Fontaine", "Jean", "de")),
        ("danah boyd", PersonName("boyd", "danah")),
        ("Plato", PersonName("Plato")),
    ],
)
def test_a_name_has_parts(name: str, parts: PersonName) -> None:
    """btxdoc, section 4."""
    assert parts_of(name) == parts


@given(st.text(min_size=1).filter(lambda text: text.strip(", ") and text.split()))
def test_any_name_has_parts(name: str) -> None:
    parts = parts_of(name)
    assert isinstance(parts.family, str)


@pytest.mark.parametrize(
    "name",
    [
        "OpenAI",
        "The Boat Group",
        "Future of Life Institute",
        "ATLAS Collaboration",
        "Sheshadri et al.",
        "A & B",
        "A&B Corp.",
    ],
)
def test_a_group_is_no_person(name: str) -> None:
    assert not looks_like_a_person(name)


@pytest.mark.parametrize("name", ["Ada Lind", "J. Oak", "Ann Group Smith", "Teun van der Weij"])
def test_a_person_is_one(name: str) -> None:
    assert looks_like_a_person(name)


def test_a_list_may_say_that_a_name_is_a_groups() -> None:
    assert listed_names("Ada Lind; {Ann Lind}; ; {}") == [Listed("Ada Lind", False), Listed("Ann Lind", True)]
