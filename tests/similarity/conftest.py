"""Fixtures of the embeddings: the sentence model where it is installed, and vectors in clusters."""

from __future__ import annotations

import os

import numpy as np
import pytest
from numpy.typing import NDArray

from server.similarity.choosing import how_to_install
from server.similarity.embedding import Embedding, create
from server.similarity.model_files import missing


@pytest.fixture(scope="session")
def minilm() -> Embedding:
    """The sentence model. Without it, its tests are skipped on a desk and fail in CI."""
    if lacking := missing():
        said = f"The sentence model is not whole, {' and '.join(lacking)} missing: {how_to_install()}"
        if os.environ.get("CI"):
            pytest.fail(said)
        pytest.skip(said)
    return create("minilm")


def clusters(count: int, dimensions: int = 16, seed: int = 0) -> NDArray[np.float32]:
    """Return unit vectors that crowd around a few centres."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(max(1, count // 8), dimensions))
    vectors = centres[random.integers(len(centres), size=count)] + 0.5 * random.normal(size=(count, dimensions))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
