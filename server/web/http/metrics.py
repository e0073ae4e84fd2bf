"""What the server counts of itself, in the text format of Prometheus.

Several workers count together: see `counted.py`.
"""

from __future__ import annotations

import itertools
import math
from bisect import bisect_left
from collections.abc import Iterable
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from ...errors import (
    BusyError,
    ForbiddenQueryError,
    MemoryLimitError,
    NotAcceptableError,
    PeerBusyError,
    PeerError,
    PeerTimeoutError,
    QueryError,
    RemoteError,
    TimeLimitError,
)
from ...federation.peers import Peers
from ...records.releases import ReleaseInfo
from .counted import Added, Counted, Series

_METHODS: Final = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_OUTCOMES: Final = (
    (PeerTimeoutError, "peer_timeout"),
    (PeerBusyError, "peer_busy"),
    (PeerError, "peer"),
    (ForbiddenQueryError, "forbidden"),
    (NotAcceptableError, "not_acceptable"),
    (QueryError, "malformed"),
    (TimeLimitError, "timeout"),
    (MemoryLimitError, "memory"),
    (BusyError, "busy"),
    (RemoteError, "store"),
    (Exception, "error"),
)
"""How a query may end; the first that fits counts."""

_COUNTERS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "akb_requests": ("Requests that were answered", ("method", "route", "status")),
    "akb_kept_answers": ("Answers to GET and HEAD, by whether they came from the cache", ("kept",)),
    "akb_queries": ("SPARQL queries, by how they ended", ("outcome",)),
    "akb_worker_starts": ("Web workers that were started", ()),
    "akb_worker_ready": ("Web workers that became ready", ()),
    "akb_worker_deaths": ("Web workers that ended by themselves", ()),
    "akb_peer_calls": ("Requests to peers, by how they ended", ("peer", "outcome")),
}
_HISTOGRAMS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "akb_request_seconds": ("Seconds from request to answer", ("route",)),
    "akb_query_seconds": ("Seconds that a SPARQL query took", ()),
}
_SIZE: Final = len(_SECONDS) + 2
"""The numbers of a histogram: how many took at most so many seconds, how many longer, and the seconds of all."""

_ONE: Final = ((0, 1),)
_KEPT, _NOT_KEPT = ("akb_kept_answers", "yes"), ("akb_kept_answers", "no")
_WORKERS: Final = {f"akb_worker_{what}": what for what in ("starts", "ready", "deaths")}

_COUNTED: Final = Counted()


def count_request(method: str, route: str, status: str, seconds: float, *, cached: bool) -> None:
    """Count a request that was answered."""
    # A client can make up methods, and each would be a series of its own.
    method = method if method in _METHODS else "other"
    added = (("akb_requests", method, route, status), 1, _ONE), _times("akb_request_seconds", route, seconds=seconds)
    if method in {"GET", "HEAD"}:
        _COUNTED.add(*added, (_KEPT if cached else _NOT_KEPT, 1, _ONE))
    else:
        _COUNTED.add(*added)


def count_worker(what: str, counted: Counted = _COUNTED) -> None:
    """Count that a web worker was started, is ready, or ended by itself: `starts`, `ready`, `deaths`."""
    counted.add(((f"akb_worker_{what}",), 1, _ONE))


def workers(counted: Counted = _COUNTED) -> dict[str, int]:
    """Return how often each of these happened; nothing where nobody looks after the workers."""
    found: dict[str, int] = {}
    for (name, *_), numbers in counted.all():
        if name in _WORKERS:
            found[_WORKERS[name]] = found.get(_WORKERS[name], 0) + int(numbers[0])
    return found


def count_peer_call(peer: str, outcome: str) -> None:
    """Count a request to a peer."""
    _COUNTED.add((("akb_peer_calls", peer, outcome), 1, _ONE))


def count_query(failure: BaseException | None, seconds: float) -> None:
    """Count a query that was run, by what ended it, and how long it took."""
    outcome = "ok"
    if failure is not None:
        outcome = next((name for kind, name in _OUTCOMES if isinstance(failure, kind)), "error")
    _COUNTED.add((("akb_queries", outcome), 1, _ONE), _times("akb_query_seconds", seconds=seconds))


def _times(*series: str, seconds: float) -> Added:
    return series, _SIZE, ((bisect_left(_SECONDS, seconds), 1), (_SIZE - 1, seconds))


def exposition(info: ReleaseInfo | None, peers: Peers) -> bytes:
    """Return all that was counted, by all workers, and what the release is."""
    registry = CollectorRegistry()
    registry.register(_Counts())
    if info is not None:
        registry.register(_Release(info, peers))
    return generate_latest(registry)


class _Counts(Collector):
    """What all workers have counted together."""

    def collect(self) -> Iterable[Metric]:
        sums: dict[Series, list[float]] = {}
        for series, numbers in _COUNTED.all():
            before = sums.get(series)
            sums[series] = [a + b for a, b in zip(before, numbers, strict=True)] if before else numbers
        counters = {name: CounterMetricFamily(name, text, labels=labels) for name, (text, labels) in _COUNTERS.items()}
        histograms = {
            name: HistogramMetricFamily(name, text, labels=labels) for name, (text, labels) in _HISTOGRAMS.items()
        }
        for (name, *labels), numbers in sums.items():
            if name in counters:
                counters[name].add_metric(labels, numbers[0])
            else:
                *each, seconds = numbers
                bounds = map(floatToGoString, (*_SECONDS, math.inf))
                buckets = list(zip(bounds, itertools.accumulate(each), strict=True))
                histograms[name].add_metric(labels, buckets, seconds)
        return [*counters.values(), *histograms.values()]


class _Release(Collector):
    """What the release is, and who its peers are: not counted, but looked up when somebody asks."""

    def __init__(self, info: ReleaseInfo, peers: Peers) -> None:
        self._info, self._peers = info, peers

    def collect(self) -> Iterable[Metric]:
        info = self._info
        about = GaugeMetricFamily("akb_release_info", "The release that is served", labels=("release", "built"))
        about.add_metric((info.name, info.built), 1)
        yield about
        entities = GaugeMetricFamily("akb_release_entities", "Entities in use, by class", labels=("class",))
        for name, count in info.entities.items():
            entities.add_metric((name,), count)
        yield entities
        yield GaugeMetricFamily("akb_release_edges", "Edges in use", value=info.edges)
        triples = info.asserted + info.inferred + info.ontology
        yield GaugeMetricFamily("akb_release_triples", "Triples, the statistics left out", value=triples)
        yield GaugeMetricFamily("akb_peers", "Peers that a query may call", value=len(self._peers.enabled))
