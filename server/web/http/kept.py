"""What a worker keeps of a release in memory, so that it is made once: bounded by bytes, the least used goes first."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from cachetools import LRUCache

T = TypeVar("T")

_ENTRY = 500
"""Bytes that an entry takes beside its value, about."""
_PICKLED = 4
"""How many times as much an object takes in memory as it does pickled, about."""


class Kept:
    """Values by their keys, at most `most_bytes` of them together. Threads may share it."""

    def __init__(self, most_bytes: int) -> None:
        self._values: LRUCache[Hashable, tuple[Any, int]] = LRUCache(most_bytes, getsizeof=lambda entry: entry[1])
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Any:
        """Return what is kept for a key, or None."""
        with self._lock:
            entry = self._values.get(key)
        return None if entry is None else entry[0]

    def put(self, key: Hashable, value: object, size: int) -> None:
        """Keep a value of so many bytes, unless it is larger than all that may be kept."""
        with self._lock:
            if size + _ENTRY <= self._values.maxsize:
                self._values[key] = value, size + _ENTRY

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` returned for this key before, or keep and return what it returns now."""
        found = self.get(key)
        if found is None:
            found = make()
            self.put(key, found, _size(found))
        return cast("T", found)

    @property
    def bytes(self) -> int:
        """How much is kept, about."""
        return int(self._values.currsize)


def _size(value: object) -> int:
    return len(value) if isinstance(value, str | bytes) else _PICKLED * len(pickle.dumps(value))
