"""Reads RDF as N-Triples with pyoxigraph, here or in a process of its own, which may be given limits (see `apart.py`).

As a program it reads texts one after another. It imports little, so that it is there at once.
"""

from __future__ import annotations

import marshal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, cast

import pyoxigraph as ox

try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None  # type: ignore[assignment]

NO_MEMORY = 3
"""The exit code of a process that has no memory for a text."""
Wrong = tuple[int, int, str]
"""The line, the column, and the reason why a text is not RDF."""


@dataclass(frozen=True)
class Budget:
    """What reading one text may take."""

    memory: int
    """In bytes."""
    seconds: int
    """Of CPU time."""


class OverBudgetError(Exception):
    """Reading a text took more than its budget; `limit` is `memory`, `seconds`, or `nesting`."""

    def __init__(self, limit: str) -> None:
        super().__init__(limit)
        self.limit = limit


class TooMuchError(Exception):
    """A text says more than may be written."""


class _Output:
    """Holds what is written to it, up to a number of bytes."""

    def __init__(self, most: int | None) -> None:
        self._most = most
        self._parts: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> int:
        self._size += len(data)
        if self._most is not None and self._size > self._most:
            raise TooMuchError
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing: nothing is held back."""

    def text(self) -> bytes:
        return b"".join(self._parts)


def to_ntriples(
    text: bytes, media_type: str, base: str, most: int | None = None, *, keeps_labels: bool = False
) -> bytes:
    """Return RDF as N-Triples, each triple on a line of its own, with new labels of blank nodes or the old ones.

    Raises SyntaxError where it is not RDF, and TooMuchError where there are more than `most` bytes of it.
    """
    quads = ox.parse(
        text,
        format=ox.RdfFormat.from_media_type(media_type),
        base_iri=base or None,
        rename_blank_nodes=not keeps_labels,
    )
    output = _Output(most)
    try:
        ox.serialize((quad.triple for quad in quads), cast("IO[bytes]", output), format=ox.RdfFormat.N_TRIPLES)
    except MemoryError as error:
        if "maximal size" in str(error):
            raise SyntaxError("a literal, or another term of it, is longer than 16 MB, and none may be") from error
        raise
    return output.text()


def _limited(memory: int, seconds: int) -> None:
    """Limit what the next text may take, beyond what the process has taken so far."""
    if resource is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _set_limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + seconds)
    # It is exact on Linux alone; elsewhere nothing says how much a process has.
    with suppress(OSError, ValueError), open("/proc/self/statm") as file:  # noqa: PTH123 - it is no file of ours
        _set_limit(resource.RLIMIT_AS, int(file.read().split()[0]) * resource.getpagesize() + memory)


def _set_limit(which: int, most: int) -> None:
    """Set a limit, below the one that this process was given."""
    hard = resource.getrlimit(which)[1]
    resource.setrlimit(which, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _reader_of(name: str) -> Callable[[str, str], str]:
    """Return the reader of a format that another package adds."""
    from ..serialization import read_formats  # noqa: PLC0415 - few texts need it, and it takes as long as all the rest

    return next(one.read for one in read_formats().values() if one.name == name and one.read)


def _answer(name: str, media_type: str, text: bytes, base: str) -> bytes | Wrong | None:
    """Return a text as N-Triples, or what is wrong with it; None where memory does not suffice."""
    try:
        if name:
            text, media_type = _reader_of(name)(text.decode(), base).encode(), "application/n-triples"
        return to_ntriples(text, media_type, base)
    except SyntaxError as error:
        return error.lineno or 1, error.offset or 1, error.msg
    except (ValueError, RecursionError) as error:
        return 1, 1, str(error)
    except MemoryError:
        return None


def _run() -> None:
    """Answer requests: a tuple with the number of bytes of the text, then these; a reply is of the same form."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    given, sent = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            name, media_type, base, memory, seconds, size = marshal.load(given)  # noqa: S302 - from our own process
        except EOFError:
            return
        _limited(memory, seconds)
        answer = _answer(name, media_type, given.read(size), base)
        if isinstance(answer, bytes):
            marshal.dump((len(answer), None), sent)
            sent.write(answer)
        else:
            marshal.dump((-1, answer), sent)
        sent.flush()
        del answer


if __name__ == "__main__":
    try:
        _run()
    except MemoryError:
        # What is left of the request cannot be read: this process ends, and another takes its place.
        sys.exit(NO_MEMORY)
