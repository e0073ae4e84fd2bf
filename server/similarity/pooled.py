"""An embedding whose texts are worked on by a pool of workers, in parts that are those of a build without one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from ..records.pool import Pool
from ..records.progress import Progress, no_progress
from .embedding import Embedding, Vectors, create


class Pooled:
    """Stands for an embedding that comes trained; each worker loads the model once."""

    is_fitted = False

    def __init__(self, embedding: Embedding, kind: str, pool: Pool, part: int) -> None:
        """Take the embedding, the kind by which `create` makes it, and how many texts are a part."""
        self.name, self.version = embedding.name, embedding.version
        self.dimensions, self.threshold = embedding.dimensions, embedding.threshold
        self._kind, self._pool, self._part = kind, pool, part

    def fit(self, texts: Sequence[str]) -> None:
        """Do nothing: the model comes trained."""

    def vectors(self, texts: Sequence[str], progress: Progress = no_progress) -> Vectors:
        """Return one unit vector for each text: the ones that the embedding itself gives to the same parts."""
        parts = [texts[start : start + self._part] for start in range(0, len(texts), self._part)]

        def tell(stage: str, done: int, _total: int) -> None:
            progress(stage, min(done * self._part, len(texts)), len(texts))

        made = self._pool.map(partial(_vectors, self._kind), parts, "embed", tell)
        return np.concatenate(made) if made else np.zeros((0, self.dimensions), np.float32)

    def save(self, folder: Path) -> None:
        """Write nothing: the model is in its package."""

    def load(self, folder: Path) -> None:
        """Read nothing."""


def _vectors(kind: str, texts: Sequence[str]) -> Vectors:
    return create(kind).vectors(texts)
