"""Answers over a state of the past: which is wanted, and what an answer says of its state (Memento, RFC 7089).

The address of a query is its own TimeGate, which answers with the memento itself (section 4.1.2); the same address with
`at=` and a whole revision is that of a memento, which never changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from ...records.moments import BaseMoment
from ...records.releases import ReleaseInfo
from ..http.memento import MEMENTO, PARAMETER, http_date, read_datetime
from ..open_release import OpenRelease
from ..past import Past
from .protocol import QueryRequest

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

ACCEPT_DATETIME: Final = "HTTP_ACCEPT_DATETIME"
STATE: Final = "Akb-State"
"""The header with the hash of the state over which an answer is."""
_LONGEST: Final = 2_000
"""Characters of a query that is repeated in links."""


def wanted_moment(past: Past, current: OpenRelease, at: str, environ: WSGIEnvironment) -> BaseMoment:
    """Return the moment that `at=` names, else the one that the header Accept-Datetime wants (section 2.1.1).

    Raises QueryError for what names none, and NotFoundError where there is no such moment.
    """
    when = None if at else read_datetime(environ[ACCEPT_DATETIME])
    return past.moment_at(current, when) if when else past.moment(current, at)


def headers_of_state(
    info: ReleaseInfo, moment: BaseMoment | None, asked: QueryRequest, environ: WSGIEnvironment, prefix: str = ""
) -> list[tuple[str, str]]:
    """Return what an answer says of its state: its hash, and when a moment was asked for, which it is."""
    headers = [(STATE, info.state)] if info.state else []
    if moment is None:
        return headers
    headers.append((MEMENTO, http_date(moment.at)))
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
    memento = f"{path}?{urlencode([('query', asked.query), *chosen, (PARAMETER, moment.key)])}"
    # Sections 2.2.1 and 2.2.4.
    links = f'<{original}>; rel="original timegate", <{memento}>; rel="memento"; datetime="{http_date(moment.at)}"'
    headers.append(("Link", links))
    if asked.at != moment.key:
        headers.append(("Content-Location", memento))
    return headers
