"""A peer that is wrong, slow, dead or huge makes a clear error in its time (SPARQL 1.1 Protocol, section 2.1)."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
import zlib
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

import pytest

from server.errors import ForbiddenQueryError, PeerBusyError, PeerError, PeerTimeoutError
from server.federation.client import Budget
from server.federation.peers import Caller, Peer
from tests.federation.endpoints import RESULTS, Endpoint, send, serving

QUERY = "SELECT * { ?s ?p ?o }"


def results(rows: int) -> bytes:
    solutions = [{"s": {"type": "uri", "value": f"urn:n{number}"}} for number in range(rows)]
    return json.dumps({"head": {"vars": ["s"]}, "results": {"bindings": solutions}}).encode()


def budget(endpoint: Endpoint, **keys: object) -> Budget:
    values: dict[str, object] = {"seconds": 10, "rows": 10, "megabytes": 1, "enabled": True, "private": True, **keys}
    return Budget(Peer("Other", endpoint.address, **values))  # type: ignore[arg-type] # the keys are those of Peer


def sending(body: bytes, status: int = 200, kind: str = RESULTS, **headers: str) -> Endpoint:
    return Endpoint(lambda handler, _query: send(handler, body, status, kind, **headers))


def test_an_answer_is_read_and_counted() -> None:
    with serving(sending(results(4))) as endpoint:
        left = budget(endpoint)
        assert len(left.ask(QUERY, 30).rows) == 4
        assert left.rows == 6
        assert endpoint.asked == [QUERY]


WRONG = {
    "redirect": (sending(b"", 302, Location="http://127.0.0.1:1/"), "redirects to another address"),
    "error": (sending(b"no such graph\nat all", 500, "text/plain"), "500 Internal Server Error: no such graph"),
    "web page": (sending(b"<html>" * 1000, 200, "text/html"), "not SPARQL results: a web page (as text/html)"),
    "CSV": (sending(b"s\nurn:n0\n", 200, "text/csv"), "neither JSON nor XML: 's\\nurn:n0\\n' (as text/csv)"),
    "nothing": (sending(b""), "not SPARQL results: nothing"),
    "no content": (sending(b"", 204), "the status 204"),
    "not JSON": (sending(b"not json"), "not SPARQL results"),
    "other JSON": (sending(b'{"rows": []}'), "JSON without results"),
    "truth value": (sending(b'{"head": {}, "boolean": true}'), "a truth value"),
    "cut": (sending(results(3)[:-20]), "JSON that"),
    "error behind": (sending(results(3) + b"java.util.TimeoutException"), "something behind it: 'java.util"),
    "error within": (sending(results(3)[:-4] + b"java.util.TimeoutException"), "cannot be read at 'java.util"),
    "entities": (sending(b"<!DOCTYPE a [<!ENTITY b 'c'>]><sparql/>", 200, "text/xml"), "a document type"),
    "coding": (sending(results(1), Content_Encoding="br"), "coding 'br'"),
    "no gzip": (sending(results(1), Content_Encoding="gzip"), "not in its coding gzip"),
    "half a gzip": (sending(gzip.compress(results(9))[:-12], Content_Encoding="gzip"), "in the midst of its coding"),
    "bomb": (sending(gzip.compress(b" " * 2_000_000), Content_Encoding="gzip"), "more than the 1 MB"),
    "rows": (sending(results(11)), "more rows for this query than the 10"),
    "bytes": (sending(b" " * 2_000_000), "more than the 1 MB"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_peer_that_is_wrong(name: str) -> None:
    endpoint, words = WRONG[name]
    with serving(endpoint), pytest.raises(PeerError) as caught:
        budget(endpoint).ask(QUERY, 30)
    assert words in caught.value.message
    assert "Other" in caught.value.message
    assert caught.value.mend


@pytest.mark.parametrize(
    "endpoint",
    [
        sending(results(2), 200, "text/plain; charset=utf-8"),
        sending(results(2), 200, "text/html"),
        sending(results(2).decode().encode("utf-16"), 200, "application/json; charset=utf-16"),
        sending(b"\xef\xbb\xbf" + results(2)),
        sending(gzip.compress(results(2)), Content_Encoding="gzip"),
        sending(zlib.compress(results(2)), Content_Encoding="deflate"),
        sending(gzip.compress(results(2))),
    ],
    ids=["plain", "as HTML", "UTF-16", "BOM", "gzip", "deflate", "packed without a word"],
)
def test_an_answer_is_read_whatever_it_is_called(endpoint: Endpoint) -> None:
    with serving(endpoint):
        assert budget(endpoint).ask(QUERY, 30).rows == (("<urn:n0>",), ("<urn:n1>",))


def test_what_is_sent_says_who_asks_and_nothing_of_the_machine() -> None:
    got: list[dict[str, str]] = []

    def answer(handler: BaseHTTPRequestHandler, _query: str) -> None:
        got.append({name.lower(): value for name, value in handler.headers.items()})
        send(handler, results(1))

    with serving(Endpoint(answer)) as endpoint:
        peer = Peer("Other", endpoint.address, private=True)
        Budget(peer, Caller("kb@example.org; https://example.org/about")).ask(QUERY, 30)
        Budget(peer).ask(QUERY, 30)
    known, unknown = got
    assert known.keys() == {
        "host",
        "user-agent",
        "accept",
        "accept-encoding",
        "content-type",
        "content-length",
        "connection",
    }
    assert known["user-agent"].startswith("akb/")
    assert known["user-agent"].endswith(" (kb@example.org; https://example.org/about)")
    assert "(" not in unknown["user-agent"]


@pytest.mark.parametrize(("contact", "mend"), [("", "AKB_CONTACT"), ("kb@example.org", "akb peers")])
def test_who_is_refused_for_having_no_name_learns_which_setting_gives_one(contact: str, mend: str) -> None:
    with serving(sending(b"Please set a user-agent", 403, "text/plain")) as endpoint:
        with pytest.raises(PeerError, match="403 Forbidden: Please set") as caught:
            Budget(Peer("Other", endpoint.address, private=True), Caller(contact)).ask(QUERY, 30)
        assert mend in caught.value.mend


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("said", "seconds"), [({"Retry_After": "70"}, 70), ({}, 5), ({"Retry_After": "soon"}, 5)])
def test_a_peer_that_wants_to_be_left_alone_is(status: int, said: dict[str, str], seconds: int) -> None:
    """RFC 6585, section 4; RFC 9110, sections 15.6.4 and 10.2.3."""
    caller = Caller()
    with serving(sending(b"", status, **said)) as endpoint:
        for _ in range(2):
            with pytest.raises(PeerBusyError) as caught:
                Budget(Peer("Other", endpoint.address, private=True), caller).ask(QUERY, 30)
            assert seconds - 3 < caught.value.retry_after <= seconds
            assert "try again in" in caught.value.mend
        assert len(endpoint.asked) == 1
        other = Peer("Other path", endpoint.address.replace("/sparql", "/other"), private=True)
        with pytest.raises(PeerBusyError):
            Budget(other, caller).ask(QUERY, 30)
        assert len(endpoint.asked) == 2, "it spoke for one address"


def cut_short(handler: BaseHTTPRequestHandler, _query: str) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", RESULTS)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(results(1)[:20])


def test_a_body_that_is_cut_is_no_answer() -> None:
    with serving(Endpoint(cut_short)) as endpoint, pytest.raises(PeerError, match="gave no answer"):
        budget(endpoint).ask(QUERY, 30)


def silent(handler: BaseHTTPRequestHandler, _query: str) -> None:
    """Never answer; the thread ends with the tests."""
    threading.Event().wait()


def trickle(handler: BaseHTTPRequestHandler, _query: str) -> None:
    """Send a byte at a time, so that no timeout of a single read is ever reached, until the client has left."""
    handler.send_response(200)
    handler.send_header("Content-Type", RESULTS)
    handler.end_headers()
    while True:
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.1)


def endless_headers(handler: BaseHTTPRequestHandler, _query: str) -> None:
    handler.wfile.write(b"HTTP/1.0 200 OK\r\n")
    while True:
        handler.wfile.write(b"X-Header: more\r\n")
        handler.wfile.flush()
        time.sleep(0.1)


@pytest.mark.parametrize("respond", [silent, trickle, endless_headers])
def test_a_slow_peer_is_left_in_time(respond: Callable[[BaseHTTPRequestHandler, str], None]) -> None:
    """None of these ever ends, so whoever comes back has left."""
    with serving(Endpoint(respond)) as endpoint:
        left = budget(endpoint, seconds=1)
        with pytest.raises(PeerTimeoutError, match="1 seconds"):
            left.ask(QUERY, 30)
        # The time is for the whole query: nothing is left for a second call.
        with pytest.raises(PeerTimeoutError):
            left.ask(QUERY, 30)
        assert len(endpoint.asked) == 1


def test_the_time_of_the_whole_query_counts_too() -> None:
    with serving(Endpoint(silent)) as endpoint, pytest.raises(PeerTimeoutError, match=r"0\.2 seconds"):
        budget(endpoint).ask(QUERY, 0.2)


def test_a_dead_peer() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        peer = Peer("Dead", f"http://127.0.0.1:{unused.getsockname()[1]}/sparql", private=True)
        with pytest.raises(PeerError, match=r"The peer Dead gave no answer: .*refused"):
            Budget(peer).ask(QUERY, 30)


def test_a_name_that_nobody_knows() -> None:
    with pytest.raises(PeerError, match=r"the name nowhere\.invalid is not known"):
        Budget(Peer("Nowhere", "http://nowhere.invalid/sparql")).ask(QUERY, 30)


# ---- where a peer may stand ------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "2130706433"])
def test_a_peer_on_an_address_that_is_not_public_is_not_called(host: str) -> None:
    with serving(sending(results(1))) as endpoint:
        port = endpoint.address.rpartition(":")[2]
        with pytest.raises((ForbiddenQueryError, PeerError)) as caught:
            Budget(Peer("Inside", f"http://{host}:{port}")).ask(QUERY, 30)
        assert isinstance(caught.value, ForbiddenQueryError) or "not known" in caught.value.message
        assert endpoint.asked == []


def test_a_name_is_resolved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads elsewhere at the second look (DNS rebinding) has no second look."""
    looks: list[str] = []
    resolve = socket.getaddrinfo

    def counted(host: str, *rest: object, **named: object) -> object:
        looks.append(host)
        return resolve(host, *rest, **named)  # type: ignore[arg-type] # passed through as they came

    monkeypatch.setattr(socket, "getaddrinfo", counted)
    with serving(sending(results(1))) as endpoint:
        budget(endpoint).ask(QUERY, 30)
    assert looks == ["127.0.0.1"]
