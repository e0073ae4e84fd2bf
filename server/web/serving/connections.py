"""Connections and what each may take of us: how many there are, and for how long one may keep us waiting.

A connection costs a descriptor and some kilobytes, and no thread. One that waits for its client (for the rest of a
request, for the next one, or for the client to take an answer) is closed after a time, and sooner where another
client needs its place. A short body is received here, as headers are; one that may be long by a task (`gateway.py`).
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections import defaultdict
from collections.abc import Iterable
from enum import Enum, auto
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from httptools import (
    HttpParserCallbackError,
    HttpParserError,
    HttpParserInvalidURLError,
    HttpParserUpgrade,
    HttpRequestParser,
    parse_url,
)
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from ...store.begun import Begun
from ..http.observing import BEGUN
from .gateway import Answer, Gateway, environment_of, environment_of_scope, refused, with_body

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_HEADERS_BYTES: Final = 32 * 1024
"""The most that a request line and its headers may have (431; RFC 6585, section 5)."""
_AROUND_A_BYTE: Final = 8
"""Bytes that may come with each byte of a body, for the frames of its chunks, beyond what headers may have."""
_OF_UPGRADES: Final = frozenset({b"connection", b"upgrade", b"http2-settings"})
_RESERVED: Final = 100
"""Connections beyond the others for asking after the state of the server."""
_PIPELINED: Final = 100
"""Requests that may come before the answer to the first of them is taken."""
_SHORT: Final = 8_000
"""Bytes: a body up to this length comes without a task, and may be answered in the event loop."""
_THROWN_AWAY: Final = 32 << 20
"""The most bytes that are received and thrown away after a refusal."""
_PROGRESS: Final = 64 * 1024
"""Bytes of a body that a client must send in the time that it has, or else all that is left."""
_LOG: Final = logging.getLogger("akb.web")
_FULL: Final = ("This server has as many connections as it can.", "try again later.")
_FAILED: Final = ("The server failed to answer. The fault is in the server.", "report the address and the time.")
_UNREAD: Final = 256 * 1024
"""Bytes of an answer that the system keeps for a client who does not read it (twice as many with what it adds).

By itself it would keep 4 MB: for a thousand who do not read, that is written for nothing, and again when they return.
"""
NEVER: Final = float("inf")
"""Since when a connection waits that does not wait for its client."""


class Place(Enum):
    """What a connection may be used for."""

    USUAL = auto()
    RESERVED = auto()
    """Only for the addresses by which a server is looked after."""
    NONE = auto()


class Limits:
    """What the connections of one worker may take, and which there are."""

    def __init__(self, *, most: int, most_of_one: int, seconds: float) -> None:
        """Allow `most` connections, and `most_of_one` from one address; 0 sets no limit for one address.

        `seconds` is how long a client may keep us waiting: for the headers of a request, for 64 KB of a body, for
        taking 64 KB of an answer.
        """
        self.seconds = seconds
        self._most, self._most_of_one = most, most_of_one or most
        self._by_address: dict[str, set[Connection]] = defaultdict(set)
        self._count = 0

    def add(self, connection: Connection) -> Place:
        """Count a new connection, close another one where there are too many, and return which place it has."""
        of_one = self._by_address[connection.address]
        place = Place.USUAL
        if (len(of_one) >= self._most_of_one and not self._make_room(of_one)) or (
            self._count >= self._most and not self._make_room(self._all())
        ):
            # All those that are here wait for us. Whoever looks after the server must still be heard.
            place = Place.RESERVED if self._count < self._most + _RESERVED else Place.NONE
        if place is not Place.NONE:
            self._by_address[connection.address].add(connection)
            self._count += 1
        return place

    def remove(self, connection: Connection) -> None:
        """Count a connection no more."""
        of_one = self._by_address.get(connection.address, set())
        if connection in of_one:
            of_one.remove(connection)
            self._count -= 1
        if not of_one:
            self._by_address.pop(connection.address, None)

    async def watch(self) -> None:
        """Close those that have kept us waiting for too long, again and again."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(min(1.0, self.seconds / 4))
            late = loop.time() - self.seconds
            for connection in [one for one in self._all() if one.waiting_since < late]:
                try:
                    connection.time_out()
                except Exception:  # noqa: BLE001 - else nobody would be closed from then on
                    _LOG.exception("a connection could not be closed in good order")
                    connection.drop()

    def _all(self) -> Iterable[Connection]:
        return (one for those in self._by_address.values() for one in those)

    def _make_room(self, connections: Iterable[Connection]) -> bool:
        """Close that of some connections whose client has kept us waiting the longest; False where none does."""
        oldest = min(connections, key=lambda one: one.waiting_since, default=None)
        if oldest is None or oldest.waiting_since == NEVER:
            return False
        oldest.drop()
        return True


