"""The search by names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.knowledge.finding import Named, all_names, find, near
from server.records import EntityRef
from server.store.embedded import Store


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("alignment faking", "concept:alignment-faking"),
        ("ALIGNMENT  Faking", "concept:alignment-faking"),
        ("concept:compliance-gap", "concept:compliance-gap"),
        ("compliance-gap", "concept:compliance-gap"),
        ("rlhf", "method:reinforcement-learning-from-human-feedback"),
        ("gap compliance", "concept:compliance-gap"),
        ("hubinger", "thinker:evan-hubinger"),
    ],
)
def test_a_name_is_found(text: str, first: str, store: Store) -> None:
    assert find(all_names(store), text)[0].curie == first


@pytest.mark.parametrize("text", ["", "   ", "zzzz", "alignment zzzz", "method:rlhf"])
def test_what_no_name_holds_is_not_found(text: str, store: Store) -> None:
    assert find(all_names(store), text) == []


def test_names_that_are_near_are_offered(store: Store) -> None:
    assert near(store, "alignmnt fakng")[0].curie == "concept:alignment-faking"
    assert near(store, " ") == ()


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=6), st.integers(0, 5))
def test_whatever_something_is_called_it_is_found_by_that(labels: list[str], which: int) -> None:
    named = [
        Named(EntityRef(str(place), f"concept:{place}", label, "concept"), (label.casefold(),))
        for place, label in enumerate(labels)
    ]
    wanted = labels[which % len(labels)]
    found = find(named, wanted)
    assert not wanted.split() or wanted in [ref.label for ref in found]
