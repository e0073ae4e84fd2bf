"""Queries whose answer depends on the address at which they are asked (SPARQL 1.1 Query, section 4.1.1.2)."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.sparql.relative import has_relative_iris


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("SELECT * { ?s ?p ?o }", False),
        ("SELECT * { <http://a/b> a <urn:x> FILTER(?a < 3 && ?b > 4) }", False),
        ("PREFIX a: <#> ASK { a:b a a:c }", True),
        ("BASE <x/> ASK {}", True),
        ("ASK { <> ?p ?o }", True),
        ("ASK { <?a> ?p ?o }", True),
        ('ASK { FILTER(IRI("x") = ?y) }', True),
        ('ASK { FILTER(uri ("x") = ?y) }', True),
        (r"ASK { <\u0061> ?p ?o }", True),
    ],
)
def test_a_relative_iri_is_seen(query: str, wanted: bool) -> None:
    assert has_relative_iris(query) is wanted


@given(st.lists(st.sampled_from(["<a>", "<>", "<a:b>", "<", ">", "?x", '"<a>"', "iri(?x)", "STR(?x)", "#", " ", "="])))
def test_an_answer_without_one_is_the_same_at_every_address(parts: list[str]) -> None:
    query = f"SELECT * {{ BIND(1 AS ?x) BIND({' '.join(parts)} AS ?y) }}"
    answers = set()
    for base in ("http://one.example/", "https://other.example/kb/"):
        try:
            found = ox.Store().query(query, base_iri=base)
        except (SyntaxError, ValueError) as error:
            found = [error]
        answers.add(" ".join(map(str, found)))
    assert len(answers) == 1 or has_relative_iris(query)
