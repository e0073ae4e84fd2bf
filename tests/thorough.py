"""How much of what is much alike is tried: a part of it in each run, all of it where `HYPOTHESIS_PROFILE` is `nightly`.

A part is the same on every machine and in every run: who sees it fail sees it fail again.
"""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from typing import TypeVar

import pytest

T = TypeVar("T")

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"

nightly = pytest.mark.skipif(not NIGHTLY, reason="HYPOTHESIS_PROFILE=nightly tries it")
"""Of a test that repeats at full size what another one holds in each run; its docstring names that one."""

EXAMPLES = 100
"""Of a generated test whose decorator names no other number; that is Hypothesis' own default."""


def examples(whole: int = EXAMPLES) -> int:
    """Return how many examples of a generated test are tried, of those of a nightly run."""
    return whole if NIGHTLY else max(3, whole * 2 // 5)


def part(whole: Sequence[T], size: int) -> list[T]:
    """Return so many of those that a nightly run tries, in their order."""
    if NIGHTLY or size >= len(whole):
        return list(whole)
    chosen = sorted(random.Random(len(whole)).sample(range(len(whole)), size))
    return [whole[number] for number in chosen]
