"""A peer that is wrong, slow, dead or huge makes a clear error in its time (SPARQL 1.1 Protocol, section 2.1)."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

import pytest

from server.errors import ForbiddenQueryError, PeerError, PeerTimeoutError
from server.federation.client import Budget
from server.federation.connection import is_public
from server.federation.peers import Peer
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
    "web page": (sending(b"<html>" * 1000, 200, "text/html"), "sent text/html"),
    "not JSON": (sending(b"not json"), "not SPARQL results"),
    "other JSON": (sending(b'{"rows": []}'), "not SPARQL results"),
    "truth value": (sending(b'{"head": {}, "boolean": true}'), "not SPARQL results"),
    "no IRI": (sending(results(1).replace(b"urn:n0", b"x> } SERVICE <y")), "not SPARQL results"),
    "coding": (sending(gzip.compress(results(1)), Content_Encoding="gzip"), "coding 'gzip'"),
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


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("10.0.0.1", False),
        ("172.16.5.5", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("127.0.0.53", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:93.184.215.14", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False),
        ("no address", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public
