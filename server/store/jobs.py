"""A public query: what it asks, what it may use, and its whole answer, in memory or in a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

from .process import CHUNK


@dataclass(frozen=True)
class Limits:
    """What a public query may use."""

    seconds: float = 30.0
    """Wall-clock time, waiting for a worker included, starting one left out."""
    memory_bytes: int = 1 << 30
    """Memory beyond what the worker holds with the release open."""
    answer_bytes: int = 256 << 20
    workers: int = 4
    queue: int = 16
    """How many queries may wait for a worker; one more is turned away at once."""
    cores: int = 1
    """How many processors there are for these workers."""


class Job(NamedTuple):
    """A query as a client sent it. `formats` names the format for each kind of answer that the client takes."""

    query: str
    formats: Mapping[str, str]
    base: str | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    seconds: float | None = None
    """A lower limit of time than the usual one."""


class Outcome:
    """A whole answer: its kind, its format, its size in bytes, and its body.

    The body is in memory or in a file without a name. A file can be read once; `close` closes one that was not read.
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
        """Return the body in pieces; they can be iterated over once."""
        return self._from_file() if self.body is None else (self.body,)

    def _from_file(self) -> Iterator[bytes]:
        assert self._file is not None
        with self._file as file:
            while chunk := file.read(CHUNK):
                yield chunk

    def close(self) -> None:
        """Close the file, if there is one."""
        if self._file is not None:
            self._file.close()

    def text(self) -> str:
        """Return the whole body as text."""
        return b"".join(self.chunks()).decode("utf-8")
