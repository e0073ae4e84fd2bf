"""Queries rewritten for another engine."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import ForbiddenQueryError
from server.sparql.rewriting import bind, declare, refuse_unclear, take_dataset
from server.sparql.terms import Iri

HERE = Iri("http://example.org/here")


def test_a_term_takes_the_place_of_a_variable_and_the_projection_keeps_its_name() -> None:
    query = 'SELECT DISTINCT ?x (STR(?x) AS ?y) $x WHERE { ?x ?p "?x" . # ?x\n FILTER($x != <http://a/?x>) }'
    assert bind(query, {"x": HERE}) == (
        "SELECT DISTINCT (<http://example.org/here> AS ?x) (STR(<http://example.org/here>) AS ?y) "
        '(<http://example.org/here> AS ?x) WHERE { <http://example.org/here> ?p "?x" . # ?x\n '
        "FILTER(<http://example.org/here> != <http://a/?x>) }"
    )


def test_a_longer_name_is_another_variable() -> None:
    assert bind("SELECT ?xy { ?xy ?p ?x }", {"x": "a"}) == 'SELECT ?xy { ?xy ?p "a" }'


@given(st.text())
def test_any_text_stays_one_literal(text: str) -> None:
    if any(0xD800 <= ord(character) <= 0xDFFF for character in text):
        return
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal(text)))
    query = bind("SELECT ?s { ?s <urn:p> ?text FILTER(?text != 1) }", {"text": text})
    plain = bind("SELECT ?s { ?s <urn:p> ?text }", {"text": text})
    assert len(list(store.query(plain))) == 1
    store.query(query)


@pytest.mark.parametrize("iri", ["http://a> } #", "a b", "relative", "", "http://a\n", 'http://a"'])
def test_what_is_no_iri_is_not_bound(iri: str) -> None:
    with pytest.raises(ValueError, match="IRI"):
        bind("SELECT ?s { ?s ?p ?o }", {"s": Iri(iri)})


def test_prefixes_are_declared_on_the_first_line_and_give_way_to_those_of_the_query() -> None:
    query = "PREFIX a: <urn:other:>\nSELECT * { ?s a:b c:d }"
    text = declare(query, {"a": "urn:a:", "c": "urn:c:", "unused": "urn:u:"}, "http://base/")
    assert text == "BASE <http://base/> PREFIX a: <urn:a:> PREFIX c: <urn:c:> " + query
    ox.Store().query(text)


@pytest.mark.parametrize(
    ("query", "rest", "default", "named"),
    [
        ("SELECT * FROM <urn:g> { ?s ?p ?o }", "SELECT *  { ?s ?p ?o }", ("urn:g",), ()),
        ("SELECT * FROM NAMED k:a from k:b WHERE {}", "SELECT *   WHERE {}", ("urn:k:b",), ("urn:k:a",)),
        ("PREFIX k: <urn:own:> ASK FROM k:a {}", "PREFIX k: <urn:own:> ASK  {}", ("urn:own:a",), ()),
        ("BASE <http://b/> ASK FROM <c> {}", "BASE <http://b/> ASK  {}", ("http://b/c",), ()),
        ("ASK FROM <d> {}", "ASK  {}", ("http://base/d",), ()),
        ("ASK { ?s ?p 'FROM <urn:g>' } # FROM <urn:g>", "ASK { ?s ?p 'FROM <urn:g>' } # FROM <urn:g>", (), ()),
        ("ASK FROM # NAMED\n<urn:g> {}", "ASK  {}", ("urn:g",), ()),
    ],
)
def test_a_dataset_clause_is_taken_out(query: str, rest: str, default: tuple[str, ...], named: tuple[str, ...]) -> None:
    found = take_dataset(query, {"k": "urn:k:"}, "http://base/")
    assert (found.query, found.default_graphs, found.named_graphs) == (rest, default, named)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (<bif:upper>('x') AS ?x) {}",
        "PREFIX b: <SQL:> ASK {}",
        "BASE <bif:x> ASK {}",
        "SELECT * { ?s ?p '\\u0027' }",
        "SELECT * { ?s ?p '\\U00000027' }",
        "SELECT * FROMNAMED<urn:g> {}",
        "SELECT * { ?s ?p 'open }",
    ],
)
def test_what_engines_read_differently_is_refused(query: str) -> None:
    with pytest.raises(ForbiddenQueryError):
        refuse_unclear(query)


@pytest.mark.parametrize(
    "query", ["SELECT * { ?s ?p 'bif:upper <sql:x>' } # bif:", "ASK { ?s ?p '\\u00e9' }", "ASK { ?from from:x 'a' }"]
)
def test_what_only_looks_like_it_is_let_through(query: str) -> None:
    refuse_unclear(query)
