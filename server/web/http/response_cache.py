"""Middleware that answers repeated requests from the cache, without Flask or the store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from flask import Response, request

from ...errors import AkbError
from ..current import Current
from .caching import Lasting, without_content
from .conditions import verdict
from .languages import COOKIE_HEADER, HEADER, of_interface, preferred
from .observing import AT_ONCE, CACHED, ROUTE, NotAtOnceError
from .prefixes import HEADER as PREFIX_HEADER
from .prefixes import prefix_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_VARY: Final = {
    "accept": "HTTP_ACCEPT",
    "accept-datetime": "HTTP_ACCEPT_DATETIME",
    "accept-encoding": "HTTP_ACCEPT_ENCODING",
    "accept-profile": "HTTP_ACCEPT_PROFILE",
}
"""The headers on which a cached answer may depend, by their WSGI names."""
_KNOWN: Final = frozenset({*_VARY, HEADER.lower(), COOKIE_HEADER.lower(), PREFIX_HEADER.lower()})
"""These, those of which only the available languages count, and that of which only what is believed counts."""

_HEADERS: Final = 2000
"""The approximate size of the headers of an answer in bytes."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """A complete answer to a GET."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes
    etag: str
    modified: datetime | None
    route: str


class ResponseCache:
    """A WSGI application that caches the answers of another one while the release stays the same."""

    def __init__(self, application: WSGIApplication, current: Current) -> None:
        self._application = application
        self._current = current

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        method = environ["REQUEST_METHOD"]
        if method in {"GET", "HEAD"}:
            answer = self._find(environ)
            if answer is not None:
                environ[ROUTE], environ[CACHED] = answer.route, True
                # Conditions count for nothing where there is no representation (RFC 9110, section 13.2.1).
                status = verdict(environ, answer.etag, answer.modified) if answer.etag else 200
                if status == 304:
                    start_response("304 NOT MODIFIED", without_content(answer.headers))
                    return ()
                if status == 200 and "HTTP_RANGE" not in environ:
                    start_response(answer.status, answer.headers.copy())
                    return (answer.body,) if method == "GET" else ()
        if AT_ONCE in environ:
            raise NotAtOnceError
        return self._application(environ, start_response)

    def store(self, response: Response) -> Response:
        """Cache the answer to the current request, if it may be cached. It must be complete."""
        is_whole = request.method == "GET" and response.status_code in {200, 303}
        if is_whole and isinstance(response, Lasting) and {*map(str.lower, response.vary)} <= _KNOWN:
            key, body = self._key(request.environ, response.mark, response.languages), response.get_data()
            response.content_length = len(body)
            headers = response.headers.to_wsgi_list()
            answer = _Answer(
                response.status,
                headers,
                body,
                response.get_etag()[0] or "",
                response.last_modified,
                request.environ[ROUTE],
            )
            self._current.cache.put(key, answer, len(body) + sum(map(len, key)) + _HEADERS)
        return response

    def _find(self, environ: WSGIEnvironment) -> _Answer | None:
        try:
            release = self._current.at_once() if AT_ONCE in environ else self._current.release()
        except AkbError:
            # The application says it better.
            return None
        answer: _Answer | None = self._current.cache.get(self._key(environ, release.mark, release.languages.tags))
        return answer

    def _key(self, environ: WSGIEnvironment, mark: str, languages: tuple[str, ...]) -> tuple[str, ...]:
        headers = (environ.get(name, "") for name in _VARY.values())
        return (
            "answer",
            mark,
            environ["PATH_INFO"],
            environ.get("QUERY_STRING", ""),
            prefix_of(environ),
            *headers,
            of_interface(environ, self._current.page_languages),
            *preferred(environ, languages),
        )
