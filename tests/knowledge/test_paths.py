"""What links two entities: held against a plain search through all paths."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.errors import NotFoundError, TimeLimitError
from server.knowledge import paths
from server.knowledge.paths import MOST_STEPS, shortest_paths
from server.records.paths import Paths
from server.store.embedded import Store
from tests.made import NAMESPACES

TERMS = """
akb:Concept akb:displayOrder 5 ; skos:notation "concept" .
akb:extends skos:notation "extends" ; rdfs:label "extends"@en .
akb:extendedBy owl:inverseOf akb:extends ; rdfs:label "is extended by"@en .
akbv:in-use skos:member akbv:active . akbv:active skos:notation "active" . akbv:retracted skos:notation "retracted" .
"""
EDGES = st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=22)


def iri(number: int) -> str:
    return NAMESPACES.entity("concept", f"c{number}")


def graph(edges: set[tuple[int, int]], off: set[tuple[int, int]] = frozenset()) -> Store:
    """Ten concepts, joined by these edges; those in `off` are no longer in use."""
    text = "\n".join(f"@prefix {name}: <{namespace}> ." for name, namespace in NAMESPACES.prefixes().items()) + TERMS
    for number in range(10):
        text += (
            f'concept:c{number} a akb:Concept ; dcterms:identifier "concept:c{number}" ; akb:status akbv:active ; '
            f'skos:prefLabel "C{number}"@en ; skos:definition "The concept {number}."@en .\n'
        )
    for one, other in edges | off:
        status = "retracted" if (one, other) in off else "active"
        text += (
            f"edge:e{one}x{other} a akb:Edge ; akb:subject concept:c{one} ; akb:predicate akb:extends ; "
            f"akb:object concept:c{other} ; akb:status akbv:{status} .\n"
        )
    store = Store.in_memory(NAMESPACES.prefixes())
    store.load(text, f"{NAMESPACES.graph}asserted")
    return store


def every_shortest(edges: set[tuple[int, int]], start: int, end: int) -> set[tuple[int, ...]]:
    """Return all shortest paths, by walking all paths of one length after another."""
    joined = edges | {(other, one) for one, other in edges}
    walks = {(start,)}
    for _ in range(MOST_STEPS):
        walks = {(*walk, other) for walk in walks for one, other in joined if one == walk[-1] and other not in walk}
        if found := {walk for walk in walks if walk[-1] == end}:
            return found
    return set()


def entities(found: Paths) -> list[tuple[str, ...]]:
    return [(path[0].start.iri, *(step.end.iri for step in path)) for path in found.shown]


@settings(max_examples=60)
@given(EDGES, EDGES, st.integers(0, 9), st.integers(0, 9))
def test_the_shortest_paths_are_all_found_whichever_way_edges_run(
    edges: set[tuple[int, int]], off: set[tuple[int, int]], start: int, end: int
) -> None:
    found = shortest_paths(graph(edges, off - edges), NAMESPACES, iri(start), iri(end), most=1000)
    if start == end:
        assert (found.shown, found.steps) == ((), 0)
        return
    expected = {tuple(map(iri, walk)) for walk in every_shortest(edges, start, end)}
    assert set(entities(found)) == expected
    assert found.total == len(found.shown) == len(expected)
    assert not found.is_cut
    for path in found.shown:
        assert len(path) == found.steps
        assert all(one.end == other.start for one, other in pairwise(path))
        for step in path:
            # Every step is an edge in use, told in the direction in which the path goes.
            assert step.links
            for link in step.links:
                one, other = link.edge.removeprefix("edge:e").split("x")
                forward = (iri(int(one)), iri(int(other))) == (step.start.iri, step.end.iri)
                assert forward or (iri(int(other)), iri(int(one))) == (step.start.iri, step.end.iri)
                assert (link.label, link.direction) == (("extends", "out") if forward else ("is extended by", "in"))


def test_few_of_many_paths_are_shown_and_all_are_counted() -> None:
    edges = {(0, middle) for middle in range(1, 9)} | {(middle, 9) for middle in range(1, 9)}
    found = shortest_paths(graph(edges), NAMESPACES, iri(0), iri(9), most=3)
    assert (found.steps, found.total, len(found.shown)) == (2, 8, 3)


def test_a_search_that_would_see_too_much_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    chain = {(number, number + 1) for number in range(6)}
    assert shortest_paths(graph(chain), NAMESPACES, iri(0), iri(6)).steps == 6
    monkeypatch.setattr(paths, "_MOST_SEEN", 5)
    found = shortest_paths(graph(chain), NAMESPACES, iri(0), iri(6))
    assert (found.shown, found.is_cut) == ((), True)


def test_a_search_that_takes_too_long_says_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "_SECONDS", 0)
    with pytest.raises(TimeLimitError, match="and was stopped"):
        shortest_paths(
            store,
            NAMESPACES,
            NAMESPACES.expand("concept:alignment-faking"),
            NAMESPACES.expand("paper:alignment-faking-in-llms"),
        )


def test_what_is_too_far_apart_is_not_linked() -> None:
    chain = {(number, number + 1) for number in range(9)}
    found = shortest_paths(graph(chain), NAMESPACES, iri(0), iri(MOST_STEPS + 1))
    assert (found.shown, found.total, found.is_cut) == ((), 0, False)


def test_an_unknown_end_is_an_error() -> None:
    with pytest.raises(NotFoundError):
        shortest_paths(graph(set()), NAMESPACES, iri(0), iri(77))


def test_paths_of_the_base_lead_over_what_has_few_edges_first(store: Store) -> None:
    found = shortest_paths(
        store,
        NAMESPACES,
        NAMESPACES.expand("thinker:joseph-carlsmith"),
        NAMESPACES.expand("concept:goal-misgeneralization"),
    )
    assert found.shown
    sources = [link.source for path in found.shown for step in path for link in step.links]
    assert any(sources)
