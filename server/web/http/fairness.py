"""Fairness between clients: each may take so much of the server's work, measured in seconds and not in requests.

A client has a bucket of seconds. Work empties it, time fills it up again, and whoever has emptied it waits until
something is in it again (a token bucket that is charged afterwards, since nobody knows before what an answer costs). So
a reader, however quick, never notices, and an answer from a cache costs nothing.
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from itertools import islice
from typing import Final

from ...settings import Settings
from .observing import OPERATIONS
from .refusals import refusal

BURST_MINUTES: Final = 5
"""A client that was away may take what it would have been given in so many minutes at once."""
_MOST_CLIENTS: Final = 50_000
"""How many clients are remembered: about 15 MB. The one that was charged the longest ago is forgotten first."""
_AGAIN: Final = 1.0
"""Seconds of work that must be in an emptied bucket before its client may go on: else it would stop at every step."""

FREE_ROUTES: Final = (*sorted(OPERATIONS), "/robots.txt", "/static/", "/theme/")
"""The beginnings of paths that are answered whoever asks."""


class Fairness:
    """The buckets of the clients. Threads may share it."""

    def __init__(
        self,
        per_minute: float,
        ipv4_bits: int = 32,
        ipv6_bits: int = 64,
        clock: Callable[[], float] = time.monotonic,
        most_clients: int = _MOST_CLIENTS,
    ) -> None:
        """Take the seconds of work that a client may take in a minute; zero for no limit.

        Addresses whose first bits are the same are one client: a network of IPv6 has 64 bits for each of its members.
        """
        self._rate = per_minute / 60
        self._capacity = per_minute * BURST_MINUTES
        self._bits = {4: ipv4_bits, 6: ipv6_bits}
        self._clock = clock
        self._most_clients = most_clients
        self._lock = threading.Lock()
        # What was in the bucket of a client and when, the one that was charged last at the end. It may be in debt.
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    @classmethod
    def configured(cls, settings: Settings) -> Fairness:
        """Make what the settings say, for one of the web workers, among which requests are divided."""
        return cls(settings.client_seconds / settings.workers, settings.client_ipv4_bits, settings.client_ipv6_bits)

    def client(self, address: str) -> str:
        """Return the name of the client with an address; an empty one for who is not limited.

        Whoever is on this machine is the operator, or a proxy that the settings do not name, and so all readers.
        """
        return "" if not self._rate else _client(address, self._bits[4], self._bits[6])

    def admit(self, client: str) -> float | None:
        """Return None when a client may go on, else the seconds for which it has to wait."""
        found = self._buckets.get(client)
        if found is None or found[0] > 0 or (level := self._filled(*found)) > 0:
            return None
        return (min(_AGAIN, self._capacity) - level) / self._rate

    def left(self, client: str) -> float:
        """Return the seconds of work that a client may still take; less than none where it owes some."""
        found = self._buckets.get(client)
        return self._capacity if found is None else self._filled(*found)

    def charge(self, client: str, seconds: float) -> None:
        """Take from the bucket of a client what was done for it."""
        if not client or seconds <= 0:
            return
        now, capacity, buckets = self._clock(), self._capacity, self._buckets
        with self._lock:
            found = buckets.get(client)
            level = (capacity if found is None else min(capacity, found[0] + (now - found[1]) * self._rate)) - seconds
            # A client owes no more than it may take: whatever it did, it comes back after a time.
            buckets[client] = max(level, -capacity), now
            if found is None:
                self._forget()
            else:
                buckets.move_to_end(client)

    def __len__(self) -> int:
        """Return how many clients are remembered."""
        return len(self._buckets)

    def _filled(self, level: float, then: float) -> float:
        """Return what is in a bucket by now that had so much in it then."""
        return min(self._capacity, level + (self._clock() - then) * self._rate)

    def _forget(self) -> None:
        """When a client comes, forget at most two whose buckets are full again, and who is one too many."""
        for oldest in [*islice(self._buckets, 2)]:
            if len(self._buckets) > self._most_clients or self._filled(*self._buckets[oldest]) >= self._capacity:
                del self._buckets[oldest]


@lru_cache(maxsize=4096)
def _client(address: str, ipv4_bits: int, ipv6_bits: int) -> str:
    """Return the network in which an address is; an empty text for this machine, and for what is no address.

    >>> _client("2001:db8:1:2:3:4:5:6", 32, 64), _client("::ffff:192.0.2.7", 24, 64), _client("127.0.0.1", 32, 64)
    ('2001:db8:1:2::/64', '192.0.2.0/24', '')
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if found.is_loopback:
        return ""
    return str(ipaddress.ip_network((found, ipv4_bits if found.version == 4 else ipv6_bits), strict=False))


def is_free(path: str) -> bool:
    """Tell whether a path is answered whoever asks, and however often."""
    return path.startswith(FREE_ROUTES)


def refused(seconds: float, accept: str, prefix: str = "") -> tuple[int, list[tuple[str, str]], bytes]:
    """Return the status, the headers and the body of a 429 (RFC 6585, section 4) from a site under a prefix."""
    wait = max(1, math.ceil(seconds))
    return refusal(
        429,
        "Your address has taken as much of this server's work as each may take for now.",
        f"wait {wait} seconds; ask for less at a time, or take the whole data from {prefix}/catalogue.",
        accept=accept,
        wait=wait,
    )
