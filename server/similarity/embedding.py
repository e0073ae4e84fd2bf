"""What turns texts into vectors: the one interface."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from ..records.progress import Progress, no_progress

Vectors = NDArray[np.float32]
"""One unit vector a row: the dot product of two is their cosine."""


class Embedding(Protocol):
    """Turns texts into vectors; texts near in meaning get vectors near in angle."""

    name: str
    version: str
    dimensions: int
    threshold: float
    """Cosine from which two entities are candidates: a property of the model, set from the labelled pairs."""
    is_fitted: bool
    """Whether a vector depends on the other texts too, so that it cannot be cached for the next build."""

    def fit(self, texts: Sequence[str]) -> None:
        """Learn what can be learnt from all texts; a model that comes trained does nothing."""
        ...

    def vectors(self, texts: Sequence[str], progress: Progress = no_progress) -> Vectors:
        """Return one unit vector for each text; zeros for one of which the embedding knows nothing."""
        ...

    def save(self, folder: Path) -> None:
        """Keep with the release what a query will need of what was fitted."""
        ...

    def load(self, folder: Path) -> None:
        """Take up what was saved with a release."""
        ...


def create(kind: str) -> Embedding:
    """Return an embedding of a kind that `choosing.resolve` gave, other than `none`.

    From then on this process does linear algebra on one thread. Several spin while they wait for each other: where the
    machine has other work to do, four took thirty times as long as one. Who has much to do runs batches side by side.
    """
    # Each is imported where it is wanted: scikit-learn and a model take their time to load.
    module = import_module(f".{kind}", __package__)
    threadpool_limits(1, "blas")  # of the libraries that are loaded by now
    made: Embedding = module.create()
    return made
