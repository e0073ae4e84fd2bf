"""Turns the text of a search into a vector. Nothing else loads a model outside a build; it stays for the next text."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from .embedding import Embedding, create
from .model_files import VERSION, missing
from .reading import Similarity

_RELEASES_AT_ONCE = 2
"""While one release takes the place of another, both may be asked."""
_loading = Lock()


def can_embed(similarity: Similarity) -> bool:
    """Tell whether a text can be embedded as the entities of a release were.

    The model may not be installed here, or be of another version.
    """
    return similarity.kind != "minilm" or (similarity.model.version == VERSION and not missing())


def embed_query(similarity: Similarity, text: str) -> NDArray[np.float32]:
    """Return the unit vector of a text, in the space of a release for which `can_embed` holds.

    It is all zeros for a text of which the embedding knows nothing. The model is loaded at the first call.
    Raises UnreadableError when its files are not those that were measured.
    """
    with _loading:
        embedding = _loaded(similarity.kind, similarity.folder)
    vector: NDArray[np.float32] = embedding.vectors([text])[0]
    return vector


@lru_cache(_RELEASES_AT_ONCE)
def _loaded(kind: str, folder: Path) -> Embedding:
    embedding = create(kind)
    embedding.load(folder)
    return embedding
