"""When two texts are one in two spellings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.text.spelling import is_same_but_for_spelling

WORDS = st.lists(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=9), min_size=1, max_size=8)


@given(WORDS, st.sampled_from((" ", "  ", "-", ", ", "\n")))
def test_case_blanks_and_punctuation_are_no_difference(words: list[str], between: str) -> None:
    assert is_same_but_for_spelling(" ".join(words), between.join(word.upper() for word in words) + ".")


@given(WORDS, WORDS)
def test_the_order_of_the_two_is_no_difference(one: list[str], other: list[str]) -> None:
    if len(one) == len(other):
        assert is_same_but_for_spelling(" ".join(one), " ".join(other)) == is_same_but_for_spelling(
            " ".join(other), " ".join(one)
        )


@given(WORDS, st.integers(0, 999), st.integers(0, 999))
def test_another_number_is_another_text(words: list[str], one: int, other: int) -> None:
    text = " ".join(words)
    assert is_same_but_for_spelling(f"{text} {one} percent", f"{text} {other} percent") is (one == other)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("behaviour of fine-tuned models", "Behavior of finetuned models.", True),
        ("Generalisation in a data set", "generalization in a dataset", True),
        ("Sören's claim", "Soren’s claim", True),
        ("the model is honest", "the models is honest", True),
        ("more honest", "less honest", False),
        ("models are able to", "models are unable to", False),
        ("it increases", "it decreases", False),
        ("It does so", "It does not so", False),
        ("with training", "without training", False),
        ("GPT-4 does it", "GPT-5 does it", False),
        ("C++", "C", False),
        ("", "", True),
        ("…", "!", False),
    ],
)
def test_what_is_the_same(one: str, other: str, same: bool) -> None:
    assert is_same_but_for_spelling(one, other) is same
