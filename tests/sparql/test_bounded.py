"""What is answered without a worker is one triple pattern with few answers, whatever the text looks like."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyparsing import ParseException
from rdflib import Variable
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from server.sparql.bounded import is_bounded

PROLOGUE = "PREFIX a: <http://a.example/#>\nprefix :<http://b.example/>"
BOUNDED = [
    "ASK { ?s ?p ?o }",
    "ask{ a:b a a:c. }",
    "ASK WHERE { <http://a.example/#b> $p ?o }",
    f"{PROLOGUE} ASK {{ a:b a a:c }} # why not }} UNION {{",
    "# first\nASK { ?s a <http://a.example/c> }\n# last",
    "SELECT * { a:b ?p ?o } LIMIT 10",
    "SELECT ?p ?o WHERE { a:b ?p ?o . } limit 99",
]
UNBOUNDED = [
    "ASK { ?s ?p ?s }",
    "ASK { ?s ?p $s }",
    "ASK { ?s ?p ?o . ?o ?q ?r }",
    "ASK { ?s ?p ?o , ?q }",
    "ASK { ?s a:b+ ?o }",
    "ASK { ?s a:b/a:c ?o }",
    "ASK { ?s ^a ?o }",
    "ASK { ?s ?p ?o FILTER(?s = ?o) }",
    "ASK { { ?s ?p ?o } UNION { ?o ?p ?s } }",
    "ASK FROM <http://a.example/> { ?s ?p ?o }",
    "ASK { GRAPH ?g { ?s ?p ?o } }",
    "ASK { SERVICE <http://a.example/> { ?s ?p ?o } }",
    "ASK { ?s ?p ?o # \\u000A . ?o ?q ?r \n}",
    "ASK { ?s ?p <http://a.example/\\u003E> }",
    "ASK { ?s ?p 'o' }",
    "ASK { [] ?p ?o }",
    "ASK { ?s ?p ?o } VALUES ?s { a:b }",
    "ASK { ?s ?p ?o } ; ASK { ?s ?p ?o }",
    "SELECT * { ?s ?p ?o }",
    "SELECT * { ?s ?p ?o } LIMIT 100",
    "SELECT * { ?s ?p ?o } LIMIT 10 OFFSET 1000000",
    "SELECT * { ?s ?p ?o } ORDER BY ?s LIMIT 10",
    "SELECT DISTINCT ?p { ?s ?p ?o } LIMIT 10",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } LIMIT 10",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 10",
    "DESCRIBE a:b",
    "ASK { ?s ?p ?o }" + " " * 2000,
    "",
    # What could be read in part in thousands of ways, if anything were tried twice.
    "#" * 2000,
    " " * 2000,
    "PREFIX a:<x>" * 150,
    "ASK { ?s ?p " + "?o" * 900,
    "SELECT " + "?a " * 600,
]
PIECES = st.sampled_from([
    "ASK", "SELECT", "WHERE", "LIMIT", "FROM", "UNION", "FILTER", "PREFIX", "a:", ":", "*", "{", "}", " ", "\n", ".",
    ";", ",", "/", "^", "+", "(", ")", "#", "\\u000A", "\r", "?s", "?p", "?o", "$s", "a", "a:b", ":e", "_:f", "[]",
    "<http://a.example/#c>", "<", ">", "'g'", "7", "10", "100",
])  # fmt: skip


@pytest.mark.parametrize("query", BOUNDED)
def test_one_pattern_with_few_answers_is_bounded(query: str) -> None:
    assert is_bounded(query)
    if "a:" in query and "PREFIX" not in query:
        query = f"{PROLOGUE}\n{query}"
    assert_one_pattern(query)


@pytest.mark.parametrize("query", UNBOUNDED)
def test_whatever_else_is_asked_is_not(query: str) -> None:
    assert not is_bounded(query)


@given(
    st.lists(PIECES, max_size=12),
    st.sampled_from(["ASK { ", "SELECT * { "]),
    st.lists(PIECES, max_size=10),
    st.sampled_from([" }", " } LIMIT 10", " }#", ""]),
)
def test_no_text_that_asks_for_more_gets_through(start: list[str], form: str, middle: list[str], end: str) -> None:
    query = f"{PROLOGUE} {''.join(start)}{form}{' '.join(middle)}{end}"
    if is_bounded(query):
        assert_one_pattern(query)


def assert_one_pattern(query: str) -> None:
    """Hold the algebra of a query, as another parser sees it, against what a bounded one may have."""
    try:
        algebra = translateQuery(parseQuery(query)).algebra
    except ParseException:
        return
    parts = list(nodes(algebra))
    assert {part.name for part in parts} <= {"AskQuery", "SelectQuery", "Slice", "Project", "BGP", "DatasetClause"}
    [triple] = [triple for part in parts if part.name == "BGP" for triple in part.triples]
    variables = [term for term in triple if isinstance(term, Variable)]
    assert len(set(variables)) == len(variables)
    if algebra.name == "SelectQuery":
        [part] = [part for part in parts if part.name == "Slice"]
        assert part.start == 0
        assert part.length < 100


def nodes(part: object) -> Iterator[CompValue]:
    """Yield the nodes of an algebra."""
    if isinstance(part, CompValue):
        yield part
        for value in part.values():
            yield from nodes(value)
