"""Queries and their answers as data, ahead of Flask, which takes longer than a small query (SPARQL 1.1 Protocol, 2.1).

What is no answer as data is Flask's: the form, the description of the endpoint, tables for people, and every error; see
`sparql.py`. An answer that cannot have changed is cached for as long as its release is served, and has a strong ETag.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from werkzeug.exceptions import ClientDisconnected, PreconditionFailed
from werkzeug.wsgi import ClosingIterator, get_input_stream

from ...errors import BusyError, NotAcceptableError
from ...records.moments import BaseMoment
from ...serialization import HTML
from ...settings import Settings
from ...sparql.guards import READ_AT_ONCE, calls_service
from ...sparql.relative import has_relative_iris
from ...store.answers import PAGE as EXCERPT
from ...store.answers import is_nothing
from ...store.begun import Begun
from ...store.jobs import Job, Outcome
from ..current import Current
from ..http.caching import SMALL, digest, reusable, takes_pieces, without_content
from ..http.codings import coding_for, compress, compressed, is_worth_it
from ..http.conditions import verdict
from ..http.memento import FOR_GOOD, HEADER
from ..http.observing import AT_ONCE, BEGUN, CACHED, ROUTE, STREAMED, NotAtOnceError
from ..http.origins import naming_headers, site_of
from ..http.prefixes import prefix_of
from ..open_release import OpenRelease
from .answer_formats import Chosen, formats_for, names_of, other_formats
from .evaluating import evaluate
from .mementos import ACCEPT_DATETIME, headers_of_state, wanted_moment
from .protocol import PATH, QueryRequest, read_query

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LARGEST_REQUEST: Final = 2_000_000
"""Bytes: a query longer than this is a mistake or an attack."""
FAILED: Final = "akb.query.failed"
PAGE: Final = "akb.query.page"
"""Where the environment of a request has the error that Flask is to explain, or the `Excerpt` that it is to show."""
EXPLAINED: Final = "akb.query.explained"
"""Where it has the query that is to be explained, with the release over which, and the address of the endpoint."""

_NOT_VISIBLE: Final = re.compile("[^ -~]")
_METHODS: Final = frozenset({"GET", "HEAD", "POST"})
_SHORT: Final = 8_000
"""Characters: requests up to this length are remembered as they were read."""
_COMPRESSED_AT_ONCE: Final = 16_000
"""Bytes: a longer answer takes so long to compress that a thread does it."""
_OVERHEAD: Final = 2_000
"""Bytes that the headers and the key of an answer take, about."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What a page shows: the beginning of an answer, as JSON, and what the author of the query should know."""

    asked: QueryRequest
    outcome: Outcome
    hints: tuple[str, ...]
    release: OpenRelease
    moment: BaseMoment | None
    """The moment that was asked for."""
    base: str
    """The address of the endpoint."""

    @property
    def is_empty(self) -> bool:
        """Whether it found nothing."""
        return self.outcome.body is not None and is_nothing(EXCERPT, self.outcome.body)


@dataclass
class _Answer:
    """An answer, whole; whether another evaluation would give the same, and the coding of the body."""

    headers: list[tuple[str, str]]
    body: bytes
    repeatable: bool
    coding: str
    is_lasting: bool
    """Whether the address names the state over which it is, so that it is the same for good."""

    @cached_property
    def etag(self) -> str:
        """The strong validator of the answer (RFC 9110, section 8.8.1), which a POST does not ask for.

        Two evaluations may give the same rows in another order, so it is made from these very bytes.
        """
        tag = digest(self.headers[0][1], self.body)
        return f"{tag}-{self.coding}" if self.coding else tag


@dataclass(frozen=True, slots=True)
class _Stream:
    """An answer that is too long to be in memory."""

    headers: list[tuple[str, str]]
    chunks: Iterable[bytes]
    close: Callable[[], None]
    """Frees the space that the answer takes."""


