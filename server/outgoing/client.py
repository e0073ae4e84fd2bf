"""The one way out: sends a request under rules, and returns the answer whole or as a stream."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPException, HTTPResponse, IncompleteRead
from typing import IO, Final
from urllib.error import HTTPError, URLError
from urllib.request import (
    BaseHandler,
    HTTPBasicAuthHandler,
    HTTPDefaultErrorHandler,
    HTTPDigestAuthHandler,
    HTTPErrorProcessor,
    HTTPPasswordMgrWithDefaultRealm,
    HTTPRedirectHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

from ..engine import engine_version
from .codings import ACCEPTED, beginning, read_body
from .connection import Guard, GuardedHandler
from .failures import (
    NoAnswerError,
    OutgoingError,
    RedirectError,
    RefusedError,
    SlowError,
    UnchangedError,
    WaitError,
)
from .waits import DEFAULT, Waits, retry_after

_BUSY: Final = frozenset({429, 503})
_WORDS: Final = 4000
"""Bytes of a refusal that are read for what it says."""


@dataclass(frozen=True)
class Rules:
    """What a request may do, and what its answer may take.

    `seconds` is from the look-up of the name to the last byte, None for any time; `idle` for each wait for a byte.
    `megabytes` is of the answer, unpacked. `public` is for addresses that are not the operator's own: then each address
    of the name must be of the public internet, and no proxy is asked, which would look it up itself. `redirects` are
    followed where that is said. `credentials` are sent by Basic or Digest, once they are asked for. `contact` tells
    others who asks. An address in `waits` is left alone for as long as it asked for.
    """

    seconds: float | None = None
    idle: float = 30
    megabytes: int | None = None
    public: bool = False
    proxies: bool = False
    redirects: bool = False
    packed: bool = False
    """Whether codings are asked for that make an answer smaller."""
    credentials: tuple[str, str] | None = field(default=None, repr=False)
    contact: str = ""
    waits: Waits | None = None


@dataclass(frozen=True)
class Answer:
    """An answer that is whole and unpacked."""

    status: int
    headers: Message
    body: bytes
    address: str = ""
    """The address that answered, after all redirects."""


def user_agent(contact: str) -> str:
    """Return the name by which others know us (RFC 9110, section 10.1.5), with whom to write to."""
    return f"akb/{engine_version()}" + (f" ({contact})" if contact else "")


def send(request: Request, rules: Rules) -> Answer:
    """Send a request, and return its answer with a status of 200 to 299.

    Raises an OutgoingError of the kind that fits, and nothing else.
    """
    most = None if rules.megabytes is None else rules.megabytes << 20
    with opened(request, rules) as stream:
        body = read_body(stream.read, stream.headers.get("Content-Encoding", ""), most)
        return Answer(stream.status, stream.headers, body, stream.address)


class Stream:
    """An answer whose body is still to be read, as it is sent."""

    def __init__(self, response: HTTPResponse, exchange: _Exchange) -> None:
        self.status = response.status
        self.headers = response.headers
        self.address: str = response.url
        self._response = response
        self._exchange = exchange

    def read(self, size: int) -> bytes:
        """Return some bytes more, at most so many; none at the end. Raises an OutgoingError when it breaks off."""
        with self._exchange.failing():
            found = self._response.read1(size)
            if not found and self._response.length:
                raise IncompleteRead(b"", self._response.length)
            return found


@contextmanager
def opened(request: Request, rules: Rules) -> Iterator[Stream]:
    """Send a request, and yield its answer with a status of 200 to 299. Raises as `send` does."""
    if rules.waits is not None and (left := rules.waits.left(request.full_url)):
        raise WaitError(left)
    request.add_unredirected_header("User-Agent", user_agent(rules.contact))
    request.add_unredirected_header("Accept-Encoding", ACCEPTED if rules.packed else "identity")
    guard = Guard(rules.seconds, rules.idle, public=rules.public)
    exchange = _Exchange(request, rules, guard)
    with guard.watching():
        with exchange.failing():
            response = _opener(request, rules, guard).open(request, timeout=guard.idle)
        with response:
            yield Stream(response, exchange)


@dataclass(frozen=True)
class _Exchange:
    """A request on its way, and what an error in it means."""

    request: Request
    rules: Rules
    guard: Guard

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Make an OutgoingError of what the libraries raise."""
        try:
            if self.guard.left <= 0:
                raise SlowError
            yield
            if self.guard.left <= 0:
                raise SlowError
        except OutgoingError:
            raise
        except (OSError, HTTPException, ValueError) as error:
            # What was cut at its time can look like an answer that is wrong.
            raise (self._failure(error) if self.guard.left > 0 else SlowError()) from error

    def _failure(self, error: Exception) -> OutgoingError:
        if isinstance(error, HTTPError):
            return self._refusal(error)
        reason = error.reason if isinstance(error, URLError) else error
        if isinstance(reason, TimeoutError):
            return SlowError()
        if isinstance(error, HTTPException) and not isinstance(error, OSError):
            reason = f"it broke off, or it does not speak HTTP ({type(error).__name__}: {str(error)[:100]})"
        return NoAnswerError(reason)

    def _refusal(self, error: HTTPError) -> OutgoingError:
        with closing(error):
            if error.code == 304:
                return UnchangedError()
            if 300 <= error.code < 400:
                return RedirectError(error.headers.get("Location", ""))
            try:
                words = beginning(error.read(_WORDS), error.headers.get("Content-Encoding", ""))
            except (OSError, HTTPException, ValueError):
                # A refusal that is cut short is still one; and one that asked for a password is closed.
                words = b""
        wait = retry_after(error.headers)
        if self.rules.waits is not None and error.code in _BUSY:
            wait = DEFAULT if wait is None else wait
            self.rules.waits.note(self.request.full_url, wait)
            return WaitError(wait)
        return RefusedError(error.code, error.reason, words, wait)


def _opener(request: Request, rules: Rules, guard: Guard) -> OpenerDirector:
    opener = OpenerDirector()
    # It sends a name of its own where none is said otherwise.
    opener.addheaders = []
    handlers: list[BaseHandler] = [
        GuardedHandler(guard),
        UnknownHandler(),
        HTTPDefaultErrorHandler(),
        HTTPErrorProcessor(),
    ]
    if rules.proxies and not rules.public:
        handlers.append(ProxyHandler())
    if rules.redirects:
        handlers.append(HTTPRedirectHandler())
    if rules.credentials:
        passwords = HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, request.full_url, *rules.credentials)
        handlers += [_CloseChallenges(), HTTPDigestAuthHandler(passwords), HTTPBasicAuthHandler(passwords)]
    for handler in handlers:
        opener.add_handler(handler)
    return opener


class _CloseChallenges(BaseHandler):
    """Closes the answer that asks for a password, before others answer it: they would leave it open."""

    handler_order = HTTPDigestAuthHandler.handler_order - 1

    def http_error_401(self, _request: Request, answer: IO[bytes], *_: object) -> None:
        """Take note of the challenge, and leave it to the next handler."""
        answer.close()
