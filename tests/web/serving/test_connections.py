"""What a connection makes of the bytes that come, over real sockets in one process (RFC 9112)."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from server.web.http.observing import AT_ONCE, NotAtOnceError
from server.web.serving.connections import NEVER, Connection, Limits
from server.web.serving.gateway import Gateway

HANG = 60
HOST = b"Host: kb\r\n"
LAST = b"GET /last HTTP/1.1\r\nHost: kb\r\nConnection: close\r\n\r\n"
GO_ON = threading.Event()
MADE: list[int] = []
"""One for each piece of an endless answer that was made."""
PIECE = 64 * 1024
CLIENT: list[asyncio.StreamWriter] = []
"""The client's side of the connection that `answered` makes."""


def application(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
    """Answer with what was asked: at once for `/last`, when told to for `/wait`."""
    path = environ["PATH_INFO"]
    if AT_ONCE in environ and path != "/last":
        raise NotAtOnceError
    if path == "/wait":
        GO_ON.wait(HANG)
    if path == "/endless":
        start("200 OK", [])
        return iter(lambda: MADE.append(1) or bytes(PIECE), b"")
    if path == "/pieces":
        start("200 OK", [])
        return (b"a" for _ in range(10) if GO_ON.wait(HANG))
    body = environ["HTTP_HOST"] if path == "/host" else environ["wsgi.input"].read().decode()
    start("200 OK", [("X-Said", "\N{SNOWMAN}")] if path == "/snow" else [])
    said = [environ["REQUEST_METHOD"], path, environ["QUERY_STRING"], body, environ.get("HTTP_X_TRAILER", "")]
    return ("|".join(said).encode() + b"\n",)


@asynccontextmanager
async def served() -> AsyncIterator[tuple[int, list[Connection]]]:
    """The port of a server, and its connections."""
    there: list[Connection] = []
    state = ServerState()
    state.default_headers = [(b"date", b"now")]
    gateway = Gateway(application, threads=2, waiting=5, body_bytes=300_000, bodies_bytes=1_000_000)
    configuration = uvicorn.Config(gateway, http=Connection, ws="none", lifespan="off", log_config=None)
    configuration.load()

    def connection() -> Connection:
        there.append(Connection(configuration, state, {}))
        return there[-1]

    GO_ON.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Connection, "limits", Limits(most=20, most_of_one=0, seconds=HANG), raising=False)
        patch.setattr(Connection, "gateway", gateway, raising=False)
        server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", 0)
        try:
            yield server.sockets[0].getsockname()[1], there
        finally:
            GO_ON.set()
            server.close()
            for one in there:
                one.drop()


def answered(*parts: bytes | Callable[[Connection], Awaitable[object]]) -> bytes:
    """Return all that comes back for what is sent; between the parts the server has time to take them."""

    async def main() -> bytes:
        async with served() as (port, there), asyncio.timeout(HANG):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            CLIENT[:] = [writer]
            while not there:
                await asyncio.sleep(0.001)
            for part in parts:
                if isinstance(part, bytes):
                    writer.write(part)
                    await writer.drain()
                    await asyncio.sleep(0.05)
                else:
                    await part(there[0])
            try:
                return await reader.read()
            except ConnectionResetError:
                return b""
            finally:
                writer.close()

    return asyncio.run(main())


def said(answer: bytes) -> list[bytes]:
    return [line for line in answer.split(b"\n") if line.startswith((b"GET|", b"POST|"))]


def statuses(answer: bytes) -> list[int]:
    return [int(line.split()[1]) for line in answer.split(b"\n") if line.startswith(b"HTTP/1.1 ")]


def test_for_a_client_that_does_not_read_little_is_made() -> None:
    """The system alone would keep some 4 MB for each of them, beside what the client's own keeps."""

    async def main() -> int:
        MADE.clear()
        async with served() as (port, _), asyncio.timeout(HANG):
            client = socket.socket()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            with client:
                client.connect(("127.0.0.1", port))
                client.sendall(b"GET /endless HTTP/1.1\r\n" + HOST + b"\r\n")
                before = -1
                while not MADE or len(MADE) != before:
                    before = len(MADE)
                    await asyncio.sleep(0.5)
        return len(MADE) * PIECE

    assert asyncio.run(main()) < 1_000_000


async def go_on(_: Connection) -> None:
    GO_ON.set()


