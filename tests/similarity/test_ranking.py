"""The queue learns from decisions."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.records.candidates import Decision, Outcome, Signals
from server.similarity.ranking import START, Ranking, learn

SHARE = st.floats(0, 1)
PAIRS = st.builds(
    Signals,
    cosine=st.none() | st.floats(-1, 1),
    label=SHARE,
    shared=SHARE,
    identifier=st.booleans(),
    corrected=st.none() | st.floats(-2, 2),
)
OUTCOMES = st.sampled_from(["edge", "merged", "different", "unrelated", "later"])


def decided(outcome: Outcome, signals: Signals) -> Decision:
    """A decision on some pair."""
    return Decision("0a1b2c3d4e", "urn:a", "urn:b", outcome, signals, "0")


def test_before_any_decision_the_start_ranks() -> None:
    weak = Signals(0.5, 0.1, 0.0, identifier=False, corrected=-0.2)
    steps = [weak, replace(weak, cosine=0.8), replace(weak, cosine=0.8, shared=0.5)]
    steps.append(replace(steps[-1], identifier=True))
    assert learn([]) == Ranking(START, 0)
    assert all(one < other for one, other in pairwise(learn([]).worth(steps)))
    assert Ranking().worth([]) == []


def test_what_was_left_for_later_teaches_nothing() -> None:
    assert learn([decided("later", Signals(0.9, 1, 1, identifier=True, corrected=1))]) == Ranking()


def test_decisions_turn_the_queue_over_little_by_little() -> None:
    """Names weigh nothing at first. Where reviewers merge what is called alike and reject the rest, they come to."""
    alike, near = (Signals(0.5, 1.0, 0.0, identifier=False), Signals(0.7, 0.0, 0.0, identifier=False))
    gaps = []
    for count in (0, 1, 10, 100):
        ranking = learn([decided("merged", alike), decided("unrelated", near)] * count)
        one, other = ranking.worth([alike, near])
        gaps.append(one - other)
        assert ranking.decisions == 2 * count
    assert gaps == sorted(gaps)
    assert gaps[0] < 0
    assert gaps[-1] > 0.8


@given(st.lists(st.builds(decided, OUTCOMES, PAIRS), max_size=30), st.lists(PAIRS, min_size=1, max_size=10))
def test_whatever_was_decided_every_worth_is_a_probability(decisions: list[Decision], pairs: list[Signals]) -> None:
    ranking = learn(decisions)
    assert np.isfinite(ranking.weights).all()
    assert all(0 <= worth <= 1 for worth in ranking.worth(pairs))
    assert learn(decisions[::-1]).weights == pytest.approx(ranking.weights, abs=1e-5), "order says nothing"


def test_the_weights_are_the_most_likely_ones() -> None:
    """There the slope of likelihood and prior together is nothing; it is worked out here by another formula."""
    random = np.random.default_rng(3)
    pairs = [Signals(*random.uniform(0, 1, 3), identifier=bool(random.integers(2)), corrected=0.1) for _ in range(60)]
    outcomes: list[Outcome] = ["edge" if random.uniform() < 0.5 else "unrelated" for _ in pairs]
    weights = learn([decided(outcome, pair) for outcome, pair in zip(outcomes, pairs, strict=True)]).weights
    features = np.array([[1, p.cosine, p.corrected, p.label, p.shared, p.identifier] for p in pairs], dtype=float)
    signs = np.array([1.0 if outcome == "edge" else -1.0 for outcome in outcomes])
    slope = features.T @ (signs / (1 + np.exp(signs * (features @ weights)))) - (np.array(weights) - START)
    assert np.abs(slope).max() < 1e-6
