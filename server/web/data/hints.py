"""Errors that teach: what the engine says of a query, made into a place, a token, and what to do about it."""

from __future__ import annotations

import re
from typing import Final

from ...errors import QueryError
from ...guessing import nearest
from ...namespaces import AKB, Namespaces
from ...schema.schema import Schema
from ...sparql.guards import READ_AT_ONCE
from ...sparql.lexer import Token, tokens, unescape

_PLACE: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)

_REASONS: Final = {
    "IRI parsing failed": "it is not an IRI",
    "variable that is unbound": "the SELECT names a variable that is neither grouped nor aggregated",
    "already bound": "the variable is bound already",
}
"""What the engine says in passing, and what it means."""

_MOST: Final = 5
"""How many terms are hinted at: what is near to each is looked for among all terms of the ontology."""
_OWN_NAMES: Final = re.compile(r"akb:\w+")

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
        return error
    if len(query) > READ_AT_ONCE:
        return QueryError(f"Line {found[1]}, column {found[2]}: the query cannot be read there.", _advice([], found[3]))
    cut = [token for token in tokens(query) if token.kind != "space"]
    unknown = _undeclared(cut, namespaces)
    if unknown is not None:
        line, column = _position(query, unknown.start)
        return QueryError(
            f"Line {line}, column {column}: the prefix of {unknown.text} is not declared.",
            _declare(unknown.text.partition(":")[0], namespaces),
        )
    line, column = int(found[1]), int(found[2])
    token = _token_at(cut, _offset(query, line, column))
    where = f"at {token.text!r}" if token is not None else "at the end of the query"
    why = next((f": {words}" for sign, words in _REASONS.items() if sign in found[3]), "")
    return QueryError(f"Line {line}, column {column}: the query cannot be read {where}{why}.", _advice(cut, found[3]))


def misspelt_terms(query: str, schema: Schema) -> tuple[str, ...]:
    """Return a sentence for each class or property in a query that looks like ours and is not in the ontology."""
    known = schema.curies
    if len(query) > READ_AT_ONCE:
        return ()
    # Most queries name only what exists; those are not cut into tokens.
    if AKB not in query.replace(f"akb: <{AKB}>", "") and known.issuperset(_OWN_NAMES.findall(query)):
        return ()
    wrong: dict[str, str] = {}
    for token in tokens(unescape(query)):
        name = token.text
        if token.kind == "iri" and name.startswith(f"<{AKB}"):
            name = f"akb:{name[len(AKB) + 1 : -1]}"
        elif token.kind != "pname" or not name.startswith("akb:"):
            continue
        if name in known or name == "akb:" or name in wrong:
            continue
        best = nearest(name, known)
        wrong[name] = f"{name} is not in the ontology" + (f"; did you mean {best}?" if best else ".")
        if len(wrong) == _MOST:
            break
    return tuple(wrong.values())


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


def _declare(prefix: str, namespaces: Namespaces) -> str:
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
    lines = query.splitlines(keepends=True)
    return sum(len(text) for text in lines[: line - 1]) + column - 1


def _position(query: str, offset: int) -> tuple[int, int]:
    before = query[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
