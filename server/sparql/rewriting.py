"""Rewrites a query for another engine: terms for variables, a dataset taken out, what only one engine knows refused.

It works on tokens, so that a word in a string, an IRI or a comment is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ..errors import ForbiddenQueryError
from .lexer import Token, tokens
from .prologue import read_prologue
from .terms import Value, term_of

_EXTENSIONS: Final = ("bif:", "sql:", "sparql:", "java:", "javascript:", "file:")
"""Schemes by which an engine reaches out of SPARQL: built-in functions, stored procedures, classes, files."""
_AFTER_ORDER: Final = ("HAVING", "LIMIT", "OFFSET", "ORDER", "VALUES")
_ASCII_ESCAPE: Final = re.compile(r"\\u00[0-7]|\\U000000[0-7]")


@dataclass(frozen=True)
class Dataset:
    """A query without its dataset clause (SPARQL 1.1 Query, section 13.2), and what the clause said."""

    query: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]


def bind(query: str, bindings: Mapping[str, Value]) -> str:
    """Return a query with values in the place of variables, as `bind_terms` does.

    Raises ValueError for an IRI that is none.
    """
    return bind_terms(query, {name: str(term_of(value)) for name, value in bindings.items()})


def bind_terms(query: str, terms: Mapping[str, str]) -> str:
    """Return a query with terms in the place of variables; in its projection a variable keeps its name.

    A group and an order by it go by the term, which is the same for every row. The terms are written by the RDF
    library from IRIs that it has checked and literals that it escapes: no value can end its own token. VALUES would say
    the same, but an engine that does not push it into the arms of a UNION would first work out the whole base.
    """
    parts, depth, projecting, ordering = [], 0, False, False
    before = None
    for token in tokens(query):
        depth += token.is_mark("(") - token.is_mark(")")
        term = terms.get(token.text[1:]) if token.kind == "var" else None
        if token.is_word("SELECT"):
            projecting, depth = True, 0
        elif token.is_word("WHERE") or token.is_mark("{"):
            projecting = False
        if token.is_word("BY") and before is not None and before.is_word("ORDER", "GROUP"):
            ordering, depth = True, 0
        elif token.is_word(*_AFTER_ORDER) or token.is_mark("{") or token.is_mark("}"):
            ordering = False
        if term is None:
            parts.append(token.text)
        elif depth == 0 and projecting:
            parts.append(f"({term} AS ?{token.text[1:]})")
        else:
            # A condition of an order or of groups is a variable or in brackets (sections 15.1 and 11.2).
            parts.append(f"({term})" if depth == 0 and ordering else term)
        if token.kind != "space":
            before = token
    return "".join(parts)


def declare(query: str, prefixes: Mapping[str, str], base: str | None) -> str:
    """Return a query with those prefixes declared in front of it that it may use; its own declarations come later.

    They are on its first line, so that its lines keep their numbers.
    """
    lines = [f"BASE <{base}> "] if base else []
    lines += [f"PREFIX {name}: <{iri}> " for name, iri in prefixes.items() if f"{name}:" in query]
    return "".join(lines) + query


def take_dataset(query: str, prefixes: Mapping[str, str], base: str | None) -> Dataset:
    """Take the FROM clauses out of a query that is well-formed, and return the rest with the IRIs that they named."""
    prologue = read_prologue(query, prefixes, base)
    graphs: dict[bool, list[str]] = {False: [], True: []}
    parts: list[str] = []
    end = 0
    for before, token in _pairs(query):
        words = [one.text.upper() if one.kind == "word" else "" for one in before]
        if token.kind in {"iri", "pname"} and (words[-1:] == ["FROM"] or words == ["FROM", "NAMED"]):
            named = words[-1] == "NAMED"
            graphs[named].append(prologue.iri(token) or "")
            parts.append(query[end : before[-2 if named else -1].start])
            end = token.end
    return Dataset("".join([*parts, query[end:]]), tuple(graphs[False]), tuple(graphs[True]))


def refuse_unclear(query: str) -> None:
    """Raise ForbiddenQueryError for what two engines may read in two ways, and for what only one of them knows.

    Our parser says that a text is a query, and a remote store reads it anew. So nothing is let through whose reading
    rests on whether codepoint escapes are resolved early or late (SPARQL 1.1 Query, section 19.2), or on where a
    keyword ends. Virtuoso, for one, calls SQL functions by IRIs such as `bif:`; a public query has no business there.
    """
    if _ASCII_ESCAPE.search(query):
        raise ForbiddenQueryError("The query escapes a plain character by its number.", "write the character itself.")
    for token in tokens(query):
        name = token.text.removeprefix("<").lower()
        if token.kind in {"broken", "unclear"} or (token.kind == "word" and "FROM" in name.upper() and name != "from"):
            raise ForbiddenQueryError(f"It is ambiguous how to read {token.text[:40]!r}.", "put spaces around it.")
        if token.kind in {"iri", "pname"} and name.startswith(_EXTENSIONS):
            raise ForbiddenQueryError(
                f"This endpoint does not call {name.partition(':')[0]}: functions.", "use those of SPARQL 1.1."
            )


def _pairs(query: str) -> Iterator[tuple[list[Token], Token]]:
    """Yield each token, but for space, with the two before it."""
    before: list[Token] = []
    for token in tokens(query):
        if token.kind != "space":
            yield before, token
            before = [*before[-1:], token]
