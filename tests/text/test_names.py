"""When names are the same: whatever nobody sees does not count, and punctuation always does."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from server.text.forms import folded
from server.text.names import key_of, name_words, same_name, strict_key_of

SIGNS = "+#*!?&@%$=<>~^|.,;:/\\()[]{}\"'-_·…、。「」†∞™🙂"
NAMES = st.text(st.sampled_from("aBcßéİıΩςعمﬁ漢か가क ") | st.characters(codec="utf-8"), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Reward hacking", "  reward   HACKING "),
        ("Straße", "STRASSE"),
        ("é", "e\u0301"),
        ("ＡＩ", "ai"),
        ("ガイド", "ｶﾞｲﾄﾞ"),
        ("don’t", "don't"),
        ("1–2", "1-2"),
        ("a\u200bb", "ab"),
        ("\u200fשלום", "שלום"),
    ],
)
def test_these_are_the_same(one: str, other: str) -> None:
    assert same_name(one) == same_name(other)
    assert key_of(one) == key_of(other)
    assert strict_key_of(one) == strict_key_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("C", "C++"), ("C", "C#"), ("C++", "C#"), ("F", "F*"), ("A", "A*"), ("AT&T", "ATT"), (".NET", "NET"), ("R", "R.")],
)
def test_these_are_not(one: str, other: str) -> None:
    assert same_name(one) != same_name(other)
    assert strict_key_of(one) != strict_key_of(other)


@given(NAMES, st.text(st.sampled_from(SIGNS), min_size=1, max_size=3), st.integers(0, 20))
def test_a_name_with_more_punctuation_is_another(name: str, signs: str, place: int) -> None:
    assume(not unicodedata.category(name[place : place + 1] or "a").startswith("M"))
    other = name[:place] + signs + name[place:]
    assert same_name(name) != same_name(other)
    assert strict_key_of(name) != strict_key_of(other)


@given(NAMES)
@example("ᾳ\u0345")
@example("\u1e9e\u0307\u0323")
def test_the_key_of_a_key_is_that_key(name: str) -> None:
    assert same_name(same_name(name)) == same_name(name)
    for form in ("NFC", "NFD"):
        assert same_name(unicodedata.normalize(form, name)) == same_name(name)
    assert key_of(key_of(name)) == key_of(name)
    assert strict_key_of(strict_key_of(name)) == strict_key_of(name)


@given(NAMES, NAMES)
def test_the_same_names_have_the_same_keys(one: str, other: str) -> None:
    if same_name(one) == same_name(other):
        assert folded(one).split() == folded(other).split()
        assert strict_key_of(one) == strict_key_of(other)
    if strict_key_of(one) == strict_key_of(other):
        assert key_of(one) == key_of(other)


def test_signs_belong_to_words_and_separators_do_not() -> None:
    assert name_words("C++ & F*: a “review” (2nd)") == ("c++", "&", "f*", "a", "review", "2nd")
    assert name_words("What is it?") == ("what", "is", "it")
    assert name_words("++") == ("++",)
    assert key_of("...") == "...", "what has no words is compared as it is"
