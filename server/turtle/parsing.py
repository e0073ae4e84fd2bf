"""The one place that makes a graph of a text."""

from __future__ import annotations

import logging
import re
from typing import Final

import rdflib
from rdflib import BNode, Graph, Literal, URIRef

from ..serialization import TURTLE, Format
from ..store.parsing import SyntaxProblem, Terms, terms_of
from .limits import read_within
from .positions import NotTurtleError, Places, Term
from .statements import statements

# It logs each literal that does not fit its datatype, with a traceback. What is wrong with it is a shape's to say.
logging.getLogger("rdflib.term").setLevel(logging.ERROR)

_IS_NEWER: Final = "this is RDF 1.2, and files are RDF 1.1"
_DIRECTED: Final = re.compile(r'"@[A-Za-z0-9-]+--(?:ltr|rtl)\Z')
_NEWER: Final = ("<<(", "--ltr", "--rtl")
"""What the N-Triples of every text have that says something in RDF 1.2, as a few others do."""


def parse(text: str, syntax: str = "turtle") -> Graph:
    """Parse a text into a graph of its own, each literal in the form in which it is written.

    `syntax` is rdflib's name of it: turtle, nt, json-ld, xml. The text must be valid.
    """
    if syntax in {"turtle", "nt"}:
        graph = parse_turtle(text)
        assert isinstance(graph, Graph), graph
        return graph
    # Left to itself rdflib rewrites literals as it reads them: `Z` becomes `+00:00` at every save. The switch is
    # global, and pyshacl sets it back at the end of each run.
    rdflib.NORMALIZE_LITERALS = False
    return Graph(bind_namespaces="none").parse(data=text, format=syntax)


def parse_alone(text: str) -> Graph:
    """Parse valid Turtle into a graph that is equal, blank nodes and all, each time; not to be joined with another."""
    written = ntriples_of(text)
    assert isinstance(written, str), written
    blanks: dict[str, BNode] = {}

    def blank(label: str) -> BNode:
        return blanks.setdefault(label, BNode(f"b{len(blanks)}"))

    return _graph(written, Terms[Term](URIRef, blank, _literal))


def parse_terms(terms: list[str]) -> list[Term]:
    """Parse terms that are written as in N-Triples, in their order."""
    text = "".join(f"<urn:a> <urn:a> {term} .\n" for term in terms)
    return [value for _, _, value in terms_of(text, _TERMS)]


def parse_turtle(text: str, base: str = "") -> Graph | SyntaxProblem:
    """Parse a Turtle text, or say what keeps it from being RDF 1.1 Turtle."""
    written = ntriples_of(text, base=base)
    return written if isinstance(written, SyntaxProblem) else graph_of(written)


def graph_of(ntriples: str) -> Graph:
    """Return valid N-Triples as a graph; blank nodes keep their labels."""
    return _graph(ntriples, _TERMS)


def ntriples_of(text: str, syntax: Format = TURTLE, base: str = "") -> str | SyntaxProblem:
    """Return what a text says as N-Triples, or what keeps it from being RDF 1.1, which is all that rdflib can hold."""
    written = read_within(text, syntax, base)
    if isinstance(written, SyntaxProblem):
        return written
    is_suspect = any(mark in written for mark in _NEWER)
    if syntax is not TURTLE:
        return SyntaxProblem(1, 1, _IS_NEWER) if is_suspect and _says_more(written) else written
    return ((is_suspect or "version" in text.lower()) and _newer(text)) or written


def _graph(ntriples: str, terms: Terms[Term]) -> Graph:
    graph = Graph(bind_namespaces="none")
    for triple in terms_of(ntriples, terms):
        graph.add(triple)
    return graph


def _newer(text: str) -> SyntaxProblem | None:
    """Return where a text, which is valid RDF 1.2 Turtle, leaves RDF 1.1."""
    try:
        Places(text)
    except NotTurtleError as error:
        return SyntaxProblem(*error.place, _IS_NEWER)
    return None


def _says_more(ntriples: str) -> bool:
    """Tell whether N-Triples has a triple term, or a text with a direction (RDF 1.2 N-Triples, 2.4 and 2.5)."""
    values = (value for _, _, value in statements(ntriples))
    return any(value.startswith("<<(") or ("--" in value and _DIRECTED.search(value)) for value in values)


def _literal(text: str, datatype: str | None, language: str | None) -> Literal:
    kind = URIRef(datatype) if datatype is not None else None
    return Literal(text, lang=language, datatype=kind, normalize=False)


_TERMS: Final = Terms[Term](URIRef, BNode, _literal)
