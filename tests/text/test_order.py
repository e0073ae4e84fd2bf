"""The order of names: that of pyuca, which is that of UTS #10, from keys that are shorter and quicker to make."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyuca.collator import Collator_10_0_0

from server.text.order import order_key

LETTERS = "aAbzZ09 -_.'#+\t\x01éÉøßæœñΩжعש漢字かガガ가ङ्กเ\u0301\u0323\u200d·lL"


@pytest.fixture(scope="module")
def reference() -> Collator_10_0_0:
    return Collator_10_0_0()


def test_letters_come_before_accents_and_accents_before_case() -> None:
    names = [
        "Zürich",
        "zebra",
        "Ångström",
        "angst",
        "Resume",
        "résumé",
        "resume",
        "C++",
        "C",
        "co-op",
        "coop",
        "10",
        "Öl",
    ]
    assert sorted(names, key=order_key) == [
        "10", "angst", "Ångström", "C", "C++", "co-op", "coop", "Öl", "resume", "Resume", "résumé", "zebra", "Zürich"
    ]  # fmt: skip


def test_each_letter_of_ascii_has_the_place_of_the_whole_table(reference: Collator_10_0_0) -> None:
    letters = [chr(one) for one in range(128)]
    assert sorted(letters, key=order_key) == sorted(letters, key=reference.sort_key)


@given(st.lists(st.text(st.sampled_from(LETTERS), max_size=12), max_size=12))
def test_the_order_is_that_of_the_algorithm(reference: Collator_10_0_0, names: list[str]) -> None:
    assert sorted(names, key=order_key) == sorted(names, key=reference.sort_key)
    assert [order_key(one) == order_key(two) for one in names for two in names] == [
        reference.sort_key(one) == reference.sort_key(two) for one in names for two in names
    ]


@pytest.mark.parametrize(
    ("tag", "names"),
    [
        # CLDR, collation of Spanish: ñ is a letter of its own, whether it is one character or two.
        ("es", ["nube", "nz", "NZ", "ñandú", "n\u0303u", "oso"]),
        ("es-MX", ["nz", "Ñandú", "oso"]),
        # Without a language, it is an n with an accent.
        ("", ["ñandú", "nube", "nz", "oso"]),
        # CLDR, collation of Arabic: the script comes before others.
        ("ar", ["ألف", "باء", "1", "Alpha", "zeta"]),
        ("", ["1", "Alpha", "zeta", "ألف", "باء"]),
        # CLDR, collation of German: an umlaut is its vowel with an accent, and ß is ss.
        ("de", ["Apfel", "Äpfel", "Apfelbaum", "Strasse", "Straße", "Strauß", "Zebra"]),
        # CLDR, collation of French: accents count from the first letter on, but in Canada.
        ("fr", ["cote", "coté", "côte", "côté"]),
        # Characters of Chinese are in the order of Unicode, by radical and stroke, after all letters.
        ("zh", ["1", "Alpha", "一", "中", "人", "文"]),
        ("zh-Hans", ["Alpha", "一", "中"]),
    ],
)
def test_names_are_in_the_order_of_their_language(tag: str, names: list[str]) -> None:
    backwards = names[::-1]
    assert sorted(backwards, key=lambda name: order_key(name, tag)) == names


def test_names_in_another_language_have_their_place_in_an_arabic_list() -> None:
    """Names that are read in English, for want of Arabic, have the keys of English."""
    keys = [order_key("ألف", "ar"), order_key("باء", "ar"), order_key("Alpha", "en"), order_key("zeta")]
    assert keys == sorted(keys)


@given(st.text())
def test_any_name_has_a_place(name: str) -> None:
    assert isinstance(order_key(name), bytes)


@pytest.mark.usefixtures("in_linear_time")
@pytest.mark.parametrize("letter", ["a", "é", "漢", "a\u0301", "\u0301\u0323"])
def test_a_long_name_takes_no_longer(letter: str) -> None:
    assert order_key(letter * 500_000)


def test_a_key_is_little_longer_than_its_name() -> None:
    chance = Random(0)
    names = ["".join(chance.choices("abcdefgh ", k=40)).capitalize() for _ in range(100)]
    assert all(len(order_key(name)) < 3 * len(name) for name in names)
