"""Brings edges to the form of this version, as far as the data themselves bear it: nothing is looked up or made up.

Until 0.1, `dcterms:source` of an edge had the addresses at which it was read, and the words for what has none. Now
addresses are written with `akb:consultedAt`, the version of the source with `akb:sourceVersion`, and an edge that no
source states itself says so with `akb:basis`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

from rdflib import DCTERMS, RDF, Graph, Literal, URIRef
from rdflib.term import Node

from ..records.identifiers import address_of
from ..records.terms import PropertyTerm
from .base import Base
from .edges import CODES, VOCAB
from .writer import canonical, first_comment

_ADDRESS: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_VERSION: Final = r"(v[1-9][0-9]*)(?!\w)"
"""A version as identifiers have it behind them: arXiv 2412.14093v2."""


@dataclass
class Upgrade:
    """New texts of files, and what is new in them."""

    files: dict[str, str] = field(default_factory=dict)
    """By their paths in the base."""
    commented: tuple[str, ...] = ()
    """Files that would change and have comments, which would be lost: they are left as they are."""
    addresses: int = 0
    """Values of `akb:consultedAt` that stood in `dcterms:source`."""
    named: int = 0
    """Those that an identifier in the words of `dcterms:source` makes."""
    versions: int = 0
    readings: int = 0
    edges: int = 0
    """Edges that change."""


def upgraded(base: Base, identifiers: Iterable[PropertyTerm], readings: Collection[str] = ()) -> Upgrade:
    """Return the files of a base whose edges change.

    `identifiers` are the properties whose values can be looked up, by which words such as "arXiv 2412.14093, Section 1"
    have an address and a version. Of the predicates with the IRIs `readings`, each edge without a source is our own.
    """
    found = Upgrade()
    terms = [term for term in identifiers if "{value}" in term.address]
    known = _values(base, [term for term in terms if term.version])
    commented = []
    for file in base.files:
        graph = Graph(bind_namespaces="none")
        graph += file.graph
        counts: Counter[str] = Counter()
        for edge in sorted(set(graph.subjects(RDF.type, VOCAB.Edge)), key=str):
            changes = _upgrade(graph, edge, terms, known, readings)
            counts += changes
            counts["edges"] += changes.total() > 0
        if not counts["edges"]:
            continue
        if first_comment(file.text):
            commented.append(file.path)
            continue
        found.files[file.path] = canonical(graph, base.namespaces)
        for name, count in counts.items():
            setattr(found, name, getattr(found, name) + count)
    found.commented = tuple(commented)
    return found


def _values(base: Base, terms: Iterable[PropertyTerm]) -> dict[Node, set[str]]:
    """Return the identifiers of entities of which versions can be looked up."""
    found: dict[Node, set[str]] = {}
    properties = [URIRef(term.iri) for term in terms]
    for file in base.files:
        for property_ in properties:
            for entity, value in file.graph.subject_objects(property_):
                found.setdefault(entity, set()).add(str(value))
    return found


def _upgrade(
    graph: Graph, edge: Node, terms: Iterable[PropertyTerm], known: dict[Node, set[str]], readings: Collection[str]
) -> Counter[str]:
    """Change an edge, and count what is new in it."""
    counts: Counter[str] = Counter()
    asserted = graph.value(edge, VOCAB.assertedIn)
    places = [*graph.objects(edge, DCTERMS.source), *graph.objects(edge, VOCAB.consultedAt)]
    for place in sorted(graph.objects(edge, DCTERMS.source), key=str):
        if _ADDRESS.fullmatch(str(place)):
            graph.remove((edge, DCTERMS.source, place))
            graph.add((edge, VOCAB.consultedAt, URIRef(str(place))))
            counts["addresses"] += 1
        elif isinstance(place, Literal) and (address := _named(str(place), terms)):
            is_new = (edge, VOCAB.consultedAt, URIRef(address)) not in graph
            graph.add((edge, VOCAB.consultedAt, URIRef(address)))
            counts["named"] += is_new
    if asserted is not None and (edge, VOCAB.sourceVersion, None) not in graph:
        versions = {
            version
            for value in known.get(asserted, ())
            for place in places
            for version in re.findall(rf"(?<!\d){re.escape(value)}{_VERSION}", str(place))
        }
        # Where two versions were read, which of them says so is not known.
        if len(versions) == 1:
            graph.add((edge, VOCAB.sourceVersion, Literal(versions.pop())))
            counts["versions"] += 1
    is_ours = asserted is None and str(graph.value(edge, VOCAB.predicate)) in readings
    if is_ours and (edge, VOCAB.basis, None) not in graph:
        graph.add((edge, VOCAB.basis, CODES["our-reading"]))
        counts["readings"] += 1
    return counts


def _named(words: str, terms: Iterable[PropertyTerm]) -> str:
    """Return the address of what words name by its identifier and a place in it, and nothing else; else nothing."""
    for term in terms:
        found = re.fullmatch(rf"{re.escape(term.name)}[: ] ?(\S*[^\s,;])(?:[,;] .*)?", words)
        if found and any(sign.isdigit() for sign in found[1]):
            return address_of(term.address, found[1])
    return ""
