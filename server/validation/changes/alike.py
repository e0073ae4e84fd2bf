"""The keys by which the rules on names and on authors relate one subject to another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...turtle.statements import Statement, literal_of
from ..lint import authors, names

_LISTED = "listed "
"""What the keys of names in a list begin with."""


def keys_of(statements: Iterable[Statement]) -> Iterator[str]:
    """Yield the keys under which one subject is found, by its statements, whose terms are as in N-Triples."""
    for _, predicate, value in statements:
        if literal := literal_of(value):
            yield from names.keys_of(predicate[1:-1], literal.text)
            yield from (f"{_LISTED}{name}" for name in authors.names_in(literal))


def related_keys(statements: Iterable[Statement]) -> Iterator[str]:
    """Yield the keys of the others that a rule may tell of one subject, or of which it may tell this one.

    Those who go by one name are related, and a list to those whom it names; two lists that have a name in common are
    not, so that a text which a thousand entities have, such as their source, leads to none of the others.
    """
    for _, predicate, value in statements:
        if literal := literal_of(value):
            for key in names.keys_of(predicate[1:-1], literal.text):
                yield key
                if key.startswith(names.NAME):
                    yield _LISTED + key.removeprefix(names.NAME)
            yield from (f"{names.NAME}{name}" for name in authors.names_in(literal))
