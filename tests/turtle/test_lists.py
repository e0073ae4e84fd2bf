"""Lists (RDF Schema 1.1, section 5.2) that are well-formed, and others."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, Graph, Literal, URIRef

from server.turtle.lists import items, opened
from tests.thorough import examples

CELLS = [URIRef(f"urn:{number}") for number in range(4)]


def listed(*pairs: tuple[URIRef, URIRef]) -> Graph:
    graph = Graph()
    for number, (cell, rest) in enumerate(pairs):
        graph.add((cell, RDF.first, Literal(number)))
        graph.add((cell, RDF.rest, rest))
    return graph


@pytest.mark.parametrize(
    ("pairs", "count"),
    [
        ([(CELLS[0], CELLS[1]), (CELLS[1], RDF.nil)], 2),
        ([(CELLS[0], CELLS[0])], 1),
        ([(CELLS[0], CELLS[1]), (CELLS[1], CELLS[2]), (CELLS[2], CELLS[1])], 3),
        ([(CELLS[0], CELLS[1])], 1),
    ],
)
def test_each_member_is_read_once(pairs: list[tuple[URIRef, URIRef]], count: int) -> None:
    assert len(list(items(listed(*pairs), CELLS[0]))) == count


def test_a_graph_without_circles_stays_the_same() -> None:
    graph = listed((CELLS[0], CELLS[1]), (CELLS[1], RDF.nil))
    assert opened(graph) is graph


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(st.sampled_from([*CELLS, RDF.nil]), min_size=4, max_size=4))
def test_every_list_of_an_opened_graph_has_an_end(rests: list[URIRef]) -> None:
    graph = opened(listed(*zip(CELLS, rests, strict=True)))
    assert len(graph) == 8, "nothing else is taken out"
    for cell in CELLS:
        assert len(list(graph.items(cell))) <= 4, "rdflib raises an error for a circle"
