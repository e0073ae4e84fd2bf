"""Differences to report: one with everything in it, and any at all."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from server.comparison.records import (
    Change,
    Difference,
    EdgeChange,
    FileChange,
    NodeChange,
    PropertyChange,
    Unread,
    Value,
)  # fmt: skip
from tests.comparison.samples import differ, edge, entity

TEXT = st.text(max_size=80) | st.sampled_from(
    [
        "<script>alert(1)</script>",
        "a | b",
        "`x`",
        "@someone",
        "*a* _b_ ~c~",
        "</details>",
        "\x1b[31m",
        "# no",
        "1. x",
        "-",
    ]
)
VALUES = st.lists(st.builds(Value, TEXT, TEXT, TEXT, TEXT), max_size=2).map(tuple)
PROPERTIES = st.lists(st.builds(PropertyChange, TEXT, VALUES, VALUES, st.booleans()), max_size=3).map(tuple)
CHANGES = st.sampled_from(Change)
NODES = st.lists(st.builds(NodeChange, CHANGES, TEXT, TEXT, TEXT, TEXT, PROPERTIES, TEXT, TEXT), max_size=3).map(tuple)
EDGES = st.lists(
    st.builds(EdgeChange, CHANGES, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, PROPERTIES, TEXT), max_size=3
).map(tuple)
FILES = st.lists(
    st.builds(FileChange, st.sampled_from([Change.ADDED, Change.REMOVED, Change.CHANGED]), TEXT), max_size=2
).map(tuple)
UNREAD = st.lists(st.builds(Unread, TEXT, TEXT, st.just(1), st.just(2), TEXT), max_size=2).map(tuple)


@pytest.fixture
def differences() -> st.SearchStrategy[Difference]:
    """Any difference, as hostile as texts can be."""
    return st.builds(Difference, TEXT, TEXT, NODES, EDGES, NODES, NODES, FILES, UNREAD, st.integers(0, 9))


@pytest.fixture
def difference() -> Difference:
    """One of everything."""
    a, b = entity("concept:a", "Alpha", "The first of them."), entity("concept:b", "Beta", "What comes second.")
    c, d = entity("concept:c", "Gamma", "The third."), entity("concept:d", "Delta", "Not known yet.")
    e, r = entity("concept:e", "Epsilon", "To go."), entity("concept:r", "Rho", "In use until now.")
    term = "akb:t a owl:Class ; rdfs:label '{}' ."
    old = {
        "kb/concept/a.ttl": a + c + d + e + r
        + edge("concept:a", "akb:extends", "concept:d", more="; akb:confidence 0.7 ")
        + edge("concept:a", "akb:requires", "concept:c", "paper:p", note="No more."),
        "ontology/akb.ttl": term.format("old"),
        "shapes/rules/r.rq": "1",
    }  # fmt: skip
    new = {
        "kb/concept/a.ttl": a.replace("first of", "first among") + b
        + c.replace("akbv:active", "akbv:merged ; owl:deprecated true ; akb:mergedInto concept:a")
        + d.replace("concept:d", "concept:z")
        + r.replace("akbv:active", "akbv:deprecated ; owl:deprecated true")
        + edge("concept:a", "akb:extends", "concept:z", more="; akb:confidence 0.8 ")
        + edge("concept:b", "akb:requires", "concept:a", "paper:p", note="New here."),
        "ontology/akb.ttl": term.format("new"),
        "shapes/s.ttl": "<x:s> a sh:NodeShape .",
        "shapes/rules/r.rq": "2",
    }  # fmt: skip
    return differ(old, new)
