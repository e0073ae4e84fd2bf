"""How edges are named."""

from __future__ import annotations

from rdflib import Graph, URIRef

from server.turtle.base import Base
from server.turtle.edges import VOCAB, edge_id, edges_in, free_edge_iri
from tests.made import NAMESPACES

ENDS = ("http://x/a", "http://x/p", "http://x/b")


def test_the_name_depends_on_every_end_their_order_and_the_source() -> None:
    names = {
        edge_id(*ENDS),
        edge_id(*ENDS, "http://x/s"),
        edge_id(*reversed(ENDS)),
        edge_id("http://x/c", *ENDS[1:]),
        edge_id(*ENDS[:2], "http://x/c"),
    }
    assert len(names) == 5
    assert all(len(name) == 10 and int(name, 16) >= 0 for name in names)


def test_the_name_never_changes() -> None:
    """SHA-256 of "http://x/a http://x/p http://x/b", as sha256sum prints it."""
    assert edge_id(*ENDS) == "4c3d933b1c"


def test_of_two_edges_with_the_same_first_digits_the_second_takes_more() -> None:
    """Both hashes begin with a19a6013c0, as sha256sum prints them."""
    one, other = (
        tuple(map(NAMESPACES.expand, ("method:score-auditing", "akb:mitigates", f"concept:made-{number}")))
        for number in (1145844, 1294730)
    )
    assert edge_id(*one) == edge_id(*other) == "a19a6013c0"
    known = Graph()

    def free(*ends: str) -> URIRef:
        return free_edge_iri(lambda _: known, NAMESPACES, *ends)

    first = free(*one)
    for term, end in zip(("subject", "predicate", "object"), one, strict=True):
        known.add((first, VOCAB[term], URIRef(end)))
    second = free(*other)
    assert free(*map(URIRef, one)) == first == URIRef(f"{NAMESPACES.edge}a19a6013c0")
    assert second == URIRef(f"{NAMESPACES.edge}{edge_id(*other, digits=16)}")
    assert str(second).startswith(str(first))
    assert free(*one, "http://x/s") != first


def test_every_edge_of_the_base_has_its_three_ends(base: Base) -> None:
    edges = list(edges_in(base.asserted))
    assert len(edges) == 121
    assert all(isinstance(end, URIRef) for edge in edges for end in edge.ends)
