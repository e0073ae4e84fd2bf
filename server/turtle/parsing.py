"""The one place that makes a graph of a text."""

from __future__ import annotations

import logging
from typing import Final, TypeVar

import rdflib
from rdflib import BNode, Graph, Literal, URIRef

from ..store.parsing import SyntaxProblem, Terms, read_rdf, syntax_problem
from .positions import NotTurtleError, Places, Term

T = TypeVar("T")

# It logs each literal that does not fit its datatype, with a traceback. What is wrong with it is a shape's to say.
logging.getLogger("rdflib.term").setLevel(logging.ERROR)

_NEWER: Final = ("<<", "{|", "~", "--", "version")
"""Every text that uses RDF 1.2 has one of these, as a few others do."""


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
    blanks: dict[str, BNode] = {}

    def blank(label: str) -> BNode:
        return blanks.setdefault(label, BNode(f"b{len(blanks)}"))

    graph = _graph(read_turtle(text, Terms[Term](URIRef, blank, _literal)))
    assert isinstance(graph, Graph), graph
    return graph


def parse_labelled(text: str) -> Graph:
    """Parse valid N-Triples into a graph in which the blank nodes have the labels that they have in the text."""
    graph = _graph(read_rdf(text, _TERMS, keeps_labels=True))
    assert isinstance(graph, Graph), graph
    return graph


def parse_terms(terms: list[str]) -> list[Term]:
    """Parse terms that are written as in N-Triples, in their order."""
    text = "".join(f"<urn:a> <urn:a> {term} .\n" for term in terms)
    read = read_rdf(text, _TERMS, keeps_labels=True)
    assert not isinstance(read, SyntaxProblem), read
    return [value for _, _, value in read]


def parse_turtle(text: str, base: str = "") -> Graph | SyntaxProblem:
    """Parse a Turtle text, or say what keeps it from being RDF 1.1 Turtle."""
    return _graph(read_turtle(text, _TERMS, base))


def parse_rdf(text: str, syntax: str, base: str) -> Graph | SyntaxProblem:
    """Parse a text of one of the syntaxes of `store.parsing`, or say what is wrong with it; nothing is fetched."""
    return _graph(read_rdf(text, _TERMS, syntax, base))


def read_turtle(text: str, terms: Terms[T], base: str = "") -> list[tuple[T, T, T]] | SyntaxProblem:
    """Parse a Turtle text into terms of the caller's kind, or say what keeps it from being RDF 1.1 Turtle."""
    folded = text.lower()
    if any(mark in folded for mark in _NEWER) and (problem := _newer(text)):
        return problem
    return read_rdf(text, terms, "turtle", base)


def _graph(read: list[tuple[Term, Term, Term]] | SyntaxProblem) -> Graph | SyntaxProblem:
    if isinstance(read, SyntaxProblem):
        return read
    graph = Graph(bind_namespaces="none")
    for triple in read:
        graph.add(triple)
    return graph


def _newer(text: str) -> SyntaxProblem | None:
    """Return where a text leaves RDF 1.1, which is all that rdflib can hold, though the store would take it."""
    try:
        Places(text)
    except NotTurtleError as error:
        return syntax_problem(text) or SyntaxProblem(*error.place, "this is RDF 1.2, and files are RDF 1.1")
    return None


def _literal(text: str, datatype: str | None, language: str | None) -> Literal:
    kind = URIRef(datatype) if datatype is not None else None
    return Literal(text, lang=language, datatype=kind, normalize=False)


_TERMS: Final = Terms[Term](URIRef, BNode, _literal)
