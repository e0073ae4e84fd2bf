"""How many cores this process may use."""

from __future__ import annotations

import os


def cores() -> int:
    """Return how many threads can count at a time; fewer than the machine has, where a container says so."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
