"""By how much work that takes long makes way for work that somebody waits for."""

from __future__ import annotations

from typing import Final

LOWER: Final = 10
"""What is added to the nice value (sched(7)) where there are too few processors for all.

A priority that was lowered cannot be raised again: who calls for this needs a process, or a thread, of its own.
"""