class Endpoint:
    """A WSGI application that answers queries, and leaves every other request to another one."""

    def __init__(
        self, application: WSGIApplication, current: Current, headers: Mapping[str, str], settings: Settings
    ) -> None:
        """Take the application behind, and the headers that every answer of the endpoint has."""
        self._application = application
        self._current = current
        self._headers = list(headers.items())
        self._naming = naming_headers(settings)
        # A cache could not use an answer to POST again; nor may it one that is different the next moment.
        self._reusable = ("Cache-Control", reusable(settings))
        self._lasting = ("Cache-Control", FOR_GOOD)
        self._changing = ("Cache-Control", "no-cache")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        method = environ["REQUEST_METHOD"]
        if environ["PATH_INFO"] != PATH or method not in _METHODS:
            return self._application(environ, start_response)
        answer = None
        try:
            asked = _asked(environ)
            if asked is not None:
                environ[ROUTE] = PATH
                if asked.explains:
                    environ[EXPLAINED] = self._explained(environ, asked)
                    return self._application(environ, start_response)
                answer = self._answer(environ, asked)
                if isinstance(answer, _Answer):
                    return self._whole(environ, start_response, answer)
        except NotAtOnceError:
            raise
        except Exception as error:  # noqa: BLE001 - the application explains each error, and logs those that are ours
            environ[FAILED] = error
        if isinstance(answer, _Stream):
            start_response("200 OK", answer.headers)
            if method == "HEAD":
                answer.close()
                return ()
            environ[STREAMED] = True
            return ClosingIterator(answer.chunks, answer.close)
        if AT_ONCE in environ:
            raise NotAtOnceError
        environ[PAGE] = answer
        return self._application(environ, start_response)

    def _explained(self, environ: WSGIEnvironment, asked: QueryRequest) -> tuple[QueryRequest, OpenRelease, str]:
        """Return what is to be explained, over which release, at which address. Raises NotAtOnceError."""
        if AT_ONCE in environ:
            raise NotAtOnceError
        release, _ = self._release(environ, asked.at)
        return asked, release, site_of(environ) + PATH[1:]

    def _whole(self, environ: WSGIEnvironment, start_response: StartResponse, answer: _Answer) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if method == "POST" or not answer.repeatable:
            start_response("200 OK", [*answer.headers, self._changing])
            return () if method == "HEAD" else (answer.body,)
        reusable_for = self._lasting if answer.is_lasting else self._reusable
        headers = [*answer.headers, reusable_for, ("ETag", f'"{answer.etag}"')]
        status = verdict(environ, answer.etag, None)
        if status == 412:
            raise PreconditionFailed
        if status == 304:
            start_response("304 NOT MODIFIED", without_content(headers))
            return ()
        start_response("200 OK", headers)
        return (answer.body,) if method == "GET" else ()

    def _answer(self, environ: WSGIEnvironment, asked: QueryRequest) -> _Answer | _Stream | Excerpt:
        at_once = AT_ONCE in environ
        release, moment = self._release(environ, asked.at)
        of_state = headers_of_state(release.info, moment, asked, environ, prefix_of(environ))
        is_lasting = moment is not None and asked.at == moment.key
        accept = "" if asked.format_name else environ.get("HTTP_ACCEPT", "")
        formats = formats_for(asked.format_name, accept)
        coding = coding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))
        # A relative IRI resolves against the address of the endpoint; an answer without one is the same at every host.
        is_local = has_relative_iris(asked.query)
        base = (site_of(environ) if is_local else self._current.settings.namespaces.base) + PATH[1:]
        # Whether the format and the state were named counts, since only else does the answer depend on headers.
        wish = (asked.default_graphs, asked.named_graphs, formats, not asked.format_name, base, coding)
        key = ("query", release.mark, asked.query, *wish, not asked.at, is_lasting, *of_state)
        cached: _Answer | None = self._current.cache.get(key)
        if cached is not None:
            environ[CACHED] = True
            return cached
        keeps = environ["REQUEST_METHOD"] != "HEAD"
        if at_once:
            _refuse_work(environ, release, asked, Wanted(formats, base, coding, keeps=keeps))
        try:
            outcome, hints, repeatable = evaluate(release, asked, formats, base, keeps=keeps, begun=environ.get(BEGUN))
        except NotAcceptableError as error:
            formats = other_formats(formats, accept, error)
            outcome, hints, repeatable = evaluate(release, asked, formats, base, keeps=keeps)
        if outcome.format_name == EXCERPT:
            return Excerpt(asked, outcome, hints, release, moment, base)
        chosen = next(one for kind, one in formats if kind == outcome.kind)
        vary = [*([] if asked.format_name else ["Accept"]), *(self._naming if is_local else ())]
        vary += [] if asked.at else [HEADER]
        if outcome.size < SMALL or not is_worth_it(chosen.media_type):
            coding = ""
        elif outcome.body is None and not takes_pieces(environ):
            vary.append("Accept-Encoding")
            coding = ""
        else:
            vary.append("Accept-Encoding")
        headers = [("Content-Type", chosen.content_type), *self._headers, *of_state]
        headers += [("Vary", ", ".join(vary))] if vary else []
        headers += hint(hints)
        if coding:
            headers.append(("Content-Encoding", coding))
        if outcome.body is None:
            readable = environ["REQUEST_METHOD"] != "POST"
            reusable_for = self._lasting if is_lasting else self._reusable
            headers.append(reusable_for if readable and repeatable else self._changing)
            close = self._taken(outcome) if keeps else outcome.close
            if coding:
                return _Stream(headers, compressed(outcome.chunks(), coding), close)
            headers.append(("Content-Length", str(outcome.size)))
            return _Stream(headers, outcome.chunks(), close)
        body = compress(outcome.body, coding) if coding else outcome.body
        headers.append(("Content-Length", str(len(body))))
        answer = _Answer(headers, body, repeatable, coding, is_lasting)
        if repeatable:
            self._current.cache.put(key, answer, len(body) + len(asked.query) + _OVERHEAD)
        return answer

    def _release(self, environ: WSGIEnvironment, at: str) -> tuple[OpenRelease, BaseMoment | None]:
        """Return the release to ask, and the moment of which it is where one was asked for."""
        at_once = AT_ONCE in environ
        begun: Begun | None = environ.get(BEGUN)
        if begun is not None and isinstance(begun.over, OpenRelease):
            # A query has been asked of this one.
            return begun.over, None
        current = self._current.at_once() if at_once else self._current.release()
        if not (at or environ.get(ACCEPT_DATETIME)):
            return current, None
        if at_once:
            raise NotAtOnceError
        moment = wanted_moment(self._current.past, current, at, environ)
        return self._current.past.release(current, moment), moment

    def _taken(self, outcome: Outcome) -> Callable[[], None]:
        """Count the space that a long answer takes; return what frees it. Raises BusyError where there is none."""
        spool = self._current.spool
        try:
            spool.take(outcome.size)
        except BusyError:
            outcome.close()
            raise

        taken = [outcome.size]

        def close() -> None:
            outcome.close()
            # It may be closed more than once.
            if taken:
                spool.give_back(taken.pop())

        return close


