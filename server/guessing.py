"""Suggestions for a name that is not known."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(wrong: str, known: Iterable[str], least: int = 60) -> str:
    """Return the known name most similar to a wrong one; empty if no similarity is at least `least` of 100."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - names are seldom wrong, and it takes long to import

    best = process.extractOne(wrong, list(known), scorer=fuzz.ratio, score_cutoff=least)
    return best[0] if best else ""


def guess(wrong: str, known: Iterable[str], least: int = 60) -> str:
    """Return how advice on a wrong name begins: with the name that may be meant; empty if none is near enough."""
    best = nearest(wrong, known, least)
    return f"did you mean {best}? " if best else ""
