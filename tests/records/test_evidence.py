"""How evidence is counted and weighed, as docs/evidence.md says."""

from __future__ import annotations

import doctest
from decimal import Decimal
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

import server.records.evidence
from server.records.evidence import AGAINST, FOR, QUALIFYING, Item, Weight

CONFIDENCES = st.none() | st.decimals(0, 1, places=2)


@st.composite
def weights(draw: st.DrawFn) -> Weight:
    sides = draw(
        st.lists(st.tuples(st.sampled_from((FOR, AGAINST, QUALIFYING)), st.booleans(), CONFIDENCES), max_size=7)
    )
    return Weight(tuple(Item(f"i{place}", *one) for place, one in enumerate(sides)))


@given(weights())
def test_without_what_tips_it_a_debate_leans_another_way_and_nothing_fewer_does_that(weight: Weight) -> None:
    leading, tipping = weight.lean(), weight.tipping
    assert bool(leading) == bool(tipping)
    if leading:
        assert weight.lean(one.entity for one in tipping) != leading
        names = [one.entity for one in weight.of(leading)]
        for fewer in combinations(names, len(tipping) - 1):
            assert weight.lean(fewer) == leading


@given(weights())
def test_positions_and_what_qualifies_weigh_nothing(weight: Weight) -> None:
    alone = Weight(tuple(one for one in weight.items if one.side != QUALIFYING and not one.is_position))
    assert (weight.lean(), weight.total(FOR), weight.total(AGAINST)) == (
        alone.lean(), alone.total(FOR), alone.total(AGAINST),
    )  # fmt: skip
    assert sum(weight.counts.values()) == len(
        [one for one in weight.items if not (one.is_position and one.side == QUALIFYING)]
    )


def test_the_example_of_the_documentation() -> None:
    items = [Item("a", FOR, confidence=Decimal("0.8")), Item("b", FOR, confidence=Decimal("0.6"))]
    weight = Weight((*items, Item("c", AGAINST, confidence=Decimal("0.9"))))
    assert (weight.total_in_words(FOR), weight.total_in_words(AGAINST), weight.lean()) == ("1.4", "0.9", FOR)
    assert [one.entity for one in weight.tipping] == ["a"]
    assert weight.lean(["a"]) == AGAINST


def test_a_position_alone_makes_a_debate_and_no_evidence() -> None:
    weight = Weight((Item("a", FOR, is_position=True), Item("b", AGAINST)))
    assert weight.is_contested
    assert weight.words == "0 for, 1 against, contested"
    assert weight.positions == "1 asserts it"
    assert Weight((Item("a", FOR, is_position=True, issued="2024"),)).words == "no evidence yet"
    assert Weight().words == ""


def test_the_examples_in_docstrings_hold() -> None:
    assert doctest.testmod(server.records.evidence).failed == 0
