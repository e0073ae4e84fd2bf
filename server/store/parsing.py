"""Parses RDF with pyoxigraph into terms of the caller's kind, each literal in the form in which it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import pyoxigraph as ox

from ..serialization import N_TRIPLES, TURTLE, Format
from .reading import Budget, to_ntriples

T = TypeVar("T")

_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"


@dataclass(frozen=True)
class SyntaxProblem:
    """Where and why a text is not Turtle; line and column count from 1, in characters."""

    line: int
    column: int
    message: str
    mend: str = ""
    """What to do where the text may be right, and is more than may be read; empty for what is wrong."""

    def sentence(self, label: str) -> str:
        """Return what is said of a file in the format with this label."""
        return f"{self.message}." if self.mend else f"Not {label}: {self.message}."


@dataclass(frozen=True)
class Terms(Generic[T]):
    """How to make terms: of an IRI, of a blank node's label, of a literal's text, datatype and language (or None)."""

    iri: Callable[[str], T]
    blank: Callable[[str], T]
    literal: Callable[[str, str | None, str | None], T]


def read_ntriples(
    text: str,
    syntax: Format = TURTLE,
    base: str = "",
    most: int | None = None,
    budget: Budget | None = None,
    *,
    keeps_labels: bool = False,
) -> str | SyntaxProblem:
    """Return a text as N-Triples, or what keeps it from being Turtle (RDF 1.1 Turtle, section 6.5), or another format.

    Each triple is on a line of its own, each literal in the form in which it is written. Blank nodes of two texts
    never have the same label, unless a text `keeps_labels`. Relative IRIs are resolved against `base`; without one they
    are a problem. Nothing is fetched: a JSON-LD context that is elsewhere, or an external entity of XML, is a problem.
    Of quads the triples are read. With a `budget` it is read in a process of its own. Raises TooMuchError where more
    than `most` bytes would be returned, and OverBudgetError.
    """
    if budget is not None:
        from .apart import read_apart  # noqa: PLC0415 - few commands need a process, and what starts it is much

        found = read_apart(text, syntax, base, budget)
        return found if isinstance(found, str) else SyntaxProblem(found[0], found[1], _reason(found[2]))
    try:
        if syntax.read is not None:
            text, syntax = syntax.read(text, base), N_TRIPLES
        return to_ntriples(text.encode(), syntax.media_type, base, most, keeps_labels=keeps_labels).decode()
    except SyntaxError as error:
        return SyntaxProblem(error.lineno or 1, error.offset or 1, _reason(error.msg))
    except ValueError as error:
        return SyntaxProblem(1, 1, str(error))


def terms_of(ntriples: str, terms: Terms[T]) -> Iterator[tuple[T, T, T]]:
    """Yield the triples of valid N-Triples in terms of the caller's kind; blank nodes keep their labels."""
    iris: dict[str, T] = {}

    def make(term: object) -> T:
        if isinstance(term, ox.NamedNode):
            value = term.value
            if value not in iris:
                iris[value] = terms.iri(value)
            return iris[value]
        if isinstance(term, ox.Literal):
            if term.language is not None:
                return terms.literal(term.value, None, term.language)
            datatype = term.datatype.value
            return terms.literal(term.value, None if datatype == _STRING else datatype, None)
        assert isinstance(term, ox.BlankNode), "the caller refuses RDF 1.2"
        return terms.blank(term.value)

    for triple in ox.parse(ntriples.encode(), format=ox.RdfFormat.N_TRIPLES):
        yield make(triple.subject), make(triple.predicate), make(triple.object)


def _reason(message: str) -> str:
    _, _, tail = message.partition(": ")
    return tail if message.startswith("Parser error") and tail else message
