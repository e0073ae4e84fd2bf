"""What the server counts of itself, in the text format of Prometheus.

Several workers count together: they share a folder, which `PROMETHEUS_MULTIPROC_DIR` names when they start.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, TypeVar

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from ..errors import (
    BusyError,
    ForbiddenQueryError,
    MemoryLimitError,
    NotAcceptableError,
    PeerError,
    PeerTimeoutError,
    QueryError,
    RemoteError,
    TimeLimitError,
)
from ..federation.peers import Peers
from ..records.releases import ReleaseInfo

M = TypeVar("M", Counter, Histogram)

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
_METHODS: Final = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_OUTCOMES: Final = (
    (PeerTimeoutError, "peer_timeout"),
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

# Nobody asks for the moment at which each series was begun, which would be as many lines again.
disable_created_metrics()  # type: ignore[no-untyped-call] # it has no types

_REGISTRY: Final = CollectorRegistry()
_REQUESTS: Final = Counter(
    "akb_requests", "Requests that were answered", ("method", "route", "status"), registry=_REGISTRY
)
_REQUEST_SECONDS: Final = Histogram(
    "akb_request_seconds", "Seconds from request to answer", ("route",), buckets=_SECONDS, registry=_REGISTRY
)
_KEPT: Final = Counter(
    "akb_kept_answers", "Answers to GET and HEAD, by whether they were kept from before", ("kept",), registry=_REGISTRY
)
_QUERIES: Final = Counter("akb_queries", "SPARQL queries, by how they ended", ("outcome",), registry=_REGISTRY)
_QUERY_SECONDS: Final = Histogram(
    "akb_query_seconds", "Seconds that a SPARQL query took", buckets=_SECONDS, registry=_REGISTRY
)
_PEER_CALLS: Final = Counter(
    "akb_peer_calls", "Requests to peers, by how they ended", ("peer", "outcome"), registry=_REGISTRY
)


def count_request(method: str, route: str, status: str, seconds: float, *, kept: bool) -> None:
    """Count a request that was answered."""
    # A client can make up methods, and each would be a series of its own.
    method = method if method in _METHODS else "other"
    _labelled(_REQUESTS, method, route, status).inc()
    _labelled(_REQUEST_SECONDS, route).observe(seconds)
    if method in {"GET", "HEAD"}:
        _labelled(_KEPT, "yes" if kept else "no").inc()


# To find the series of some labels takes the library longer than to count.
@lru_cache(maxsize=1024)
def _labelled(metric: M, *labels: str) -> M:
    return metric.labels(*labels)


def count_peer_call(peer: str, outcome: str) -> None:
    """Count a request to a peer."""
    _PEER_CALLS.labels(peer, outcome).inc()


def count_query(failure: BaseException | None, seconds: float) -> None:
    """Count a query that was run, by what ended it, and how long it took."""
    outcome = "ok"
    if failure is not None:
        outcome = next((name for kind, name in _OUTCOMES if isinstance(failure, kind)), "error")
    _labelled(_QUERIES, outcome).inc()
    _QUERY_SECONDS.observe(seconds)


def exposition(info: ReleaseInfo | None, peers: Peers) -> bytes:
    """Return all that was counted, by all workers, and what the release is."""
    registry = CollectorRegistry()
    if os.environ.get(FOLDER):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # it has no types
    else:
        registry.register(_Own())
    if info is not None:
        registry.register(_Release(info, peers))
    return generate_latest(registry)


class _Own(Collector):
    """What this process alone has counted."""

    def collect(self) -> Iterable[Metric]:
        return _REGISTRY.collect()


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
