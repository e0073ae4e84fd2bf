"""Runs the queries of strangers over a release: bounded, and with what peers and hints have to do with them."""

from __future__ import annotations

import json
import time
from typing import Any, Final

from ...errors import QueryError
from ...federation.federate import Federated
from ...namespaces import NOWHERE
from ...serialization import HTML, Format
from ...sparql.explaining import explain
from ...sparql.guards import READ_AT_ONCE, calls_service, is_repeatable
from ...store.answers import LONG_PAGE, is_nothing
from ...store.begun import Begun
from ...store.jobs import Job, Outcome
from ..http.metrics import count_query
from ..open_release import OpenRelease
from .answer_formats import Chosen, names_of
from .hints import hints_of
from .protocol import PATH, QueryRequest

_LONG: Final = Format(LONG_PAGE, "an excerpt", ("application/json",))


def evaluate(
    release: OpenRelease,
    asked: QueryRequest,
    formats: Chosen,
    base: str,
    *,
    keeps: bool,
    begun: Begun | None = None,
) -> tuple[Outcome, tuple[str, ...], bool]:
    """Run a query; return its answer, what its author should know, and whether it would be the same another time.

    One that was `begun` calls no peers.
    """
    started = time.perf_counter() - (begun.seconds if begun else 0.0)
    notes: tuple[str, ...] = ()
    peers: tuple[str, ...] = ()
    query, seconds = asked.query, asked.seconds
    failure: BaseException | None = None
    try:
        if begun is None:
            release.queries.limits.refuse_long(query)
        # The worker refuses calls in a longer one.
        if begun is None and len(query) <= READ_AT_ONCE and calls_service(query):
            deadline = time.monotonic() + release.queries.limits.seconds_for(seconds)
            federated = without_calls(release, asked, base, deadline)
            query, notes, peers = federated.query, federated.notes, federated.called
            # What peers took is gone.
            seconds = deadline - time.monotonic()
        job = Job(query, names_of(formats), base, asked.default_graphs, asked.named_graphs, seconds, keeps)
        outcome = release.queries.run(job) if begun is None else begun.finish()
    except QueryError as error:
        failure = error
        raise explain(error, asked.query, release.namespaces) from error
    except BaseException as error:
        failure = error
        raise
    finally:
        count_query(failure, time.perf_counter() - started)
    is_empty = outcome.body is not None and is_nothing(outcome.format_name, outcome.body)
    hints = (*notes, *hints_of(asked.query, release, is_empty=is_empty, calls_peers=bool(peers)))
    # A search of ours finds the same each time.
    return outcome, hints, not peers and is_repeatable(query)


def without_calls(release: OpenRelease, asked: QueryRequest, base: str, deadline: float) -> Federated:
    """Return the query with its calls to peers answered; what they need of our own data is asked as any query is."""

    def local(query: str, seconds: float, *, empty: bool = False) -> bytes:
        graphs = ((NOWHERE,), ()) if empty else (asked.default_graphs, asked.named_graphs)
        job = Job(query, {"solutions": "json", "boolean": "json", "triples": "nt"}, base, *graphs, seconds)
        return b"".join(release.queries.run(job).chunks())

    return release.federation.expand(asked.query, local, base=base, seconds=deadline - time.monotonic())


def excerpt_of(release: OpenRelease, query: str, *, is_long: bool = False) -> dict[str, Any]:
    """Return the first rows of the answer to a SELECT, with labels: see `store/answers.py`.

    It is bounded and may call peers, as any query from outside. Raises QueryError and LimitError as that does.
    """
    base = f"{release.namespaces.base}{PATH[1:]}"
    chosen = (("solutions", _LONG if is_long else HTML),)
    outcome, _, _ = evaluate(release, QueryRequest(query, (), (), "", None), chosen, base, keeps=True)
    found: dict[str, Any] = json.loads(outcome.text())
    return found
