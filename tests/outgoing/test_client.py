"""Whatever a server sends, the client has a whole answer of it or says why not (RFC 9110, RFC 9112)."""

from __future__ import annotations

import ast
import gzip
import hashlib
import socket
import threading
from pathlib import Path
from urllib.request import Request

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import server
from server.outgoing.client import Rules, opened, send
from server.outgoing.failures import (
    LargeError,
    NoAnswerError,
    NotPublicError,
    OutgoingError,
    RedirectError,
    RefusedError,
    SlowError,
    UnreadableAnswerError,
)
from tests.thorough import examples

from .speakers import Speaker, speaking, whole

RULES = Rules(seconds=20)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def asked(speaker: Speaker, rules: Rules = RULES, body: bytes | None = None) -> bytes:
    return send(Request(speaker.address, body), rules).body


@pytest.mark.parametrize(
    "answer",
    [
        whole(b"found"),
        b"HTTP/1.0 200 OK\r\n\r\nfound",
        b"HTTP/1.1 100 Continue\r\n\r\n" + whole(b"found"),
        CHUNKED + b"2\r\nfo\r\n3;x=y\r\nund\r\n0\r\nTrailer: x\r\n\r\n",
        whole(gzip.compress(b"found", mtime=0), "Content-Encoding: GZIP"),
    ],
)
def test_a_whole_answer_is_read(answer: bytes) -> None:
    with speaking(answer) as speaker:
        assert asked(speaker) == b"found"


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (b"", NoAnswerError, "gave no answer"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", NoAnswerError, "does not speak HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfound", NoAnswerError, "broke off"),
        (CHUNKED + b"5\r\nfou", NoAnswerError, "broke off"),
        (CHUNKED + b"x\r\nfound\r\n", NoAnswerError, "broke off"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", NoAnswerError, "HTTPException"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", NoAnswerError, "LineTooLong"),
        (whole(b"x", "Location: https://a.example/", status="301 Moved"), RedirectError, "https://a.example/"),
        (whole(b"no such graph", status="404 Not Found"), RefusedError, "refused with 404 Not Found: no such graph"),
        (whole(b'{"detail": "too long"}', status="400 Bad"), RefusedError, "400 Bad: too long"),
        (whole(b"\x1b[31mno\x07\r\nX: y", status="400 B\x1bd"), RefusedError, "400 B d: [31mno X: y"),
        (b"\x16\x03\x01 no\r\n\r\n", NoAnswerError, "BadStatusLine: no"),
        (whole(b"<html>secret", status="500 Oh"), RefusedError, "refused with 500 Oh"),
        (whole(gzip.compress(b"no", mtime=0), "Content-Encoding: gzip", status="500 Oh"), RefusedError, "500 Oh: no"),
        (b"HTTP/1.1 500 Oh\r\nContent-Length: 9\r\n\r\ncut", RefusedError, "500 Oh"),
        (whole(b"found", "Content-Encoding: br"), UnreadableAnswerError, "the coding 'br'"),
        (whole(b"x" * 2_000_000), LargeError, "more than the 1 MB"),
        (whole(gzip.compress(b"x" * 2_000_000, mtime=0), "Content-Encoding: gzip"), LargeError, "more than the 1 MB"),
    ],
)
def test_any_other_answer_is_named(answer: bytes, kind: type[OutgoingError], words: str) -> None:
    with speaking(answer) as speaker, pytest.raises(kind) as caught:
        asked(speaker, Rules(seconds=20, megabytes=1))
    assert words in str(caught.value)
    assert "secret" not in str(caught.value)


STATUSES = [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 302 Found\r\n"]
HEADERS = [b"Content-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n", b"Content-Encoding: gzip\r\n"]
PIECES = st.sampled_from(
    [
        *STATUSES,
        *HEADERS,
        b"Location: file:///etc/passwd\r\n",
        b"\r\n",
        b"3\r\n",
        b"abc",
        gzip.compress(b"abc", mtime=0),
    ]
)


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.one_of(PIECES, PIECES, PIECES, st.binary(max_size=20)), max_size=8).map(b"".join))
def test_any_bytes_are_an_answer_or_an_error_of_ours(answer: bytes) -> None:
    said = ""
    with speaking(answer) as speaker:
        try:
            asked(speaker, Rules(seconds=20, redirects=True))
        except OutgoingError as error:
            said = str(error)
    assert said.isprintable()


def hold(connection: socket.socket) -> None:
    """Send nothing until the other side leaves."""
    connection.recv(1)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_time_is_for_the_handshake_too(scheme: str) -> None:
    with speaking(hold) as speaker, pytest.raises(SlowError):
        send(Request(speaker.address.replace("http", scheme, 1)), Rules(seconds=0.3))


