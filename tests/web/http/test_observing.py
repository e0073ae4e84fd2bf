"""Every request has an id, and is counted and logged."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder, create_environ, run_wsgi_app

from server.settings import Settings, read_settings
from server.web.http.logs import REQUEST_ID
from server.web.http.observing import STREAMED, Observer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

AF = "/concept/alignment-faking.html"


@pytest.mark.parametrize("path", ["/", AF, "/nowhere", "/static/style.css", "/sparql?query=ASK%7B%7D", "/metrics"])
def test_every_answer_has_an_id(path: str, client: FlaskClient) -> None:
    first, second = client.get(path), client.get(path)
    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]
    assert len(first.headers.getlist("X-Request-Id")) == len(second.headers.getlist("X-Request-Id")) == 1


@pytest.mark.parametrize(
    ("given_id", "is_taken"),
    [("abc-123", True), ("a/b+c==", True), ("x" * 100, True), ("x" * 101, False), ("", False), ("a b", False),
     ("<script>", False), ("caf\u00e9", False)],
)  # fmt: skip
def test_a_sane_id_is_taken_over(given_id: str, is_taken: bool, client: FlaskClient) -> None:
    response = client.get("/healthz", headers={"X-Request-Id": given_id})
    assert (response.headers["X-Request-Id"] == given_id) is is_taken


def test_an_answer_that_is_kept_has_the_id_of_its_own_request(client: FlaskClient) -> None:
    for name in ("one", "two"):
        for extra in ({}, {"If-None-Match": client.get(AF).headers["ETag"]}):
            response = client.get(AF, headers={"X-Request-Id": name, **extra})
            assert response.headers.getlist("X-Request-Id") == [name]


def test_a_fault_of_ours_tells_the_id(settings: Settings, make_app: Callable[[Settings], Flask]) -> None:
    app = make_app(settings)
    app.add_url_rule("/broken", view_func=lambda: 1 / 0)
    headers = {"X-Request-Id": "find-me"}
    assert app.test_client().get("/broken", headers=headers).json["request_id"] == "find-me"
    assert "find-me" in app.test_client().get("/broken", headers=headers | {"Accept": "text/html"}).text
    assert "request_id" not in app.test_client().get("/nowhere", headers=headers).json


def counted(client: FlaskClient, beginning: str) -> float:
    text = client.get("/metrics").text
    return sum(float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(beginning))


def test_requests_are_counted_by_route_and_status(client: FlaskClient) -> None:
    lines = [
        ('akb_requests_total{method="GET",route="/context.jsonld",status="200"}', "/context.jsonld", {}),
        ('akb_requests_total{method="GET",route="none",status="404"}', "/nowhere/at/all", {}),
        ('akb_request_seconds_count{route="/context.jsonld"}', "/context.jsonld", {}),
        ('akb_queries_total{outcome="ok"}', "/sparql?query=ASK%7B%7D%23nobody-else-asks-this", {}),
        ('akb_queries_total{outcome="malformed"}', "/sparql?query=ASK", {}),
        ('akb_queries_total{outcome="forbidden"}', "/sparql?query=ASK%7BSERVICE%3Curn:x%3E%7B%7D%7D", {}),
        ('akb_queries_total{outcome="not_acceptable"}', "/sparql?query=ASK%7B%7D", {"Accept": "text/turtle"}),
    ]
    for line, path, headers in lines:
        before = counted(client, line)
        client.get(path, headers=headers)
        assert counted(client, line) == before + 1, line


def test_what_was_kept_is_counted(client: FlaskClient) -> None:
    client.get(AF)
    before = counted(client, 'akb_kept_answers_total{kept="yes"}')
    client.get(AF)
    assert counted(client, 'akb_kept_answers_total{kept="yes"}') == before + 1


def test_a_method_that_is_made_up_is_no_series_of_its_own(client: FlaskClient) -> None:
    client.open("/", method="BREW")
    text = client.get("/metrics").text
    assert "BREW" not in text
    assert 'method="other"' in text


def test_each_request_is_logged_where_that_is_wanted(
    settings: Settings, make_app: Callable[[Settings], Flask], caplog: pytest.LogCaptureFixture
) -> None:
    own = read_settings({"AKB_STATE": str(settings.state), "AKB_ACCESS_LOG": "yes"}, root=settings.root)
    with caplog.at_level(logging.INFO, "akb.access"):
        make_app(own).test_client().get("/concept?x=%0Ay", headers={"User-Agent": "a test"})
        make_app(settings).test_client().get("/claim")
    [record] = caplog.records
    assert (record.method, record.address, record.status, record.route) == ("GET", "/concept?x=%0Ay", 200, record.route)
    assert record.agent == "a test"
    assert record.getMessage().startswith("GET /concept?x=%0Ay 200 ")


@given(st.text(st.characters(max_codepoint=255)), st.text(st.characters(max_codepoint=255)))
def test_nobody_writes_a_line_of_their_own_into_the_log(path: str, query: str) -> None:
    records: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = records.append
    logger = logging.getLogger("akb.access")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        environ = EnvironBuilder().get_environ() | {"PATH_INFO": path, "QUERY_STRING": query}
        Observer(lambda _environ, _start: [], access_log=True)(environ, lambda *_: None)
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)
    [record] = records
    assert record.getMessage().isascii()
    assert record.getMessage().isprintable()
    json.dumps(record.address)


def test_a_streamed_answer_is_logged_with_its_own_id_by_whichever_thread(caplog: pytest.LogCaptureFixture) -> None:
    def application(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        environ[STREAMED] = True
        start("200 OK", [])
        return iter([b"a"])

    observer = Observer(application, access_log=True)
    ids: list[str] = []
    with caplog.at_level(logging.INFO, "akb.access"):
        caplog.handler.addFilter(lambda _: not ids.append(REQUEST_ID.get()))  # type: ignore[func-returns-value]
        answers = []
        for number in range(2):
            answers.append(run_wsgi_app(observer, create_environ(headers={"X-Request-Id": f"id-{number}"})))
            assert not REQUEST_ID.get(), "what comes next in this thread is not this request"
        for pieces, _, _ in answers:
            pieces.close()  # type: ignore[attr-defined]
    assert ids == ["id-0", "id-1"]
