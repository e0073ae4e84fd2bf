"""The keys under which the rules on names would tell one subject of another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...turtle.statements import Statement, literal_of
from ..lint import authors, names


def keys_of(statements: Iterable[Statement]) -> Iterator[str]:
    """Yield the keys of one subject's statements, whose terms are written as in N-Triples."""
    for _, predicate, value in statements:
        if literal := literal_of(value):
            yield from names.keys_of(predicate[1:-1], literal.text)
            yield from authors.keys_of(literal)
