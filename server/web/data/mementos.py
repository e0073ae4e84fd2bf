"""Answers over a state of the past: which is wanted, and what an answer says of its state (Memento, RFC 7089).

The address of a query is its own TimeGate, which answers with the memento itself (section 4.1.2); the same address with
`at=` and a whole revision is that of a memento, which never changes.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from werkzeug.http import http_date, parse_date

from ...errors import QueryError
from ...records.moments import Moment
from ...records.releases import ReleaseInfo
from ..current import OpenRelease
from ..past import Past
from .protocol import QueryRequest

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

ACCEPT_DATETIME: Final = "HTTP_ACCEPT_DATETIME"
STATE: Final = "Akb-State"
"""The header with the hash of the state over which an answer is."""
IMMUTABLE: Final = "public, max-age=31536000, immutable"
"""How long caches may use what never changes (RFC 8246)."""
_LONGEST: Final = 2_000
"""Characters of a query that is repeated in links."""


def wanted_moment(past: Past, current: OpenRelease, at: str, environ: WSGIEnvironment) -> Moment:
    """Return the moment that `at=` names, else the one that the header Accept-Datetime wants (section 2.1.1).

    Raises QueryError for what names none, and NotFoundError where there is no such moment.
    """
    if at:
        return past.moment(current, at)
    return past.moment_at(current, _date(environ[ACCEPT_DATETIME]))


def headers_of_state(
    info: ReleaseInfo, moment: Moment | None, asked: QueryRequest, environ: WSGIEnvironment, prefix: str = ""
) -> list[tuple[str, str]]:
    """Return what an answer says of its state: its hash, and when a moment was asked for, which it is."""
    headers = [(STATE, info.state)] if info.state else []
    if moment is None:
        return headers
    headers.append(("Memento-Datetime", http_date(moment.at)))
    if environ["REQUEST_METHOD"] == "POST" or len(asked.query) > _LONGEST:
        return headers
    # What chooses the dataset and the format is a part of both addresses.
    chosen = [
        *(("default-graph-uri", graph) for graph in asked.default_graphs),
        *(("named-graph-uri", graph) for graph in asked.named_graphs),
        *([("format", asked.format_name)] if asked.format_name else []),
    ]
    path = f"{prefix}/sparql"
    original = f"{path}?{urlencode([('query', asked.query), *chosen])}"
    memento = f"{path}?{urlencode([('query', asked.query), *chosen, ('at', moment.key)])}"
    # Sections 2.2.1 and 2.2.4.
    links = f'<{original}>; rel="original timegate", <{memento}>; rel="memento"; datetime="{http_date(moment.at)}"'
    headers.append(("Link", links))
    if asked.at != moment.key:
        headers.append(("Content-Location", memento))
    return headers


def _date(text: str) -> datetime:
    """Return the date of a header (RFC 9110, section 5.6.7). Raises QueryError where it is none (RFC 7089, 4.5.3)."""
    found = parse_date(text)
    if found is None:
        raise QueryError(
            f"Accept-Datetime is {text[:80]!r}, which is no date of HTTP.",
            "send one such as Thu, 20 Nov 2026 12:00:00 GMT.",
        )
    return found
