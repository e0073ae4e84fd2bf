"""What a SHACL engine is asked, and what it answers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from ...records.engines import Shacl
from ...records.languages import is_english
from ...turtle.pieces import Pieces, pieces_of

Term = URIRef | BNode | Literal

_BLANK: Final = re.compile(r'(?m)^_:[^\s<>"]+|(?<=\s)_:[^\s<>"@^]+(?= \.$)')

MAX_DEPTH: Final = 50
"""How many shapes may be within each other where nothing else is said."""

PART: Final = 96_000_000
"""Up to this many characters of N-Triples are validated at once, which takes about half a gigabyte."""
CORE: Final = frozenset(
    SH[f"{name}ConstraintComponent"]
    for name in (
        *("Class", "Datatype", "NodeKind", "MinCount", "MaxCount", "MinExclusive", "MinInclusive", "MaxExclusive"),
        *("MaxInclusive", "MinLength", "MaxLength", "Pattern", "LanguageIn", "UniqueLang", "Equals", "Disjoint"),
        *("LessThan", "LessThanOrEquals", "Not", "And", "Or", "Xone", "Node", "Property", "QualifiedMinCount"),
        *("QualifiedMaxCount", "Closed", "HasValue", "In"),
    )
)
"""The constraint components of SHACL Core (SHACL, section 4), by their IRIs."""


@dataclass(frozen=True)
class Request:
    """A data graph and a shapes graph (SHACL, section 1.5), and the ontology that is read with the data."""

    data: str | Pieces
    """N-Triples; a triple may be stated twice. The blank nodes of the answer have the labels they have here."""
    ontology: Graph
    shapes: Graph
    max_depth: int = MAX_DEPTH
    """How many shapes may be within each other, by sh:node and the like, before a check of a node gives up."""
    version: Shacl = Shacl.V1_0
    """By which the shapes are read; with 1.2 the data may have triple terms (RDF 1.2 N-Triples)."""
    whole: Graph | None = None
    """Shapes of which these are a part by their targets alone; it is the same graph each time, for what is derived."""


@dataclass(frozen=True)
class Result:
    """A validation result (SHACL, section 3.6.2); `shape` is a node of the shapes graph."""

    focus: Term
    component: str
    """The IRI of the constraint component."""
    shape: Node
    severity: Node
    path: Node | None = None
    """An IRI, or for another path the node that describes it in the shapes graph."""
    value: Term | None = None
    messages: tuple[Literal, ...] = ()
    """What `sh:message` says, or for SHACL-SPARQL what the constraint says; none of an engine's own words. In order:
    English first, then what has no language."""


def said(messages: Iterable[Node]) -> tuple[Literal, ...]:
    """Return messages in an order that is always the same: English, then no language, then by language."""

    def order(message: Literal) -> tuple[bool, str, str]:
        return not is_english(message.language or ""), message.language or "", str(message)

    return tuple(sorted((one for one in messages if isinstance(one, Literal)), key=order))


def result_path(shapes: Graph, shape: Node, path: Node | None) -> Node | None:
    """Return the path of a result as Result has it: an engine copies one that is not an IRI."""
    return shapes.value(shape, SH.path) if isinstance(path, BNode) else path


def members(shapes: Graph, head: Node | None) -> list[Node] | None:
    """Return the members of a list, or None for what is no well-formed list (SHACL, section 1.1)."""
    found: list[Node] = []
    seen: set[Node] = set()
    while head != RDF.nil:
        firsts, rests = list(shapes.objects(head, RDF.first)), list(shapes.objects(head, RDF.rest))
        if head is None or head in seen or len(firsts) != 1 or len(rests) != 1:
            return None
        seen.add(head)
        found.append(firsts[0])
        head = rests[0]
    return found


def blanks_of(data: str | Pieces) -> list[str]:
    """Return the blank nodes of N-Triples, each as it is written."""
    return list(dict.fromkeys(blank for piece in pieces_of(data) if "_:" in piece for blank in _BLANK.findall(piece)))
