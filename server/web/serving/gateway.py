"""Between the event loop and the WSGI application: requests are received whole, answers go as clients take them.

ASGI 3 on one side, PEP 3333 on the other. What the application has at hand it answers in the event loop; all else is
done by threads, which never wait for a client: a body is complete before a thread sees it, and of an answer that is
not in memory, a thread makes one piece at a time, once the client has taken the one before.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from functools import lru_cache, partial
from io import BytesIO
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import unquote_to_bytes

from ...store.begun import Begun
from ...waiting import before_waiting
from ..http.metrics import count_request
from ..http.observing import AT_ONCE, BEGUN, ID, NO_ROUTE, OPERATIONS, NotAtOnceError, id_of_request, peer_of
from ..http.refusals import refusal
from ..http.spool import PIECE
from .asking import Asking
from .turns import Kind, Turn, Turns

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

_WHOLE: Final = 1 << 20
"""Bytes: a longer answer is sent piece by piece, even where all of it is in memory."""
_LONGEST_ACCEPT: Final = 1_000
"""Characters of an Accept header that are read when a request is refused."""
_LONG_QUERY: Final = 8_000
"""Bytes: a longer query string is not read in the event loop."""
_THREADS: Final = dict.fromkeys(OPERATIONS, 0) | {"/readyz": 1}
_USUAL: Final = 300
"""Bytes: longer names and paths are not remembered, so that strangers do not fill the memory with theirs."""
_AT_ONCE: Final = frozenset({"GET", "HEAD", "POST"})
_NOTHING: Final = BytesIO()
"""The body of a request without one."""
_LOG: Final = logging.getLogger("akb.web")
T = TypeVar("T")

Event = dict[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]


class FileBody:
    """An answer that lies in a file, from its present position to its end: `wsgi.file_wrapper` of PEP 3333."""

    def __init__(self, file: IO[bytes], block_size: int = PIECE) -> None:
        self._file, self._block_size = file, block_size

    def __iter__(self) -> Iterator[bytes]:
        """Yield the content in pieces."""
        while piece := self._file.read(self._block_size):
            yield piece

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class Answer:
    """What the application answers: a status, headers, and the body, in memory or still to be made."""

    __slots__ = ("headers", "pieces", "status")

    def __init__(self, status: int, headers: list[tuple[str, str]], pieces: Iterable[bytes]) -> None:
        self.status, self.headers, self.pieces = status, headers, pieces

    @classmethod
    def of(cls, application: WSGIApplication, environ: WSGIEnvironment) -> Answer:
        """Ask an application for its answer. Raises whatever it raises."""
        answer = cls(500, [], ())

        def start(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[[bytes], object]:
            del exc_info  # nothing has been sent yet, so that another answer may take the place of the first
            answer.status = int(status[:3])
            # The server has a date of its own.
            answer.headers = [field for field in headers if field[0] != "Date"]
            return _write

        pieces = answer.pieces = application(environ, start)
        if not isinstance(pieces, list | tuple) and _is_short(answer, environ):
            try:
                answer.pieces = list(pieces)
            finally:
                if hasattr(pieces, "close"):
                    pieces.close()
        return answer

    def whole(self) -> bytes | None:
        """Return the body where it is in memory and short, else None."""
        if not isinstance(self.pieces, list | tuple) or sum(map(len, self.pieces)) > _WHOLE:
            return None
        return self.pieces[0] if len(self.pieces) == 1 else b"".join(self.pieces)

    def close(self) -> None:
        """Have the application release what the answer holds."""
        close = getattr(self.pieces, "close", None)
        if close is not None:
            close()


def _is_short(answer: Answer, environ: WSGIEnvironment) -> bool:
    """Tell whether an answer is to be whole when it leaves the thread that made it."""
    length = next((int(value) for name, value in answer.headers if name == "Content-Length"), None)
    return environ["REQUEST_METHOD"] == "HEAD" or (length is not None and length <= _WHOLE)


def _write(data: bytes) -> object:
    raise NotImplementedError("an answer is what the application returns")


class Threads:
    """Threads that do one piece of work after another, and hand each result to the event loop."""

    def __init__(self, count: int, name: str) -> None:
        self._work: SimpleQueue[tuple[Callable[[], Any], Callable[[Any], object], asyncio.AbstractEventLoop]] = (
            SimpleQueue()
        )
        for number in range(count):
            threading.Thread(target=self._run, name=f"{name}-{number}", daemon=True).start()

    def do(self, work: Callable[[], Any], then: Callable[[Any], object]) -> None:
        """Have a thread do some work, and call `then` in the event loop with its result, or with what it raised."""
        self._work.put((work, then, asyncio.get_running_loop()))

    async def done(self, work: Callable[[], T]) -> T:
        """Have a thread do some work, and return its result. Raises what it raised."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self.do(work, lambda result: _settle(future, result))
        return await future

    def _run(self) -> None:
        while True:
            work, then, loop = self._work.get()
            try:
                result = work()
            except BaseException as error:  # noqa: BLE001 - whoever asked for the work deals with it
                result = error
            _tell(loop, then, result)
            # What was done must not be alive until there is more to do.
            del work, then, result


