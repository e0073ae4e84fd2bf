"""What caches learn from an answer: validators, codings, conditions, and for how long it is good (RFC 9110, 9111)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from flask import Flask, Response, redirect, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from ...records.sentences import sentence
from ...serialization import HTML
from ...settings import Settings
from ..current import current_application
from ..open_release import OpenRelease
from .codings import coding_for, compress, compressed, is_worth_it
from .conditions import verdict
from .languages import languages_of_page
from .origins import say_dependence
from .prefixes import current_prefix, prefixed, put_before_headers
from .problems import NOT_STORED, problem
from .ranges import Part, wanted_part
from .spool import Reading, SpooledFile, StoredFile

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_REUSED: Final = {200, 206, 301, 303, 304, 308}
"""The statuses of answers that caches may use again, or that say what they may do with one (RFC 9110, 15.4.5)."""
_ABOUT_CONTENT: Final = frozenset(
    (
        "Content-Type",
        "Content-Length",
        "Accept-Ranges",
        "Content-Encoding",
        "Content-Language",
        "Content-Profile",
        "Last-Modified",
        "Link",
    )
)
"""Headers that a 304 does not have (RFC 9110, section 15.4.5)."""
_REVALIDATE_SECONDS: Final = 86_400
"""For how long a cache may show what it has while it asks for a newer one (RFC 5861, section 3)."""
SMALL: Final = 200
"""Bytes: what is smaller gains nothing by a coding."""


class Lasting(Response):
    """A response that stays the same as long as the release does.

    It depends on the release, the path, the query, the prefix of the site and the headers named in Vary; on nothing
    else: neither on the host nor on the time.
    """

    def __init__(self, release: OpenRelease, content_type: str, status: int = 200) -> None:
        super().__init__(status=status, content_type=content_type)
        self.mark = release.mark
        self.languages = release.languages.tags


class Representation(Lasting):
    """A response whose body is made only when it has to be sent: not for a client that has it already.

    `key` has the relevant parts of the path, the query and the headers.
    """

    def __init__(
        self, release: OpenRelease, path: str, key: tuple[str, ...], content_type: str, write: Callable[[], str | bytes]
    ) -> None:
        """Take the path of the document, a `key` that no other representation of it has, and what writes the body."""
        super().__init__(release, content_type)
        self._prefix = current_prefix()
        of_site = ("under", self._prefix) if self._prefix else ()
        # Pages alone are written for a reader; data have all words, each with its language.
        of_reader = languages_of_page(release) if content_type == HTML.content_type else ()
        self._release, self._key, self._write = release, (path, *key, *of_site, *of_reader), write
        self.set_etag(digest(release.mark, *self._key))
        self.last_modified = release.modified(path)

    @property
    def is_known(self) -> bool:
        """Whether the client says by its tag that it has this very representation: we gave it out, so all is well."""
        known = request.headers.get("If-None-Match", "*").strip()
        return known != "*" and verdict({"HTTP_IF_NONE_MATCH": known}, _tag(self), None) == 304

    def make(self) -> bytes:
        """Return the body, made anew or as it was made before."""
        return self._release.once(self._key, self._encoded)

    def _encoded(self) -> bytes:
        written = self._write()
        content = written.encode() if isinstance(written, str) else written
        return prefixed(content, self.mimetype or "", self._prefix)


class FileResponse(Response):
    """A response whose body lies in a file that many clients share: whole, or the range that they ask for."""

    def __init__(self, file: SpooledFile | StoredFile, content_type: str, coding: str | None) -> None:
        """Take a file that is held for this response, and the coding that it is in.

        An empty one stands for none, where others are to be had; None for a file that there is in no coding.
        """
        self._reading = Reading(file)
        super().__init__(self._reading, content_type=content_type, direct_passthrough=True)
        self._size = self.content_length = file.size
        self.set_etag(file.digest)
        if coding is not None:
            self.vary.add("Accept-Encoding")
        self.accept_ranges = "bytes"
        if coding:
            self.headers["Content-Encoding"] = coding

    def for_request(self) -> Response:
        """Answer the conditions and the range of the request (RFC 9110, sections 13 and 14)."""
        etag = self.get_etag()[0] or ""
        status = verdict(request.environ, etag, self.last_modified)
        if status == 200:
            try:
                part = wanted_part(request.environ, self._size, etag, self.last_modified)
            except RequestedRangeNotSatisfiable:
                self.close()
                return _not_satisfiable(self._size)
            if part is not None:
                self._reading.seek(part.start, part.stop)
                _say_part(self, part)
            return self
        self.close()
        return precondition_failed() if status == 412 else Response(status=304, headers=without_content(self.headers))


def register_caching(app: Flask, settings: Settings) -> None:
    """Let every answer of the application say what caches may do with it, and answer conditional requests."""
    lasting = reusable(settings)

    @app.after_request
    def for_caches(response: Response) -> Response:
        say_dependence(response, settings)
        if current_prefix():
            _put_prefix(response)
        if response.status_code >= 400:
            # Not all errors are problems: those of a protocol have a form of its own.
            response.headers["Cache-Control"] = NOT_STORED
            return response
        readable = request.method in {"GET", "HEAD"}
        if readable and response.status_code in _REUSED:
            response.headers.setdefault("Cache-Control", lasting)
        if isinstance(response, FileResponse):
            return response
        if response.status_code != 200 or response.cache_control.no_store or response.cache_control.no_transform:
            return response
        if not readable or response.is_streamed or response.cache_control.no_cache:
            return _encode_stream(response)
        try:
            return _answer(response)
        except Exception as error:  # noqa: BLE001 - the application has an answer to each
            # What is written now, when all else is done, may fail as anything before, and Flask looks no more.
            return for_caches(app.make_response(app.handle_user_exception(error)))


def _put_prefix(response: Response) -> None:
    """Put the prefix of the site before the local addresses of an answer; a `Representation` does so by itself."""
    put_before_headers(response)
    if isinstance(response, Representation) or response.is_streamed or response.direct_passthrough:
        return
    content, prefix = response.get_data(), current_prefix()
    if response.location and response.mimetype == "text/html":
        # The page of a redirect shows the address too.
        with_prefix = redirect(response.location, response.status_code).get_data()
    else:
        with_prefix = prefixed(content, response.mimetype or "", prefix)
    if with_prefix != content:
        response.set_data(with_prefix)
        if tag := response.get_etag()[0]:
            response.set_etag(digest(tag, prefix))


def reusable(settings: Settings) -> str:
    """Return the Cache-Control of what stays the same as long as the release does (RFC 9111, section 5.2.2)."""
    return (
        f"public, max-age={settings.cache_seconds}, s-maxage={settings.shared_cache_seconds}, "
        f"stale-while-revalidate={_REVALIDATE_SECONDS}"
    )


def precondition_failed() -> Response:
    """Return the answer to a request whose conditions do not hold (RFC 9110, section 13.1)."""
    return problem(
        412,
        sentence("What is here now is not what the conditions of the request name."),
        sentence("fetch it again first."),
    )


def digest(*parts: str | bytes) -> str:
    """Return a strong validator for what is made of these parts alone (RFC 9110, section 8.8.1)."""
    summary = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        summary.update(len(data).to_bytes(8) + data)
    return summary.hexdigest()[:24]


def without_content(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the headers of a 304 from those of the 200 that it replaces."""
    return [(name, value) for name, value in headers if name not in _ABOUT_CONTENT]


