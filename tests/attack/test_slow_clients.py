"""Slow clients cost nothing: whatever they leave undone, others are answered, and what they hold is freed again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from urllib.parse import quote

import pytest

from server.settings import Settings
from tests.attack.slow import answer, connect, descriptors, eventually, get, memory, status, workers

pytestmark = pytest.mark.slow

SECONDS, MOST, MOST_OF_ONE, QUERY_WORKERS = 2, 60, 30, 2
STALLED = 70
LONG = "/sparql?format=csv&query=" + quote("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 20000")

UNDONE = {
    "no request": b"",
    "headers without an end": b"GET / HTTP/1.1\r\nHost: kb\r\n",
    "a body that does not come": b"POST /sparql HTTP/1.1\r\nHost: kb\r\nContent-Length: 100\r\n\r\nquery=",
    "a chunk that does not come": b"POST /sparql HTTP/1.1\r\nHost: kb\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nqu",
    "an answer that is not read": f"GET {LONG} HTTP/1.1\r\nHost: kb\r\n\r\n".encode(),
    "a graph that is not read": b"GET /graph/asserted.nt HTTP/1.1\r\nHost: kb\r\n\r\n",
}


@pytest.fixture(scope="module")
def strict(settings: Settings, start_server: Callable[..., AbstractContextManager[str]]) -> Iterator[tuple[str, int]]:
    """The address of a server with few connections and little patience, and the id of its web worker."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AKB_STALL_SECONDS", str(SECONDS))
        patch.setenv("AKB_CONNECTIONS", str(MOST))
        patch.setenv("AKB_QUERY_WORKERS", str(QUERY_WORKERS))
        patch.setenv("AKB_CONNECTIONS_PER_CLIENT", str(MOST_OF_ONE))
        with start_server(settings.root, settings.state) as address:
            yield address, workers(address)[0]


@pytest.mark.parametrize("kind", UNDONE)
def test_others_are_answered_and_all_is_freed(kind: str, strict: tuple[str, int]) -> None:
    address, worker = strict
    # The workers for queries, of which more start when there is more to do, have a descriptor each.
    before = descriptors(worker) + QUERY_WORKERS
    with ExitStack() as stack:
        for number in range(STALLED):
            stalled = stack.enter_context(connect(address, from_=f"127.0.{number // 20 + 1}.1", window=4096))
            stalled.sendall(UNDONE[kind])
        for path in ("/healthz", "/readyz", "/metrics"):
            assert status(get(address, path)) == 200, (kind, path)
        for path in ("/concept/alignment-faking.html", "/sparql?query=ASK%7B%7D"):
            # While every connection is one that is worked for, and they are few here, it may be refused.
            eventually(lambda path=path: status(get(address, path)) == 200, f"{kind}: {path} is not answered")
        eventually(lambda: descriptors(worker) <= before, f"{kind}: connections stay open")
    assert status(get(address, "/healthz")) == 200


def test_a_request_that_does_not_arrive_is_answered_with_408(strict: tuple[str, int]) -> None:
    """RFC 9110, section 15.5.9."""
    for kind in list(UNDONE)[1:4]:
        with connect(strict[0]) as connection:
            connection.sendall(UNDONE[kind])
            said = answer(connection)
        assert status(said) == 408, kind
        assert b"Connection: close" in said
        assert b"application/problem+json" in said


def test_a_connection_that_is_idle_after_an_answer_is_closed(strict: tuple[str, int]) -> None:
    for path in ("/robots.txt", "/robots.txt", "/concept/alignment-faking.html", LONG):
        with connect(strict[0]) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: kb\r\n\r\n".encode())
            assert status(answer(connection)) == 200, "it ends, and nobody asked for that"


def test_a_byte_now_and_then_gains_no_time(strict: tuple[str, int]) -> None:
    with connect(strict[0]) as connection:
        connection.settimeout(0.2)
        said = b""
        while not said:
            connection.sendall(b"a")
            try:
                said = connection.recv(1000)
            except TimeoutError:
                continue
    assert status(said) in {400, 408}


def test_who_reads_slowly_but_reads_gets_all(strict: tuple[str, int]) -> None:
    """The time is for each 64 KB, and not for the whole."""
    address = strict[0]
    whole = get(address, LONG)
    with connect(address, window=4096) as connection:
        connection.sendall(f"GET {LONG} HTTP/1.1\r\nHost: kb\r\nConnection: close\r\n\r\n".encode())
        assert len(answer(connection)) == pytest.approx(len(whole), abs=200)


