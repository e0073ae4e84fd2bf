"""How work says how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Told as work goes on: the name of the stage, how many steps are done, how many there are."""


def no_progress(_stage: str, _done: int, _total: int) -> None:
    """Tell nobody."""
