"""How work says how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called as work proceeds: with the name of the stage, the number of steps done, and their total."""


def no_progress(_stage: str, _done: int, _total: int) -> None:
    """Tell nobody."""
