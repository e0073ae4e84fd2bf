"""The declarations at the start of a query, and the IRIs that its tokens denote (SPARQL 1.1 Query, section 4.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from ..errors import QueryError
from .lexer import Token, tokens, unescape

_LONGEST_BASE: Final = 2000
"""Characters: a base IRI may be relative to the one before, so that many would need time in square."""


@dataclass(frozen=True)
class Prologue:
    """The prefixes and the base IRI that hold in a query, and the offset at which its declarations end."""

    prefixes: Mapping[str, str]
    base: str
    end: int

    def iri(self, token: Token) -> str | None:
        """Return the IRI that a token of the kind `iri` or `pname` denotes, or None for an undeclared prefix."""
        text = unescape(token.text)
        if token.kind == "iri":
            return _resolved(self.base, text[1:-1])
        prefix, _, local = text.partition(":")
        return self.prefixes[prefix] + re.sub(r"\\(.)", r"\1", local) if prefix in self.prefixes else None


def _resolved(base: str, reference: str) -> str:
    """Return the IRI of a reference (RFC 3986, section 5.2); Python's own function drops a fragment that is empty."""
    found = urljoin(base, reference)
    return f"{found}#" if reference.endswith("#") and not found.endswith("#") else found


def read_prologue(query: str, prefixes: Mapping[str, str], base: str | None) -> Prologue:
    """Read the declarations of a query that is well-formed; they come after those that hold already.

    Raises QueryError for a base IRI of unreasonable length.
    """
    prologue = Prologue(dict(prefixes), base or "", 0)
    known = dict(prefixes)
    before: list[Token] = []
    for token in tokens(query):
        if token.kind == "space":
            continue
        if token.kind == "iri" and before and before[-1].is_word("BASE"):
            prologue = Prologue(known, prologue.iri(token) or "", token.end)
            if len(prologue.base) > _LONGEST_BASE:
                raise QueryError(
                    f"The base IRI of the query has over {_LONGEST_BASE:,} characters.", "declare a shorter one."
                )
        elif token.kind == "iri" and len(before) == 2 and before[0].is_word("PREFIX"):
            known[before[1].text[:-1]] = prologue.iri(token) or ""
            prologue = Prologue(known, prologue.base, token.end)
        elif token.kind != "pname" and not token.is_word("BASE", "PREFIX"):
            break
        before = [*before[-1:], token]
    return prologue
