"""Edges as reifiers: RDF 1.2 Concepts, section 1.5; Turtle 1.2, section 2.11. pyoxigraph reads what is written."""

from __future__ import annotations

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from server.namespaces import AKB, RDF
from server.turtle.reifiers import annotated, reified, unreified
from server.turtle.statements import Statement
from tests.made import NAMESPACES

NODES = [f"<{NAMESPACES.base}{name}>" for name in ("concept/a", "concept/b", "edge/1", "edge/2", "edge/3")]
ENDS = [f"<{AKB}{end}>" for end in ("subject", "predicate", "object")]
PREDICATES = [f"<{AKB}extends>", f"<{AKB}note>", *ENDS]
EDGE = (f"<{RDF}type>", f"<{AKB}Edge>")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


def literal(text: str, kind: str) -> str:
    return f"{ox.Literal(text)}{kind}"


LITERALS = st.builds(literal, TEXTS, st.sampled_from(["", "@en", "^^<urn:x:d>"]))
TRIPLES = st.tuples(st.sampled_from(NODES), st.sampled_from(PREDICATES), st.one_of(st.sampled_from(NODES), LITERALS))
TYPES = st.sampled_from([(node, *EDGE) for node in NODES])
WHOLE = st.builds(
    lambda edge, triple: [(edge, *EDGE), *((edge, end, term) for end, term in zip(ENDS, triple, strict=True))],
    st.sampled_from(NODES[2:]),
    st.tuples(st.sampled_from(NODES), st.sampled_from(PREDICATES), st.one_of(st.sampled_from(NODES), LITERALS)),
)
GRAPHS = st.builds(
    lambda triples, edges: [*triples, *(triple for edge in edges for triple in edge)],
    st.lists(st.one_of(TRIPLES, TYPES), max_size=12),
    st.lists(WHOLE, max_size=4),
)


def ntriples(said: list[Statement]) -> str:
    return "".join(sorted({f"{s} {p} {o} .\n" for s, p, o in said}))


def read(text: str, syntax: ox.RdfFormat) -> str:
    return "".join(sorted({f"{quad.triple} .\n" for quad in ox.parse(text.encode(), format=syntax)}))


@given(GRAPHS)
def test_there_and_back_nothing_is_lost_by_any_format(said: list[Statement]) -> None:
    ours = ntriples(said)
    plain = reified(ours)
    assert unreified(plain) == ours
    assert read(plain, ox.RdfFormat.N_TRIPLES) == plain
    assert read(plain, ox.RdfFormat.N_QUADS) == plain
    written = annotated(ours, NAMESPACES)
    for syntax in (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG):
        assert unreified(read(written, syntax)) == ours


A, B, FIRST, SECOND, _ = NODES
EXTENDS = PREDICATES[0]


def edge(node: str, note: str) -> list[Statement]:
    ends = zip(ENDS, (A, EXTENDS, B), strict=True)
    return [(node, *EDGE), *((node, end, term) for end, term in ends), (node, f"<{AKB}note>", f'"{note}"@en')]


def test_edges_annotate_the_triple_that_they_explain() -> None:
    said = [(A, EXTENDS, B), *edge(FIRST, "why"), *edge(SECOND, "why else")]
    assert annotated(ntriples(said), NAMESPACES).split("\n\n")[1] == (
        "concept:a akb:extends concept:b\n"
        '    ~ edge:1 {|\n        a akb:Edge ;\n        akb:note "why"@en\n    |}\n'
        '    ~ edge:2 {|\n        a akb:Edge ;\n        akb:note "why else"@en\n    |} .\n'
    )


def test_an_edge_whose_triple_is_not_asserted_asserts_none() -> None:
    written = annotated(ntriples(edge(FIRST, "why")), NAMESPACES)
    assert "{|" not in written
    assert f"{A} {EXTENDS} {B} .\n" not in read(written, ox.RdfFormat.TURTLE)
