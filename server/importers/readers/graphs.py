"""Reads RDF in any of its formats, within the limits of reading (`server/turtle/limits.py`)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from rdflib import RDF, Graph
from rdflib.term import Node

from ...errors import UsageError
from ...serialization import RDF_XML, TURTLE, read_formats
from ...store.parsing import SyntaxProblem
from ...turtle.kinds import format_of, suffix_of
from ...turtle.limits import read_within
from ...turtle.parsing import graph_of
from ..files import text_of_file

_MEND: Final = "correct the file there."
_MEMBER: Final = re.compile(re.escape(str(RDF)) + r"_([1-9][0-9]*)")


def members_of(graph: Graph, node: Node) -> list[Node]:
    """Return the members of a list or a container, in their order (RDF Schema 1.1, sections 5.1 and 5.2)."""
    if (node, RDF.first, None) in graph:
        return list(graph.items(node))
    found = ((_MEMBER.fullmatch(str(predicate)), value) for predicate, value in graph.predicate_objects(node))
    return [value for _, value in sorted((int(match[1]), value) for match, value in found if match)]


def ntriples_of_file(path: Path) -> tuple[str, str]:
    """Return a file of RDF as N-Triples, and its text. Raises UsageError for one that cannot be read."""
    text = text_of_file(path)
    suffix = suffix_of(path)
    if suffix in read_formats():
        syntax = format_of(suffix, text)
    else:
        syntax = RDF_XML if text.lstrip().startswith("<?xml") or "<rdf:RDF" in text[:2000] else TURTLE
    if isinstance(syntax, str):
        raise UsageError(f"{path} is {syntax}.", "name a file of RDF: Turtle, RDF/XML, JSON-LD, N-Triples or TriG.")
    found = read_within(text, syntax, path.resolve().as_uri())
    if isinstance(found, SyntaxProblem):
        raise UsageError(f"{path}:{found.line}:{found.column}: {found.sentence(syntax.label)}", found.mend or _MEND)
    return found, text


def graph_of_file(path: Path) -> tuple[Graph, str]:
    """Return a file of RDF as a graph, and its text. Raises UsageError for one that cannot be read."""
    ntriples, text = ntriples_of_file(path)
    return graph_of(ntriples), text
