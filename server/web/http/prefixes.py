"""The prefix under which the site is, such as `/kb`: it comes off the path of a request and before each local address.

Within the application every address is that of a site at the root of its host. So what is made of a release and cached
is the same wherever the site is, and one place, this, writes the prefix: into the headers, and into the attributes,
Markdown and style sheets by which documents lead on. JSON has local addresses as values, which ask for `public`; what
needs whole addresses takes them from `origins.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_to_bytes

from flask import Response, has_request_context, request
from werkzeug.http import parse_list_header

from ...settings import Settings, as_prefix

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEADER: Final = "X-Forwarded-Prefix"
_VARIABLE: Final = "HTTP_X_FORWARDED_PREFIX"
_KEY: Final = "akb.prefix"
"""The key in the WSGI environment; it is not there where the site is at the root."""

_LONGEST: Final = 1000
"""Characters of a header that is read."""
_LOCAL: Final = rb"/(?![/\\])"
_MARKUP: Final = re.compile(
    rb"(<(?:script|style)\b[^>]*>)(?s:.*?)(?=</(?:script|style)\b)"
    rb"""|(\s(?:(?:xlink:)?href|src|action|formaction|poster)\s*=\s*["'])""" + _LOCAL,
    re.IGNORECASE,
)
"""A script or a style sheet, which is passed over, or the beginning of an attribute with a local address.

Templates escape what they are given, so that no text has quotes in which such an attribute could seem to be.
"""
_STYLE: Final = re.compile(rb"""(url\(\s*["']?|@import\s+["'])""" + _LOCAL, re.IGNORECASE)
_MARKDOWN: Final = re.compile(rb"(?<!\\)(\]\()" + _LOCAL)
"""The beginning of the address of a link (CommonMark, section 6.3); texts have a backslash before each bracket."""
_PATTERNS: Final = {
    "text/html": _MARKUP,
    "application/xhtml+xml": _MARKUP,
    "image/svg+xml": _MARKUP,
    "text/css": _STYLE,
    "text/markdown": _MARKDOWN,
}
_LINK: Final = re.compile(r"""(<|;\s*anchor=")/(?!/)""")
"""A local address in a Link header: a target or an anchor (RFC 8288, section 3)."""


class UnderPrefix:
    """A WSGI application that answers with another one for a site under a prefix.

    The path of a request may have the prefix or not: some proxies take it off, others leave it.
    """

    def __init__(self, application: WSGIApplication, settings: Settings, *, proxies: int = 0) -> None:
        """Take the first prefix of the settings; or what the last `proxies` values of X-Forwarded-Prefix say.

        Where the settings name prefixes, the header chooses among these.
        """
        self._application = application
        self._known = settings.prefixes
        self._proxies = proxies
        self._is_stripped = settings.proxy_strips

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        prefix = self._forwarded(environ.get(_VARIABLE, "")) if self._proxies else ""
        if self._known and prefix not in self._known[1:]:
            prefix = self._known[0]
        if prefix:
            environ[_KEY] = prefix
            if not self._is_stripped:
                environ["PATH_INFO"] = without_prefix(environ["PATH_INFO"], prefix)
        return self._application(environ, start_response)

    def _forwarded(self, header: str) -> str:
        # A longer one is no path, and would fill the memory of what was read before.
        return _forwarded(header, self._proxies) if header and len(header) <= _LONGEST else ""


def without_prefix(path: str, prefix: str) -> str:
    """Return a path (as PEP 3333 has it) within the site.

    >>> without_prefix("/kb/concept/x", "/kb"), without_prefix("/kb", "/kb"), without_prefix("/kbx", "/kb")
    ('/concept/x', '/', '/kbx')
    """
    decoded = _decoded(prefix)
    if path == decoded:
        return "/"
    return path[len(decoded) :] if path.startswith(f"{decoded}/") else path


@lru_cache(maxsize=256)
def _decoded(prefix: str) -> str:
    return unquote_to_bytes(prefix).decode("latin-1")


def prefix_of(environ: Mapping[str, Any]) -> str:
    """Return the prefix of a request, without a slash at its end; an empty string for the root."""
    prefix: str = environ.get(_KEY, "")
    return prefix


def current_prefix() -> str:
    """Return the prefix of the present request; an empty string for the root, and where there is no request."""
    return prefix_of(request.environ) if has_request_context() else ""


def public(address: str) -> str:
    """Return an address as a client of the present request writes it; one that is not local stays as it is."""
    return current_prefix() + address if is_local(address) else address


def is_local(address: str) -> bool:
    """Tell whether an address is a path on the host on which the site is."""
    return address.startswith("/") and not address.startswith(("//", "/\\"))


def depends_on_header(settings: Settings) -> bool:
    """Tell whether the prefix is what X-Forwarded-Prefix says.

    Anyone may send it, and not every proxy writes it. Where the settings name addresses of the site, no other counts.
    """
    is_open = len(settings.prefixes) > 1 or not (settings.prefixes or settings.origins)
    return is_open and bool(settings.proxies) and settings.proxy_headers == "x-forwarded"


def prefixed(content: bytes, media_type: str, prefix: str) -> bytes:
    """Return a document with a prefix before the local addresses to which it leads."""
    pattern = _PATTERNS.get(media_type)
    if not prefix or pattern is None:
        return content
    before = prefix.encode("ascii")

    def with_prefix(found: re.Match[bytes]) -> bytes:
        if found.lastindex == 1 and pattern is _MARKUP:
            tag = found[1]
            return _MARKUP.sub(with_prefix, tag[1:]).join((b"<", found[0][len(tag) :]))
        return found[found.lastindex or 0] + before + b"/"

    return pattern.sub(with_prefix, content)


def put_before_headers(response: Response) -> None:
    """Put the prefix of the present request before the local addresses in the headers of an answer."""
    prefix = current_prefix()
    if not prefix:
        return
    for name in ("Location", "Content-Location"):
        if (value := response.headers.get(name)) and is_local(value):
            response.headers[name] = prefix + value
    if links := response.headers.get("Link"):
        response.headers["Link"] = _LINK.sub(rf"\1{prefix}/", links)


# Proxies send few different headers.
@lru_cache(maxsize=256)
def _forwarded(header: str, proxies: int) -> str:
    """Return what trusted proxies took off the path, the outermost first; nothing where that is no path."""
    said = [as_prefix(value) for value in parse_list_header(header)[-proxies:]]
    return "" if None in said else "".join(filter(None, said))
