"""The keys under which the rules on names would tell one subject of another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from ..lint import names

_LITERAL: Final = re.compile(r'"(.*)"(?:@\S+|\^\^\S+)?', re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_CONTROLS: Final = {"n": "\n", "r": "\r"}


def keys_of(statements: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """Yield the keys of one subject's statements, whose terms are written as in N-Triples."""
    for _, predicate, value in statements:
        if match := _LITERAL.fullmatch(value):
            text = _ESCAPE.sub(lambda found: _CONTROLS.get(found[1], found[1]), match[1])
            yield from names.keys_of(predicate[1:-1], text)
