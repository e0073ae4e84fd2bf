"""The direction of an edge."""

from __future__ import annotations

from enum import StrEnum


class Direction(StrEnum):
    """How an edge runs, seen from the entity whose page it is on."""

    OUT = "out"
    IN = "in"
    BOTH = "both"
