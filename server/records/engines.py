"""Which engines answer a question for which there is a quick one and a reference."""

from __future__ import annotations

from enum import StrEnum


class Engine(StrEnum):
    """Which of two engines to ask; `both` compares their answers, and a difference is an error."""

    FAST = "fast"
    REFERENCE = "reference"
    BOTH = "both"