@pytest.mark.parametrize("protocol", [b"h2c", b"websocket"])
def test_a_wish_for_another_protocol_is_passed_over(protocol: bytes) -> None:
    """RFC 9110, section 7.8: as clients in Java ask, whose body is a body all the same."""
    wish = HOST + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: " + protocol + b"\r\nHTTP2-Settings: AAMAAABk\r\n"
    answer = answered(
        b"POST /a?q HTTP/1.1\r\n" + wish + b"Content-Length: 5\r\n\r\nASK{}GET /b HTTP/1.1\r\n" + wish + b"\r\n" + LAST
    )
    assert said(answer) == [b"POST|/a|q|ASK{}|", b"GET|/b|||", b"GET|/last|||"]
    closing = answered(b"GET /b HTTP/1.1\r\nConnection: close, Upgrade\r\nUpgrade: h2c\r\n" + HOST + b"\r\n")
    assert statuses(closing) == [200]


def test_what_comes_after_a_body_is_no_header() -> None:
    """RFC 9110, section 6.5.1."""
    head = b"POST /a HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n"
    answer = answered(head + b"3\r\nASK\r\n0\r\nX-Trailer: smuggled\r\nHost: other\r\n\r\n" + LAST)
    assert said(answer) == [b"POST|/a||ASK|", b"GET|/last|||"]


@pytest.mark.parametrize("endless", [b"X-More: " + b"a" * 1000 + b"\r\n", b"a" * 1000])
def test_trailers_without_an_end_are_refused(endless: bytes) -> None:
    head = b"POST /a HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nASK\r\n0\r\nX: "
    assert statuses(answered(head, endless * 20, endless * 20)) == [431]


def test_frames_of_one_byte_each_are_no_trailers() -> None:
    head = b"POST /a HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n"
    answer = answered(head, *[b"1\r\na\r\n" * 5000] * 4, b"0\r\n\r\n" + LAST)
    assert said(answer) == [b"POST|/a||" + b"a" * 20_000 + b"|", b"GET|/last|||"]