def takes_pieces(environ: WSGIEnvironment) -> bool:
    """Tell whether a client takes an answer whose length nobody knows: one of HTTP/1.0 does not (RFC 9112, 6.1)."""
    return environ.get("SERVER_PROTOCOL") != "HTTP/1.0"


def _answer(response: Response) -> Response:
    """Return the answer to a GET or HEAD that may be conditional, in the coding that the client wants."""
    whole = b"" if isinstance(response, Representation) else response.get_data()
    if not response.get_etag()[0]:
        response.set_etag(digest(response.content_type or "", whole))
    coding, tag = _coding(response), _tag(response)
    status = verdict(request.environ, tag, response.last_modified)
    if status == 412:
        return precondition_failed()
    response.set_etag(tag)
    if status == 304:
        return Response(status=304, headers=without_content(response.headers))
    if isinstance(response, Representation):
        whole = response.make()
    if coding:
        cache = current_application().cache
        response.set_data(cache.once(("coded", tag), lambda: compress(whole, coding)))
        response.headers["Content-Encoding"] = coding
    else:
        response.set_data(whole)
    return _of_range(response, tag)


def _of_range(response: Response, tag: str) -> Response:
    """Return the part of a whole response that the request asks for, or all of it."""
    response.accept_ranges = "bytes"
    if "Range" not in request.headers:
        return response
    body = response.get_data()
    try:
        part = wanted_part(request.environ, len(body), tag, response.last_modified)
    except RequestedRangeNotSatisfiable:
        return _not_satisfiable(len(body))
    if part is not None:
        # What is kept for others is the whole.
        partial = Response(body[part.start : part.stop], headers=response.headers)
        _say_part(partial, part)
        return partial
    return response


def _say_part(response: Response, part: Part) -> None:
    response.status_code = 206
    response.content_length = part.length
    response.headers["Content-Range"] = part.content_range


def _not_satisfiable(size: int) -> Response:
    refused = problem(
        416, sentence("The document has %(size)s bytes.", size=f"{size:,}"), sentence("ask for a range within these.")
    )
    refused.headers["Content-Range"] = f"bytes */{size}"
    return refused


def _tag(response: Response) -> str:
    """Return the tag of a response in the coding that it will have: each is a representation (section 8.8.3.3)."""
    etag, coding = response.get_etag()[0] or "", _coding(response)
    return f"{etag}-{coding}" if coding else etag


def _encode_stream(response: Response) -> Response:
    coding = _coding(response)
    if coding and takes_pieces(request.environ):
        response.headers["Content-Encoding"] = coding
        del response.headers["Content-Length"]
        response.response = compressed(response.iter_encoded(), coding)
    return response


def _coding(response: Response) -> str:
    """Return the coding for an answer, which says that it depends on what the client takes."""
    small = not isinstance(response, Representation) and (response.content_length or SMALL) < SMALL
    if small or not is_worth_it(response.mimetype or ""):
        return ""
    response.vary.add("Accept-Encoding")
    return coding_for(request.headers.get("Accept-Encoding", ""))
