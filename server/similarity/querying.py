"""Turns the text of a search into a vector. Nothing else loads a model outside a build; it stays for the next text."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from .embedding import Embedding, create
from .model_files import missing
from .reading import Similarity

_LOCK = Lock()
"""One text at a time: two threads would load the model twice."""


def can_embed(similarity: Similarity) -> bool:
    """Tell whether a text can be embedded as the entities of a release were: the model may not be installed here."""
    return similarity.kind != "minilm" or not missing()


def embed_query(similarity: Similarity, text: str) -> NDArray[np.float32]:
    """Return the unit vector of a text, in the space of a release for which `can_embed` holds."""
    with _LOCK, threadpool_limits(1, "blas"):
        vector: NDArray[np.float32] = _embedding(similarity.kind, similarity.folder).vectors([text])[0]
        return vector


@lru_cache(maxsize=2)
def _embedding(kind: str, folder: Path) -> Embedding:
    if kind != "tfidf":
        return create(kind)
    # scikit-learn takes its time to load.
    from .tfidf import Tfidf  # noqa: PLC0415

    return Tfidf.load(folder)
