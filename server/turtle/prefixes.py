"""The prefixes of a Turtle text: which it declares, and which it uses (RDF 1.1 Turtle, section 2.4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .writer import without_literals

_DECLARATION = re.compile(
    r"(?:@prefix|\bPREFIX)\s+(?P<prefix>[^\s:]*):\s*<(?P<namespace>[^<>]*)>[^\S\n]*\.?", re.IGNORECASE
)
_IRI = re.compile(r"<[^<>\s]*>")
_USE = re.compile(r"(?<![^\s;,.()\[\]^])(?P<prefix>[^\s:;,()\[\]<>@^]*):")


@dataclass(frozen=True)
class Declaration:
    """A prefix as a text declares it; `start` and `end` are offsets in the text."""

    prefix: str
    namespace: str
    start: int
    end: int


def declared_prefixes(text: str) -> Iterator[Declaration]:
    """Yield the declarations of a text that is Turtle, in their order."""
    for match in _DECLARATION.finditer(without_literals(text)):
        yield Declaration(match["prefix"], match["namespace"], match.start(), match.end())


def used_prefixes(text: str) -> set[str]:
    """Return the prefixes that a text, which is Turtle, uses."""
    bare = _IRI.sub(" ", _DECLARATION.sub(" ", without_literals(text)))
    return {match["prefix"] for match in _USE.finditer(bare)} - {"_"}


def declared_in(texts: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return each prefix that texts declare, with the namespace that most of them give it."""
    counted: dict[str, dict[str, int]] = {}
    for text in texts:
        for one in declared_prefixes(text):
            if "://" in one.namespace or one.namespace.startswith("urn:"):
                spaces = counted.setdefault(one.prefix, {})
                spaces[one.namespace] = spaces.get(one.namespace, 0) + 1
    # Of two prefixes of one namespace the first is shown: rather one that has a name.
    ranked = sorted(counted.items(), key=lambda pair: (pair[0] == "", pair[0]))
    return tuple((prefix, max(spaces, key=lambda one: spaces[one])) for prefix, spaces in ranked)
