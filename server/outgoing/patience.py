"""Sends a request again where another try may be answered."""

from __future__ import annotations

from collections.abc import Callable
from urllib.request import Request

from .client import Answer, Rules, send
from .failures import NoAnswerError, OutgoingError, RefusedError, SlowError
from .waits import RetryError, retried


def send_patiently(
    make: Callable[[], Request], rules: Rules, sleep: Callable[[float], None], on_wait: Callable[[str, float], None]
) -> Answer:
    """Return the answer to a request that `make` makes for each try; `sleep` and `on_wait` as in `retried`.

    Raises the OutgoingError of the last try.
    """
    last: list[OutgoingError] = []

    def attempt() -> Answer:
        try:
            return send(make(), rules)
        except (NoAnswerError, RefusedError, SlowError) as error:
            if isinstance(error, RefusedError) and error.status != 429 and error.status < 500:
                raise
            last.append(error)
            raise RetryError(error, error.wait if isinstance(error, RefusedError) else None) from error

    try:
        return retried(attempt, lambda: 0, sleep, on_wait)
    except RetryError:
        raise last[-1] from None