def _tell(loop: asyncio.AbstractEventLoop, function: Callable[[T], object], value: T) -> None:
    """Have the event loop call a function."""
    with contextlib.suppress(RuntimeError):  # the loop has ended, and nobody waits any more
        loop.call_soon_threadsafe(function, value)


def _forget(_: object) -> None:
    """Do nothing with a result."""


def _settle(future: asyncio.Future[T], result: T | BaseException) -> None:
    if future.cancelled():
        return
    if isinstance(result, BaseException):
        future.set_exception(result)
    else:
        future.set_result(result)


class Gateway:
    """Has requests answered by a WSGI application."""

    def __init__(
        self,
        application: WSGIApplication,
        *,
        threads: int,
        waiting: int,
        body_bytes: int,
        bodies_bytes: int,
        prefixes: tuple[str, ...] = (),
        client_of: Callable[[WSGIEnvironment], str] = peer_of,
    ) -> None:
        """Take the application and what it may use.

        `threads` requests are worked on at a time, while up to `waiting` wait. A request's body has at most
        `body_bytes`; those that are in memory at a time, `bodies_bytes` together. `prefixes` are those of the site;
        `client_of` tells whose request it is.
        """
        self._application = application
        self._threads = Threads(threads, "akb-request")
        self._turns = Turns()
        self._prefixes, self._client_of = prefixes, client_of
        self.operations = {start + path: thread for start in {"", *prefixes} for path, thread in _THREADS.items()}
        """What is answered by a thread of its own, by the number of that thread: no other request can keep it busy."""
        self._operations = [Threads(1, f"akb-operations-{number}") for number in range(2)]
        self._places = threads + waiting
        self._body_bytes, self._bodies_left = body_bytes, bodies_bytes

    def at_once(self, environ: WSGIEnvironment) -> Answer | None:
        """Return the answer to a request where that takes no work; None where it is to be asked for by `answer`."""
        if environ["REQUEST_METHOD"] not in _AT_ONCE or len(environ["QUERY_STRING"]) >= _LONG_QUERY:
            return None
        environ[AT_ONCE] = True
        try:
            return Answer.of(self._application, environ)
        except NotAtOnceError:
            return None
        except Exception as error:  # noqa: BLE001 - as in a thread, it is the answer to this request
            return _of_result(environ, error)

    def answer(self, environ: WSGIEnvironment, then: Callable[[Answer], object]) -> None:
        """Have a thread answer a request, and call `then` with the answer, in the event loop."""
        path: str = environ["PATH_INFO"]
        work = partial(Answer.of, self._application, environ)
        if path in self.operations:
            self._operations[self.operations[path]].do(work, lambda result: then(_of_result(environ, result)))
        elif self._places <= 0:
            then(_refusal(environ, 503, "This server has as much to do as it can.", "send the request again.", wait=5))
        else:
            self._places -= 1
            turn = Turn(Kind.of(environ, self._prefixes), self._client_of(environ), partial(self._begin, environ, then))
            begun: Begun | None = environ.get(BEGUN)
            if begun is not None and not self._turns.is_dear(turn.kind):
                Asking(begun, partial(self._asked, begun, environ, then, turn)).start()
            else:
                self._turns.take(turn)

    def _asked(self, begun: Begun, environ: WSGIEnvironment, then: Callable[[Answer], object], turn: Turn) -> None:
        """Answer a request for which a worker was asked: here where its answer has come, else by a thread."""
        # What the application notes in the environment of a request is not there for the thread.
        answer = self.at_once({**environ}) if begun.outcome is not None else None
        if answer is None:
            environ["wsgi.input"].seek(0)
            self._turns.take(turn)
        else:
            self._places += 1
            then(answer)

    def _begin(self, environ: WSGIEnvironment, then: Callable[[Answer], object], turn: Turn) -> None:
        """Have a thread answer a request, whose turn it is."""
        loop = asyncio.get_running_loop()
        begun: Begun | None = environ.get(BEGUN)
        if environ["akb.connection"].gone:
            if begun is not None:
                self._threads.do(begun.close, _forget)
            self._places += 1
            then(_refusal(environ, 503, "The client has gone.", "send the request again."))
            # Not from here: each of a long line of those who have gone would call the next.
            loop.call_soon(self._turns.hand_on, turn)
            return

        def work() -> tuple[Answer | BaseException, float]:
            if turn.is_dear:
                before_waiting(lambda: _tell(loop, self._turns.hand_on, turn))
            started = time.thread_time()
            try:
                result: Answer | BaseException = Answer.of(self._application, environ)
            except BaseException as error:  # noqa: BLE001 - it is the answer to this request
                result = error
            finally:
                if begun is not None:
                    begun.close()
            before_waiting()
            return result, time.thread_time() - started

        def done(result: tuple[Answer | BaseException, float]) -> None:
            self._places += 1
            answer, seconds = result
            then(_of_result(environ, answer))
            self._turns.ended(turn, seconds)

        self._threads.do(work, done)

    async def __call__(self, scope: Event, receive: Receive, send: Send) -> None:
        """Answer a request with a body (ASGI 3, HTTP connection scope)."""
        environ = environment_of_scope(scope)
        answer = await self.received(environ, receive)
        if answer is not None:
            await self.send(answer, environ, send)

    async def received(self, environ: WSGIEnvironment, receive: Receive) -> Answer | None:
        """Receive the body of a request, and return the answer; None when the client is gone."""
        body = await self._body(environ, receive)
        if body is None or isinstance(body, Answer):
            return body
        with_body(environ, body)
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.answer(environ, lambda result: _settle(future, result))
        try:
            return await future
        finally:
            self._bodies_left += len(body)
            environ["wsgi.input"] = _NOTHING

    async def _body(self, environ: WSGIEnvironment, receive: Receive) -> bytes | Answer | None:
        """Return the body of a request, which stays counted, or why it is refused; None when the client is gone."""
        length: str = environ.get("CONTENT_LENGTH", "0")
        body = bytearray()
        taken = 0
        try:
            more = True
            while more:
                if len(body) > self._body_bytes or int(length) > self._body_bytes:
                    return _refusal(
                        environ,
                        413,
                        f"The body of the request is larger than {self._body_bytes:,} bytes.",
                        "send less at a time.",
                    )
                if self._bodies_left < 0:
                    return _refusal(
                        environ,
                        503,
                        "This server receives as much as it can at the moment.",
                        "send the request again.",
                        wait=5,
                    )
                event = await receive()
                if event["type"] == "http.disconnect":
                    return None
                piece, more = event["body"], event["more_body"]
                body += piece
                taken += len(piece)
                self._bodies_left -= len(piece)
            # It is in memory until it is answered.
            taken = 0
            return bytes(body)
        finally:
            self._bodies_left += taken

    async def send(self, answer: Answer, environ: WSGIEnvironment, send: Send) -> None:
        """Send an answer at the pace of the client, and have the application release what it holds."""
        try:
            headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
            await send({"type": "http.response.start", "status": answer.status, "headers": headers})
            if environ["REQUEST_METHOD"] != "HEAD":
                pieces = iter(answer.pieces)
                while piece := await self._threads.done(partial(_next, pieces)):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
                    if environ["akb.connection"].gone:
                        return
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            await self._threads.done(answer.close)


