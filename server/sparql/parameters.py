"""Parameters of a query: what the types of values are, and how a value, typed as text, becomes a term of SPARQL.

A value is never text of the query: the RDF library writes it as an IRI or a literal, which ends where it ends.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from typing import Final

from ..errors import QueryError
from ..namespaces import XSD, Namespaces
from ..records.kept import KeptQuery, Parameter
from .rewriting import bind_terms
from .terms import literal, named

LONGEST: Final = 2_000
"""Characters: a longer value is refused."""
IRI_TYPES: Final = ("entity", "class", "predicate", "iri")
"""The types whose values are IRIs, written as they are or as CURIEs."""

_SHOWN: Final = 60
_YEAR: Final = re.compile(r"-?[0-9]{4,9}")
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,30}")
_CURIE: Final = re.compile(r"[A-Za-z][\w.-]*:[^\s<>\"{}|\\^`]+")


def _integer(text: str) -> str:
    if not _WHOLE.fullmatch(text):
        raise ValueError("a whole number such as 3")
    return literal(text, f"{XSD}integer")


def _decimal(text: str) -> str:
    try:
        is_finite = Decimal(text).is_finite()
    except InvalidOperation:
        is_finite = False
    if not is_finite:
        raise ValueError("a number such as 0.5")
    return literal(f"{Decimal(text):f}", f"{XSD}decimal")


def _year(text: str) -> str:
    if not _YEAR.fullmatch(text):
        raise ValueError("a year such as 2024")
    return literal(text, f"{XSD}integer")


def _date(text: str) -> str:
    try:
        return literal(datetime.date.fromisoformat(text).isoformat(), f"{XSD}date")
    except ValueError:
        raise ValueError("a date such as 2024-12-18") from None


def _boolean(text: str) -> str:
    if text not in {"true", "false"}:
        raise ValueError("true or false")
    return literal(text, f"{XSD}boolean")


_LITERALS: Final[Mapping[str, Callable[[str], str]]] = {
    "text": lambda text: literal(text, ""),
    "integer": _integer,
    "decimal": _decimal,
    "year": _year,
    "date": _date,
    "boolean": _boolean,
}

TYPES: Final = (*IRI_TYPES, *_LITERALS, "choice")
"""The types of values. A year is a whole number, since dates in a base may be of a year, a month or a day."""


def term_for(parameter: Parameter, text: str, namespaces: Namespaces) -> str:
    """Return a value as SPARQL writes it. Raises QueryError, which says what the parameter takes, for another one."""
    try:
        return _term(parameter, text, namespaces)
    except ValueError as error:
        shown = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
        raise QueryError(f"The parameter {parameter.name} is {shown!r}.", f"give {error}.") from None


def bound(query: KeptQuery, values: Mapping[str, str], namespaces: Namespaces) -> str:
    """Return the text of a kept query with its values in their places, as anyone can run it.

    A parameter without a value has its default, and without that it stays a variable. Raises QueryError for a value
    that does not fit, and for one of a parameter that there is not.
    """
    known = {one.name: one for one in query.parameters}
    if unknown := values.keys() - known.keys():
        there = ", ".join(known) or "none"
        raise QueryError(f"The query {query.name} has no parameter {min(unknown)!r}.", f"there are: {there}.")
    given = {name: values.get(name, "").strip() or one.default for name, one in known.items()}
    return bind_terms(
        query.text, {name: term_for(known[name], text, namespaces) for name, text in given.items() if text}
    )


def _term(parameter: Parameter, text: str, namespaces: Namespaces) -> str:
    """Return a value as SPARQL writes it. Raises ValueError, which says what is wanted, where it does not fit."""
    if len(text) > LONGEST:
        raise ValueError(f"at most {LONGEST:,} characters")
    if parameter.type in IRI_TYPES:
        return _iri(text, namespaces)
    if parameter.type != "choice":
        return _LITERALS[parameter.type](text)
    if text not in parameter.choices:
        raise ValueError(f"one of {', '.join(parameter.choices)}")
    is_curie = _CURIE.fullmatch(text) and text.partition(":")[0] in namespaces.prefixes()
    return named(namespaces.expand(text)) if is_curie else literal(text, "")


def _iri(text: str, namespaces: Namespaces) -> str:
    whole = text.removeprefix("<").removesuffix(">")
    if text == whole and text.partition(":")[0] in namespaces.prefixes():
        whole = namespaces.expand(text)
    with suppress(ValueError):
        if ":" in whole:
            return named(whole)
    raise ValueError("an id such as prefix:name, or an IRI")
