"""Character TF-IDF: texts that look alike are near, and what is saved with a release answers a query."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.errors import UnreadableError
from server.similarity.embedding import Embedding, create

TEXTS = [
    "Alignment Faking. A model that goes along with its training.",
    "Alignment-faking. A model going along with training.",
    "Sparse autoencoders find features in activations.",
    "Reinforcement learning from human feedback.",
]


def fitted(texts: list[str]) -> Embedding:
    embedding = create("tfidf")
    embedding.fit(texts)
    return embedding


def test_texts_that_look_alike_are_near() -> None:
    cosines = (vectors := fitted(TEXTS).vectors(TEXTS)) @ vectors.T
    assert cosines[0, 1] > 0.6
    assert max(cosines[0, 2], cosines[0, 3]) < 0.3


def test_a_misspelt_query_is_near_to_what_it_means(tmp_path: Path) -> None:
    embedding = fitted(TEXTS)
    embedding.save(tmp_path)
    again = create("tfidf")
    again.load(tmp_path)
    vectors = embedding.vectors(TEXTS)
    assert np.abs(again.vectors(TEXTS) - vectors).max() < 1e-2, "components are kept in half precision"
    assert int((vectors @ again.vectors(["autoencodder featres"])[0]).argmax()) == 2
    assert not again.vectors(["§§§ 一"]).any(), "nothing is known of it"


@settings(max_examples=40)
@given(st.lists(st.text(max_size=30), max_size=8))
def test_whatever_the_texts_vectors_have_length_one_or_none(texts: list[str]) -> None:
    vectors = fitted(texts).vectors(texts)
    assert vectors.shape[0] == len(texts)
    assert vectors.dtype == np.float32
    lengths = np.linalg.norm(vectors, axis=1)
    assert all(abs(length - 1) < 1e-4 or length == 0 for length in lengths.tolist())


def test_texts_with_nothing_in_them_are_saved_and_read_too(tmp_path: Path) -> None:
    embedding = fitted(["", " "])
    embedding.save(tmp_path)
    again = create("tfidf")
    again.load(tmp_path)
    assert not again.vectors(["anything"]).any()


def test_what_is_damaged_is_named(tmp_path: Path) -> None:
    fitted(TEXTS).save(tmp_path)
    (tmp_path / "tfidf-weights.npz").write_bytes(b"no")
    with pytest.raises(UnreadableError, match="is damaged"):
        create("tfidf").load(tmp_path)
