"""Answers to queries ahead of Flask: what may be given again, with which validators, and what never is."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from server.settings import Settings, read_settings
from server.store.jobs import Job, Outcome
from server.store.workers import QueryPool
from server.web.app import create_app
from server.web.data.answering import hint
from server.web.http.cache import Cache

SELECT = "SELECT ?q { ?q a akb:Question } ORDER BY ?q"
ROWS = "SELECT * { ?s ?p ?o } LIMIT 200"
LONG = "SELECT * { ?s ?p ?o } LIMIT 3000"
"""Its answer is longer than what comes through the socket of a worker."""


@pytest.fixture(scope="module")
def app(settings: Settings) -> Iterator[Flask]:
    """An application of which tests share the workers."""
    app = create_app(settings)
    yield app
    app.extensions["akb"].close()


@pytest.fixture
def client(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A client of an application that has kept no answer yet."""
    monkeypatch.setattr(app.extensions["akb"], "cache", Cache(settings.kept_mb << 20))
    return app.test_client()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """The queries that came through to a worker."""
    jobs: list[Job] = []
    run = QueryPool.run

    def noted(self: QueryPool, job: Job) -> Outcome:
        jobs.append(job)
        return run(self, job)

    monkeypatch.setattr(QueryPool, "run", noted)
    return jobs


def query(text: str, **more: str) -> dict[str, str]:
    return {"query": text, **more}


def headers(response: object) -> list[tuple[str, str]]:
    return [one for one in response.headers if one[0] != "X-Request-Id"]


def test_a_query_that_is_asked_again_is_answered_without_a_worker(client: FlaskClient, asked: list[Job]) -> None:
    first = client.get("/sparql", query_string=query(SELECT))
    again = client.get("/sparql", query_string=query(SELECT))
    head = client.head("/sparql", query_string=query(SELECT))
    posted = client.post("/sparql", data=query(SELECT))
    direct = client.post("/sparql", data=SELECT, headers={"Content-Type": "application/sparql-query"})
    assert len(asked) == 1, "the same query, however it was sent"
    assert first.data == again.data == posted.data == direct.data
    assert headers(first) == headers(again) == headers(head)
    assert head.data == b""
    assert int(head.headers["Content-Length"]) == len(first.data)


def test_what_else_is_asked_has_an_answer_of_its_own(client: FlaskClient, asked: list[Job]) -> None:
    graph = "https://w3id.org/alignment-kb/graph/ontology"
    requests = [
        {"query_string": query(SELECT)},
        {"query_string": query(SELECT + " ")},
        {"query_string": query(SELECT, format="csv")},
        {"query_string": query(SELECT), "headers": {"Accept": "text/csv"}},
        {"query_string": query(SELECT, **{"default-graph-uri": graph})},
        {"query_string": query(SELECT, **{"named-graph-uri": graph})},
        # 2.4: a relative IRI resolves against the address of the endpoint.
        {"query_string": query(f"PREFIX x: <#> {SELECT}")},
        {"query_string": query(f"PREFIX x: <#> {SELECT}"), "base_url": "http://127.0.0.1/"},
        {"query_string": query(SELECT), "headers": {"Accept-Encoding": "gzip"}},
    ]
    for number, request in enumerate(requests, 1):
        response = client.get("/sparql", **request)
        assert (response.status_code, len(asked)) == (200, number)
    assert len(asked) == len(requests)
    answers = [client.get("/sparql", **request) for request in requests]
    assert len(asked) == len(requests)
    assert answers[2].headers.get("Vary", "") == "Accept-Datetime, Accept-Encoding"
    assert answers[3].headers["Vary"] == "Accept, Accept-Datetime, Accept-Encoding"
    assert gzip.decompress(answers[-1].data) == answers[0].data


def test_an_answer_without_relative_iris_is_the_same_at_every_host(client: FlaskClient, asked: list[Job]) -> None:
    answers = [
        client.get("/sparql", query_string=query(SELECT), base_url=f"http://{host}/")
        for host in ("localhost", "127.0.0.1", "stranger.example")
    ]
    assert len(asked) == len({answer.data for answer in answers}) == 1
    relative = client.get("/sparql", query_string=query("SELECT (STR(<x>) AS ?x) {}"))
    assert "Host" in relative.vary
    assert "Host" not in answers[0].vary


def test_an_answer_has_a_strong_validator_and_may_be_kept_as_pages_may(client: FlaskClient) -> None:
    """RFC 9110, sections 8.8.3 and 13.1.2; RFC 9111, section 5.2.2."""
    response = client.get("/sparql", query_string=query(SELECT))
    tag, weak = response.get_etag()
    assert tag
    assert not weak
    assert response.headers["Cache-Control"] == client.get("/concept").headers["Cache-Control"]
    for known in (response.headers["ETag"], f'"other", W/{response.headers["ETag"]}', "*"):
        for ask in (client.get, client.head):
            same = ask("/sparql", query_string=query(SELECT), headers={"If-None-Match": known})
            assert (same.status_code, same.data) == (304, b"")
            assert same.headers["ETag"] == response.headers["ETag"]
            assert same.headers["Cache-Control"] == response.headers["Cache-Control"]
            assert same.headers["Vary"] == response.headers["Vary"]
            assert "Content-Type" not in same.headers
    other = client.get("/sparql", query_string=query(SELECT), headers={"If-None-Match": '"other"'})
    assert other.status_code == 200
    failed = client.get("/sparql", query_string=query(SELECT), headers={"If-Match": '"other"'})
    assert failed.status_code == 412
    assert failed.json["mend"]


