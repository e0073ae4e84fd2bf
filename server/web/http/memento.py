"""Documents as they were: datetime negotiation and the links between versions (RFC 7089, Memento).

An entity is its own TimeGate (section 4.1.1, pattern 1.1): with `Accept-Datetime` it redirects to the version that held
then, whose address is that of the entity with `at=`, the revision with which it began.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final, TypeVar

from flask import Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from ...errors import QueryError
from ...records.history import Fate, Moment
from ...serialization import JSON, LINK_FORMAT
from .links import Link

T = TypeVar("T", bound=AnyResponse)

HEADER: Final = "Accept-Datetime"
MEMENTO: Final = "Memento-Datetime"
PARAMETER: Final = "at"
FOR_GOOD: Final = "public, max-age=31536000, immutable"
"""The Cache-Control of what never changes (RFC 8246)."""
_DATE: Final = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} "
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT"
)
_SHOWN: Final = 80


def accepted_datetime() -> datetime | None:
    """Return the time that the request asks for by `Accept-Datetime`, if it does.

    Answers 400 for what is no date of RFC 1123 in GMT (sections 2.1.1 and 4.5.3).
    """
    try:
        return read_datetime(request.headers.get(HEADER, ""))
    except QueryError as error:
        abort(400, error.message)


def read_datetime(text: str) -> datetime | None:
    """Return the time that a value of the header names; an empty one names none. Raises QueryError for no date."""
    if not text:
        return None
    found = None
    with suppress(ValueError):  # there may be no such day or hour
        found = parsedate_to_datetime(text.strip()) if _DATE.fullmatch(text.strip()) else None
    if found is None:
        raise QueryError(f"{HEADER} is {text[:_SHOWN]!r}, and not a date such as 'Fri, 20 Nov 2026 12:00:00 GMT'.")
    return found.astimezone(UTC)


def http_date(moment: datetime) -> str:
    """Return a moment as headers have it (RFC 9110, section 5.6.7)."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def say_when(response: Response, moment: datetime) -> None:
    """Say that an answer is a Memento (section 2.1.2)."""
    response.headers[MEMENTO] = http_date(moment)


def depends_on_time(response: T) -> T:
    """Say that at the address of an answer one may ask for another time (section 2.1.3, and 4.1.1 for originals)."""
    response.vary.add(HEADER)
    return response


def memento_path(path: str, revision: str) -> str:
    """Return the address of a version of an entity."""
    return f"{path}?{PARAMETER}={revision}"


def time_map_path(path: str) -> str:
    """Return the address of the list of the versions of an entity, for negotiation."""
    return f"/timemap{path}"


def original_links(path: str) -> list[Link]:
    """Return the links of an entity, and of all about it, to what has it at other times (section 2.2)."""
    return [
        # It is both; one relation would say less, and two links take more.
        Link(path, "original timegate"),
        *(
            Link(f"{time_map_path(path)}.{one.name}", "timemap", (("type", one.media_type),))
            for one in (LINK_FORMAT, JSON)
        ),
        # RFC 5829.
        Link(f"{path}/history", "version-history"),
    ]


def memento_links(path: str, moments: Sequence[Moment], at: int | None = None) -> list[Link]:
    """Return links to the first and the last version, and with the place of one, to those before and after it.

    Moments at which the entity went are no versions (section 2.2.4).
    """
    there = [place for place, moment in enumerate(moments) if moment.kind is not Fate.REMOVED]
    if not there:
        return []
    relations: dict[int, list[str]] = {}
    relations.setdefault(there[0], []).append("first")
    if at is not None:
        relations.setdefault(at, [])
        for relation, places in (
            ("prev", [place for place in there if place < at][-1:]),
            ("next", [place for place in there if place > at][:1]),
        ):
            for place in places:
                relations.setdefault(place, []).append(relation)
    relations.setdefault(there[-1], []).append("last")
    return [
        Link(
            memento_path(path, moments[place].commit.revision),
            " ".join([*names, "memento"]),
            (("datetime", http_date(moments[place].commit.at)),),
        )
        for place, names in sorted(relations.items())
    ]
