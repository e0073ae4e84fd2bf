"""Which pairs become candidates, and which stay away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from server.records.candidates import Decision, Outcome, Signals, candidate_id
from server.similarity import candidates as module
from server.similarity.candidates import AT_MOST, LABEL_THRESHOLD, find_candidates
from server.similarity.rarity import rarity
from server.similarity.reading import Pairs
from server.similarity.records import Described, Linked, Model
from server.similarity.texts import texts_hash


class Angles:
    """Entities as angles on a circle: nearness that needs no model."""

    model = Model("angles", "1", 2, 0.9)

    def __init__(self, angles: Sequence[float]) -> None:
        vectors = np.array([[np.cos(angle), np.sin(angle)] for angle in angles]).reshape(-1, 2)
        self._cosines = vectors @ vectors.T

    def pairs(self, threshold: float) -> Pairs:
        """Return the near pairs."""
        low, high = np.triu_indices(len(self._cosines), 1)
        near = self._cosines[low, high] >= threshold
        return low[near], high[near], self._cosines[low[near], high[near]].astype(np.float32)

    def crowding(self) -> NDArray[np.float32]:
        """Return the mean cosine with all."""
        return self._cosines.mean(axis=1).astype(np.float32)

    def cosines(self, ones: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the cosines of entities with others."""
        return self._cosines[ones, others].astype(np.float32)


def base(*names: str) -> list[Linked]:
    """Entities with these names, sorted by IRI."""
    return [Linked(Described(f"urn:{at:04}", name, (), f"What {name} is.")) for at, name in enumerate(names)]


def joined(entities: list[Linked], one: int, other: int) -> list[Linked]:
    """The same entities, with an edge from one to another that only the first knows of."""
    entities = list(entities)
    entities[one] = replace(entities[one], joined=entities[one].joined | {entities[other].iri})
    return entities


def pairs(entities: Sequence[Linked], angles: Sequence[float], *decisions: Decision) -> set[tuple[str, str]]:
    """The candidates as pairs of IRIs."""
    found = find_candidates(entities, Angles(angles), decisions)
    return {(candidate.first, candidate.second) for candidate in found}


def test_meaning_names_and_identifiers_each_make_a_candidate() -> None:
    entities = base("debate", "consultancy", "Consultancy!", "sandwiching", "elicitation")
    for at in (3, 4):
        entities[at] = replace(entities[at], identifiers=frozenset({"doi:1"}))
    found = find_candidates(entities, Angles([0, 0.1, 1.6, 3.2, 4.8]))
    assert {(one.first[-1], one.second[-1]) for one in found} == {("0", "1"), ("1", "2"), ("3", "4")}
    by_name = next(one for one in found if one.first.endswith("1"))
    assert by_name.signals.label == 1 >= LABEL_THRESHOLD
    assert by_name.signals.cosine is not None
    assert by_name.signals.cosine < Angles.model.threshold, "shown though it is below the threshold"
    assert by_name.id == candidate_id("urn:0002", "urn:0001")
    assert {one.model for one in found} == {"angles 1"}
    assert [one.worth for one in found] == sorted((one.worth for one in found), reverse=True)


def test_without_an_embedding_names_and_identifiers_are_left() -> None:
    entities = base("debate", "Debate", "consultancy")
    [found] = find_candidates(entities, None)
    assert (found.signals.cosine, found.signals.corrected, found.model, found.strong) == (None, None, "", False)


def test_the_correction_is_csls() -> None:
    entities = base("a", "b", "c")
    near = Angles([0, 0.2, 2.0])
    [found] = find_candidates(entities, near)
    crowding = near.crowding()
    assert found.signals.corrected == 2 * np.float32(np.cos(0.2)) - crowding[0] - crowding[1]


def test_an_edge_in_either_direction_keeps_a_pair_away() -> None:
    entities = base("a", "b", "c")
    assert len(pairs(entities, [0, 0.1, 0.2])) == 3
    for one, other in ((0, 1), (1, 0)):
        assert ("urn:0000", "urn:0001") not in pairs(joined(entities, one, other), [0, 0.1, 0.2])


def test_what_is_joined_is_left_out_before_anything_is_cut_off() -> None:
    """The nearest are joined to it; it has all that it may have of those behind them."""
    entities = base(*(f"{number}" for number in range(AT_MOST + 30)))
    for other in range(1, AT_MOST + 1):
        entities = joined(entities, 0, other)
    angles = [0, *(0.01 + number / 1000 for number in range(AT_MOST + 29))]
    assert sum("urn:0000" in pair for pair in pairs(entities, angles)) == AT_MOST


def test_an_entity_has_only_so_many_on_its_own_account() -> None:
    """One to which everything is near keeps those that have it among their own."""
    entities = base(*(f"{number}" for number in range(3 * AT_MOST)))
    counts = dict.fromkeys((one.iri for one in entities), 0)
    found = find_candidates(entities, Angles([number / 1000 for number in range(len(entities))]))
    for candidate in found:
        counts[candidate.first] += 1
        counts[candidate.second] += 1
    assert min(counts.values()) >= AT_MOST
    assert len(found) <= AT_MOST * len(entities)


