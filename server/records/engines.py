"""Which engine does the work of SHACL and OWL 2 RL."""

from __future__ import annotations

from enum import StrEnum


class Engine(StrEnum):
    """The engine for shapes and inference: the fast ones, the reference ones, or both, compared."""

    FAST = "fast"
    """The compiled engines, `shacl` and `sparq-rdf`, with the reference where they cannot be used."""
    REFERENCE = "reference"
    """`pyshacl` and `owlrl`: slow, and long proven."""
    BOTH = "both"
    """Both, one after the other; a difference between their answers is an error."""


class Shacl(StrEnum):
    """The version of SHACL Core by which shapes are read."""

    V1_0 = "1.0"
    """The Recommendation of 2017."""
    V1_2 = "1.2"
    """What the quick engine has of the Working Draft of 2026-08-03."""
