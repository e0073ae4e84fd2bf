"""Redirects (301) from almost right addresses to the canonical ones."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import quote

from flask import Response, current_app, redirect, request
from werkzeug.routing import MapAdapter

from ..current import current_release

_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9.]+)?")
UNESCAPED: Final = "/:@!$&'()*+,;=~"
"""The characters that need no escape in a path (RFC 3986, section 3.3)."""


def has_ids(first: str, classes: Collection[str]) -> bool:
    """Tell whether an id follows the first part of a path, or the prefix of a CURIE, in whatever case it is written."""
    return first.lower() == "edge" or first.lower() in classes


def tidied(path: str, classes: Collection[str]) -> str:
    """Return a path without double and trailing slashes, with ids as they are written: lower-case, with hyphens.

    `classes` are the names of the page classes.

    >>> tidied("//Concept/Alignment_Faking.ttl/", ["concept"])
    '/concept/alignment-faking.ttl'
    """
    parts = [part for part in path.split("/") if part]
    if parts and has_ids(parts[0], classes):
        parts[0] = parts[0].lower()
        if len(parts) == 2:
            slug = re.sub(r"[ _]", "-", parts[1].lower()) if parts[0] in classes else parts[1].lower()
            parts[1] = slug if _ID.fullmatch(slug) else parts[1]
    elif len(parts) == 1 and parts[0].isascii() and ":" not in parts[0]:
        parts = [parts[0].lower()]
    return "/" + "/".join(parts)


def redirect_to_tidied() -> Response | None:
    """Return a redirect to the tidied address of the present request, or None when there is nothing there."""
    path = tidied(request.path, current_release().namespaces.classes)
    if path == request.path or request.method not in {"GET", "HEAD"}:
        return None
    adapter: MapAdapter = current_app.create_url_adapter(request)  # type: ignore[assignment] # there is a request
    if not adapter.test(path):
        return None
    query = request.query_string.decode("ascii", "replace")
    location = quote(path, safe=UNESCAPED) + (f"?{query}" if query else "")
    response = redirect(location, 301, Response=Response)
    assert isinstance(response, Response)
    return response


def redirect_to_entity() -> Response | None:
    """Return a redirect (303) from the path of an entity's own IRI to its page, where these differ; else None.

    They do in a base in another form than ours: its IRIs are arbitrary, and its pages are at `/<class>/<slug>`.
    """
    release = current_release()
    if not release.info.is_lifted or request.method not in {"GET", "HEAD"}:
        return None
    name, dot, extension = request.path.rpartition(".")
    for path, rest in ((request.path, ""), (name, dot + extension)):
        found = release.path_of(release.namespaces.base + path[1:]) if path else path
        if found != path:
            response = redirect(quote(found + rest, safe=UNESCAPED), 303, Response=Response)
            assert isinstance(response, Response)
            return response
    return None
