"""Any RDF: resources whose classes and properties the ontology of the base has, or is mapped to.

Other RDF is brought into such terms by a CONSTRUCT (`constructing`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from rdflib import OWL, RDF, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from ...errors import QueryError, UsageError
from ...namespaces import VOCABULARIES
from ...records.findings import Finding
from ...sparql.guards import calls_service
from ...store.embedded import Store
from ...turtle.defaults import LABELS
from ...turtle.parsing import graph_of
from ..texts import plain
from ..works import Described, Link, Place
from .graphs import members_of, ntriples_of_file
from .interface import Importer

_GRAPH: Final = "urn:akb:imported"
_SECONDS: Final = 60


def read(path: Path) -> Iterator[Described | Finding]:
    """Yield what a file says of each resource with a class."""
    ntriples, text = ntriples_of_file(path)
    yield from described(path, graph_of(ntriples), text)


def constructing(query_file: Path, prefixes: Mapping[str, str]) -> Importer:
    """Return an importer of what a CONSTRUCT makes of a file of RDF."""
    try:
        query = query_file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{query_file} cannot be read: {error}.", "name a file with a CONSTRUCT, in UTF-8.") from error
    if calls_service(query):
        raise UsageError(f"{query_file} calls another endpoint (SERVICE).", "leave that out: files are read offline.")

    def construct(path: Path) -> Iterator[Described | Finding]:
        ntriples, text = ntriples_of_file(path)
        store = Store.in_memory({**VOCABULARIES, **prefixes})
        store.load_ntriples(ntriples, _GRAPH)
        try:
            found = store.construct(query)
        except (QueryError, SyntaxError, ValueError) as error:
            raise UsageError(
                f"{query_file} cannot be run: {error}", "write one CONSTRUCT { ... } WHERE { ... }."
            ) from error
        yield from described(path, graph_of(found), text)

    return Importer(construct)


def described(path: Path, graph: Graph, text: str) -> Iterator[Described | Finding]:
    """Yield what a graph says of each resource with a class, in the order in which a text names them."""
    nodes = {node for node in graph.subjects(RDF.type) if (node, RDF.type, OWL.Ontology) not in graph}
    if not nodes:
        yield Place(str(path)).fault(
            "No resource in the file has a class.", "make some by --construct QUERY, in terms of the base."
        )
    order = {node: _found_at(text, node) for node in nodes}
    for node in sorted(nodes, key=lambda node: (order[node], str(node))):
        yield _described(Place(str(path), text.count("\n", 0, order[node]) + 1, str(node)), graph, node, nodes)


def _found_at(text: str, node: Node) -> int:
    local = str(node).rpartition("#")[2].rpartition("/")[2]
    places = (text.find(form) for form in (f"<{node}>", f'"{node}"', f":{local} ", f":{local}"))
    return next((place for place in places if place >= 0), len(text)) if isinstance(node, URIRef) else len(text)


def _described(place: Place, graph: Graph, node: Node, nodes: set[Node]) -> Described:
    fields: dict[str, list[str]] = {}
    links: list[Link] = []
    for predicate, value in sorted(graph.predicate_objects(node)):
        name = str(predicate)
        if predicate == RDF.type:
            fields.setdefault(name, []).append(str(value))
        elif isinstance(value, Literal):
            fields.setdefault(name, []).append(plain(str(value)))
        elif members := members_of(graph, value):
            fields.setdefault(name, []).extend(_name(graph, one) for one in members)
        else:
            # A resource is something to lead to, and it has a name.
            links.append(Link(name, _key(value)))
            known = value in nodes or any((value, URIRef(label), None) in graph for label in LABELS)
            fields.setdefault(name, []).append(_name(graph, value) if known else str(value))
    is_incidental = any(predicate != RDF.type for predicate in graph.predicates(None, node)) and not any(
        (node, predicate, None) in graph for predicate in _TEXTS
    )
    keys = {_key(node)}
    return Described(
        place,
        {name: tuple(one for one in values if one) for name, values in fields.items()},
        links=tuple(links),
        keys=frozenset(keys),
        source=str(node)
        if isinstance(node, URIRef) and str(node).startswith("http")
        else f"resource of {Path(place.file).name}",
        is_incidental=is_incidental,
    )


def _key(node: Node) -> str:
    return f"of node:{node}" if isinstance(node, BNode) else str(node)


def _name(graph: Graph, node: Node) -> str:
    if isinstance(node, Literal):
        return plain(str(node))
    for label in LABELS:
        for value in graph.objects(node, URIRef(label)):
            return plain(str(value))
    return _of_parts(graph, node) or str(node)


def _of_parts(graph: Graph, node: Node) -> str:
    """Return the name of a person whose names are apart, in FOAF or schema.org."""

    def one(*names: str) -> str:
        return next((plain(str(value)) for name in names for value in graph.objects(node, URIRef(name))), "")

    given = one(f"{_FOAF}givenName", f"{_FOAF}givenname", f"{_FOAF}firstName", *(f"{s}givenName" for s in _SCHEMA))
    family = one(f"{_FOAF}familyName", f"{_FOAF}family_name", f"{_FOAF}surname", *(f"{s}familyName" for s in _SCHEMA))
    return f"{given} {family}".strip()


_FOAF: Final = VOCABULARIES["foaf"]
_SCHEMA: Final = ("http://schema.org/", "https://schema.org/")
_TEXTS: Final = tuple(
    URIRef(name)
    for name in (
        f"{VOCABULARIES['skos']}definition",
        f"{VOCABULARIES['dcterms']}description",
        *(f"{space}description" for space in _SCHEMA),
        f"{VOCABULARIES['rdfs']}comment",
    )
)

RDF_FILES: Final = Importer(
    read,
    suffixes=(".ttl", ".nt", ".nq", ".trig", ".rdf", ".jsonld", ".owl"),
    recognizes=lambda start: "<rdf:RDF" in start or "@prefix" in start or '"@context"' in start,
)
