"""What `explain=` answers: what the parts of a query find, how long it takes, and why it finds nothing."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, Final

from ...errors import QueryError
from ...knowledge.empty_answers import why_empty
from ...knowledge.query_data import Data
from ...knowledge.query_plans import plan_of
from ...records.empty_answers import Emptied
from ...sparql.explaining import explain
from ...sparql.guards import READ_AT_ONCE, calls_service
from ...sparql.solutions import Solutions, read_solutions
from ...store.answers import PAGE as EXCERPT
from ...store.answers import is_nothing
from ...store.jobs import Job
from ..open_release import OpenRelease
from .evaluating import without_calls
from .hints import hints_of, names_in_use
from .protocol import QueryRequest

SECONDS: Final = 3.0
"""How long all questions together may take that find out why."""
_FORMATS: Final[Mapping[str, str]] = {"solutions": "json", "boolean": EXCERPT, "triples": EXCERPT}


def explained(release: OpenRelease, asked: QueryRequest, base: str) -> dict[str, Any]:
    """Return what is known of a query, which is run: its plan, its time, and why it finds nothing where it does.

    Raises what the endpoint raises for a query that cannot be run.
    """
    release.queries.limits.refuse_long(asked.query)
    if len(asked.query) > READ_AT_ONCE:
        raise QueryError(f"explain= takes queries of up to {READ_AT_ONCE:,} characters.", "ask without it.")
    # A worker that has still to start is no part of the time that the query takes.
    release.queries.check()
    started = time.perf_counter()
    deadline = time.monotonic() + release.queries.limits.seconds_for(asked.seconds)
    query, notes, peers = asked.query, tuple[str, ...](), tuple[str, ...]()
    try:
        if calls_service(query):
            federated = without_calls(release, asked, base, deadline)
            query, notes, peers = federated.query, federated.notes, federated.called
        called = time.perf_counter()
        graphs = asked.default_graphs, asked.named_graphs
        # Of a long answer only its size is wanted.
        job = Job(query, _FORMATS, base, *graphs, deadline - time.monotonic(), keeps=False)
        outcome = release.queries.run(job)
    except QueryError as error:
        raise explain(error, asked.query, release.namespaces) from error
    ran = time.perf_counter()
    body = outcome.body
    is_empty = body is not None and is_nothing(outcome.format_name, body)
    data = _data(release, asked, base)
    plan = plan_of(query, base, data, tuple(f"SERVICE: {name}" for name in peers))
    emptied = _why(release, asked, query, base) if is_empty else None
    return {
        "query": asked.query,
        "kind": outcome.kind,
        "bytes": outcome.size,
        "empty": is_empty,
        "milliseconds": {"calls": _milliseconds(called - started), "query": _milliseconds(ran - called)},
        "in_this_process": release.queries.is_quick(query, *graphs),
        "plan": asdict(plan),
        "why_empty": None if emptied is None else asdict(emptied),
        "hints": [*notes, *hints_of(asked.query, release, is_empty=is_empty, calls_peers=bool(peers))],
    }


def why_nothing(release: OpenRelease, asked: QueryRequest, base: str) -> Emptied | None:
    """Return why a query that ran found nothing; None where that cannot be told."""
    if len(asked.query) > READ_AT_ONCE:
        return None
    query = asked.query
    try:
        if calls_service(query):
            query = without_calls(release, asked, base, time.monotonic() + SECONDS).query
    except QueryError:
        return None
    return _why(release, asked, query, base)


def _why(release: OpenRelease, asked: QueryRequest, query: str, base: str) -> Emptied | None:
    data = _data(release, asked, base)

    def expand(changed: str) -> str:
        deadline = data.started + data.seconds
        one = replace(asked, query=changed)
        return without_calls(release, one, base, deadline).query if calls_service(changed) else changed

    return why_empty(query, asked.query, base, data, expand)


def _data(release: OpenRelease, asked: QueryRequest, base: str) -> Data:
    """Return the data of a release as the author of a query may ask about them, under the limits of all queries."""
    # A worker that has still to start takes none of the time.
    release.queries.check()
    deadline = time.monotonic() + SECONDS

    def ask(query: str) -> Solutions:
        left = deadline - time.monotonic()
        job = Job(query, {"solutions": "json"}, base, asked.default_graphs, asked.named_graphs, left)
        return read_solutions(b"".join(release.queries.run(job).chunks()))

    classes, predicates = names_in_use(release)
    pages = [term.curie for term in release.schema.page_classes]
    return Data(ask, release.namespaces, release.finder, classes, predicates, pages, SECONDS)


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 1)