def test_each_coding_and_format_has_a_tag_of_its_own(client: FlaskClient) -> None:
    """RFC 9110, section 8.8.3.3."""
    tags = {
        client.get("/sparql", query_string=query(ROWS, format=name), headers={"Accept-Encoding": coding}).headers[
            "ETag"
        ]
        for name in ("csv", "json")
        for coding in ("", "gzip", "br")
    }
    assert len(tags) == 6


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (NOW() AS ?x) {}",
        "SELECT (rand() AS ?x) {}",
        "SELECT (UUID() AS ?x) {}",
        "SELECT (STRUUID() AS ?x) {}",
        "SELECT (BNODE() AS ?x) {}",
    ],
)
def test_an_answer_that_may_change_is_never_given_again(text: str, client: FlaskClient, asked: list[Job]) -> None:
    for _ in range(2):
        response = client.get("/sparql", query_string=query(text), headers={"If-None-Match": "*"})
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-cache"
        assert "ETag" not in response.headers
    assert len(asked) == 2


def test_an_answer_to_a_post_is_for_no_cache_and_knows_no_conditions(client: FlaskClient) -> None:
    """RFC 9110, section 9.3.3: what answers a POST is no representation of the address."""
    response = client.post("/sparql", data=query(SELECT), headers={"If-None-Match": "*"})
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-cache"
    assert "ETag" not in response.headers


def test_an_error_is_worked_out_anew_each_time(client: FlaskClient, asked: list[Job]) -> None:
    for _ in range(2):
        response = client.get("/sparql", query_string=query("SELEC"))
        assert response.status_code == 400
        assert response.headers["Cache-Control"] == "no-store"
    assert len(asked) == 2


def test_a_hint_stays_with_the_answer(client: FlaskClient, asked: list[Job]) -> None:
    text = "SELECT * { ?s a akb:Konzept }"
    hints = {client.get("/sparql", query_string=query(text)).headers["Akb-Hint"] for _ in range(2)}
    assert len(hints) == len(asked) == 1


def test_a_long_answer_is_sent_as_it_is_read_and_not_kept(client: FlaskClient, asked: list[Job]) -> None:
    for _ in range(2):
        response = client.get("/sparql", query_string=query(LONG))
        assert len(response.data) == int(response.headers["Content-Length"]) > 256 * 1024
        assert "public" in response.headers["Cache-Control"]
        assert "ETag" not in response.headers
    head = client.head("/sparql", query_string=query(LONG))
    assert head.data == b""
    assert head.headers["Content-Length"] == response.headers["Content-Length"]
    assert len(asked) == 3
    packed = client.get("/sparql", query_string=query(LONG), headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(gzip.decompress(packed.data)) == len(response.data)


def test_answers_are_kept_within_the_bytes_of_the_setting(
    settings: Settings, make_app: Callable[[Settings], Flask], asked: list[Job]
) -> None:
    own = read_settings({"AKB_STATE": str(settings.state), "AKB_KEPT_MB": "0"}, root=settings.root)
    client = make_app(own).test_client()
    for _ in range(2):
        assert client.get("/sparql", query_string=query(SELECT)).status_code == 200
    assert len(asked) == 2


@contextmanager
def started(app: Flask, body: bytes, **more: object) -> Iterator[list[str]]:
    """Ask as a web server does, without its help: yield the status."""
    said: list[str] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/sparql",
        "QUERY_STRING": "",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SCRIPT_NAME": "",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        **more,
    }
    chunks = app.wsgi_app(environ, lambda status, *_: said.append(status))
    b"".join(chunks)
    yield said


def test_a_body_that_ends_too_early_is_no_query(settings: Settings, make_app: Callable[[Settings], Flask]) -> None:
    """RFC 9112, section 8: a message that is shorter than it says is incomplete."""
    app = make_app(settings)
    with started(app, b"query=ASK{}", CONTENT_LENGTH="11") as said:
        assert said == ["200 OK"]
    with started(app, b"query=ASK{}", CONTENT_LENGTH="12") as said:
        assert said == ["400 BAD REQUEST"]
    with started(app, b"query=ASK{}", **{"wsgi.input_terminated": True}) as said:
        assert said == ["200 OK"], "in chunks, without a length"


@pytest.mark.parametrize(
    ("query", "accept", "named"),
    [
        ("CONSTRUCT { <urn:s> <http://example.org/123> 1 } {}", "application/rdf+xml", "<http://example.org/123>"),
        ("CONSTRUCT { <urn:s> rdf:li 1 } {}", "application/rdf+xml", "rdf-syntax-ns#li>"),
        ("CONSTRUCT { <urn:s> <urn:p> 'a\\u0001' } {}", "application/rdf+xml", "U+0001, after 'a'"),
        ("SELECT ('a\\uFFFE' AS ?x) {}", "application/sparql-results+xml", "U+FFFE, after 'a'"),
        ("CONSTRUCT { <urn:s> <urn:p> <<(<urn:a> <urn:b> 1)>> } {}", "application/ld+json", "<<( <urn:a> <urn:b>"),
    ],
)
def test_what_a_format_cannot_say_is_refused_by_name(query: str, accept: str, named: str, client: FlaskClient) -> None:
    """RDF 1.1 XML Syntax, section 6.1.4; XML 1.0, section 2.2."""
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert answer.status_code == 406
    assert named in answer.json["detail"]
    other = "application/sparql-results+json" if query.startswith("SELECT") else "text/turtle"
    assert other in answer.json["detail"]
    assert client.get("/sparql", query_string={"query": query}, headers={"Accept": other}).status_code == 200


@given(st.lists(st.text(), max_size=3))
def test_a_hint_is_a_field_of_http_whatever_it_repeats(hints: list[str]) -> None:
    """RFC 9110, section 5.5: a peer may have sent anything, and its answer would break off ours."""
    assert all(value.isascii() and value.isprintable() for _, value in hint(tuple(hints)))