def test_headers_are_bounded_in_one_piece_too_and_each_request_has_its_own() -> None:
    """RFC 6585, section 5."""
    assert statuses(answered(b"GET /last HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 40_000 + b"\r\n\r\n")) == [431]
    assert statuses(answered(b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n")) == [431]
    large = b"POST /a HTTP/1.1\r\n" + HOST + b"Content-Length: 100000\r\n\r\n" + b"a" * 100_000
    assert statuses(answered(large + LAST[:10], LAST[10:])) == [200, 200]


@pytest.mark.parametrize("target", [b"http://kb", b"http://kb?q", b"http://kb/?q"])
def test_a_target_of_a_host_alone_is_its_root(target: bytes) -> None:
    """RFC 9112, section 3.2.2."""
    answer = answered(b"GET " + target + b" HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
    assert said(answer) == [b"GET|/|" + target.partition(b"?")[2] + b"||"]


@pytest.mark.parametrize("port", [b"", b":8080"])
def test_the_host_of_a_target_counts_and_not_the_header(port: bytes) -> None:
    """RFC 9112, section 3.2.2."""
    for host in (b"kb.example", b"[::1]"):
        answer = answered(b"GET http://" + host + port + b"/host HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert said(answer) == [b"GET|/host||" + host + port + b"|"]


@pytest.mark.parametrize("target", [b"/caf\xc3\xa9", b"/a?q=\xe9", b"a", b"http://["])
def test_a_target_that_cannot_be_read_is_refused(target: bytes) -> None:
    assert statuses(answered(b"GET " + target + b" HTTP/1.1\r\n" + HOST + b"\r\n")) == [400]


@pytest.mark.parametrize(
    "wrong", [b"\x00\x01\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nX: " + b"a" * 40_000]
)
def test_no_refusal_passes_for_the_answer_to_something_else(wrong: bytes) -> None:
    """RFC 9112, section 9.3.2."""
    assert statuses(answered(b"GET /wait HTTP/1.1\r\n" + HOST + b"\r\n" + wrong, b"a" * 40_000, go_on)) in ([], [200])


def test_nothing_is_answered_after_the_last_answer() -> None:
    assert said(answered(LAST + LAST)) == [b"GET|/last|||"]
    assert statuses(answered(b"GET / HTTP/1.1\r\n\r\n" + LAST)) == [400]


def test_a_body_behind_an_answer_that_is_not_read_yet_is_received_whole() -> None:
    async def pause(one: Connection) -> None:
        one.pause_writing()

    async def resume(one: Connection) -> None:
        one.resume_writing()

    first = b"GET /last HTTP/1.1\r\n" + HOST + b"\r\n"
    post = b"POST /a HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\nConnection: close\r\n\r\nASK{}"
    assert said(answered(first, pause, post, resume)) == [b"GET|/last|||", b"POST|/a||ASK{}|"]


def test_who_has_sent_all_does_not_keep_us_waiting() -> None:
    """Else a connection would be closed in the midst of the work on its second request."""
    since = []

    async def look(one: Connection) -> None:
        since.append(one.waiting_since)

    async def first_answered(one: Connection) -> None:
        GO_ON.set()
        while one.pipeline:
            await asyncio.sleep(0.01)
        since.append(one.waiting_since)

    wait = b"POST /wait HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\n\r\nASK{}"
    last = wait.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    answer = answered(wait + last, look, first_answered)
    assert len(said(answer)) == 2
    assert since == [NEVER, NEVER]


def test_a_large_body_behind_another_request_does_not_count_as_waiting() -> None:
    since = []

    async def look(one: Connection) -> None:
        since.append(one.waiting_since)

    large = b"POST /a HTTP/1.1\r\nConnection: close\r\n" + HOST + b"Content-Length: 200000\r\n\r\n" + b"a" * 200_000
    assert statuses(answered(b"GET /wait HTTP/1.1\r\n" + HOST + b"\r\n" + large, look, go_on)) == [200, 200]
    assert since == [NEVER]


def test_who_goes_while_several_answers_are_due_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        async with served() as (port, there), asyncio.timeout(HANG):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write((b"GET /pieces HTTP/1.1\r\n" + HOST + b"\r\n") * 3)
            while not there or len(there[0].pipeline) < 2:
                await asyncio.sleep(0.01)
            writer.transport.abort()
            GO_ON.set()
            while not there[0].gone or there[0].tasks:
                await asyncio.sleep(0.01)

    asyncio.run(main())
    assert not caplog.records


@pytest.mark.parametrize("method", [b"GET", b"POST"])
def test_an_answer_that_cannot_be_sent_is_a_fault_of_ours_and_leaves_no_connection_open(
    method: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    body = b"Content-Length: 0\r\n" if method == b"POST" else b""
    assert statuses(answered(method + b" /snow HTTP/1.1\r\n" + HOST + body + b"\r\n")) == [500]
    assert caplog.records


def test_one_connection_that_cannot_be_closed_does_not_keep_others_open(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        async with served() as (port, there), asyncio.timeout(HANG):
            Connection.limits.seconds = 0.1
            clients = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
            while len(there) < 2:
                await asyncio.sleep(0.01)
            for one in there:
                one.time_out = lambda: 1 / 0  # type: ignore[assignment, method-assign]
            watching = asyncio.ensure_future(Connection.limits.watch())
            for reader, writer in clients:
                with suppress(ConnectionResetError):
                    assert await reader.read() == b""
                writer.close()
            watching.cancel()

    asyncio.run(main())
    assert len(caplog.records) == 2


def post(path: bytes, body: bytes, more: bytes = b"") -> bytes:
    return b"POST " + path + b" HTTP/1.1\r\n" + HOST + more + b"Content-Length: %d\r\n\r\n" % len(body) + body


@pytest.mark.parametrize("path", [b"/last", b"/a"])
@pytest.mark.parametrize("size", [0, 5, 8_000, 8_001, 100_000])
def test_a_body_of_any_length_in_any_pieces_is_received_whole(path: bytes, size: int) -> None:
    """Whether it is received here or by a task, answered at once or by a thread, and asked for or not."""
    body = b"a" * size
    whole = post(path, body)
    cut = whole.index(b"\r\n\r\n") + 4
    expects = post(path, body, b"Expect: 100-continue\r\n")
    answer = answered(whole[: cut + 2], whole[cut + 2 :] + expects + whole + LAST)
    assert said(answer) == [b"POST|" + path + b"||" + body + b"|"] * 3 + [b"GET|/last|||"]


def test_who_closes_its_half_gets_what_it_asked_for() -> None:
    """RFC 9112, section 9.6: as `nc -N` does. What is not whole is not answered, and nothing is left open."""

    async def close_half(one: Connection) -> None:
        CLIENT[0].write_eof()
        # With several requests, we look for the end only when the first ones are answered.
        while not (one.gone or one._is_half_closed or one.pipeline):
            await asyncio.sleep(0.01)
        GO_ON.set()

    wait = b"GET /wait HTTP/1.1\r\n" + HOST + b"\r\n"
    assert said(answered(wait, close_half)) == [b"GET|/wait|||"]
    assert said(answered(post(b"/wait", b"ASK{}"), close_half)) == [b"POST|/wait||ASK{}|"]
    assert answered(wait.replace(b"/wait", b"/pieces"), close_half).count(b"\r\na\r\n") == 10
    assert len(said(answered(wait * 3, close_half))) == 3
    for part in (b"GET / HT", post(b"/a", b"a" * 100)[:-1], post(b"/a", b"a" * 10_000)[:-1]):
        assert said(answered(wait * 2 + part, close_half)) == [b"GET|/wait|||"] * 2
        assert answered(part, close_half) == b""
    assert answered(close_half) == b""


def test_who_sends_on_after_a_refusal_sees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 9112, section 9.6: a connection that is closed while data come is reset, and the answer is lost."""
    large = b"POST /a HTTP/1.1\r\n" + HOST
    chunks = (b"%x\r\n" % 60_000 + b"a" * 60_000 + b"\r\n") * 100
    for sent in (
        large + b"Content-Length: 20000000\r\n\r\n" + b"a" * 20_000_000,
        large + b"Transfer-Encoding: chunked\r\n\r\n" + chunks,
    ):
        answer = answered(sent)
        assert statuses(answer) == [413]
        assert b"\r\nConnection: close\r\n" in answer
    assert statuses(answered(b"GET / HTTP/1.1\r\n" + HOST + b"X: a\r\n" * 1_000_000)) == [431]
    assert statuses(answered(b"nonsense\r\n\r\n" + b"a" * 4_000_000)) == [400]
    monkeypatch.setattr("server.web.serving.connections._THROWN_AWAY", 1_000_000)
    with pytest.raises(ConnectionError):
        answered(b"nonsense\r\n\r\n" + b"a" * 20_000_000, b"a" * 20_000_000)


def test_who_sends_nothing_more_after_a_refusal_is_not_waited_for_without_end() -> None:
    async def refused(one: Connection) -> None:
        Connection.limits.seconds = 0.1
        watching = asyncio.ensure_future(Connection.limits.watch())
        while not one.gone:
            await asyncio.sleep(0.01)
        watching.cancel()

    assert statuses(answered(b"nonsense\r\n\r\n", refused)) in ([], [400])


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nAccept: text/html\r\nX-Request-Id: mine\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nAccept: text/html\r\nX-Request-Id: mine\r\nX: " + b"a" * 70_000, 431),
        (post(b"/", b"a" * 9_000, b"Accept: text/html\r\nX-Request-Id: mine\r\n")[:-1], 408),
        (post(b"/", b"a" * 90, b"Accept: text/html\r\nX-Request-Id: mine\r\n")[:-1], 408),
        (
            b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\nAccept: text/html\r\n"
            b"X-Request-Id: mine\r\n\r\n",
            413,
        ),
    ],
)
def test_a_refusal_is_a_page_for_people_a_problem_for_programs_and_has_an_id(sent: bytes, status: int) -> None:
    """RFC 9457, and RFC 9110, section 12.5.1."""

    async def time_out(one: Connection) -> None:
        one.time_out()

    page = answered(sent[:10_000], sent[10_000:], *([time_out] if status == 408 else []))
    assert statuses(page) == [status]
    assert b"\r\nContent-Type: text/html" in page
    assert b"\r\nX-Request-Id: mine\r\n" in page
    sent = sent.replace(b"Accept: text/html\r\nX-Request-Id: mine\r\n", b"")
    problem = answered(sent[:10_000], sent[10_000:], *([time_out] if status == 408 else []))
    assert b"\r\nContent-Type: application/problem+json" in problem
    assert b"\r\nX-Request-Id: " in problem


def test_a_refusal_of_head_has_no_body() -> None:
    """RFC 9110, section 9.3.2."""
    answer = answered(b"HEAD / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
    assert statuses(answer) == [400]
    assert answer.endswith(b"\r\n\r\n")


def test_a_server_that_ends_answers_what_is_half_sent_and_closes_what_it_refused() -> None:
    async def end(one: Connection) -> None:
        one.shutdown()

    whole = post(b"/a", b"ASK{}")
    assert said(answered(whole[:-2], end, whole[-2:])) == [b"POST|/a||ASK{}|"]
    assert statuses(answered(b"nonsense\r\n\r\n", end)) == [400]
    assert answered(end) == b""
