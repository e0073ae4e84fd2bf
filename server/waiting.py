"""What a thread does before it waits for another process, another server, or another thread: it lets others work."""

from __future__ import annotations

import threading
from collections.abc import Callable


def _nothing() -> None:
    """Do nothing: nobody waits for this thread."""


class _Here(threading.local):
    hand_on: Callable[[], None] = staticmethod(_nothing)


_HERE = _Here()


def before_waiting(hand_on: Callable[[], None] = _nothing) -> None:
    """Have this thread call a function before it waits, from now on; each time, so that it may be called again."""
    _HERE.hand_on = hand_on


def about_to_wait() -> None:
    """Say that this thread is about to wait."""
    _HERE.hand_on()
