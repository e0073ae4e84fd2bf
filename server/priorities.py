"""By how much work that takes long makes way for work that somebody waits for."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from typing import Final

LOWER: Final = 10
"""What is added to the nice value (sched(7)) where there are too few processors for all.

A priority that was lowered cannot be raised again: who calls for this needs a process, or a thread, of its own.
"""
SOON: Final = 3
"""The same for work that somebody may soon wait for: it gets about half of the time of others, and so gets done."""


def unhurried(work: Callable[[], object]) -> None:
    """Do some work for which nobody waits yet, in a thread that ends with it."""

    def run() -> None:
        if sys.platform == "linux":  # elsewhere threads have no priority of their own
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), os.getpriority(os.PRIO_PROCESS, 0) + SOON)
        work()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
