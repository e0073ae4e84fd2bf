"""How edges are named."""

from __future__ import annotations

from rdflib import URIRef

from server.turtle.base import Base
from server.turtle.edges import edge_id, edges_in

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


def test_every_edge_of_the_base_has_its_three_ends(base: Base) -> None:
    edges = list(edges_in(base.asserted))
    assert len(edges) == 121
    assert all(isinstance(end, URIRef) for edge in edges for end in edge.ends)
