"""Errors over HTTP: a page for people, `application/problem+json` for programs (RFC 9457)."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from ...errors import (
    AkbError,
    BusyError,
    ForbiddenQueryError,
    LimitError,
    NotAcceptableError,
    NotFoundError,
    PeerBusyError,
    PeerError,
    PeerTimeoutError,
    QueryError,
    RemoteError,
    TooLargeError,
    UnwritableError,
)
from ...records.pages import EntityRef
from ...records.sentences import sentence
from ...serialization import HTML, PROBLEM, PROBLEM_FORMATS
from ..given.site import ErrorPage
from ..theme import failing_template
from .languages import page_of_ours
from .links import ADDRESS, LINKS, Link, header
from .negotiation import NothingAcceptable, choose_or_none
from .observing import ID
from .prefixes import public
from .redirects import redirect_to_entity, redirect_to_tidied

_LOG = logging.getLogger("akb.web")
_WORDS: Final = 100
"""The maximum number of characters of a suggested search."""

_STATUSES = (
    (PeerTimeoutError, 504),
    (PeerBusyError, 503),
    (PeerError, 502),
    (ForbiddenQueryError, 403),
    (NotAcceptableError, 406),
    (UnwritableError, 406),
    (TooLargeError, 413),
    (QueryError, 400),
    (NotFoundError, 404),
    (LimitError, 503),
)
"""How our errors map to HTTP; the first that fits counts, and one that fits none is our own fault."""

_DETAILS = {
    404: sentence("There is nothing at this address."),
    413: sentence("The request is larger than this server takes."),
}


READ_ONLY: Final = sentence("change the Turtle files in kb/ and send a pull request; the next build publishes them.")
"""What to do instead of a write."""
_THE_SERVER: Final = "/*"
"""The path that `OPTIONS *` comes with, which asks about the server as a whole (RFC 9110, section 9.3.7)."""
_WRITES: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


NOT_STORED: Final = "no-store"
"""What each answer with an error says to caches (RFC 9111, section 5.2.2.5)."""


def problem(
    status: int, detail: str, mend: str = "", close: Sequence[EntityRef] = (), links: Sequence[Link] = ()
) -> Response:
    """Return an error in the form that the client wants.

    `detail` says what is wrong, `mend` what to do, `close` has similar entities, `links` what is available.
    """
    title = HTTPStatus(status).phrase
    # A document that could not be made has no place in the head of the page that says so.
    g.pop(LINKS, None)
    g.pop(ADDRESS, None)
    # With it we find in the log what went wrong on our side.
    request_id = request.environ.get(ID, "") if status >= 500 else ""
    page = None
    if choose_or_none(request, PROBLEM_FORMATS) is HTML:
        page = _page(ErrorPage(status, title, detail, mend, close, links, request_id, _words(status), _whole(status)))
    if page is not None:
        response = Response(page, status, content_type=HTML.content_type)
    else:
        body: dict[str, object] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        body["instance"] = public(quote(request.path))
        if request_id:
            body["request_id"] = request_id
        if mend:
            body["mend"] = mend
        if close:
            body["close"] = [{"id": ref.curie, "label": ref.label, "iri": ref.iri} for ref in close]
        if links:
            body["available"] = [
                {"href": public(link.target), **dict(link.attributes), **dict(link.more)} for link in links
            ]
        text = json.dumps(body, ensure_ascii=False, indent=2) + "\n"
        response = Response(text, status, content_type=PROBLEM.content_type)
    if links:
        response.headers["Link"] = header(links)
    # Which of the two a client gets depends on its Accept header.
    response.vary.add("Accept")
    # It may be gone the next moment, and without this a cache could keep a 404 or 410.
    response.headers["Cache-Control"] = NOT_STORED
    return response


def _words(status: int) -> str:
    """Return the words of the last part of the address, if nothing was found there; else an empty text."""
    if status not in {404, 410} or (request.url_rule and not request.view_args):
        return ""
    name = str((request.view_args or {}).get("slug") or request.path.rstrip("/").rpartition("/")[2])
    return " ".join(re.findall(r"\w+", name.replace("_", " ")))[:_WORDS]


def _whole(status: int) -> str:
    """Return the address without its query, if the query is what is wrong; else an empty text."""
    return quote(request.path) if status == 400 and request.method == "GET" and request.args else ""


def _page(given: ErrorPage) -> str | None:
    """Return the page of an error; None where a template of the theme cannot even write that."""
    try:
        return page_of_ours(given)
    except Exception as error:
        place = failing_template(error)
        if not place:
            raise
        _LOG.exception("the page of an error cannot be written: %s", place)
        return None


def _methods_at(path: str) -> list[str]:
    """Return the methods that there are at a path (RFC 9110, section 10.2.1); empty where nothing is.

    Werkzeug compares the method before it asks whether the first part of a path names a page class: so each is tried.
    """
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None, "there is a request"
    return sorted(method for method in adapter.allowed_methods(path) if adapter.test(path, method))


def _not_allowed(methods: Sequence[str]) -> Response:
    """Return the answer to a method that is none of these (RFC 9110, section 15.5.6)."""
    takes = " and ".join([", ".join(methods[:-1]), methods[-1]])
    writes = request.method in _WRITES
    detail = (
        sentence("This server is read-only: it takes no writes. This address takes %(methods)s.", methods=takes)
        if writes
        else sentence("This address takes %(methods)s.", methods=takes)
    )
    response = problem(405, detail, READ_ONLY if writes else "")
    response.headers["Allow"] = ", ".join(methods)
    return response


def register_problems(app: Flask) -> None:
    """Let the application answer every error with a problem."""

    @app.errorhandler(HTTPException)
    def of_http(error: HTTPException) -> Response:
        if isinstance(error, MethodNotAllowed):
            if methods := _methods_at(request.path):
                return _not_allowed(methods)
            error = NotFound()
        if error.code == 404 and request.method == "OPTIONS" and request.path == _THE_SERVER:
            everywhere = {method for rule in current_app.url_map.iter_rules() for method in rule.methods or ()}
            return Response(headers={"Allow": ", ".join(everywhere)})
        if error.code is None or error.code < 400:
            return Response(error.get_response(request.environ).get_data(), error.code or 500)
        if error.code == 404 and (elsewhere := redirect_to_tidied() or redirect_to_entity()):
            return elsewhere
        # Werkzeug's own words are for a site that one types addresses into; ours come from abort().
        ours = error.description != type(error).description
        detail = error.description if ours else _DETAILS.get(error.code)
        status = HTTPStatus(error.code)
        links = error.links if isinstance(error, NothingAcceptable) else ()
        response = problem(error.code, detail or status.description or status.phrase, links=links)
        if isinstance(error, NothingAcceptable):
            response.vary.update(error.depends_on)
        return response

    @app.errorhandler(AkbError)
    def of_ours(error: AkbError) -> Response:
        if isinstance(error, RemoteError):
            # Its words name an address that is not the public's business.
            _LOG.error("the request %s %s failed: %s", request.method, request.path, error.message)
            return problem(
                502, sentence("The store behind this server does not answer correctly."), sentence("try again later.")
            )
        for kind, status in _STATUSES:
            if isinstance(error, kind):
                response = problem(status, error.message, error.mend)
                if isinstance(error, BusyError | PeerBusyError):
                    response.headers["Retry-After"] = str(error.retry_after)
                return response
        return fault(error)

    @app.errorhandler(Exception)
    def fault(error: Exception) -> Response:
        _LOG.error("the request %s %s failed", request.method, request.path, exc_info=error)
        if place := failing_template(error):
            return problem(
                500,
                sentence("The theme of this site fails at %(place)s: %(error)s.", place=place, error=error),
                sentence("fix the template."),
            )
        return problem(
            500,
            sentence("The server failed to answer. The fault is in the server, not in your request."),
            sentence("try again; if it persists, report the address and the time."),
        )
