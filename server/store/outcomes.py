"""Whole answers to public queries, in memory or in a file, as a worker has left them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from .process import CHUNK


class Outcome:
    """A whole answer: its kind, its format, its size in bytes, and its body.

    The body is in memory, or in a file that has no name any more; then it is read once, and closed by `close`.
    """

    __slots__ = ("_file", "body", "format_name", "kind", "size")

    def __init__(self, kind: str, format_name: str, size: int, body: bytes | Path) -> None:
        self.kind = kind
        self.format_name = format_name
        self.size = size
        self.body: bytes | None = None
        """The whole body when it is short enough to be in memory, else None."""
        self._file: IO[bytes] | None = None
        if isinstance(body, Path):
            self._file = body.open("rb")
            body.unlink()
        else:
            self.body = body

    def chunks(self) -> Iterable[bytes]:
        """Return the body in pieces, to be gone through once."""
        return self._from_file() if self.body is None else (self.body,)

    def _from_file(self) -> Iterator[bytes]:
        assert self._file is not None
        with self._file as file:
            while chunk := file.read(CHUNK):
                yield chunk

    def close(self) -> None:
        """Let the file go, of which nothing more is wanted."""
        if self._file is not None:
            self._file.close()

    def text(self) -> str:
        """Return the whole body as text."""
        return b"".join(self.chunks()).decode("utf-8")
