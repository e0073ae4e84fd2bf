"""RDF/XML: any predicate, class, label and text is read back as it is, or refused by name."""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from rdflib.compare import isomorphic

from server.errors import UnwritableError
from server.namespaces import RDF
from server.store.rdf_xml import name_start, write_rdf_xml

PARTS = st.text(st.sampled_from("abZ019.-_:\u00e9\u00b7\U0001d4b3\u6539"), min_size=1, max_size=6)
# What reads an IRI may take out parts of its path that are dots.
IRIS = st.builds(lambda mark, end: ox.NamedNode(f"http://e/a{mark}{end}"), st.sampled_from(["", "/x", "#", "?"]), PARTS)
NODES = IRIS | st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9-]{0,3}\Z").map(ox.BlankNode)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\r\n\t &<>\"']"), max_size=20)
LITERALS = (
    TEXTS.map(ox.Literal)
    | st.builds(lambda text, tag: ox.Literal(text, language=tag), TEXTS, st.sampled_from(["en", "de-at", "zh-hant"]))
    | st.builds(lambda text, kind: ox.Literal(text, datatype=kind), TEXTS, IRIS)
)
PREDICATES = IRIS | st.sampled_from(["type", "_1", "li", "Description", "value"]).map(
    lambda name: ox.NamedNode(RDF + name)
)
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
TRIPLES = st.lists(st.builds(ox.Triple, NODES, PREDICATES, NODES | LITERALS), max_size=6)


def written(triples: list[ox.Triple], **prefixes: str) -> bytes:
    output = io.BytesIO()
    write_rdf_xml(triples, output, prefixes)
    return output.getvalue()


def graph(text: bytes, format_: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=text, format=format_)


@given(TRIPLES)
def test_any_triples_are_read_back_as_they_are_or_refused_by_name(triples: list[ox.Triple]) -> None:
    """RDF 1.1 XML Syntax; two readers, of which one takes the names of the fourth edition of XML 1.0 alone."""
    prefixes = {"e": "http://e/", "xmlish": "http://e/a", "1": "http://e/b"}
    nameless = [f"<{one.predicate.value}>" for one in triples if name_start(one.predicate.value) is None]
    texts = [one.object.value for one in triples if isinstance(one.object, ox.Literal)]
    if nameless or any(NOT_XML.search(text) for text in texts):
        with pytest.raises(UnwritableError) as refused:
            written(triples, **prefixes)
        assert "U+" in refused.value.message or any(name in refused.value.message for name in nameless)
        return
    text = written(triples, **prefixes)
    ElementTree.fromstring(text)
    plain = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    assert isomorphic(graph(text, "xml"), graph(plain, "nt"))
    assert len({one.triple for one in ox.parse(text, format=ox.RdfFormat.RDF_XML)}) == len(set(triples))


@pytest.mark.parametrize(
    ("predicate", "name"),
    [
        ("http://example.org/123", None),
        ("http://example.org/", None),
        ("http://example.org/123abc", "abc"),
        ("urn:x", "x"),
        ("http://e/é", "é"),
        ("http://e/\U0001d4b3x", "x"),
        (f"{RDF}li", None),
        (f"{RDF}_1", "_1"),
        ("http://www.w3.org/2000/xmlns/a", None),
        ("http://www.w3.org/2000/xmlns/ab", "b"),
    ],
)
def test_a_predicate_is_cut_where_a_name_begins(predicate: str, name: str | None) -> None:
    start = name_start(predicate)
    assert (None if start is None else predicate[start:]) == name


def test_what_rdf_1_2_adds_is_written_too() -> None:
    """RDF 1.2 XML Syntax, sections 2.19 and 2.20."""
    node, predicate = ox.NamedNode("http://e/s"), ox.NamedNode("http://e/p")
    literal = ox.Literal("x", language="ar", direction=ox.BaseDirection.RTL)
    triples = [ox.Triple(node, predicate, ox.Triple(node, predicate, literal))]
    assert [one.triple for one in ox.parse(written(triples), format=ox.RdfFormat.RDF_XML)] == triples