def test_a_stream_has_a_time_for_each_wait_and_none_for_all() -> None:
    def slowly(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
        connection.recv(1)

    with speaking(slowly) as speaker, opened(Request(speaker.address), Rules(idle=0.3)) as stream:
        assert stream.read(100) == b"abc"
        with pytest.raises(SlowError):
            stream.read(100)


def test_what_the_caller_does_with_a_stream_is_no_failure_of_it() -> None:
    def fill_a_disk(speaker: Speaker) -> None:
        with opened(Request(speaker.address), RULES) as stream:
            stream.read(100)
            raise OSError(28, "No space left on device")

    with speaking(whole(b"abc")) as speaker, pytest.raises(OSError, match="No space left"):
        fill_a_disk(speaker)


def test_only_public_addresses_are_reached_where_that_is_the_rule() -> None:
    with speaking(whole(b"found")) as speaker:
        with pytest.raises(NotPublicError):
            asked(speaker, Rules(seconds=20, public=True))
        assert speaker.asked == []


def test_no_failure_is_its_own_cause() -> None:
    """Whoever looks through the causes of an error comes to an end."""
    for rules in (Rules(seconds=20, public=True), Rules(seconds=20, megabytes=0), Rules(seconds=0), Rules(seconds=20)):
        with speaking(whole(b"found")[:-2]) as speaker, pytest.raises(OutgoingError) as caught:
            asked(speaker, rules)
        seen: list[BaseException] = []
        error: BaseException | None = caught.value
        while error is not None:
            assert error not in seen
            seen.append(error)
            error = error.__cause__ or error.__context__


def test_a_redirect_is_followed_where_that_is_the_rule() -> None:
    with speaking(whole(b"found")) as there:
        moved = whole(b"", f"Location: {there.address}", status="302 Found")
        with speaking(moved) as speaker:
            assert asked(speaker, Rules(seconds=20, redirects=True)) == b"found"
        with speaking(moved) as speaker, pytest.raises(RedirectError):
            asked(speaker)
        assert len(there.asked) == 1


def test_a_redirect_to_a_file_is_not_followed() -> None:
    moved = whole(b"", "Location: file:///etc/passwd", status="302 Found")
    with speaking(moved) as speaker, pytest.raises(OutgoingError):
        asked(speaker, Rules(seconds=20, redirects=True))


# ---- passwords -------------------------------------------------------------------------------------------


def header(request: bytes, name: str) -> str:
    lines = request.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    return next((line.partition(": ")[2] for line in lines if line.lower().startswith(f"{name.lower()}:")), "")


def test_a_password_is_sent_when_it_is_asked_for() -> None:
    """RFC 7617 (Basic) and RFC 7616 (Digest)."""
    rules = Rules(seconds=20, credentials=("dba", "secret"))
    for challenge, wanted in (
        ('Basic realm="x"', "Basic ZGJhOnNlY3JldA=="),
        ('Digest realm="x", nonce="n", qop="auth"', "Digest "),
    ):
        refusal = whole(b"", f"WWW-Authenticate: {challenge}", status="401 Unauthorized")
        with speaking(refusal, whole(b"done")) as speaker:
            assert asked(speaker, rules, b"update=x") == b"done"
            first, second = (header(one, "Authorization") for one in speaker.asked)
            assert (first, second.startswith(wanted)) == ("", True)
            assert speaker.asked[1].endswith(b"update=x")
            if wanted == "Digest ":
                assert 'username="dba"' in second
                assert "secret" not in second
                assert hashlib.md5(b"dba:x:secret").hexdigest() not in second


def test_a_wrong_password_ends_in_a_refusal() -> None:
    for challenge in ('Basic realm="x"', 'Digest realm="x", nonce="n", qop="auth"', "Negotiate", "Digest nonsense"):
        refusal = whole(b"", f"WWW-Authenticate: {challenge}", status="401 Unauthorized")
        with speaking(refusal) as speaker, pytest.raises(OutgoingError) as caught:
            asked(speaker, Rules(seconds=20, credentials=("dba", "wrong")))
        assert len(speaker.asked) <= 8
        assert "401" in str(caught.value) or "no answer" in str(caught.value)


# ---- proxies ---------------------------------------------------------------------------------------------


def test_a_proxy_is_asked_only_where_the_operator_named_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    with speaking(whole(b"by proxy")) as proxy, speaking(whole(b"itself")) as speaker:
        monkeypatch.setenv("http_proxy", proxy.address.removesuffix("/sparql"))
        monkeypatch.delenv("no_proxy", raising=False)
        assert asked(speaker) == b"itself"
        assert asked(speaker, Rules(seconds=20, proxies=True)) == b"by proxy"
        assert proxy.asked[0].startswith(f"GET {speaker.address} ".encode())


# ---- the one way out -------------------------------------------------------------------------------------


def test_nothing_else_in_the_program_opens_connections() -> None:
    """`urllib.parse`, `urllib.request.Request` and the names of statuses open none."""
    ways = {"http.client", "urllib.request", "urllib.error", "ssl", "requests", "urllib3", "httpx", "aiohttp"}
    found = set()
    folder = Path(server.__file__).parent
    for path in folder.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if any(way in text for way in ways) else ():
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                only = [alias.name for alias in node.names]
                names = [] if only == ["Request"] else [node.module or "", *(f"{node.module}.{name}" for name in only)]
            if ways.intersection(names):
                found.add(path.relative_to(folder).parts[0])
    assert found == {"outgoing"}


def test_requests_at_once_do_not_meet() -> None:
    with speaking(*(whole(str(number).encode()) for number in range(9))) as speaker:
        got: list[bytes] = []
        threads = [threading.Thread(target=lambda: got.append(asked(speaker))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(got) == [str(number).encode() for number in range(8)]
