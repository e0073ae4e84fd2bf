"""By how much work makes way that nobody waits for."""

from __future__ import annotations

import os
import sys

import pytest

from server.priorities import unhurried


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere threads have no priority of their own")
def test_what_is_done_unhurriedly_makes_way_and_what_is_done_later_does_not() -> None:
    """sched(7): the nice value is that of a thread."""
    before = os.getpriority(os.PRIO_PROCESS, 0)
    found: list[int] = []
    unhurried(lambda: found.append(os.getpriority(os.PRIO_PROCESS, 0)))
    assert found[0] > before or before >= 10
    assert os.getpriority(os.PRIO_PROCESS, 0) == before
