"""Writes a description, which the store gives as N-Triples, in the RDF format that a client chose."""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Generator, Iterator, Mapping
from typing import Any, Final

from rdflib import Graph

from ...namespaces import SCHEMA, Namespaces
from ...serialization import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from ...store.writing import write_ntriples
from ...turtle.parsing import ntriples_of, parse_alone
from ...turtle.reifiers import annotated, reified
from ...turtle.statements import is_blank, lines_of, statements
from ...turtle.writer import canonical_text

Context = Mapping[str, object]
"""The value of `@context` in ontology/context.jsonld."""


REIFIED_FORMATS: Final = (TURTLE, TRIG, N_TRIPLES, N_QUADS)
"""The formats of RDF 1.2."""
SCHEMA_ORG_CONTEXT: Final[Context] = {"@vocab": SCHEMA}
"""Every term of schema.org by its bare name."""


def represent(
    ntriples: str,
    chosen: Format,
    namespaces: Namespaces,
    context: Context,
    *,
    first: str = "",
) -> str | bytes:
    """Write N-Triples in a format; all formats carry the same triples.

    In JSON-LD the node with the IRI `first` comes first. Formats that can name graphs have the triples in the default
    graph (RDF 1.1 Concepts, section 4): that is where a client looks for what a document says, and those that prefer
    quads, such as Comunica, would find nothing there otherwise. A format that another package adds is written by its
    own function.
    """
    output = io.BytesIO()
    if chosen.write is not None:
        chosen.write(lines_of(ntriples), output, namespaces.prefixes())
        return output.getvalue()
    if chosen is RDF_XML:
        lines = sorted({*lines_of(ntriples)})
        used = {prefix: iri for prefix, iri in namespaces.prefixes().items() if f"<{iri}" in ntriples}
        write_ntriples("".join(lines), output, chosen, used)
        return output.getvalue().decode()
    if chosen in {N_TRIPLES, N_QUADS}:
        return ntriples
    if chosen is JSON_LD:
        return _json_ld(_InOrder(parse_alone(ntriples)), context, {first, namespaces.compact(first)})
    written = ntriples_of(ntriples)
    assert isinstance(written, str), written
    said = sorted(statements(written))
    if not any(is_blank(term) for statement in said for term in statement):
        return canonical_text(said, namespaces)
    # The ontology's lists are blank nodes, which the canonical form of kb/ has no place for.
    parsed = _InOrder(parse_alone(written))
    for prefix, namespace in namespaces.prefixes().items():
        parsed.bind(prefix, namespace)
    return parsed.serialize(format="turtle")


def represent_reified(ntriples: str, chosen: Format, namespaces: Namespaces) -> str | bytes:
    """Write N-Triples in a format of RDF 1.2, with their edges as reifiers; the triples are in the default graph."""
    if chosen in {N_TRIPLES, N_QUADS}:
        return reified(ntriples)
    if all(not is_blank(term) for statement in statements(ntriples) for term in statement):
        return annotated(ntriples, namespaces)
    output = io.BytesIO()
    write_ntriples(reified(ntriples), output, chosen, namespaces.prefixes())
    return output.getvalue()


class _InOrder(Graph):
    """A graph that gives its triples in the same order every time: equal data are to become equal bytes."""

    def __init__(self, graph: Graph) -> None:
        super().__init__(store=graph.store, identifier=graph.identifier, bind_namespaces="none")

    def triples(self, triple: Any) -> Generator[Any, None, None]:
        """Yield the triples of a pattern, sorted."""
        yield from sorted(super().triples(triple), key=lambda found: [term.n3() for term in found])


def _json_ld(graph: Graph, context: Context, first: Collection[str]) -> str:
    document = json.loads(graph.serialize(format="json-ld", context=dict(context)))
    nodes = document.get("@graph", [document])
    for node in nodes:
        node.pop("@context", None)
    nodes.sort(key=lambda node: (node.get("@id") not in first, node.get("@id", "")))
    whole = {"@context": _used(context, nodes), "@graph": nodes}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _used(context: Context, nodes: object) -> dict[str, object]:
    """Return the part of a context that some nodes need.

    It is in the document itself, so that a reader needs nothing else to extract triples, even offline.
    """
    names = {"@version", "@vocab", *_names(nodes)}
    terms = {key: value for key, value in context.items() if key in names}
    prefixes = {*_names(list(terms.values()))}
    return {key: value for key, value in context.items() if key in names or key in prefixes}


def _names(value: object) -> Iterator[str]:
    """Yield every key and string in a JSON value, whole and up to its first colon."""
    if isinstance(value, str):
        yield value
        yield value.partition(":")[0]
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _names(key)
            yield from _names(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _names(inner)
