"""Which addresses of the site become files, what the files are called, and which need a server.

An address is one of the site at the root of its host, escaped, without a fragment: `/concept/x.ttl`. The only query
that it may have is that of a further page, `?page=2`, which goes into the name of the file: `concept.page-2.html`.
"""

from __future__ import annotations

import mimetypes
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from posixpath import relpath
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urljoin, urlsplit

from ...serialization import HTML, LINKSET, RAW_CSV, REFERENCE_FORMATS, document_formats
from ..http.redirects import UNESCAPED

HOME: Final = "index.html"
SEARCH: Final = "/search"
SPARQL: Final = "/sparql"
IN_BROWSER: Final = {SEARCH: frozenset({"q", "class", "status", "page"}), SPARQL: frozenset({"query"})}
"""The pages that answer in the browser, and the parameters that they read there."""

_WITH_SERVER: Final = re.compile(
    r"/(?:search[./].*|sparql/.*|path|explain|explore|resolve|reconcile|graph-store|random|propose|proposal/.*|review/proposals"
    r"|review/accepted|releases/.*|llms-full|mcp|oembed|healthz|readyz|metrics|[^/]+/[^/]+/correct)"
    r"(?:[./].*)?"
)
"""The paths whose answers depend on what is asked, or on the process that answers."""
_NARROWING: Final = frozenset(
    [
        *("class", "status", "kind", "predicate", "direction", "since", "until", "sort", "name", "signal", "state"),
        *("author", "topic", "organization", "venue", "year", "evidence", "columns", "size", "page"),
    ]
)
"""The parameters that choose from a list, or order it: without them the list has what they leave, and more."""
_PAGE: Final = re.compile(r"page=([1-9][0-9]{0,6})")
_BEYOND: Final = frozenset({"", ".", ".."})
_LONGEST: Final = 200
"""Bytes of a name of a file; most file systems take 255."""


@dataclass(frozen=True)
class Place:
    """Where a link of the site leads."""

    address: str
    """The address, as it is fetched; empty for what only a server could answer."""
    query: str = ""
    """What the link has behind the address all the same: a question for the browser, or the version of a file."""
    fragment: str = ""


@lru_cache(maxsize=1 << 16)
def place_of(link: str, at: str, site: str) -> Place | None:
    """Return where a link leads that stands in the document at an address of a site; None where that is elsewhere.

    A link to a selection leads to all from which it is made.

    `site` is the address of the site with a slash at its end; local links have its path before them.
    """
    try:
        parts = urlsplit(urljoin(site + at.removeprefix("/"), link.strip()))
        home = urlsplit(site)
    except ValueError:
        return None
    if (parts.scheme, parts.netloc) != (home.scheme, home.netloc) or not parts.path.startswith(home.path):
        return None
    path = quote(unquote(parts.path[len(home.path) - 1 :]), safe=UNESCAPED)
    if path in IN_BROWSER:
        names = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
        return Place(path, parts.query if names <= IN_BROWSER[path] else "", parts.fragment)
    if path.startswith("/static/"):
        return Place(path, parts.query)
    if not parts.query or _PAGE.fullmatch(parts.query):
        return Place(path + (f"?{parts.query}" if parts.query not in {"", "page=1"} else ""), "", parts.fragment)
    names = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    # A selection is a part of the whole list; what else is asked for is not there.
    return Place(path if names <= _NARROWING else "")


def needs_server(address: str) -> bool:
    """Tell whether an address can only be answered by a server."""
    path = address.partition("?")[0]
    return path not in IN_BROWSER and _WITH_SERVER.fullmatch(path) is not None


def file_of(address: str, content_type: str) -> str | None:
    """Return the path of the file for what is at an address; None where no file can be called so.

    >>> file_of("/concept?page=2", "text/html"), file_of("/concept/x.ttl", "text/turtle"), file_of("/", "text/html")
    ('concept.page-2.html', 'concept/x.ttl', 'index.html')
    """
    path, _, query = address.partition("?")
    name = unquote(path.removeprefix("/")) or HOME
    extension = extension_of(name, content_type)
    stem = name.removesuffix(extension)
    if query:
        stem = f"{stem}.{query.replace('=', '-')}"
    segments = (stem + extension).split("/")
    if any(one in _BEYOND or len(one.encode()) > _LONGEST or "\\" in one or "\0" in one for one in segments):
        return None
    return "/".join(segments)


def extension_of(name: str, content_type: str) -> str:
    """Return the extension that a file has, or gets so that a host knows its type by it."""
    media_type = content_type.partition(";")[0]
    if media_type == HTML.media_type:
        return f".{HTML.name}"
    formats = (*document_formats(), *REFERENCE_FORMATS, RAW_CSV, LINKSET)
    own = max((f".{one.name}" for one in formats if name.endswith(f".{one.name}")), key=len, default="")
    added = next((f".{one.name}" for one in formats if one.media_type == media_type), "")
    return own or PurePosixPath(name).suffix or added or mimetypes.guess_extension(media_type) or ""


def leading_to(file: str, source: str, query: str = "", fragment: str = "") -> str:
    """Return the relative link to a file from the file `source`.

    >>> leading_to("concept/x.html", "paper/y.html", fragment="edges"), leading_to("index.html", "index.html")
    ('../concept/x.html#edges', 'index.html')
    """
    folder = source.rpartition("/")[0]
    path = quote(relpath(file, folder or "."), safe=UNESCAPED)
    # A colon in the first segment would be read as that of a scheme (RFC 3986, section 4.2), a semicolon at its start
    # by some as parameters of the page itself (RFC 1808, section 2.1).
    path = f"./{path}" if ":" in path.partition("/")[0] or path.startswith(";") else path
    return path + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
