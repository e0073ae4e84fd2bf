"""The SPARQL endpoint (SPARQL 1.1 Protocol, section 2.1), read-only."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from rdflib import Graph

from server.web.data.example_queries import example_queries

SELECT = "SELECT ?c WHERE { ?c a akb:Question } ORDER BY ?c"
ASK = "ASK { concept:alignment-faking a akb:Concept }"
CONSTRUCT = "CONSTRUCT { ?c a akb:Question } WHERE { ?c a akb:Question }"
DIRECT = {"Content-Type": "application/sparql-query"}


def test_the_three_ways_to_ask_give_the_same_answer(client: FlaskClient) -> None:
    """2.1.1 by GET, 2.1.2 by POST of a form, 2.1.3 by POST of the query itself."""
    answers = [
        client.get("/sparql", query_string={"query": SELECT}),
        client.post("/sparql", data={"query": SELECT}),
        client.post("/sparql", data=SELECT, headers=DIRECT),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len({answer.text for answer in answers}) == 1
    assert len(answers[0].json["results"]["bindings"]) == 4


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("text/html", "text/html; charset=utf-8"),
    ],
)
def test_rows_come_in_the_format_that_is_wanted(accept: str | None, content_type: str, client: FlaskClient) -> None:
    headers = {"Accept": accept} if accept else {}
    response = client.get("/sparql", query_string={"query": SELECT}, headers=headers)
    assert response.content_type == content_type
    assert "Accept" in response.vary
    rows = {
        "application/sparql-results+json": lambda: response.json["results"]["bindings"],
        "application/sparql-results+xml": lambda: ElementTree.fromstring(response.text)[1],
        "text/csv; charset=utf-8": lambda: list(csv.reader(io.StringIO(response.text)))[1:],
        "text/tab-separated-values; charset=utf-8": lambda: response.text.splitlines()[1:],
        "text/html; charset=utf-8": lambda: response.text.split("<tbody>")[1].split("<tr>")[1:],
    }[content_type]()
    assert len(rows) == 4


@pytest.mark.parametrize(
    ("accept", "parser"),
    [
        ("text/turtle", "turtle"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "xml"),
        ("application/ld+json", "json-ld"),
    ],
)
def test_triples_come_in_the_format_that_is_wanted(accept: str, parser: str, client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": CONSTRUCT}, headers={"Accept": accept})
    assert response.mimetype == accept
    assert len(Graph().parse(data=response.text, format=parser)) == 4


def test_yes_and_no_come_as_json_and_xml(client: FlaskClient) -> None:
    assert client.get("/sparql", query_string={"query": ASK}).json["boolean"] is True
    xml = client.get("/sparql", query_string={"query": ASK}, headers={"Accept": "application/sparql-results+xml"})
    assert "<boolean>true</boolean>" in xml.text
    assert client.get("/sparql", query_string={"query": ASK}, headers={"Accept": "text/csv"}).status_code == 406
    assert "Yes." in client.get("/sparql", query_string={"query": ASK}, headers={"Accept": "text/html"}).text


def test_a_format_can_be_named_in_the_address(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": SELECT, "format": "csv"}, headers={"Accept": "text/html"})
    assert response.mimetype == "text/csv"
    for value in ("xml", "rdf+xml", "application/rdf+xml"):
        triples = client.get("/sparql", query_string={"query": CONSTRUCT, "format": value})
        assert triples.mimetype == "application/rdf+xml"
    refused = client.get("/sparql", query_string={"query": SELECT, "format": "ttl"})
    assert refused.status_code == 406
    assert "json, xml, csv, tsv" in refused.json["detail"]


def test_a_dataset_of_the_protocol_replaces_the_union(client: FlaskClient) -> None:
    """2.1.4: default-graph-uri and named-graph-uri."""
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"

    def n(**dataset: str) -> int:
        answer = client.post("/sparql", data={"query": count, **dataset}).json
        return int(answer["results"]["bindings"][0]["n"]["value"])

    graph = "https://w3id.org/alignment-kb/graph/"
    parts = [
        n(**{"default-graph-uri": graph + name})
        for name in ("asserted", "inferred", "ontology", "shapes", "similarity", "statistics")
    ]
    assert all(parts)
    assert sum(parts) == n()
    assert n(**{"named-graph-uri": graph + "asserted"}) == 0


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"method": "GET", "query_string": {"query": "SELEC"}}, 400),
        ({"method": "GET", "query_string": {"query": ""}}, 400),
        ({"method": "GET", "query_string": "query=ASK{}&query=ASK{}"}, 400),
        ({"method": "POST", "data": {}}, 415),
        ({"method": "POST", "data": {"quer": "ASK {}"}}, 400),
        ({"method": "POST", "data": b"ASK { ?s ?p '\xff' }", "headers": DIRECT}, 400),
        ({"method": "POST", "data": "ASK {}", "headers": {"Content-Type": "text/plain"}}, 415),
        ({"method": "POST", "data": "x", "headers": {"Content-Type": "multipart/form-data; boundary=x"}}, 415),
        ({"method": "POST", "data": {"update": "DROP ALL"}}, 403),
        ({"method": "GET", "query_string": {"update": "DROP ALL"}}, 403),
        ({"method": "POST", "data": "DROP ALL", "headers": {"Content-Type": "application/sparql-update"}}, 403),
        ({"method": "GET", "query_string": {"query": "DROP ALL"}}, 400),
        ({"method": "GET", "query_string": {"query": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"}}, 403),
        ({"method": "GET", "query_string": {"query": ASK, "default-graph-uri": "not an iri"}}, 400),
        ({"method": "GET", "query_string": {"query": ASK}, "headers": {"Accept": "image/png"}}, 406),
        ({"method": "PUT"}, 405),
        ({"method": "DELETE"}, 405),
        ({"method": "POST", "data": {"query": "#" * 2_100_000}}, 413),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_wrong_request_gets_the_right_status_and_a_problem(request_: dict, status: int, client: FlaskClient) -> None:
    response = client.open("/sparql", **request_)
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    problem = json.loads(response.text)
    assert problem["status"] == status
    assert problem["detail"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_the_form_is_there_without_a_query_with_every_example(client: FlaskClient) -> None:
    page = client.get("/sparql", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "<form" in page.text
    examples = page.text.count('<li><a href="/sparql?query=')
    assert examples == len(example_queries(client.application.extensions["akb"].release()))


def test_a_page_shows_the_first_rows_and_says_how_many_there_are(client: FlaskClient) -> None:
    query = "SELECT * { ?s ?p ?o } LIMIT 1500"
    page = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/html"}).text
    assert "1,500 rows; the first 1,000 are shown" in page
    assert page.count("<tr>") == 1001
