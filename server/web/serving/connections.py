"""Connections and what each may take of us: how many there are, and for how long one may keep us waiting.

A connection costs a descriptor and some kilobytes, and no thread. One that waits for its client (for the rest of a
request, for the next one, or for the client to take an answer) is closed after a time, and sooner where another
client needs its place.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable
from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from ..http.refusals import refusal
from .gateway import OPERATIONS, Answer, Gateway, environment_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_HEADERS_BYTES: Final = 32 * 1024
"""The most that a request line and its headers may have (431; RFC 6585, section 5)."""
_RESERVED: Final = 100
"""Connections beyond the others for asking after the state of the server."""
_PIPELINED: Final = 100
"""Requests that may come before the answer to the first of them is taken."""
_PROGRESS: Final = 64 * 1024
"""Bytes of a body that a client must send in the time that it has, or else all that is left."""
_LOG: Final = logging.getLogger("akb.web")
_FULL: Final = ("This server has as many connections as it can.", "try again later.")
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
        """Take how many connections there may be, how many of one address (0: as many as there may be), and a time.

        `seconds` is how long a client may keep us waiting: for the headers of a request, for 64 KB of a body, for
        taking 64 KB of an answer.
        """
        self.seconds = seconds
        self._most, self._most_of_one = most, most_of_one or most
        self._by_address: dict[str, set[Connection]] = defaultdict(set)
        self._count = 0
        self.closed = 0
        """How many connections were closed since they kept us waiting, or to make room."""

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
                self.closed += 1
                connection.time_out()

    def _all(self) -> Iterable[Connection]:
        return (one for those in self._by_address.values() for one in those)

    def _make_room(self, connections: Iterable[Connection]) -> bool:
        """Close that of some connections whose client has kept us waiting the longest; False where none does."""
        oldest = min(connections, key=lambda one: one.waiting_since, default=None)
        if oldest is None or oldest.waiting_since == NEVER:
            return False
        self.closed += 1
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
        self._in_headers = self._receiving = False
        self._header_bytes = self._body_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a new connection, or refuse it."""
        super().connection_made(transport)
        self.address = self.client[0] if self.client else ""
        self._wait()
        self._place = self.limits.add(self)
        if self._place is Place.NONE:
            self._refuse(503, *_FULL, wait=5)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self.gone, self.waiting_since = True, NEVER
        self.limits.remove(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came. Headers that do not end are refused (RFC 6585, section 5)."""
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self._in_headers:
            self._header_bytes += len(data)
            if self._header_bytes > _HEADERS_BYTES:
                self._refuse(431, f"The headers are larger than {_HEADERS_BYTES:,} bytes.", "send shorter ones.")

    def on_message_begin(self) -> None:
        """Begin with a request: its time counts from the first byte on."""
        super().on_message_begin()
        self.scope["akb.connection"] = self  # type: ignore[typeddict-unknown-key]
        self._in_headers = self._receiving = True
        self._header_bytes = self._body_bytes = 0
        if self.cycle is None or self.cycle.response_complete:
            self._wait()

    def on_headers_complete(self) -> None:
        """Have the request answered; its body is still to come."""
        self._in_headers = False
        version, hosts = self.parser.get_http_version(), sum(name == b"host" for name, _ in self.headers)
        # RFC 9112, section 3.2: a request of HTTP/1.1 names its host, and names one.
        if version not in {"1.0", "1.1"} or hosts > 1 or (version == "1.1" and not hosts):
            self.send_400_response("")
        elif len(self.pipeline) >= _PIPELINED:
            # To say so would pass for the answer to the first of them.
            self.drop()
        else:
            super().on_headers_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Have a request answered. One with a body is received first, as ASGI has it; others need no task for that."""
        if self.flow.write_paused:
            # What a client does not take must not become more.
            self.flow.pause_reading()
            self.pipeline.append((cycle, app))
            return
        self._is_answering = True
        environ = environment_of(cycle.scope)
        if self._place is Place.RESERVED and environ["PATH_INFO"] not in OPERATIONS:
            self._refuse(503, *_FULL, wait=5)
        elif "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ:
            super()._start_asgi_task(cycle, app)
        else:
            self.waiting_since = NEVER
            self.gateway.answer(environ, partial(self._answered, cycle, environ))

    def _answered(self, cycle: RequestResponseCycle, environ: WSGIEnvironment, answer: Answer) -> None:
        """Send an answer: in one piece where it is short, else at the pace of the client."""
        whole = answer.whole()
        if whole is None or self.gone or self.transport.is_closing():
            task = self.loop.create_task(cycle.run_asgi(self._sending(answer, environ)))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
            return
        try:
            head = self._head(cycle, answer, whole)
        except ValueError as error:
            _LOG.exception("the answer to %s cannot be sent", environ["PATH_INFO"], exc_info=error)
            self._refuse(500, "The server failed to answer. The fault is in the server.", "report the address.")
            return
        self.transport.write(head + whole if cycle.scope["method"] != "HEAD" else head)
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        if not cycle.keep_alive:
            self.transport.close()
        self.on_response_complete()

    def _sending(self, answer: Answer, environ: WSGIEnvironment) -> Any:
        """Return an application of ASGI that sends this answer."""

        async def application(_: Any, __: Any, send: Any) -> None:
            await self.gateway.send(answer, environ, send)

        return application

    def _head(self, cycle: RequestResponseCycle, answer: Answer, whole: bytes) -> bytes:
        """Return the status line and the headers (RFC 9112, sections 4 and 5).

        Raises ValueError for a header of more than one line, which would be another header.
        """
        needs_length = answer.status not in {204, 304} and cycle.scope["method"] != "HEAD"
        block, count = "", 0
        for name, value in answer.headers:
            if name == "Date":
                continue  # the server has one
            count += 1
            block += f"{name}: {value}\r\n"
            if name == "Content-Length":
                needs_length = False
            elif name == "Connection" and value == "close":
                cycle.keep_alive = False
        if block.count("\n") != count or block.count("\r") != count:
            raise ValueError("a header of an answer has more than one line")
        if needs_length:
            block += f"Content-Length: {len(whole)}\r\n"
        if not cycle.keep_alive:
            block += "Connection: close\r\n"
        date = self.server_state.default_headers[0][1]
        return b"%bDate: %b\r\n%b\r\n" % (STATUS_LINE[answer.status], date, block.encode("latin-1"))

    def on_body(self, body: bytes) -> None:
        """Take a part of a body; the client gets time for the next part when it has sent enough."""
        super().on_body(body)
        before, self._body_bytes = self._body_bytes, self._body_bytes + len(body)
        if before // _PROGRESS != self._body_bytes // _PROGRESS:
            self._wait()

    def on_message_complete(self) -> None:
        """Note that from now on it is we who let the client wait, unless it has its answer already."""
        self._receiving = False
        if not self.flow.write_paused and not self.cycle.response_complete:
            self.waiting_since = NEVER
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Go on with the next request, once the client has taken this answer."""
        # As uvicorn has it, but for its timer: those that wait for too long are found by `Limits.watch`.
        self.server_state.total_requests += 1
        self._is_answering = False
        if self.flow.write_paused:
            self.flow.pause_reading()
        else:
            self._next()

    def _next(self) -> None:
        self._wait()
        if not self.transport.is_closing():
            self.flow.resume_reading()
            if self.pipeline:
                self._start_asgi_task(*self.pipeline.pop())

    def pause_writing(self) -> None:
        """Wait for the client to take what was written."""
        super().pause_writing()
        self._wait()

    def resume_writing(self) -> None:
        """Go on: the client has taken some."""
        super().resume_writing()
        if self._is_answering:
            self.waiting_since = NEVER
        else:
            self._next()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - what uvicorn would say
        """Refuse what is not HTTP (RFC 9112, section 2.2)."""
        self._refuse(400, "This is not a request of HTTP/1.1 with one Host.", "send one by RFC 9112.")

    def time_out(self) -> None:
        """Close the connection, whose client has kept us waiting for too long; say so where that can be read."""
        if self._receiving and not self.flow.write_paused and not self.transport.is_closing() and self._is_unanswered():
            self._refuse(408, "The request did not arrive in time.", "send it again, at once.")
        else:
            self.drop()

    def drop(self) -> None:
        """Close the connection, now."""
        self.limits.remove(self)
        self.waiting_since = NEVER
        self.transport.abort()

    def _is_unanswered(self) -> bool:
        return self._in_headers or not self.cycle.response_started

    def _wait(self) -> None:
        self.waiting_since = self.loop.time()

    def _refuse(self, status: int, detail: str, mend: str, *, wait: float | None = None) -> None:
        """Answer with an error in place of the application, and close the connection."""
        _, headers, body = refusal(status, detail, mend, wait=wait, headers={"Connection": "close"})
        lines = b"".join(f"{name}: {value}\r\n".encode("latin-1") for name, value in headers)
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self._wait()
        self.transport.write(STATUS_LINE[status] + lines + b"\r\n" + body)
        self.transport.close()
