"""Work for a worker: a public query or a task, what it may use, and its whole answer, in memory or in a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, Final, NamedTuple

from ..errors import TooLargeError
from .process import CHUNK

LEAST_SECONDS: Final = 0.25
"""A client may lower the limit of time to this: to stop a query costs a worker, and so more than to answer most."""


@dataclass(frozen=True)
class Limits:
    """What a public query may use."""

    seconds: float = 30.0
    """Wall-clock time from when a worker begins with it; a query waits for a worker at most as long again."""
    memory_bytes: int = 1 << 30
    """Memory beyond what the worker holds with the release open."""
    answer_bytes: int = 256 << 20
    workers: int = 4
    queue: int = 16
    """How many queries may wait for a worker; one more is turned away at once."""
    cores: int = 1
    """How many processors there are for these workers."""
    characters: int = 256 << 10
    """The longest text of a query."""

    def refuse_long(self, query: str) -> None:
        """Raise TooLargeError for a query that has more text than is read."""
        if len(query) > self.characters:
            raise TooLargeError(
                f"The query has {len(query):,} characters; this server reads {self.characters:,}.",
                "send what it lists, such as the rows of VALUES, in parts.",
            )

    def seconds_for(self, wanted: float | None) -> float:
        """Return how long a query may run whose client wants no more than `wanted` seconds."""
        return self.seconds if wanted is None else min(self.seconds, max(wanted, LEAST_SECONDS))


class Job(NamedTuple):
    """A query as a client sent it. `formats` names the format for each kind of answer that the client takes."""

    query: str
    formats: Mapping[str, str]
    base: str | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    seconds: float | None = None
    """A lower limit of time than the usual one."""
    keeps: bool = True
    """Whether a long answer is wanted, and not only its kind, its format and its size."""

    @property
    def what(self) -> str:
        """What errors call it."""
        return "query"

    @property
    def mend(self) -> str:
        """What to do when it exceeds its time."""
        return (
            "make it narrower: name a class or an entity, put the most exact pattern first, add LIMIT inside a "
            "subquery."
        )

    def request(self, seconds: float) -> tuple[object, ...]:
        """Return what a worker is sent."""
        return self.query, self.base, self.default_graphs, self.named_graphs, dict(self.formats), self.keeps, seconds


class Task(NamedTuple):
    """Other work over a release: a function that the pool was given by `name`, and what it is to work on, as JSON.

    It is bounded as queries are. `what` is what errors call it, `mend` what they advise.
    """

    name: str
    given: Any
    what: str
    mend: str
    seconds: float | None = None

    @property
    def keeps(self) -> bool:
        """Whether a long answer is wanted."""
        return True

    @property
    def formats(self) -> Mapping[str, str]:
        """The only format of its only kind of answer."""
        return {"task": "json"}

    def request(self, seconds: float) -> tuple[object, ...]:
        """Return what a worker is sent."""
        return self.name, json.dumps(self.given), seconds


class Outcome:
    """A whole answer: its kind, its format, its size in bytes, and its body.

    The body is in memory or in a file without a name, or nowhere where only its size was wanted. A file can be read
    once; `close` closes one that was not read.
    """

    __slots__ = ("_file", "body", "format_name", "kind", "size")

    def __init__(self, kind: str, format_name: str, size: int, body: bytes | IO[bytes] | None) -> None:
        self.kind = kind
        self.format_name = format_name
        self.size = size
        self.body: bytes | None = None
        """The whole body when it is short enough to be in memory, else None."""
        self._file: IO[bytes] | None = None
        if isinstance(body, bytes):
            self.body = body
        else:
            self._file = body

    def chunks(self) -> Iterable[bytes]:
        """Return the body in pieces; they can be iterated over once."""
        return self._from_file() if self.body is None else (self.body,)

    def _from_file(self) -> Iterator[bytes]:
        if self._file is None:
            return
        with self._file as file:
            while chunk := file.read(CHUNK):
                yield chunk

    def close(self) -> None:
        """Close the file, if there is one."""
        if self._file is not None:
            self._file.close()

    # An answer that nobody wants any more holds no space.
    __del__ = close

    def text(self) -> str:
        """Return the whole body as text."""
        return b"".join(self.chunks()).decode("utf-8")