def test_one_address_has_no_more_than_its_connections(strict: tuple[str, int]) -> None:
    address = strict[0]
    with ExitStack() as stack:
        many = [stack.enter_context(connect(address, from_="127.0.9.1")) for _ in range(MOST_OF_ONE)]
        assert status(get(address, "/healthz", from_="127.0.9.1")) == 200, "the one that waited longest gave way"
        assert answer(many[0]) == b""


def test_headers_without_an_end_are_refused(strict: tuple[str, int]) -> None:
    """RFC 6585, section 5."""
    with connect(strict[0]) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: kb\r\n")
        try:
            for _ in range(200):
                connection.sendall(b"X-Long: " + b"a" * 1000 + b"\r\n")
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert status(answer(connection)) in {431, 0}, "a reset may overtake the answer"


@pytest.mark.parametrize(
    "body",
    [
        b"GET /\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET / HTTP/1.1\r\nbad header\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused(body: bytes, strict: tuple[str, int]) -> None:
    """RFC 9112, section 2.2."""
    with connect(strict[0]) as connection:
        connection.sendall(body)
        said = answer(connection)
    assert status(said) == 400
    assert b"application/problem+json" in said


def test_a_body_that_is_too_large_is_refused_before_it_is_sent(strict: tuple[str, int]) -> None:
    """RFC 9110, section 15.5.14."""
    with connect(strict[0]) as connection:
        connection.sendall(b"POST /sparql HTTP/1.1\r\nHost: kb\r\nContent-Length: 99999999999\r\n\r\n")
        said = answer(connection)
    assert status(said) == 413
    assert b"\r\nConnection: close\r\n" in said


def test_requests_in_a_row_are_answered_in_their_order(strict: tuple[str, int]) -> None:
    """RFC 9112, section 9.3.2: pipelining, of answers at hand, made, and long."""
    paths = [
        "/healthz",
        "/concept/alignment-faking.ttl",
        LONG,
        "/healthz",
        "/graph/asserted.nt",
        "/nothing",
        "/robots.txt",
    ]
    requests = "".join(f"GET {path} HTTP/1.1\r\nHost: kb\r\n\r\n" for path in paths[:-1])
    last = f"GET {paths[-1]} HTTP/1.1\r\nHost: kb\r\nConnection: close\r\n\r\n"
    with connect(strict[0]) as connection:
        connection.sendall((requests + last).encode())
        said = answer(connection)
    found = [line.split()[1] for line in said.split(b"\n") if line.startswith(b"HTTP/1.1 ")]
    assert found == [b"200"] * 5 + [b"404", b"200"]


def test_a_client_that_asks_on_and_reads_nothing_is_answered_no_further(strict: tuple[str, int]) -> None:
    """What waits to be sent is bounded by what one answer is, and not by how many were asked for."""
    address, worker = strict
    get(address, "/graph/asserted.nt")
    before = memory(worker)
    with connect(address, window=4096) as connection:
        connection.settimeout(0.2)
        with pytest.raises((TimeoutError, ConnectionError)):
            connection.sendall(b"GET /graph/asserted.nt HTTP/1.1\r\nHost: kb\r\n\r\n" * 200_000)
        assert memory(worker) - before < 32 << 20


def test_a_client_of_the_first_version_is_sent_no_frames(strict: tuple[str, int]) -> None:
    """RFC 9112, section 6.1: it takes what comes until the connection is closed."""
    with connect(strict[0]) as connection:
        connection.sendall(f"GET {LONG} HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n".encode())
        head, _, body = answer(connection).partition(b"\r\n\r\n")
    assert b"transfer-encoding" not in head.lower()
    assert f"content-length: {len(body)}".encode() in head.lower()


def test_long_answers_to_head_take_no_space(strict: tuple[str, int]) -> None:
    """RFC 9110, section 9.3.2."""
    address, worker = strict
    get(address, LONG, method="HEAD")
    before = descriptors(worker)
    for _ in range(15):
        said = get(address, LONG, method="HEAD")
        assert status(said) == 200
        assert said.endswith(b"\r\n\r\n")
    eventually(lambda: descriptors(worker) <= before, "a file is left open")