def _of_result(environ: WSGIEnvironment, result: Answer | BaseException) -> Answer:
    """Return what the application answered, or what is to be said where it failed."""
    if isinstance(result, Answer):
        return result
    _LOG.error("the request %s %s failed", environ["REQUEST_METHOD"], environ["PATH_INFO"], exc_info=result)
    return _refusal(
        environ,
        500,
        "The server failed to answer. The fault is in the server, not in your request.",
        "try again; if it persists, report the address and the time.",
    )


def _next(pieces: Iterator[bytes]) -> bytes:
    """Return the next piece that is not empty; nothing at the end."""
    return next(filter(None, pieces), b"")


def _refusal(environ: WSGIEnvironment, status: int, detail: str, mend: str, wait: float | None = None) -> Answer:
    has_body = "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ
    request_id: str = environ.get(ID) or id_of_request(environ.get("HTTP_X_REQUEST_ID", ""))
    if ID not in environ:
        count_request(environ["REQUEST_METHOD"], NO_ROUTE, str(status), 0.0, cached=False)
    # What is left of a body that nobody reads is no request.
    return _refused(status, detail, mend, environ.get("HTTP_ACCEPT", ""), request_id, wait, closes=has_body)


def refused(
    fields: Iterable[tuple[bytes, bytes]], status: int, detail: str, mend: str, *, wait: float | None = None
) -> Answer:
    """Return the refusal of a request of which these headers are known; the connection is closed after it."""
    accept, given = (
        ", ".join(value.decode("latin-1") for one, value in fields if one == name)
        for name in (b"accept", b"x-request-id")
    )
    count_request("", NO_ROUTE, str(status), 0.0, cached=False)
    return _refused(status, detail, mend, accept, id_of_request(given), wait, closes=True)


