"""Stands before everything else: gives each request an id, and counts, times and logs it when it is answered."""

from __future__ import annotations

import itertools
import logging
import re
import time
import uuid
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from werkzeug.wsgi import ClosingIterator

from .logs import REQUEST_ID
from .metrics import count_request
from .prefixes import prefix_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ID: Final = "akb.request_id"
ROUTE: Final = "akb.route"
CACHED: Final = "akb.cached"
STREAMED: Final = "akb.streamed"
"""Keys in the WSGI environment of a request: its id, its route, whether the answer came from the cache, and whether it
is streamed."""
AT_ONCE: Final = "akb.at_once"
"""The key that is there while only an answer that takes no work is wanted; else NotAtOnceError is raised."""

BEGUN: Final = "akb.begun"
"""The key of the query that the event loop has asked for the request, or is to ask (`store/begun.py`)."""

NO_ROUTE: Final = "none"
OPERATIONS: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""The paths by which the server is looked after."""

_SANE: Final = re.compile(r"[A-Za-z0-9._~:+/=-]{1,100}")
_PROCESS: Final = uuid.uuid4().hex
_NUMBERS: Final = itertools.count(1)
"""An id that no other process has, and what follows it in the ids of the requests here."""
_LOG: Final = logging.getLogger("akb.access")


class NotAtOnceError(Exception):
    """The answer takes work, so that a thread has to be asked for it."""


class Observer:
    """A WSGI application that observes another one."""

    def __init__(self, application: WSGIApplication, *, access_log: bool) -> None:
        self._application = application
        self._access_log = access_log

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        begun = environ.get(BEGUN)
        started = time.perf_counter() - (begun.seconds if begun else 0.0)
        request_id = environ[ID] = id_of_request(environ.get("HTTP_X_REQUEST_ID", ""))
        REQUEST_ID.set(request_id)
        said: list[str] = ["500"]

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
            said[0] = status[:3]
            headers.append(("X-Request-Id", request_id))
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        def done() -> None:
            seconds = time.perf_counter() - started
            # A streamed answer may be closed by another thread, which worked for other requests before.
            REQUEST_ID.set(request_id)
            route, cached = environ.get(ROUTE, NO_ROUTE), CACHED in environ
            count_request(environ["REQUEST_METHOD"], route, said[0], seconds, cached=cached)
            if self._access_log:
                _log(environ, said[0], seconds)
            # Not reset by its token, which is of another context then.
            REQUEST_ID.set("")

        try:
            body = self._application(environ, start)
        except NotAtOnceError:
            # The request comes again.
            REQUEST_ID.set("")
            raise
        except BaseException:
            done()
            raise
        if environ.get(STREAMED):
            REQUEST_ID.set("")
            return ClosingIterator(body, done)
        done()
        return body


def id_of_request(given: str) -> str:
    """Return the id of a request: the one that it came with, unless that is none, or else a new one."""
    return given if given and _SANE.fullmatch(given) else f"{_PROCESS}{next(_NUMBERS):x}"


def peer_of(environ: WSGIEnvironment) -> str:
    """Return the address from which a request comes, as its environment has it; nothing where it has none."""
    return str(environ.get("REMOTE_ADDR", ""))


def _log(environ: WSGIEnvironment, status: str, seconds: float) -> None:
    query = environ.get("QUERY_STRING", "")
    # As it came, so that nobody can write a line of their own into the log.
    path = quote(environ["PATH_INFO"].encode("latin-1"), safe="/:@!$&'()*+,;=~")
    address = prefix_of(environ) + path + (f"?{quote(query, safe='/?:@!$&()*+,;=~%')}" if query else "")
    fields = {
        "method": environ["REQUEST_METHOD"],
        "address": address,
        "status": int(status),
        "milliseconds": round(seconds * 1000, 2),
        "client": peer_of(environ),
        "route": environ.get(ROUTE, NO_ROUTE),
        "kept": CACHED in environ,
        "agent": environ.get("HTTP_USER_AGENT", ""),
    }
    _LOG.info("%(method)s %(address)s %(status)d %(milliseconds).2f ms %(client)s", fields, extra=fields)
