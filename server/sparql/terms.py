"""The terms of RDF as values of Python: what a row of solutions holds, and what a variable can be bound to."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Final

import pyoxigraph as ox

from ..records.languages import Text, is_english

Value = str | int | float | bool
"""What a row holds: IRIs and strings as str (a Text where it is not in English), numbers and booleans as themselves."""
Row = dict[str, Value]

_NUMBERS: Final[Mapping[str, type[int] | type[float]]] = {
    "integer": int,
    "nonNegativeInteger": int,
    "positiveInteger": int,
    "decimal": float,
    "double": float,
    "float": float,
}
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"


class Iri(str):
    """A string that is bound as an IRI to a query's variable; a plain str is bound as a literal."""

    __slots__ = ()


def term_of(value: Value) -> ox.NamedNode | ox.Literal:
    """Return the term of a value. Raises ValueError when it is an Iri and not one by its form."""
    return ox.NamedNode(value) if isinstance(value, Iri) else ox.Literal(value)


def literal(text: str, datatype: str) -> str:
    """Return a literal as SPARQL writes it, of a text and the IRI of a datatype; a plain string where that is empty."""
    return str(ox.Literal(text, datatype=ox.NamedNode(datatype)) if datatype else ox.Literal(text))


def named(iri: str) -> str:
    """Return an IRI as SPARQL writes it. Raises ValueError for what is none by its form."""
    return str(ox.NamedNode(iri))


def is_iri(text: str) -> bool:
    """Tell whether a text is an IRI by its form."""
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


def value_of(term: object) -> Value:
    """Return what a row holds for a term."""
    if isinstance(term, ox.NamedNode):
        return term.value
    if isinstance(term, ox.Literal):
        kind = term.datatype.value.removeprefix(_XSD)
        if kind == "boolean":
            return term.value in {"true", "1"}
        if kind in _NUMBERS:
            # A literal such as "many"^^xsd:integer is ill-typed and still a literal: it is shown as it is.
            with suppress(ValueError):
                return _NUMBERS[kind](term.value)
        if (tag := term.language) and not is_english(tag):
            return Text(term.value, tag)
        return term.value
    return str(term)


def literal_text(written: str) -> str:
    """Return a literal, as SPARQL or Turtle writes it, in the form of N-Triples; empty for what is none."""
    literal = _literal(written)
    return "" if literal is None else str(literal)


def lexical(written: str) -> str | None:
    """Return the text of a literal, as SPARQL or Turtle writes it; None for what is none."""
    literal = _literal(written)
    return None if literal is None else literal.value


def _literal(written: str) -> ox.Literal | None:
    try:
        [quad] = ox.parse(f"<x:s> <x:p> {written} .".encode(), format=ox.RdfFormat.TURTLE)
    except (SyntaxError, ValueError):
        return None
    return quad.object if isinstance(quad.object, ox.Literal) else None
