"""The cache of a worker for what is made of a release: bounded by bytes, the least recently used goes first."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from cachetools import LRUCache

T = TypeVar("T")

_ENTRY = 500
"""The approximate overhead of an entry in bytes."""
_PICKLED = 4
"""The approximate ratio of the size of an object in memory to that of its pickle."""


class Cache:
    """Values by their keys, of at most `most_bytes` together. Thread-safe."""

    def __init__(self, most_bytes: int) -> None:
        self._values: LRUCache[Hashable, tuple[Any, int]] = LRUCache(most_bytes, getsizeof=lambda entry: entry[1])
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Any:
        """Return the cached value of a key, or None."""
        with self._lock:
            entry = self._values.get(key)
        return None if entry is None else entry[0]

    def put(self, key: Hashable, value: object, size: int) -> None:
        """Cache a value of `size` bytes, unless it is larger than the whole cache."""
        with self._lock:
            if size + _ENTRY <= self._values.maxsize:
                self._values[key] = value, size + _ENTRY

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` returned for this key before, or cache and return what it returns now."""
        found = self.get(key)
        if found is None:
            found = make()
            self.put(key, found, _size(found))
        return cast("T", found)

    @property
    def bytes(self) -> int:
        """The approximate size of the cached values."""
        return int(self._values.currsize)


def _size(value: object) -> int:
    return len(value) if isinstance(value, str | bytes) else _PICKLED * len(pickle.dumps(value))