def hint(hints: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the header with hints for the author of a query that is valid, but may contain a mistake.

    Neither a misspelt term nor what SILENT passes over is an error in SPARQL, and nobody would learn of it.
    """
    if not hints:
        return []
    # A field of HTTP is of visible characters on one line (RFC 9110, section 5.5), and this may repeat a peer.
    text = _NOT_VISIBLE.sub("?", " ".join(" ".join(hints).split()))[:1000]
    return [("Akb-Hint", text)] if text else []


class Wanted(NamedTuple):
    """What is wanted of the answer to a query."""

    formats: Chosen
    base: str
    coding: str
    keeps: bool


def _refuse_work(environ: WSGIEnvironment, release: OpenRelease, asked: QueryRequest, wanted: Wanted) -> None:
    """Raise NotAtOnceError where the event loop is not to answer a query now: that takes work.

    Where it may ask a worker for it, the environment has the query to be begun then. What is left to be done when the
    answer has come must not take long: nobody else is answered meanwhile.
    """
    begun: Begun | None = environ.get(BEGUN)
    graphs = (asked.default_graphs, asked.named_graphs)
    if begun is not None:
        outcome = begun.outcome
        if outcome is None or outcome.body is None or is_nothing(outcome.format_name, outcome.body):
            raise NotAtOnceError
        if wanted.coding and outcome.size > _COMPRESSED_AT_ONCE:
            raise NotAtOnceError
    elif not release.queries.is_quick(asked.query, *graphs):
        is_page = any(chosen is HTML for _, chosen in wanted.formats)
        limit = min(READ_AT_ONCE, release.queries.limits.characters)
        if not (asked.at or is_page or len(asked.query) > limit or calls_service(asked.query)):
            job = Job(asked.query, names_of(wanted.formats), wanted.base, *graphs, asked.seconds, wanted.keeps)
            environ[BEGUN] = release.queries.begin(job, release)
        raise NotAtOnceError


def _asked(environ: WSGIEnvironment) -> QueryRequest | None:
    """Return the query of a request; None when there is none."""
    query_string: str = environ.get("QUERY_STRING", "")
    if environ["REQUEST_METHOD"] != "POST":
        if not query_string:
            return None
        content_type, body = None, b""
    else:
        content_type, body = environ.get("CONTENT_TYPE", ""), _body(environ)
    short = len(body) + len(query_string) + len(content_type or "") <= _SHORT
    return (_remembered if short else read_query)(content_type, query_string, body)


_remembered = lru_cache(maxsize=512)(read_query)


def _body(environ: WSGIEnvironment) -> bytes:
    """Return the body of a request. Raises RequestEntityTooLarge, or ClientDisconnected when it ends too early."""
    length = environ.get("CONTENT_LENGTH", "")
    if not length.isdecimal() or int(length) > LARGEST_REQUEST:
        return get_input_stream(environ, max_content_length=LARGEST_REQUEST).read()
    body: bytes = environ["wsgi.input"].read(int(length))
    if len(body) < int(length):
        raise ClientDisconnected
    return body
