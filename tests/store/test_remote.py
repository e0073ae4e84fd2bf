"""Other endpoints are asked by the SPARQL 1.1 Protocol, section 2.1.2, and their answers read as they are."""

from __future__ import annotations

import json
from urllib.parse import parse_qs

import pytest

from server.errors import QueryError, RemoteError, UsageError
from server.store.remote import ask_endpoint, query_request
from server.store.remote_store import RemoteStore
from server.store.remote_writer import GraphStoreWriter, UpdateWriter
from tests.outgoing.speakers import speaking, whole

GRAPH = "http://a.example/graph"


def test_a_query_is_sent_as_a_form() -> None:
    with speaking(whole(b"{}")) as speaker:
        graphs = {"default_graphs": ["urn:a", "urn:b"], "named_graphs": ["urn:c"]}
        ask_endpoint(speaker.address, "ASK { 'é&' ?p ?o }", "json", 20, **graphs)  # type: ignore[arg-type] # both are lists
    head, _, body = speaker.asked[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /sparql HTTP/1.1\r\n")
    assert b"Accept: application/sparql-results+json\r\n" in head
    assert parse_qs(body.decode()) == {
        "query": ["ASK { 'é&' ?p ?o }"],
        "default-graph-uri": ["urn:a", "urn:b"],
        "named-graph-uri": ["urn:c"],
    }


@pytest.mark.parametrize(
    "query",
    [
        "INSERT DATA { <urn:a> <urn:b> 1 }",
        "no query at all",
        "\ufeffSELECT * { ?s ?p ?o }",
        "PREFIX " + "a:<b> PREFIX c" * 5000,
        "PREFIX a: <b" * 5000,
    ],
)
def test_any_text_is_sent_as_a_query_and_at_once(query: str) -> None:
    """What form it has is for the endpoint to say; a text that is an update is none where queries go."""
    request = query_request("http://a.example/", query, "*/*")
    assert isinstance(request.data, bytes)
    assert parse_qs(request.data.decode()) == {"query": [query]}


def test_a_password_goes_by_https_alone() -> None:
    for address, is_sent in (("https://a.example/", True), ("http://a.example/", False)):
        request = query_request(address, "ASK { }", "*/*", credentials=("dba", "secret"))
        assert request.has_header("Authorization") is is_sent


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (whole(b'{"detail": "Line 1"}', status="400 Bad Request"), QueryError, "calls the query malformed: Line 1"),
        (whole(b"", "Location: https://b.example/", status="301 Moved"), RemoteError, "redirects to another address"),
        (whole(b"", "Retry-After: 9", status="503 Busy"), RemoteError, "refused with 503 Busy"),
        (b"", RemoteError, "gave no answer"),
    ],
)
def test_an_endpoint_that_fails_is_named(answer: bytes, kind: type[Exception], words: str) -> None:
    with speaking(answer) as speaker, pytest.raises(kind, match=words) as caught:
        ask_endpoint(speaker.address, "ASK { }", "json", 20)
    assert speaker.address in str(caught.value)


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="not an address"):
        ask_endpoint("file:///etc/passwd", "ASK { }", "json", 20)


def store_of(address: str) -> RemoteStore:
    return RemoteStore(address, {}, [GRAPH], timeout=20)


def test_rows_of_a_store_are_read_in_its_own_words() -> None:
    terms = [
        {"type": "typed-literal", "datatype": "http://www.w3.org/2001/XMLSchema#integer", "value": "7"},
        {"type": "typed-literal", "datatype": "http://www.w3.org/2001/XMLSchema#boolean", "value": "1"},
        {"type": "typed-literal", "datatype": "http://www.w3.org/2001/XMLSchema#string", "value": "a"},
        {"type": "uri", "value": "http://a.example/my page"},
        {"type": "uri", "value": "none"},
    ]
    body = json.dumps({"results": {"bindings": [{"x": term} for term in terms]}, "head": {"vars": ["x", "y"]}})
    with speaking(whole(b"\xef\xbb\xbf" + body.encode())) as speaker:
        rows = store_of(speaker.address).select("SELECT * { ?x ?y ?z }")
        assert rows == [{"x": 7}, {"x": True}, {"x": "a"}, {"x": "http://a.example/my%20page"}]
        answer = json.loads(store_of(speaker.address).answer("SELECT ?x ?y { ?x ?y ?z }").serialize("json"))
        assert answer["results"]["bindings"][1]["x"]["value"] == "true"


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"boolean": true}', True),
        (b'{"head": {}, "boolean": false}', False),
        (b'{"results": {"bindings": [{"callret-0": {"type": "literal", "value": "1"}}]}}', True),
        (b'{"results": {"bindings": []}}', False),
    ],
)
def test_a_truth_value_may_be_a_row(body: bytes, value: bool) -> None:
    with speaking(whole(body)) as speaker:
        answer = store_of(speaker.address).answer("ASK { ?s ?p ?o }")
    assert json.loads(answer.serialize("json"))["boolean"] is value


def test_an_answer_that_is_none_is_named() -> None:
    with speaking(whole(b"<html>Sign in")) as speaker, pytest.raises(RemoteError, match="results: a web page"):
        store_of(speaker.address).select("SELECT * { ?s ?p ?o }")


def test_a_store_is_written_to_with_the_password_that_it_asks_for() -> None:
    refusal = whole(b"", 'WWW-Authenticate: Digest realm="SPARQL", nonce="n", qop="auth"', status="401 Unauthorized")
    with speaking(refusal, whole(b"")) as speaker:
        GraphStoreWriter(f"{speaker.address}?x=y", ("dba", "secret"), 20).add(GRAPH, "<urn:a> <urn:b> 1 .\n")
        assert b"POST /sparql?x=y&graph=http%3A%2F%2Fa.example%2Fgraph HTTP/1.1" in speaker.asked[1]
        assert speaker.asked[1].endswith(b"\r\n\r\n<urn:a> <urn:b> 1 .\n")
    with speaking(refusal) as speaker, pytest.raises(RemoteError, match="does not let us write: 401"):
        UpdateWriter(speaker.address, None, 20).add(GRAPH, "")
