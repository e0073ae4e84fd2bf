"""Errors that teach."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from server.errors import QueryError
from server.schema.schema import Schema
from server.store.embedded import Store
from server.web.data.hints import explain, misspelt_terms
from tests.made import NAMESPACES


def taught(query: str) -> QueryError:
    store = Store.in_memory(NAMESPACES.prefixes())
    with pytest.raises(QueryError) as caught:
        store.answer(query)
    return explain(caught.value, query, NAMESPACES)


@pytest.mark.parametrize(
    ("query", "message", "mend"),
    [
        (
            "ASK { ?s wdt:P31 ?o }",
            "Line 1, column 10: the prefix of wdt:P31",
            "PREFIX wdt: <http://www.wikidata.org/prop/direct/>",
        ),
        ("ASK {\n  ?s foo:bar ?o }", "Line 2, column 6: the prefix of foo:bar", "PREFIX foo: <http://...>"),
        ("ASK { ?s conept:x ?o }", "the prefix of conept:x", "write concept: if you meant that"),
        ("PREFIX a: <http://a/> ASK { ?s a:b/c:d ?o }", "the prefix of c:d", "PREFIX c:"),
        ('ASK { ?s ?p "x:y" . ?s q:z ?o } # r:s', "the prefix of q:z", "PREFIX q:"),
        ("SELECT ?x WHER { }", "Line 1, column 16: the query cannot be read at '{'", "missing dot"),
        ("SELECT ?x {", "at the end of the query", "closing one"),
        ("ASK { ?s ?p 'open }", "Line 1", "close the string"),
        ("ASK { ?s ?p <a b> }", "Line 1", "an IRI holds no spaces"),
    ],
)
def test_an_error_names_its_place_and_its_mend(query: str, message: str, mend: str) -> None:
    error = taught(query)
    assert message in error.message
    assert mend in error.mend


def test_a_misspelt_term_is_no_error_and_is_told(client: FlaskClient, schema: Schema) -> None:
    query = "SELECT * { ?s a akb:Concpet ; akb:extend ?o ; akb:extends ?p ; skos:prefLabel 'akb:nothing' }"
    hints = misspelt_terms(query, schema)
    assert hints == (
        "akb:Concpet is not in the ontology; did you mean akb:Concept?",
        "akb:extend is not in the ontology; did you mean akb:extends?",
    )
    response = client.get("/sparql", query_string={"query": query})
    assert response.status_code == 200
    assert response.headers["Akb-Hint"] == " ".join(hints)
    page = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/html"})
    assert "did you mean akb:Concept?" in page.text
    full = "ASK { ?s a <https://w3id.org/alignment-kb/ontology#Concpet> }"
    assert "akb:Concept" in misspelt_terms(full, schema)[0]
    assert misspelt_terms("PREFIX akb: <https://w3id.org/alignment-kb/ontology#> ASK { ?s a akb:Claim }", schema) == ()
