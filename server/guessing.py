"""Guesses what was meant by a name that is not known."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process


def nearest(wrong: str, known: Iterable[str], least: int = 60) -> str:
    """Return the known name that is most like a wrong one; empty if none is alike by at least `least` of 100."""
    best = process.extractOne(wrong, list(known), scorer=fuzz.ratio, score_cutoff=least)
    return best[0] if best else ""
