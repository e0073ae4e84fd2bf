"""Statements: triples whose terms are written as in N-Triples, which cost little to make and to compare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

Statement = tuple[str, str, str]
"""The subject, predicate and object of a triple, each written as in N-Triples (RDF 1.1 N-Triples, section 2)."""

_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_CONTROLS: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


class LiteralTerm(NamedTuple):
    """A literal: its lexical form, and its language or the IRI of its datatype; a plain string has neither."""

    text: str
    language: str = ""
    datatype: str = ""


def statements(ntriples: str) -> Iterator[Statement]:
    """Yield the statements of N-Triples with one triple a line and single spaces, as our reader writes them."""
    for line in ntriples.split("\n"):
        if line:
            subject, predicate, value = line.split(" ", 2)
            yield subject, predicate, value[:-2]


def lines_of(ntriples: str) -> list[str]:
    """Return the lines of N-Triples with their ends, which are line feeds and nothing else (section 2.1)."""
    return [f"{line}\n" for line in ntriples.split("\n") if line]


def pairs_in(ntriples: str, predicate: str) -> Iterator[tuple[str, str]]:
    """Yield the subjects and objects that a predicate, given by its IRI, joins in N-Triples that our reader wrote."""
    mark = f" <{predicate}> "
    at = ntriples.find(mark)
    while at >= 0:
        start, end = ntriples.rfind("\n", 0, at) + 1, ntriples.index("\n", at)
        # In a literal the same characters may occur further on in the line.
        if " " not in (subject := ntriples[start:at]):
            yield subject, ntriples[at + len(mark) : end - 2]
        at = ntriples.find(mark, end)


def is_iri(term: str) -> bool:
    """Tell whether a term is an IRI."""
    return term[0] == "<"


def is_blank(term: str) -> bool:
    """Tell whether a term is a blank node."""
    return term[0] == "_"


def iri_of(term: str) -> str:
    """Return the IRI that a term is; the label of a blank node, without `_:`."""
    return term[1:-1] if term[0] == "<" else term[2:]


def literal_of(term: str) -> LiteralTerm | None:
    """Return the literal that a term is, or None when it is an IRI or a blank node."""
    if term[0] != '"':
        return None
    end = term.rindex('"')
    text, kind = term[1:end], term[end + 1 :]
    if "\\" in text:
        text = unescaped(text)
    if not kind:
        return LiteralTerm(text)
    return LiteralTerm(text, language=kind[1:]) if kind[0] == "@" else LiteralTerm(text, datatype=kind[3:-1])


def value_of(term: str) -> str:
    """Return what a term says: an IRI, a blank node's label, or the lexical form of a literal."""
    literal = literal_of(term)
    return iri_of(term) if literal is None else literal.text


def unescaped(text: str) -> str:
    """Return a text with the characters that its escapes denote (RDF 1.1 Turtle, section 6.4)."""
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _CONTROLS.get(match[3], match[3])
