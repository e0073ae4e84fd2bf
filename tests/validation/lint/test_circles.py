"""Circles among steps, held against networks made at random."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rdflib import URIRef
from rdflib.term import Node

from server.turtle.base import Base
from server.validation.lint.circles import circle_findings, circles
from tests.made import NAMESPACES
from tests.validation.lint.conftest import BaseMaker

NODES = [URIRef(f"https://w3id.org/alignment-kb/concept/{name}") for name in "abcdefgh"]
STEPS = st.sets(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)), max_size=20)


def has_circle(steps: set[tuple[Node, Node]]) -> bool:
    """Take away nodes that no step leads to, until none is left or none can be taken."""
    nodes = {node for step in steps for node in step}
    while free := {node for node in nodes if not any(end == node and start in nodes for start, end in steps)}:
        nodes -= free
    return bool(nodes)


@given(STEPS)
def test_each_circle_is_one_and_without_their_last_steps_there_is_none(steps: set[tuple[Node, Node]]) -> None:
    found = list(circles(steps))
    for circle in found:
        assert circle[0] == min(circle)
        assert len(set(circle)) == len(circle)
        assert all(step in steps for step in zip(circle, [*circle[1:], circle[0]], strict=True))
    assert bool(found) == has_circle(steps)
    assert not has_circle(steps - {(circle[-1], circle[0]) for circle in found})


def paths(read: BaseMaker, base: Base, turtle: str) -> list[str]:
    graph, locator = read(turtle)
    return [finding.message for finding in circle_findings(graph, base.ontology, NAMESPACES, locator)]


def test_a_long_circle_is_shown_in_short(read: BaseMaker, base: Base) -> None:
    steps = "".join(f"concept:n{n:02} akb:partOf concept:n{(n + 1) % 20:02} .\n" for n in range(20))
    assert paths(read, base, steps) == [
        "akb:partOf runs in a circle: concept:n00 -> concept:n01 -> concept:n02 -> concept:n03 -> … 14 more … -> "
        "concept:n18 -> concept:n19 -> concept:n00."
    ]


def test_two_steps_of_an_asymmetric_relation_are_left_to_consistency(read: BaseMaker, base: Base) -> None:
    assert paths(read, base, "concept:a akb:extends concept:b . concept:b akb:extends concept:a .") == []
    assert paths(read, base, "concept:a akb:mergedInto concept:b . concept:b akb:mergedInto concept:a .") != []


def test_relations_that_may_go_round_are_left_alone(read: BaseMaker, base: Base) -> None:
    assert paths(read, base, "concept:a akb:uses concept:b . concept:b akb:uses concept:a .") == []
    assert paths(read, base, "concept:a akb:associatedWith concept:b . concept:b akb:associatedWith concept:a .") == []
