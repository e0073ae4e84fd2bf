"""Asks workers from the event loop: what they answer soon needs no thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from ...errors import BusyError
from ...store.begun import Begun
from ...store.process import LONG_SECONDS

_PATIENCE: Final = 1.0
"""Seconds in the line, after which a thread waits."""


class Asking:
    """A query on its way to a worker and back.

    It ends when the answer is here, and also when a thread is to go on: the line is long, a worker is to be started,
    the query takes longer than most, its answer is in a file, or it failed.
    """

    def __init__(self, begun: Begun, then: Callable[[], object]) -> None:
        """Take the query, and what is called in the event loop at the end."""
        self._begun, self._then = begun, then
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._descriptor = -1
        self._until = self._loop.time() + _PATIENCE

    def start(self) -> None:
        """Ask, or wait for a place."""
        try:
            if self._begun.enter(lambda: self._loop.call_soon_threadsafe(self._send)):
                self._send()
            else:
                self._timer = self._loop.call_later(LONG_SECONDS, self._hurry)
        except BusyError:
            # A thread is told the same, unless there is room by then.
            self._then()

    def _hurry(self) -> None:
        self._timer = None
        if self._begun.hurry():
            self._send()
        elif self._loop.time() < self._until:
            self._timer = self._loop.call_later(LONG_SECONDS, self._hurry)
        elif self._begun.withdraw():
            self._then()

    def _send(self) -> None:
        self._stop_timer()
        descriptor = self._begun.send()
        if descriptor is None:
            self._then()
            return
        self._descriptor = descriptor
        self._loop.add_reader(descriptor, self._receive)
        self._timer = self._loop.call_later(LONG_SECONDS, self._end)

    def _receive(self) -> None:
        descriptor = self._descriptor
        # Whoever is given the worker next may wait for it at once.
        self._loop.remove_reader(descriptor)
        if self._begun.receive():
            self._stop_timer()
            self._then()
        else:
            self._loop.add_reader(descriptor, self._receive)

    def _end(self) -> None:
        self._loop.remove_reader(self._descriptor)
        # On a busy machine the answer may be here for a while.
        self._begun.receive()
        self._then()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
