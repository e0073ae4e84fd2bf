"""Conditional requests: whether what a client has is still good (RFC 9110, section 13)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from werkzeug.http import parse_date, parse_etags


def verdict(environ: Mapping[str, Any], etag: str, modified: datetime | None) -> int:
    """Return the status for a GET or HEAD of what has this strong ETag: 200, 304 or 412 (section 13.2.2).

    `etag` is without its quotes; `modified` is None where nobody knows.
    """
    # 13.2.2, steps 1 and 2: by the tag, and only without one by the date.
    if (if_match := environ.get("HTTP_IF_MATCH")) is not None:
        if not parse_etags(if_match).contains(etag):
            return 412
    elif modified is not None and (since := _date(environ, "HTTP_IF_UNMODIFIED_SINCE")) and modified > since:
        return 412
    # Steps 3 and 4: likewise.
    if (if_none_match := environ.get("HTTP_IF_NONE_MATCH")) is not None:
        same = if_none_match == f'"{etag}"' or parse_etags(if_none_match).contains_weak(etag)
        return 304 if same else 200
    if modified is not None and (since := _date(environ, "HTTP_IF_MODIFIED_SINCE")) and modified <= since:
        return 304
    return 200


def _date(environ: Mapping[str, Any], name: str) -> datetime | None:
    """Return the date in a header; what is no date counts for nothing (sections 13.1.3 and 13.1.4)."""
    text = environ.get(name)
    return parse_date(text) if text else None
