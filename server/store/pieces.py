"""Texts that are read as one file, so that a large one need not be put together first."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class Pieces(io.RawIOBase):
    """A file of UTF-8 that holds several texts, one after the other."""

    def __init__(self, texts: Iterator[str]) -> None:
        """Take the texts; each is asked for when the one before was read."""
        super().__init__()
        self._texts = texts
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer as far as one text goes; return the number of bytes, 0 at the end."""
        view = memoryview(buffer).cast("B")
        while not self._rest:
            text = next(self._texts, None)
            if text is None:
                return 0
            self._rest = memoryview(text.encode())
        count = min(len(view), len(self._rest))
        view[:count], self._rest = self._rest[:count], self._rest[count:]
        return count
