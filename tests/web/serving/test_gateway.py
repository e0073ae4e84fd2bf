"""Between the event loop and the WSGI application: PEP 3333 on one side, ASGI on the other."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterable, Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.test import run_wsgi_app
from werkzeug.wsgi import ClosingIterator

from server.settings import Settings
from server.store.jobs import Job
from server.web.app import create_app
from server.web.http.observing import AT_ONCE, BEGUN, NotAtOnceError
from server.web.serving.gateway import Answer, Gateway, environment_of_scope, with_body


def scope(path: str = "/", method: str = "GET", *headers: tuple[bytes, bytes]) -> dict[str, Any]:
    raw, _, query = path.partition("?")
    return {
        "method": method,
        "raw_path": raw.encode(),
        "query_string": query.encode(),
        "server": ("kb.example", 80),
        "client": ("192.0.2.1", 5),
        "http_version": "1.1",
        "scheme": "http",
        "headers": list(headers),
        "akb.connection": SimpleNamespace(gone=False),
    }


def gateway(application: Any, **limits: int) -> Gateway:
    return Gateway(application, **({"threads": 1, "waiting": 1, "body_bytes": 100, "bodies_bytes": 250} | limits))


def test_the_environment_is_that_of_pep_3333() -> None:
    environ = environment_of_scope(
        scope(
            "/caf%C3%A9/%2F?a=%20b",
            "GET",
            (b"accept", b"a/b"),
            (b"accept", b"c/d"),
            (b"cookie", b"a"),
            (b"cookie", b"b"),
        )
    )
    assert environ["PATH_INFO"] == "/caf\xc3\xa9//", "bytes as latin-1"
    assert environ["QUERY_STRING"] == "a=%20b"
    assert environ["HTTP_ACCEPT"] == "a/b, c/d"
    assert environ["HTTP_COOKIE"] == "a; b"
    assert environ["REMOTE_ADDR"] == "192.0.2.1"


def test_a_header_cannot_pass_for_another() -> None:
    """`X_Forwarded_For` would become the variable of `X-Forwarded-For`, which only a proxy may set."""
    environ = environment_of_scope(scope("/", "GET", (b"x_forwarded_for", b"203.0.113.9"), (b"content_length", b"9")))
    assert "HTTP_X_FORWARDED_FOR" not in environ
    assert "CONTENT_LENGTH" not in environ


async def asked(one: Gateway, environ: dict[str, Any]) -> Answer:
    """Return the answer to a request, as a connection asks for it."""
    if (found := one.at_once(environ)) is not None:
        return found
    environ.pop(AT_ONCE, None)
    answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
    one.answer(environ, answer.set_result)
    return await answer


def test_what_takes_no_work_is_answered_in_the_event_loop_and_all_else_by_a_thread() -> None:
    seen = []

    def application(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
        seen.append((AT_ONCE in environ, not threading.current_thread().name.startswith("akb-")))
        if AT_ONCE in environ and environ["PATH_INFO"] != "/cached":
            raise NotAtOnceError
        start("200 OK", [])
        return (b"done",)

    async def main() -> None:
        one = gateway(application)
        for path, calls in {
            "/cached": [(True, True)],
            "/else": [(True, True), (False, False)],
            f"/cached?{'a' * 9000}": [(False, False)],
        }.items():
            seen.clear()
            assert (await asked(one, environment_of_scope(scope(path)))).whole() == b"done"
            assert seen == calls, path

    asyncio.run(main())


@pytest.fixture(scope="module")
def app(settings: Settings) -> Iterator[Flask]:
    """A server whose worker runs."""
    app = create_app(settings)
    app.extensions["akb"].release().queries.run(Job("ASK {}", {"boolean": "json"}))
    yield app
    app.extensions["akb"].close()


JSON = (b"accept", b"application/sparql-results+json")
ROWS = "SELECT ?n { ?edge akb:object ?entity . ?entity dcterms:identifier ?n } ORDER BY ?n"


@pytest.mark.parametrize(
    ("method", "query", "headers", "in_the_loop"),
    [
        ("GET", f"{ROWS} LIMIT 9", [JSON], True),
        ("POST", f"{ROWS} LIMIT 9", [JSON], True),
        ("HEAD", f"{ROWS} LIMIT 8", [JSON], True),
        ("GET", f"{ROWS} LIMIT 7", [JSON, (b"accept-encoding", b"gzip")], True),
        ("GET", "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 200", [JSON, (b"accept-encoding", b"gzip")], False),
        ("GET", "SELECT ?s { ?s akb:nothing 1, 2 }", [JSON], False),
        ("GET", "SELECT ?s { ?s nobody:b 1, 2 }", [JSON], False),
        ("GET", f"{ROWS} LIMIT 6", [(b"accept", b"text/html")], False),
        ("GET", f"{ROWS} LIMIT 5", [(b"accept", b"image/png")], False),
        ("GET", "SELECT * { SERVICE <http://nobody.example/sparql> { ?s ?p ?o } }", [JSON], False),
    ],
)
def test_a_query_has_the_same_answer_whoever_waits_for_the_worker(
    method: str,
    query: str,
    headers: list[tuple[bytes, bytes]],
    in_the_loop: bool,
    app: Flask,
) -> None:
    """The loop waits where little is left to be done with the answer; else a thread goes on."""
    seen: list[bool] = []
    queries = app.extensions["akb"].release().queries

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        seen.append(AT_ONCE in environ)
        return app.wsgi_app(environ, start)

    def environ(mark: str) -> dict[str, Any]:
        text = f"{query} # {method} {mark}"
        if method != "POST":
            return environment_of_scope(
                scope(f"/sparql?query={quote(text)}", method, (b"host", b"localhost"), *headers)
            )
        kind = (b"content-type", b"application/sparql-query")
        made = environment_of_scope(scope("/sparql", method, (b"host", b"localhost"), kind, *headers))
        with_body(made, text.encode())
        return made

    async def main() -> Answer:
        one = gateway(application)
        first = environ("1")
        assert one.at_once(first) is None
        again = environ("1")
        if BEGUN in first:
            again[BEGUN] = first[BEGUN]
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        one.answer(again, answer.set_result)
        found = await answer
        assert one._places == 2
        return found

    found = asyncio.run(main())
    assert seen == [True, True] if in_the_loop else seen in ([True, False], [True, True, False])
    assert (queries.places.running, queries.places.waiting) == (0, 0)
    if in_the_loop and method != "POST":
        assert gateway(app.wsgi_app).at_once(environ("1")) is not None, "it is in the cache"
    pieces, status, expected = run_wsgi_app(app.wsgi_app, environ("2"), buffered=True)
    own = {"x-request-id", "date"}
    assert found.status == int(status.split()[0])
    assert {name.lower(): value for name, value in found.headers if name.lower() not in own} == {
        name.lower(): value for name, value in expected if name.lower() not in own
    }
    whole, wanted = b"".join(found.pieces), b"".join(pieces)
    assert len(whole) == len(wanted)
    assert whole == wanted or found.status != 200 or query.encode() in whole, "pages and errors repeat the query"


def test_a_server_that_is_full_says_so_and_answers_who_looks_after_it() -> None:
    go_on = threading.Event()

    def application(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
        if AT_ONCE in environ:
            raise NotAtOnceError
        if environ["PATH_INFO"] == "/long":
            go_on.wait()
        start("200 OK", [])
        return (b"done",)

    async def main() -> None:
        one = gateway(application, threads=1, waiting=1)
        running = [asyncio.ensure_future(asked(one, environment_of_scope(scope("/long")))) for _ in range(2)]
        await asyncio.sleep(0)
        refused = await asked(one, environment_of_scope(scope("/more")))
        assert refused.status == 503
        assert dict(refused.headers)["Retry-After"] == "5"
        assert json.loads(refused.whole() or b"")["status"] == 503
        page = await asked(one, environment_of_scope(scope("/more", "GET", (b"accept", b"text/html"))))
        assert b"<h1>Service Unavailable</h1>" in (page.whole() or b"")
        for path in ("/healthz", "/readyz", "/metrics"):
            assert (await asked(one, environment_of_scope(scope(path)))).status == 200
        go_on.set()
        assert [(await each).status for each in running] == [200, 200]
        assert (await asked(one, environment_of_scope(scope("/more")))).status == 200

    asyncio.run(main())


def test_a_failure_of_the_application_is_a_problem(caplog: pytest.LogCaptureFixture) -> None:
    def application(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
        raise ZeroDivisionError

    async def main() -> None:
        one = gateway(application)
        answer = await asked(one, environment_of_scope(scope("/x", "POST")))
        assert answer.status == 500
        assert b"The fault is in the server" in (answer.whole() or b"")

    asyncio.run(main())
    assert "POST /x failed" in caplog.text


def sent(one: Gateway, wanted: dict[str, Any], pieces: Iterable[bytes] = ()) -> tuple[int, bytes]:
    """Return the status and the body of the answer to a request that is received in pieces."""
    waiting = list(pieces)
    status, body = 0, b""

    async def receive() -> dict[str, Any]:
        piece = waiting.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(waiting)}

    async def send(event: dict[str, Any]) -> None:
        nonlocal status, body
        status = event.get("status", status)
        body += event.get("body", b"")

    asyncio.run(one(wanted, receive, send))
    return status, body


def echo(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
    if AT_ONCE in environ:
        raise NotAtOnceError
    start("200 OK", [])
    return (environ["CONTENT_LENGTH"].encode(), b" ", environ["wsgi.input"].read())


def test_a_body_is_whole_before_the_application_sees_it() -> None:
    chunked = scope("/", "POST", (b"transfer-encoding", b"chunked"))
    assert sent(gateway(echo), chunked, [b"ab", b"", b"cd"]) == (200, b"4 abcd")


def test_bodies_are_bounded_each_and_together() -> None:
    one = gateway(echo)
    assert sent(one, scope("/", "POST", (b"content-length", b"101")), [b"a"])[0] == 413
    assert sent(one, scope("/", "POST", (b"transfer-encoding", b"chunked")), [b"a" * 60, b"a" * 60, b""])[0] == 413
    assert (
        sent(gateway(echo, bodies_bytes=10), scope("/", "POST", (b"content-length", b"90")), [b"a" * 80, b"a" * 10])[0]
        == 503
    )
    assert sent(one, scope("/", "POST", (b"content-length", b"90")), [b"a" * 90])[0] == 200, (
        "what was taken is given back"
    )


def test_a_body_is_counted_until_it_is_answered() -> None:
    go_on = threading.Event()

    def application(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
        go_on.wait()
        return echo(environ, start)

    async def main() -> list[int]:
        one = gateway(application, threads=3, waiting=3, bodies_bytes=150)
        statuses: list[int] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"a" * 90, "more_body": False}

        async def send(event: dict[str, Any]) -> None:
            if "status" in event:
                statuses.append(event["status"])

        def ask() -> asyncio.Future[None]:
            return asyncio.ensure_future(one(scope("/", "POST", (b"content-length", b"90")), receive, send))

        asked = [ask(), ask()]
        await asyncio.sleep(0)
        await ask()
        go_on.set()
        await asyncio.gather(*asked)
        await ask()
        return statuses

    assert asyncio.run(main()) == [503, 200, 200, 200]


def test_an_answer_that_cannot_be_begun_is_closed_all_the_same() -> None:
    """Else the space that it takes would be taken for ever."""
    closed = []

    def application(environ: dict[str, Any], start: Callable[..., object]) -> Any:
        start("200 OK", [("X-Said", "\N{SNOWMAN}")])
        return ClosingIterator(iter([b"a"]), lambda: closed.append(True))

    with pytest.raises(UnicodeEncodeError):
        sent(gateway(application), scope("/", "POST", (b"content-length", b"1")), [b"x"])
    assert closed == [True]


def test_what_is_not_in_memory_is_sent_piece_by_piece_and_closed() -> None:
    closed = []

    class Pieces:
        def __iter__(self) -> Iterable[bytes]:
            return iter([b"a", b"", b"b"])

        def close(self) -> None:
            closed.append(True)

    def application(environ: dict[str, Any], start: Callable[..., object]) -> Any:
        if AT_ONCE in environ:
            raise NotAtOnceError
        start("200 OK", [])
        environ["akb.connection"].gone = environ["PATH_INFO"] == "/left"
        return Pieces()

    one = gateway(application)
    assert sent(one, scope("/", "POST", (b"content-length", b"1")), [b"x"]) == (200, b"ab")
    gone = scope("/left", "POST", (b"content-length", b"1"))
    assert sent(one, gone, [b"x"]) == (200, b"a"), "who has gone is sent no more"
    assert closed == [True, True]


def test_a_short_answer_is_whole_and_closed_when_it_leaves_its_thread() -> None:
    """So that it goes out in one piece, and no thread is asked for each."""
    closed = []

    def application(environ: dict[str, Any], start: Callable[..., object]) -> Any:
        if AT_ONCE in environ:
            raise NotAtOnceError
        start("200 OK", [("Content-Length", environ["PATH_INFO"][1:])])
        return ClosingIterator(iter([b"a", b"b"]), lambda: closed.append(True))

    async def main() -> None:
        one = gateway(application)
        assert (await asked(one, environment_of_scope(scope("/2")))).whole() == b"ab"
        assert closed == [True]
        assert (await asked(one, environment_of_scope(scope("/9999999")))).whole() is None
        assert (await asked(one, environment_of_scope(scope("/9999999", "HEAD")))).whole() is not None
        assert closed == [True, True]

    asyncio.run(main())
