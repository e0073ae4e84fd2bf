"""The layout of the map: the same each time, near to what one is joined to, and nothing lost on the way."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from server.build.map.layout import positions

PAIRS = st.lists(st.tuples(st.integers(0, 29), st.integers(0, 29)), max_size=80)


@settings(max_examples=40)
@given(st.integers(30, 60), PAIRS)
def test_every_thing_has_a_place_of_its_own_and_the_same_each_time(count: int, pairs: list[tuple[int, int]]) -> None:
    pairs = [(one, other) for one, other in pairs if one != other]
    places = positions(count, pairs, rounds=40)
    assert places.shape == (count, 2)
    assert np.isfinite(places).all()
    assert places.min() >= 0
    assert places.max() <= 1
    assert len({tuple(place) for place in places.tolist()}) == count
    assert (places == positions(count, pairs[::-1], rounds=40)).all()


def test_what_is_joined_stands_nearer_than_what_is_not() -> None:
    # Four groups, each joined within, and by one edge to the next.
    group = 15
    pairs = [
        (start + one, start + other)
        for start in range(0, 4 * group, group)
        for one in range(group)
        for other in range(one + 1, group)
    ] + [(start, start + group) for start in range(0, 3 * group, group)]
    # Neighbours in the order are of different groups, so that the order does not help.
    shuffled = {number: (number * 7) % (4 * group) for number in range(4 * group)}
    places = positions(4 * group, [(shuffled[one], shuffled[other]) for one, other in pairs])

    def distance(one: int, other: int) -> float:
        return float(np.hypot(*(places[shuffled[one]] - places[shuffled[other]])))

    within = [distance(0, other) for other in range(1, group)]
    without = [distance(0, other) for other in range(2 * group, 4 * group)]
    assert max(within) < min(without)


def test_few_or_none_have_places_too() -> None:
    assert positions(0, []).shape == (0, 2)
    assert positions(1, []).tolist() == [[0.5, 0.5]]
    assert len(positions(2, [(0, 1)])) == 2
