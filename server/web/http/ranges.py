"""Ranges of bytes: which part of an answer a request asks for (RFC 9110, section 14)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.http import parse_date

_RANGE: Final = re.compile(r"bytes=(?=.?\d)(\d{0,18})-(\d{0,18})", re.IGNORECASE)
"""One range of bytes (section 14.1.2)."""


class Part(NamedTuple):
    """Some bytes of an answer: from `start` up to `stop`, of `size` in all."""

    start: int
    stop: int
    size: int

    @property
    def length(self) -> int:
        """How many bytes they are."""
        return self.stop - self.start

    @property
    def content_range(self) -> str:
        """The header Content-Range (section 14.4)."""
        return f"bytes {self.start}-{self.stop - 1}/{self.size}"


def wanted_part(environ: Mapping[str, Any], size: int, etag: str, modified: datetime | None) -> Part | None:
    """Return the part that a request asks for; None where all is to be sent (section 14.2).

    That is so for other methods than GET, other units than bytes, several ranges, and where If-Range names another
    representation than that of this strong tag and date (section 13.1.5). Of what is shorter than the end that is asked
    for, that is all (section 14.1.2). Raises RequestedRangeNotSatisfiable for a range that begins behind the end.
    """
    asked = environ.get("HTTP_RANGE")
    if asked is None or environ["REQUEST_METHOD"] != "GET":
        return None
    found = _RANGE.fullmatch(asked)
    if found is None or not _is_of(environ.get("HTTP_IF_RANGE"), etag, modified):
        return None
    first, last = found.groups()
    if first and last and int(last) < int(first):
        return None
    start = int(first) if first else max(size - int(last), 0)
    stop = min(int(last) + 1, size) if first and last else size
    if start >= stop:
        raise RequestedRangeNotSatisfiable(size)
    return Part(start, stop, size)


def _is_of(condition: str | None, etag: str, modified: datetime | None) -> bool:
    """Tell whether an If-Range is not there, or names the very representation: a weak tag names none."""
    if condition is None or condition.strip() == f'"{etag}"':
        return True
    return modified is not None and parse_date(condition) == modified.replace(microsecond=0)
