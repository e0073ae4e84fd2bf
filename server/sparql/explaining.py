"""Errors that teach: what the engine says of a query, made into a place, a token, and what to do about it."""

from __future__ import annotations

import re
from typing import Final

from ..errors import QueryError
from ..guessing import nearest
from ..namespaces import Namespaces
from .characters import odd_characters
from .dialects import dialect_of, dialect_of_prefix
from .guards import READ_AT_ONCE
from .lexer import Token, tokens

_PLACE: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_NO_FUNCTION: Final = re.compile(r"custom function <([^<>]*)>")

_REASONS: Final = {
    "IRI parsing failed": "it is not an IRI",
    "variable that is unbound": "the SELECT names a variable that is neither grouped nor aggregated",
    "already bound": "the variable is bound already",
}
"""What the engine says in passing, and what it means."""

_WELL_KNOWN: Final = {
    "dbo": "http://dbpedia.org/ontology/",
    "dbr": "http://dbpedia.org/resource/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "cito": "http://purl.org/spar/cito/",
    "fabio": "http://purl.org/spar/fabio/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "p": "http://www.wikidata.org/prop/",
    "ps": "http://www.wikidata.org/prop/statement/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "void": "http://rdfs.org/ns/void#",
    "wd": "http://www.wikidata.org/entity/",
    "wdt": "http://www.wikidata.org/prop/direct/",
    "wikibase": "http://wikiba.se/ontology#",
}
"""Prefixes that people use without declaring them, beyond those of the base."""


def explain(error: QueryError, query: str, namespaces: Namespaces) -> QueryError:
    """Return an error that says where in the query the fault is, at which token, and how to mend it.

    An error that has no place in the query is returned as it is.
    """
    found = _PLACE.fullmatch(error.message)
    if found is None:
        called = _NO_FUNCTION.search(error.message)
        dialect = dialect_of(called[1]) if called else None
        return QueryError(error.message, dialect.mend()) if dialect else error
    if len(query) > READ_AT_ONCE:
        return QueryError(f"Line {found[1]}, column {found[2]}: the query cannot be read there.", _advice([], found[3]))
    cut = [token for token in tokens(query) if token.kind != "space"]
    # The engine says where it gave up, which is behind what it cannot read.
    odd = next((one for one in odd_characters(cut) if one.kind != "iri"), None)
    unknown = _undeclared(cut, namespaces)
    if odd is not None and (unknown is None or odd.offset < unknown.end):
        line, column = position(query, odd.offset)
        return QueryError(f"Line {line}, column {column}: the query cannot be read at {odd.name}.", odd.mend)
    if unknown is not None:
        line, column = position(query, unknown.start)
        return QueryError(
            f"Line {line}, column {column}: the prefix of {unknown.text} is not declared.",
            _declare(unknown.text, namespaces),
        )
    line, column = int(found[1]), int(found[2])
    token = _token_at(cut, _offset(query, line, column))
    where = f"at {token.text!r}" if token is not None else "at the end of the query"
    why = next((f": {words}" for sign, words in _REASONS.items() if sign in found[3]), "")
    return QueryError(f"Line {line}, column {column}: the query cannot be read {where}{why}.", _advice(cut, found[3]))


def _undeclared(cut: list[Token], namespaces: Namespaces) -> Token | None:
    """Return the first prefixed name whose prefix neither the query nor the base declares."""
    declared = set(namespaces.prefixes())
    for before, token in zip([None, *cut], cut, strict=False):
        if token.kind != "pname":
            continue
        prefix = token.text.partition(":")[0]
        if before is not None and before.is_word("PREFIX"):
            declared.add(prefix)
        elif prefix not in declared:
            return token
    return None


def _declare(name: str, namespaces: Namespaces) -> str:
    if (dialect := dialect_of_prefix(name)) is not None:
        return dialect.hint(name)
    prefix = name.partition(":")[0]
    if prefix in _WELL_KNOWN:
        return f"put this line first: PREFIX {prefix}: <{_WELL_KNOWN[prefix]}>"
    near = nearest(prefix, namespaces.prefixes())
    offer = f", or write {near}: if you meant that" if near else ""
    return f"put a line such as PREFIX {prefix}: <http://...> first{offer}."


def _advice(cut: list[Token], said: str) -> str:
    if any(token.kind == "broken" for token in cut):
        return "close the string with the quote that opens it; write a quote inside it as \\\" or \\'."
    if "IRI parsing failed" in said:
        return "an IRI holds no spaces or quotes, and ends with >."
    if sum(token.text == "{" for token in cut) != sum(token.text == "}" for token in cut):
        return "give every opening brace its closing one."
    return "look at this place and the one before it: a missing dot, brace or keyword is usual."


def _token_at(cut: list[Token], offset: int) -> Token | None:
    return next((token for token in cut if token.end > offset), None)


def _offset(query: str, line: int, column: int) -> int:
    lines = query.split("\n")
    return sum(len(text) + 1 for text in lines[: line - 1]) + column - 1


def position(query: str, offset: int) -> tuple[int, int]:
    """Return the line and the column of an offset, both from 1."""
    return query.count("\n", 0, offset) + 1, offset - query.rfind("\n", 0, offset)