def _refused(
    status: int, detail: str, mend: str, accept: str, request_id: str, wait: float | None, *, closes: bool
) -> Answer:
    accept = accept[:_LONGEST_ACCEPT]
    headers = {"Connection": "close"} if closes else {}
    status, fields, body = refusal(
        status, detail, mend, accept=accept, wait=wait, headers=headers, request_id=request_id
    )
    return Answer(status, fields, (body,))


def with_body(environ: WSGIEnvironment, body: bytes) -> None:
    """Give a request its body, which is whole."""
    environ["wsgi.input"], environ["CONTENT_LENGTH"] = BytesIO(body), str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)


def environment_of_scope(scope: Mapping[str, Any]) -> WSGIEnvironment:
    """Return the environment of a request (PEP 3333) from its scope (ASGI HTTP connection scope)."""
    return environment_of(
        scope["method"],
        scope["raw_path"],
        scope["query_string"],
        scope["http_version"],
        scope["headers"],
        scope["server"],
        scope["client"],
        scope["akb.connection"],
    )


def environment_of(
    method: str,
    raw_path: bytes,
    query: bytes,
    version: str,
    headers: Iterable[tuple[bytes, bytes]],
    server: tuple[str, int | None] | None,
    client: tuple[str, int] | None,
    connection: object,
) -> WSGIEnvironment:
    """Return the environment of a request (PEP 3333) from its parts; the names of `headers` are in lower case."""
    host, port = server or ("localhost", 80)
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": _path(raw_path),
        "QUERY_STRING": query.decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{version}",
        "REMOTE_ADDR": client[0] if client else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": _NOTHING,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileBody,
        "akb.connection": connection,
    }
    for name, value in headers:
        key, text = _variable(name), value.decode("latin-1")
        if not key:
            continue
        # Fields of one name are one list (RFC 9110, section 5.3); cookies have a separator of their own.
        environ[key] = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ', '}{text}" if key in environ else text
    return environ


def _variable(name: bytes) -> str:
    """Return the variable for a header; nothing for one whose name could pass for another's (`_` for `-`)."""
    return (_known_variable if len(name) <= _USUAL else _known_variable.__wrapped__)(name)


@lru_cache(maxsize=256)
def _known_variable(name: bytes) -> str:
    if b"_" in name:
        return ""
    variable = name.decode("latin-1").upper().replace("-", "_")
    return variable if variable in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{variable}"


def _path(raw: bytes) -> str:
    return (_known_path if len(raw) <= _USUAL else _known_path.__wrapped__)(raw)


@lru_cache(maxsize=1024)
def _known_path(raw: bytes) -> str:
    return unquote_to_bytes(raw).decode("latin-1")
