"""Asks each peer whether it answers, and whether queries can call it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from ..errors import AkbError
from .client import Budget
from .peers import Caller, Peer, lacks_contact

_QUESTION = "SELECT ?s WHERE { ?s ?p ?o } LIMIT 1"


@dataclass(frozen=True)
class Probe:
    """What a peer said: the seconds that its answer took, or why there is none."""

    peer: Peer
    seconds: float = 0
    fault: str = ""
    notes: tuple[str, ...] = ()
    """What was mended in its answer."""


def probe(peers: Sequence[Peer], caller: Caller, progress: Callable[[int], None] = lambda _: None) -> list[Probe]:
    """Ask all peers at once, and return what they say in their order; `progress` is called with how many are done.

    Each is asked as a query asks it that calls it.
    """
    if not peers:
        return []
    with ThreadPoolExecutor(min(8, len(peers))) as pool:
        found = []
        for done, one in enumerate(pool.map(partial(_probe, caller), peers), 1):
            found.append(one)
            progress(done)
        return found


def _probe(caller: Caller, peer: Peer) -> Probe:
    if missing := lacks_contact(peer, caller.contact):
        return Probe(peer, fault=f"{missing}: set AKB_CONTACT")
    started = time.monotonic()
    try:
        answer = Budget(peer, caller).ask(_QUESTION, peer.seconds)
    except AkbError as error:
        return Probe(peer, fault=error.message)
    return Probe(peer, time.monotonic() - started, notes=answer.notes)
