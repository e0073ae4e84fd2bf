"""Names alike by their groups of three letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.similarity.labels import alike, likeness, trigrams

NAMES = st.text(alphabet="aäb é-R1", max_size=12)
BASES = st.lists(st.lists(NAMES, min_size=1, max_size=3), max_size=12)


def test_a_word_is_cut_into_groups_with_its_beginning_padded() -> None:
    assert trigrams("AI") == {"  a", " ai", "ai "}
    assert trigrams("") == trigrams("-, !") == frozenset()


@pytest.mark.parametrize(
    ("one", "other"),
    [("Goal Misgeneralisation", "misgeneralisation, goal"), ("Jérémy Scheurer", "JEREMY SCHEURER"), ("ﬁne", "fine")],
)
def test_case_accents_order_and_punctuation_make_no_difference(one: str, other: str) -> None:
    assert likeness([one], [other]) == 1


def test_the_most_alike_names_count() -> None:
    assert likeness(["Reinforcement Learning", "RLHF"], ["RLHF fine-tuning", "rlhf"]) == 1
    assert likeness(["debate"], ["consultancy"]) == 0
    assert likeness([], ["debate"]) == likeness([""], [""]) == 0


@given(one=st.lists(NAMES, max_size=3), other=st.lists(NAMES, max_size=3))
def test_likeness_has_no_direction_and_stays_between_nothing_and_all(one: list[str], other: list[str]) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1


@given(names=BASES, at_least=st.sampled_from([0.2, 0.5, 0.55, 2 / 3, 0.9, 1.0]))
def test_no_pair_is_missed_and_none_is_made_up(names: list[list[str]], at_least: float) -> None:
    """The index looks at the rarest groups only; every pair compared with every other says the same."""
    expected = {
        (low, high): likeness(names[low], names[high])
        for high in range(len(names))
        for low in range(high)
        if likeness(names[low], names[high]) >= at_least - 1e-9
    }
    assert alike(names, at_least) == pytest.approx(expected)


def test_many_names_are_compared_block_by_block() -> None:
    names = [[f"entity number {number:05}"] for number in range(2_500)]
    names[7] = names[2_400] = ["a name of its own"]
    assert alike(names, 0.999) == {(7, 2_400): 1}


@pytest.mark.parametrize("wrong", [0, -0.1, 1.01])
def test_a_likeness_that_everything_or_nothing_has_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="at_least"):
        alike([["a"]], wrong)
