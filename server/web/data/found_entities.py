"""The entities that a query of anyone finds, under the limits of public queries."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

from flask import abort

from ...errors import NotAcceptableError, QueryError
from ...records.sentences import sentence
from ...serialization import RESULTS_TSV
from ...sparql.explaining import explain
from ...store.jobs import Job, Outcome
from ..http.metrics import count_query
from ..open_release import OpenRelease

MOST: Final = 5_000
"""Entities of one query."""


def found_entities(release: OpenRelease, query: str) -> frozenset[str]:
    """Return the IRIs that the first variable of a SELECT has; 400 for what is none, and for too many of them."""
    return release.once(("entities of", query), lambda: _found(release, query))


def _found(release: OpenRelease, query: str) -> frozenset[str]:
    found: set[str] = set()
    for row in _rows(_answer(release, query)):
        # An IRI has neither a tab nor a line break in it (SPARQL 1.1 Query Results CSV and TSV Formats, section 4).
        term = row.partition(b"\t")[0].rstrip(b"\r\n")
        if term.startswith(b"<"):
            found.add(term[1:-1].decode())
        if len(found) > MOST:
            abort(
                400,
                sentence(
                    "The query finds more than %(most)s entities; a feed is of fewer: narrow it.", most=f"{MOST:,}"
                ),
            )
    return frozenset(found)


def _answer(release: OpenRelease, query: str) -> Outcome:
    started = time.perf_counter()
    failure: BaseException | None = None
    try:
        release.queries.limits.refuse_long(query)
        return release.queries.run(Job(query, {"solutions": RESULTS_TSV.name}, f"{release.namespaces.base}sparql"))
    except NotAcceptableError as error:
        failure = error
        abort(
            400,
            sentence(
                "A feed is of the entities that the first variable of a SELECT has; this is another kind of query."
            ),
        )
    except QueryError as error:
        failure = error
        raise explain(error, query, release.namespaces) from error
    except BaseException as error:
        failure = error
        raise
    finally:
        count_query(failure, time.perf_counter() - started)


def _rows(outcome: Outcome) -> Iterator[bytes]:
    """Yield the rows of an answer without its header, as they come."""
    rest, is_header = b"", True
    for chunk in outcome.chunks():
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines[is_header:]
        is_header = is_header and not lines
    if not is_header:
        yield rest
