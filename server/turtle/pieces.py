"""N-Triples in pieces: those of a large base are more than one text should hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain


@dataclass(frozen=True)
class Pieces(Iterable[str]):
    """N-Triples in pieces of whole lines. They are read anew each time, so that no more than one need be in memory."""

    read: Callable[[], Iterator[str]]

    def __iter__(self) -> Iterator[str]:
        return self.read()

    @cached_property
    def size(self) -> int:
        """The number of characters of all pieces."""
        return sum(map(len, self))


def pieces_of(ntriples: str | Pieces) -> Iterable[str]:
    """Return the pieces of N-Triples: a text is one."""
    return (ntriples,) if isinstance(ntriples, str) else ntriples


def size_of(ntriples: str | Pieces) -> int:
    """Return the number of characters of N-Triples."""
    return len(ntriples) if isinstance(ntriples, str) else ntriples.size


def joined(ntriples: str | Pieces) -> str:
    """Return N-Triples as one text, for what takes nothing else."""
    return ntriples if isinstance(ntriples, str) else "".join(ntriples)


def with_more(ntriples: str | Pieces, more: str) -> str | Pieces:
    """Return N-Triples with some more of them at the end."""
    if not more:
        return ntriples
    return ntriples + more if isinstance(ntriples, str) else Pieces(lambda: chain(ntriples, (more,)))
