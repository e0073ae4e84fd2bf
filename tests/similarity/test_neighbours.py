"""Neighbours are what comparing each pair by hand gives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from server.similarity import neighbours as module
from server.similarity.neighbours import MOST, NEAREST, Neighbours, approximate, exact, find

from .conftest import clusters


def rows(found: Neighbours) -> list[list[tuple[int, float]]]:
    return [
        list(zip(found.indices[start:end].tolist(), found.scores[start:end].tolist(), strict=True))
        for start, end in zip(found.indptr[:-1], found.indptr[1:], strict=True)
    ]


def by_hand(vectors: NDArray[np.float32], threshold: float) -> list[set[int]]:
    result = []
    for row, vector in enumerate(vectors):
        cosines = {other: float(vector @ vectors[other]) for other in range(len(vectors)) if other != row}
        nearest = sorted(cosines, key=lambda other: -cosines[other])[:NEAREST]
        result.append({other for other, cosine in cosines.items() if cosine >= threshold} | set(nearest))
    return result


@given(st.integers(0, 60), st.floats(-1, 1), st.integers(0, 3), st.integers(1, 50))
def test_all_at_the_threshold_and_the_nearest_are_found(count: int, threshold: float, seed: int, block: int) -> None:
    vectors = clusters(count, seed=seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK", block * max(1, count))
        found = exact(vectors, threshold)
    assert found.recall == 1
    assert len(found.indptr) == count + 1
    for row, (near, expected) in enumerate(zip(rows(found), by_hand(vectors, threshold), strict=True)):
        scores = [score for _, score in near]
        assert scores == sorted(scores, reverse=True)
        assert row not in dict(near)
        # Where two are as near to within rounding, one sum or the other may put either first.
        for other in {other for other, _ in near} ^ expected:
            cosine = float(vectors[row] @ vectors[other])
            assert min(abs(cosine - threshold), abs(cosine - scores[-1])) < 1e-5


def test_blocks_are_joined_in_order_and_told() -> None:
    vectors = clusters(500)
    told: list[tuple[str, int, int]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK", 500 * 32)
        found = exact(vectors, 0.9, lambda *step: told.append(step))
    whole = exact(vectors, 0.9)
    assert (found.indptr == whole.indptr).all()
    assert np.abs(found.scores - whole.scores).max() < 1e-5
    assert len(told) == 16
    assert told[-1] == ("compare", 500, 500)


def test_entities_that_all_say_the_same_do_not_fill_the_memory() -> None:
    vectors = np.tile(clusters(1), (MOST + 50, 1))
    found = exact(vectors, 0.5)
    assert set(np.diff(found.indptr).tolist()) == {MOST}
    assert found.scores.max() <= 1, "a cosine is at most one, whatever rounding says"


def test_texts_of_which_nothing_is_known_are_near_to_nothing() -> None:
    vectors = np.vstack([clusters(5), np.zeros((2, 16), np.float32)])
    found = rows(exact(vectors, 0.5))
    assert all(score == 0 for _, score in found[5])


def test_a_large_base_is_compared_cell_by_cell_with_its_recall_told() -> None:
    vectors = clusters(6_000)
    told: list[tuple[str, int, int]] = []
    found = approximate(vectors, 0.7, lambda *step: told.append(step))
    assert told[-1] == ("compare", 6_000, 6_000)
    assert found.method.startswith("32 of ")
    assert 0.9 < found.recall <= 1
    true = rows(exact(vectors, 0.7))
    wanted = [(row, other) for row, near in enumerate(true) for other, _ in near]
    got = {(row, other) for row, near in enumerate(rows(found)) for other, _ in near}
    assert all(row != other for row, other in got)
    assert sum(pair in got for pair in wanted) / len(wanted) > 0.9
    scores = {(row, other): score for row, near in enumerate(true) for other, score in near}
    for row, near in enumerate(rows(found)):
        assert all(abs(scores.get((row, other), score) - score) < 1e-5 for other, score in near)


def test_only_a_large_base_is_compared_so(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = clusters(400)
    assert find(vectors, 0.7).method == "exact"
    monkeypatch.setattr(module, "EXACT_UP_TO", 300)
    assert find(vectors, 0.7).method.endswith("cells")


@given(st.integers(1, 300), st.integers(2, 40), st.integers(0, 3))
def test_cells_hold_each_vector_once_and_no_more_than_they_may(count: int, most: int, seed: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_CELL", most)
        cells = list(module._cells(clusters(count, seed=seed), np.arange(count)))
        alike = list(module._cells(np.ones((count, 2), np.float32), np.arange(count)))
    for found in (cells, alike):
        assert max(map(len, found)) <= most
        assert np.sort(np.concatenate(found)).tolist() == list(range(count))
        assert all((np.diff(cell) > 0).all() for cell in found)


def test_where_all_cells_are_looked_at_nothing_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CELL", 50)
    vectors = clusters(500)
    found, true = approximate(vectors, 0.99), exact(vectors, 0.99)
    assert found.recall == 1
    assert (found.indptr == true.indptr).all()
    assert np.abs(found.scores - true.scores).max() < 1e-5