class Connection(HttpToolsProtocol):
    """A connection of HTTP/1.1, held to the limits."""

    limits: Limits
    """Those of the worker."""
    gateway: Gateway
    """What answers. The worker sets both before it listens."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.waiting_since = NEVER
        """Since when, by the clock of the event loop, this waits for its client."""
        self.address = ""
        self.gone = False
        """Whether nothing can be sent any more."""
        self._place = Place.NONE
        self._is_answering = False
        self._in_turn: RequestResponseCycle | None = None
        self._in_headers = self._receiving = self._began = False
        self._is_ignored = False
        """Whether what is left of the request is nobody's."""
        self._begun: Begun | None = None
        """The query that the request is, which a worker is to be asked."""
        self._short: bytearray | None = None
        """The part of a short body that was received so far."""
        self._left_to_throw = 0
        """How many bytes are still thrown away before the connection is closed; 0 where it is not being closed."""
        self._is_half_closed = False
        """Whether the client sends no more, and waits for what it is owed."""
        self._other_bytes = self._body_bytes = 0
        self._target = parse_url(b"/")

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a new connection, or refuse it."""
        super().connection_made(transport)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _UNREAD)
        self.address = self.client[0] if self.client else ""
        self._wait()
        self._place = self.limits.add(self)
        if self._place is Place.NONE:
            self._refuse(503, *_FULL, wait=5)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self.gone, self.waiting_since = True, NEVER
        self.limits.remove(self)
        if self._in_turn is not None:
            # It may not be that of the last request, which alone is known to uvicorn.
            self._in_turn.disconnected = True
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came. Headers that do not end are refused (RFC 6585, section 5), and so are trailers."""
        if self._left_to_throw:
            self._left_to_throw -= len(data)
            if self._left_to_throw <= 0:
                self.drop()
            return
        self._began, body = False, self._body_bytes
        self._parse(data)
        if self._receiving and not self._began and not self._is_over():
            self._other_bytes += len(data) - (self._body_bytes - body)
            if self._other_bytes > _HEADERS_BYTES + _AROUND_A_BYTE * self._body_bytes:
                self._refuse_headers()

    def _parse(self, data: bytes) -> None:
        """Read requests; a wish for another protocol is passed over (RFC 9110, section 7.8)."""
        while data and not self._is_over():
            try:
                self.parser.feed_data(data)
            except HttpParserUpgrade as wish:
                # The parser takes what follows for that protocol, a body too.
                data = self._without_upgrade() + data[wish.args[0] :]
                self.parser = HttpRequestParser(self)
                self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
            except HttpParserCallbackError:
                _LOG.exception("a request could not be taken")
                self._refuse_request(500, *_FAILED)
            except HttpParserError:
                self.send_400_response("")
            else:
                return

    def _without_upgrade(self) -> bytes:
        """Return the head of the present request without the wish for another protocol."""
        lines = [self.parser.get_method() + b" " + self.url + b" HTTP/" + self.parser.get_http_version().encode()]
        lines += [name + b": " + value for name, value in self.headers if name not in _OF_UPGRADES]
        wishes = b",".join(value for name, value in self.headers if name == b"connection").lower().split(b",")
        lines += [b"connection: " + wish.strip() for wish in wishes if wish.strip() in {b"close", b"keep-alive"}]
        return b"\r\n".join((*lines, b"", b""))

    def on_message_begin(self) -> None:
        """Begin with a request: its time counts from the first byte on."""
        self.url, self.headers, self.expect_100_continue = b"", [], False
        self._in_headers = self._receiving = self._began = True
        self._is_ignored = False
        self._other_bytes = self._body_bytes = 0
        if not self._is_answering:
            self._wait()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header. What comes after a body is none (RFC 9110, section 6.5.1)."""
        if self._in_headers:
            name = name.lower()
            if name == b"expect" and value.lower() == b"100-continue":
                self.expect_100_continue = True
            self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Have the request answered; its body is still to come."""
        version, names = self.parser.get_http_version(), [name for name, _ in self.headers]
        # RFC 9112, section 3.2: a request of HTTP/1.1 names its host, and names one.
        hosts = names.count(b"host")
        self._is_ignored = True
        if self._is_over():
            return
        if len(self.url) + sum(map(len, chain.from_iterable(self.headers))) > _HEADERS_BYTES:
            self._refuse_headers()
        elif version not in {"1.0", "1.1"} or hosts > 1 or (version == "1.1" and not hosts) or not self._is_address():
            self.send_400_response("")
        elif len(self.pipeline) >= _PIPELINED:
            # To say so would pass for the answer to the first of them.
            self.drop()
        elif not self.parser.should_upgrade():
            self._is_ignored = self._in_headers = False
            has_body = b"content-length" in names or b"transfer-encoding" in names
            if self._is_answering or self.flow.write_paused or self._place is Place.RESERVED:
                self._begin_as_uvicorn_does()
            elif has_body and self._is_short():
                self._short = bytearray()
            elif has_body or not self._is_answered_at_once():
                self._begin_as_uvicorn_does()

    def _is_address(self) -> bool:
        """Tell whether the target of the request can be read; one of a host alone is that of its root.

        RFC 9112, sections 3.2.1 and 3.2.2.
        """
        if self.parser.get_method() == b"CONNECT" or not self.url.isascii():
            return False
        try:
            self._target = parse_url(self.url)
            if self._target.host:
                self._take_host(self._target.host, self._target.port)
            if not self._target.path:
                self.url = b"/" + (b"?" + self._target.query if self._target.query else b"")
                self._target = parse_url(self.url)
        except HttpParserInvalidURLError:
            return False
        return True

    def _take_host(self, name: bytes, port: int | None) -> None:
        """Take the host that a target names for that of the request, whose header does not count.

        RFC 9112, section 3.2.2.
        """
        host = (b"[%b]" if b":" in name else b"%b") % name + (b":%d" % port if port else b"")
        self.headers = [(b"host", host), *(field for field in self.headers if field[0] != b"host")]

    def _is_short(self) -> bool:
        """Tell whether a body is sure to be short, and comes without being asked for."""
        lengths = [value for name, value in self.headers if name == b"content-length"]
        return len(lengths) == 1 and int(lengths[0]) <= _SHORT and not self.expect_100_continue

    def _is_answered_at_once(self, body: bytes | None = None) -> bool:
        """Answer a request where that takes no work, and so no task nor what goes with one; tell whether it did."""
        url, version = self._target, self.parser.get_http_version()
        method = self.parser.get_method().decode("ascii")
        environ = environment_of(
            method, url.path, url.query or b"", version, self.headers, self.server, self.client, self
        )
        if body is not None:
            with_body(environ, body)
        answer = self.gateway.at_once(environ)
        self._begun = environ.get(BEGUN)
        whole = answer.whole() if answer is not None else None
        if answer is None or whole is None:
            return False
        keep_alive = version != "1.0" and self.parser.should_keep_alive()
        self._write(answer, whole, is_head=method == "HEAD", keep_alive=keep_alive)
        self.server_state.total_requests += 1
        self._ended()
        return True

    def _begin_as_uvicorn_does(self, body: bytes | None = None) -> None:
        """Begin with a request, whose body is here already, still to come, or not there."""
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expects
        self.headers.extend(headers)
        self.scope["akb.connection"] = self  # type: ignore[typeddict-unknown-key]
        self.scope["akb.body"] = body  # type: ignore[typeddict-unknown-key]
        self.scope["akb.begun"], self._begun = self._begun, None  # type: ignore[typeddict-unknown-key]
        super().on_headers_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Have a request answered. One with a body is received first, as ASGI has it; others need no task for that."""
        if self.flow.write_paused:
            # What a client does not take must not become more.
            self.flow.pause_reading()
            self.pipeline.append((cycle, app))
            return
        self._is_answering, self._in_turn = True, cycle
        environ = environment_of_scope(cycle.scope)
        if (begun := cycle.scope["akb.begun"]) is not None:  # type: ignore[typeddict-item]
            environ[BEGUN] = begun
        body: bytes | None = cycle.scope["akb.body"]  # type: ignore[typeddict-item]
        if body is not None:
            with_body(environ, body)
        if self._place is Place.RESERVED and environ["PATH_INFO"] not in self.gateway.operations:
            self._refuse(503, *_FULL, wait=5)
        elif body is None and ("CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ):
            super()._start_asgi_task(cycle, self._receiving_for(cycle, environ))
            if not cycle.more_body:
                # It came whole, behind others.
                self.waiting_since = NEVER
        else:
            self.waiting_since = NEVER
            self.gateway.answer(environ, partial(self._answered, cycle, environ))

    def _receiving_for(self, cycle: RequestResponseCycle, environ: WSGIEnvironment) -> Any:
        """Return an application of ASGI that receives the body of this request, and sends the answer."""

        async def application(_: Any, receive: Any, send: Any) -> None:
            answer = await self.gateway.received(environ, receive)
            if answer is not None and not self._is_sent_whole(cycle, answer):
                await self.gateway.send(answer, environ, send)

        return application

    def _answered(self, cycle: RequestResponseCycle, environ: WSGIEnvironment, answer: Answer) -> None:
        """Send an answer: in one piece where it is short, else at the pace of the client."""
        if not self._is_sent_whole(cycle, answer):
            task = self.loop.create_task(cycle.run_asgi(self._sending(answer, environ)))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    def _is_sent_whole(self, cycle: RequestResponseCycle, answer: Answer) -> bool:
        """Send an answer where it is short, and tell whether it was."""
        whole = answer.whole()
        if whole is None or self.gone or self._is_over():
            return False
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        self._write(answer, whole, is_head=cycle.scope["method"] == "HEAD", keep_alive=cycle.keep_alive)
        self.on_response_complete()
        return True

    def _write(self, answer: Answer, whole: bytes, *, is_head: bool, keep_alive: bool) -> None:
        """Write a whole answer, and close the connection where that was asked for (RFC 9112, sections 4, 5 and 9)."""
        block = "\r\n".join(("", *map(": ".join, answer.headers)))
        # Each field is one line, in letters that headers have (RFC 9110, section 5.5).
        is_right = block.count("\n") == block.count("\r") == len(answer.headers)
        if answer.status not in {204, 304} and not is_head and "\r\nContent-Length: " not in block:
            block += f"\r\nContent-Length: {len(whole)}"
        if "\r\nConnection: close" in block:
            keep_alive = False
        elif not keep_alive:
            block += "\r\nConnection: close"
        date = self.server_state.default_headers[0][1]
        try:
            head = b"%bDate: %b%b\r\n\r\n" % (STATUS_LINE[answer.status], date, block.encode("latin-1"))
        except (UnicodeEncodeError, KeyError):
            is_right = False
        if not is_right:
            _LOG.error("an answer has a status or a header that cannot be sent: %d, %r", answer.status, answer.headers)
            self._refuse(500, *_FAILED)
            return
        self.transport.write(head if is_head else head + whole)
        if not keep_alive and self._is_answering and self._receiving:
            self._close_in_stages()
        elif not keep_alive:
            self.transport.close()

    def _sending(self, answer: Answer, environ: WSGIEnvironment) -> Any:
        """Return an application of ASGI that sends this answer."""

        async def application(_: Any, __: Any, send: Any) -> None:
            await self.gateway.send(answer, environ, send)

        return application

    def on_body(self, body: bytes) -> None:
        """Take a part of a body; the client gets time for the next part when it has sent enough."""
        if self._is_ignored:
            return
        if self._short is not None:
            self._short += body
            self._body_bytes += len(body)
            return
        super().on_body(body)
        before, self._body_bytes = self._body_bytes, self._body_bytes + len(body)
        if before // _PROGRESS != self._body_bytes // _PROGRESS and self._is_answering and not self.pipeline:
            self._wait()

    def on_message_complete(self) -> None:
        """Note that from now on it is we who let the client wait, unless it has its answer already."""
        self._receiving = False
        if self._is_ignored or self._is_over():
            return
        if self._short is not None:
            body, self._short = bytes(self._short), None
            if not self._is_answered_at_once(body):
                self._begin_as_uvicorn_does(body)
                self.cycle.more_body = False
            return
        if self._is_answering and not self.flow.write_paused:
            self.waiting_since = NEVER
        if self.cycle is not None:
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """Go on with the next request, once the client has taken this answer."""
        # As uvicorn has it, but for its timer: those that wait for too long are found by `Limits.watch`.
        self.server_state.total_requests += 1
        self._is_answering = False
        self._ended()

    def _ended(self) -> None:
        if self.flow.write_paused and not self._is_over():
            self.flow.pause_reading()
        else:
            self._next()

    def _next(self) -> None:
        self._wait()
        if self._is_over():
            return
        if not self._is_half_closed:
            self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        elif self._is_half_closed:
            self.transport.close()

    def pause_writing(self) -> None:
        """Wait for the client to take what was written."""
        super().pause_writing()
        self._wait()

    def resume_writing(self) -> None:
        """Go on: the client has taken some."""
        super().resume_writing()
        if self._is_over():
            return
        if self._is_answering:
            self.waiting_since = NEVER
        else:
            self._next()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - what uvicorn would say
        """Refuse what is not HTTP (RFC 9112, section 2.2)."""
        self._refuse_request(400, "This is not a request of HTTP/1.1 with one Host.", "send one by RFC 9112.")

    def _refuse_headers(self) -> None:
        self._refuse_request(
            431,
            f"The address and the headers are larger than {_HEADERS_BYTES:,} bytes.",
            "send shorter ones; a long query comes by POST.",
        )

    def time_out(self) -> None:
        """Close the connection, whose client has kept us waiting for too long; say so where that can be read."""
        if self._receiving and not self.flow.write_paused and not self._is_over():
            self._refuse_request(408, "The request did not arrive in time.", "send it again, at once.")
        else:
            self.drop()

    def drop(self) -> None:
        """Close the connection, now."""
        self.limits.remove(self)
        self.waiting_since = NEVER
        self.transport.abort()

    def _refuse_request(self, status: int, detail: str, mend: str) -> None:
        """Refuse what is being received, unless that would pass for an answer to something else.

        RFC 9112, section 9.3.2.
        """
        if self._is_behind():
            self.drop()
        else:
            self._refuse(status, detail, mend)

    def _is_behind(self) -> bool:
        """Tell whether the client is owed an answer, or the rest of one, to what it asked before."""
        return bool(self.pipeline) or (
            self._is_answering and (self._in_headers or not self._receiving or self.cycle.response_started)
        )

    def _wait(self) -> None:
        self.waiting_since = self.loop.time()

    def _refuse(self, status: int, detail: str, mend: str, *, wait: float | None = None) -> None:
        """Answer with an error in place of the application, and close the connection."""
        fields: Iterable[tuple[bytes, bytes]] = ()
        if self._is_answering and self._in_turn is not None:
            fields = self._in_turn.scope["headers"]
        elif self._receiving:
            fields = self.headers
        is_head = self._receiving and self.parser.get_method() == b"HEAD"
        answer = refused(fields, status, detail, mend, wait=wait)
        lines = b"".join(f"{name}: {value}\r\n".encode("latin-1") for name, value in answer.headers)
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.write(STATUS_LINE[status] + lines + b"\r\n" + (b"" if is_head else answer.whole() or b""))
        if self._place is Place.NONE:
            self.transport.close()
        else:
            self._close_in_stages()

    def _is_over(self) -> bool:
        """Tell whether the connection is closing: nothing more is read or answered."""
        return self._left_to_throw > 0 or self.transport.is_closing()

    def _close_in_stages(self) -> None:
        """Send nothing more, and throw away what still comes until the client closes: else it may not see the answer.

        RFC 9112, section 9.6.
        """
        self._left_to_throw = _THROWN_AWAY
        # From here on it is the client who lets us wait, whatever was asked and is still being answered.
        self._wait()
        self.flow.resume_reading()
        self.transport.write_eof()

    def eof_received(self) -> bool:  # type: ignore[override]
        """Go on with what was asked for whole, and keep open what is needed for that (RFC 9112, section 9.6)."""
        if self._is_over():
            return False
        if self._receiving and not self._in_headers and self._short is None:
            # This request will never be whole.
            if not self.pipeline:
                return False
            self.pipeline.popleft()
        self._is_half_closed = True
        return self._is_answering or bool(self.pipeline)

    def shutdown(self) -> None:
        """Close the connection when what was asked is answered, as the server is about to end."""
        if self._short is not None:
            body, self._short = bytes(self._short), None
            self._begin_as_uvicorn_does()
            super().on_body(body)
        if self._left_to_throw:
            self.transport.close()
        else:
            super().shutdown()