@given(
    st.lists(
        st.tuples(st.floats(0, 0.3), st.sampled_from("abc"), st.sets(st.integers(0, 40), max_size=3)),
        min_size=1,
        max_size=40,
    ),
    st.lists(st.booleans(), max_size=9),
    st.integers(1, 60),
)
def test_those_are_left_that_are_among_the_best_of_either_member_when_all_pairs_are_ranked(
    made: list[tuple[float, str, set[int]]], outcomes: list[bool], in_all: int
) -> None:
    """What is left out before names are compared would not have been among them, whatever was decided before.

    Nor would those that are not looked at once there are as many as are wanted.
    """
    entities = base(*(name * 3 for _, name, _ in made))
    for at, (_, _, neighbours) in enumerate(made):
        entities[at] = replace(entities[at], neighbours=frozenset(f"urn:x{other}" for other in neighbours))
    # Names come to weigh something only where somebody decided by them.
    taught = [
        Decision(str(at), "", "", "merged" if is_same else "unrelated", Signals(0.5, float(is_same), 0, False), "")
        for at, is_same in enumerate(outcomes)
    ]
    near = Angles([angle for angle, _, _ in made])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "AT_MOST", 3)
        patch.setattr(module, "IN_ALL", in_all)
        found = find_candidates(entities, near, taught)
        patch.setattr(module, "IN_ALL", 10_000)
        patch.setattr(module, "_may_be_among_the_best", lambda pairs, *_: np.ones(len(pairs.low), bool))
        assert found == find_candidates(entities, near, taught)[:in_all]


def decision(entities: Sequence[Linked], outcome: Outcome) -> Decision:
    """A decision on the first two entities, made on their texts."""
    one, other = entities[0], entities[1]
    texts = texts_hash(one.entity, other.entity)
    return Decision(candidate_id(one.iri, other.iri), one.iri, other.iri, outcome, Signals(0.9, 0, 0, False), texts)


def test_a_rejected_pair_stays_away_until_a_text_changes() -> None:
    entities = base("a", "b")
    for outcome in ("different", "unrelated"):
        made = decision(entities, outcome)
        assert pairs(entities, [0, 0.1], made) == set()
        changed = [entities[0], replace(entities[1], entity=replace(entities[1].entity, definition="Another text."))]
        [found] = find_candidates(changed, Angles([0, 0.1]), [made])
        assert found.state == "reopened"


def test_what_was_left_for_later_waits() -> None:
    entities = base("a", "b")
    [found] = find_candidates(entities, Angles([0, 0.1]), [decision(entities, "later")])
    assert found.state == "postponed"


@given(
    st.lists(st.floats(0, 6.28), min_size=1, max_size=12), st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11)))
)
def test_a_candidate_is_a_pair_of_two_that_nothing_joins(angles: list[float], edges: set[tuple[int, int]]) -> None:
    entities = base(*(f"{number}" for number in range(len(angles))))
    for one, other in edges:
        if max(one, other) < len(angles):
            entities = joined(entities, one, other)
    found = find_candidates(entities, Angles(angles))
    around = {one.iri: one.joined for one in entities}
    assert len({one.id for one in found}) == len(found)
    for candidate in found:
        assert candidate.first < candidate.second
        assert candidate.second not in around[candidate.first]
        assert candidate.first not in around[candidate.second]


def test_an_empty_base_has_none() -> None:
    assert find_candidates([], None) == ()


def test_what_the_base_never_joins_comes_after_what_it_joins_unless_it_has_one_name() -> None:
    people = ["Ada Lind", "Ben Oak", "Cleo Marsh", "Dan Field", "Eva Brook", "Eva Brooke"]
    ideas = ["drift", "rescue", "salvage", "mooring"]
    entities = base(*people, *ideas)
    for at, _ in enumerate(entities):
        idea = entities[6 + at % 4].iri
        others = frozenset({idea} if at < 6 else {entities[6].iri, entities[7].iri} - {entities[at].iri})
        entities[at] = replace(
            entities[at], kind="urn:Person" if at < 6 else "urn:Idea", neighbours=others, joined=others
        )
    # Four people are nearer to each other than two ideas are.
    angles = [0, 0.01, 0.02, 0.03, 1.0, 1.05, 2.5, 3.5, 5.0, 5.1]
    found = find_candidates(entities, Angles(angles))
    names = [tuple(entities[int(iri[4:])].entity.label for iri in (one.first, one.second)) for one in found]
    assert set(names[:2]) == {("salvage", "mooring"), ("Eva Brook", "Eva Brooke")}
    assert len(names) == 8
    # Of what is joined often nothing changes.
    without = {
        one.id: one.worth for one in find_candidates([replace(one, kind="") for one in entities], Angles(angles))
    }
    lower = {pair for pair, one in zip(names, found, strict=True) if one.worth < without[one.id]}
    assert lower == {pair for pair in names if not {*pair} & {*ideas}}


def test_edges_between_two_classes_are_compared_with_those_that_chance_would_make() -> None:
    entities = [replace(one, kind=f"urn:{'ab'[at % 2]}") for at, one in enumerate(base(*"pqrs"))]
    entities[0] = replace(entities[0], neighbours=frozenset({entities[1].iri, entities[3].iri}))
    entities[1] = replace(entities[1], neighbours=frozenset({entities[0].iri}))
    found = rarity(entities, np.array([0, 0, 1]), np.array([1, 2, 3]))
    # Two edges among six pairs: a third of one is expected where there is one pair, and none is there.
    assert found.tolist() == pytest.approx([0.0, np.log(1 / (1 + 1 / 3)), np.log(1 / (1 + 1 / 3))])
