"""Asks each peer whether it answers, and whether queries can call it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from ..errors import AkbError
from ..store.remote import ask_endpoint
from .client import Budget
from .peers import Peer

_QUESTION = "SELECT ?s WHERE { ?s ?p ?o } LIMIT 1"


@dataclass(frozen=True)
class Probe:
    """What a peer said: the seconds that its answer took, or why there is none."""

    peer: Peer
    seconds: float = 0
    fault: str = ""


def probe(peers: Sequence[Peer], progress: Callable[[int], None] = lambda _: None) -> list[Probe]:
    """Ask all peers at once, and return what they say in their order; `progress` is called with how many are done.

    Each is asked twice: by SPARQLWrapper, as any program would, and in the way of a query that calls it, which follows
    no redirect and goes to public addresses only.
    """
    if not peers:
        return []
    with ThreadPoolExecutor(min(8, len(peers))) as pool:
        found = []
        for done, one in enumerate(pool.map(_probe, peers), 1):
            found.append(one)
            progress(done)
        return found


def _probe(peer: Peer) -> Probe:
    started = time.monotonic()
    try:
        ask_endpoint(peer.endpoint, _QUESTION, "json", peer.seconds)
        seconds = time.monotonic() - started
        Budget(peer).ask(_QUESTION, peer.seconds)
    except AkbError as error:
        return Probe(peer, fault=error.message)
    return Probe(peer, seconds)
