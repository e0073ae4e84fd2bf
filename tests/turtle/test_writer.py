"""The canonical form: it keeps every triple, it is stable, and small changes make small diffs."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import XSD, BNode, Graph, Literal, URIRef

from server.errors import UsageError
from server.turtle.authoring import NewEdge, add_edge
from server.turtle.base import Base
from server.turtle.reader import read_base
from server.turtle.writer import canonical, first_comment, format_text, write_atomically
from tests.made import NAMESPACES

IRIS = st.sampled_from(
    [
        *(NAMESPACES.expand(curie) for curie in ("concept:a", "edge:0123456789", "akb:Edge", "akb:note", "rdf:type")),
        "https://w3id.org/alignment-kb/concept/a.",
        "https://example.org/a?b=c#d",
        "http://example.org/caf%C3%A9/é",
        "urn:x:y",
    ]
).map(URIRef)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
LITERALS = st.one_of(
    TEXTS.map(Literal),
    TEXTS.map(lambda text: Literal(text, lang="en")),
    TEXTS.map(lambda text: Literal(text, lang="de-at")),
    st.sampled_from(["0.8", "-1.50", "-0.0", ".5", "1.", "1", "0.0000001", "00.1", "abc", ""]).map(
        lambda text: Literal(text, datatype=XSD.decimal)
    ),
    st.sampled_from(["7", "-7", "-0", "+1", "01", "x"]).map(lambda text: Literal(text, datatype=XSD.integer)),
    st.sampled_from(["true", "1", "TRUE"]).map(lambda text: Literal(text, datatype=XSD.boolean)),
    st.sampled_from(["2026-11-21T02:00:00Z", "2026-11-21T02:00:00+00:00"]).map(
        lambda text: Literal(text, datatype=XSD.dateTime)
    ),
)
GRAPHS = st.lists(st.tuples(IRIS, IRIS, st.one_of(IRIS, LITERALS)), max_size=12)


def graph_of(triples: list[tuple[URIRef, URIRef, URIRef | Literal]]) -> Graph:
    graph = Graph(bind_namespaces="none")
    for triple in triples:
        graph.add(triple)
    return graph


def parse(text: str) -> Graph:
    return Graph(bind_namespaces="none").parse(data=text, format="turtle")


@given(GRAPHS)
def test_writing_and_reading_again_gives_the_same_triples(
    triples: list[tuple[URIRef, URIRef, URIRef | Literal]],
) -> None:
    graph = graph_of(triples)
    assert set(parse(canonical(graph, NAMESPACES))) == set(graph)


@given(GRAPHS)
def test_the_form_depends_on_the_triples_alone(triples: list[tuple[URIRef, URIRef, URIRef | Literal]]) -> None:
    written = canonical(graph_of(triples), NAMESPACES)
    assert canonical(graph_of(triples[::-1]), NAMESPACES) == written
    assert canonical(parse(written), NAMESPACES) == written


def test_every_file_of_the_base_is_canonical(base: Base) -> None:
    assert len(base.files) == 63
    for file in base.files:
        assert format_text(file.text, file.graph, base.namespaces, file.path) == file.text


def test_a_new_edge_only_adds_lines(root: Path) -> None:
    base = read_base(root, NAMESPACES)
    path = root / "kb/concept/alignment-faking.ttl"
    before = path.read_text().splitlines()
    ends = [NAMESPACES.expand(c) for c in ("concept:alignment-faking", "akb:associatedWith", "thinker:anthropic")]
    add_edge(base, NewEdge(*ends, note="A test.", status="active"))
    changes = [line for line in difflib.ndiff(before, path.read_text().splitlines()) if line[0] in "+-"]
    assert {line[0] for line in changes} == {"+"}
    assert len(changes) <= 11
    # The plain triple stands right before the edge that explains it.
    lines = path.read_text().splitlines()
    place = lines.index("concept:alignment-faking akb:associatedWith thinker:anthropic .")
    assert lines[place + 1].startswith("edge:")


def test_a_blank_node_is_refused() -> None:
    with pytest.raises(UsageError, match="blank node"):
        canonical(graph_of([(URIRef("urn:a"), URIRef("urn:b"), BNode())]), NAMESPACES)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# first", 1),
        ("<urn:a> <urn:b> 1 . # last", 1),
        ('<urn:a> <urn:b> """one\n#two""" .\n#three', 3),
        ("<urn:a#b> <urn:b> '#' .", 0),
        ("<urn:a> <urn:b> '''it's # not''' .", 0),
        ("@prefix a: <urn:a/> . a:b\\#c a:p 'x\\'#' .", 0),
        ("", 0),
    ],
)
def test_a_comment_is_found_where_it_is_one(text: str, line: int) -> None:
    assert first_comment(text) == line


def test_a_file_with_a_comment_is_refused_with_its_line() -> None:
    text = "<urn:a> <urn:b> 1 .\n# kept by nobody\n"
    with pytest.raises(UsageError, match=r"f\.ttl:2"):
        format_text(text, parse(text), NAMESPACES, "f.ttl")


def test_writing_replaces_the_file_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "new" / "f.ttl"
    write_atomically(path, "one")
    path.chmod(0o600)
    write_atomically(path, "two")
    assert path.read_text() == "two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]
