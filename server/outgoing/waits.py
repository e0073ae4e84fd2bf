"""For how long others want to be left alone, and when to try again.

`Retry-After` is RFC 9110, section 10.2.3; the status 429 is RFC 6585, section 4.
"""

from __future__ import annotations

import hashlib
import math
import os
import random
import time
from collections.abc import Callable
from contextlib import suppress
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final, TypeVar

T = TypeVar("T")

DEFAULT: Final = 5.0
"""Seconds to wait for one that is too busy and does not say for how long."""
_LONGEST: Final = 86_400.0
_BACKOFF: Final = (0.5, 1.0, 2.0, 4.0)
"""Approximate seconds before each further try; after the last one it is given up."""
_PATIENCE: Final = 60.0
"""Seconds: who wants to be left alone for longer is not waited for."""


def retry_after(headers: Message) -> float | None:
    """Return for how many seconds an answer asks us to wait, a day at most; None where it does not say so."""
    said = (headers.get("Retry-After") or "").strip()
    if said.isascii() and said.isdigit():
        return float(min(int(said[:9]), _LONGEST))
    with suppress(ValueError, TypeError, OverflowError):
        # The clock of the other side counts: ours may differ.
        now = headers.get("Date")
        start = parsedate_to_datetime(now).timestamp() if now else time.time()
        return min(max(parsedate_to_datetime(said).timestamp() - start, 0.0), _LONGEST)
    return None


class Waits:
    """Who wants to be left alone until when.

    With a folder, all processes of this machine that have the same one know it; each is a file without content, whose
    time of change is when the wait is over.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._until: dict[str, float] = {}

    def left(self, address: str) -> float:
        """Return for how many seconds an address is still to be left alone, 0 for not at all."""
        left = self._until.get(address, 0.0) - time.time()
        if self._folder is not None:
            with suppress(OSError):
                left = max(left, self._file(address).stat().st_mtime - time.time())
        # One that is further away was noted by another clock.
        return left if 0 < left <= _LONGEST + 1 else 0.0

    def note(self, address: str, seconds: float) -> None:
        """Take note that an address wants to be left alone."""
        until = time.time() + seconds
        self._until[address] = until
        # A folder that cannot be written is no reason to ask again.
        with suppress(OSError):
            if self._folder is not None:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._file(address).touch()
                os.utime(self._file(address), (until, until))

    def _file(self, address: str) -> Path:
        assert self._folder is not None
        return self._folder / hashlib.sha256(address.encode()).hexdigest()[:16]


class RetryError(Exception):
    """An attempt failed in a way that another may not; `wait` is for how long the other side wants to be left alone."""

    def __init__(self, reason: object, wait: float | None = None) -> None:
        super().__init__(str(reason))
        self.wait = wait


def retried(
    attempt: Callable[[], T],
    progress: Callable[[], int],
    sleep: Callable[[float], None],
    on_wait: Callable[[str, float], None],
) -> T:
    """Return what an attempt returns, after as many tries as are worth it.

    Each RetryError is followed by a longer wait, or by the one that it asks for; a try that made progress, which is a
    number that grows, counts as the first. `on_wait` is called with the reason and the seconds. Raises the RetryError
    of the last try.
    """
    failed, had = 0, progress()
    while True:
        try:
            return attempt()
        except RetryError as error:
            has = progress()
            failed, had = (1 if has > had else failed + 1), has
            if failed > len(_BACKOFF) or (error.wait or 0) > _PATIENCE:
                raise
            wait = _BACKOFF[failed - 1] * random.uniform(0.75, 1.25)  # noqa: S311 - jitter, not cryptography
            wait = max(wait, error.wait or 0)
            on_wait(str(error), wait)
            sleep(wait)


def whole_seconds(seconds: float) -> int:
    """Return a wait as `Retry-After` has it: not less, and at least 1."""
    return max(math.ceil(seconds), 1)
