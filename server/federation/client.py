"""Asks a peer: SPARQL 1.1 Protocol by form, answers in JSON, within the budget of the peer.

`fetch` is for any service that is asked by form and answers in JSON.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode, urlsplit

from ..engine import engine_version
from ..errors import PeerError, PeerTimeoutError
from ..sparql.solutions import Solutions, read_solutions
from ..store.remote import said
from .connection import connected
from .peers import Peer

_RESULTS: Final = "application/sparql-results+json"
_CHUNK: Final = 65536


class Budget:
    """What one query may still take from one peer: seconds while it is being asked, and rows."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.seconds = float(peer.seconds)
        self.rows = peer.rows

    def ask(self, query: str, seconds: float) -> Solutions:
        """Send a SELECT and return its solutions; `seconds` is what the whole query has left.

        The query should ask for one row more than `rows`: so it shows that there are too many.
        Raises PeerTimeoutError when a time is over, PeerError when the peer is wrong, dead or sends too much, and
        ForbiddenQueryError when its address is not allowed.
        """
        started = time.monotonic()
        try:
            body = fetch(self.peer, {"query": query}, min(self.seconds, seconds), _RESULTS)
        finally:
            self.seconds -= time.monotonic() - started
        try:
            solutions = read_solutions(body)
        except ValueError as error:
            raise _wrong(self.peer, f"sent what is not SPARQL results in JSON ({error})") from error
        if len(solutions.rows) > self.rows:
            raise PeerError(
                f"The peer {self.peer.name} has more rows for this query than the {self.peer.rows:,} it may take.",
                "narrow the SERVICE block, or share a variable of it with patterns beside it.",
            )
        self.rows -= len(solutions.rows)
        return solutions


def fetch(peer: Peer, form: Mapping[str, str], seconds: float, wanted: str = "application/json") -> bytes:
    """Send a form to a peer by POST, or GET its address when the form is empty, and return the JSON that it answers.

    Raises PeerTimeoutError, PeerError and ForbiddenQueryError as `Budget.ask` does.
    """
    deadline = time.monotonic() + seconds
    slow = PeerTimeoutError(
        f"The peer {peer.name} took longer than the {max(seconds, 0) or peer.seconds:.3g} seconds it may take.",
        "narrow the SERVICE block, or try again later.",
    )
    try:
        if seconds <= 0:
            raise slow
        with connected(peer, deadline) as connection:
            body = _exchange(peer, connection, form, wanted)
    except (OSError, http.client.HTTPException, ValueError, PeerError) as error:
        if time.monotonic() >= deadline:
            # What was cut can look like an answer that is wrong.
            raise slow from error
        if isinstance(error, PeerError):
            raise
        raise PeerError(
            f"The peer {peer.name} gave no answer: {str(error) or type(error).__name__}.",
            "try again later; `akb peers` says which peers answer.",
        ) from error
    if time.monotonic() >= deadline:
        raise slow
    return body


def _exchange(peer: Peer, connection: http.client.HTTPConnection, form: Mapping[str, str], wanted: str) -> bytes:
    target = urlsplit(peer.endpoint)
    connection.request(
        "POST" if form else "GET",
        (target.path or "/") + (f"?{target.query}" if target.query else ""),
        urlencode(form).encode() if form else None,
        {
            **({"Content-Type": "application/x-www-form-urlencoded"} if form else {}),
            "Accept": wanted,
            "Accept-Encoding": "identity",
            "User-Agent": f"akb/{engine_version()} ({'SPARQL federation' if wanted == _RESULTS else 'reconciliation'})",
            "Connection": "close",
        },
    )
    with connection.getresponse() as response:
        return _body(peer, response, wanted)


def _body(peer: Peer, response: http.client.HTTPResponse, wanted: str) -> bytes:
    if 300 <= response.status < 400:
        raise _wrong(peer, "redirects to another address, which is not followed")
    if response.status != 200:
        words = said(response.read(4000))
        raise _wrong(peer, f"refused the query with {response.status} {response.reason}{': ' if words else ''}{words}")
    if (kind := response.headers.get_content_type()) not in {wanted, "application/json"}:
        raise _wrong(peer, f"sent {kind} where {wanted} was asked for")
    if (coding := response.headers.get("Content-Encoding", "identity")).lower() != "identity":
        raise _wrong(peer, f"sent the coding {coding!r:.100}, which was not asked for")
    body = bytearray()
    while chunk := response.read(_CHUNK):
        body += chunk
        if len(body) > peer.megabytes << 20:
            raise PeerError(
                f"The peer {peer.name} sent more than the {peer.megabytes} MB that an answer may have.",
                "narrow the SERVICE block, or ask for fewer variables.",
            )
    if response.length:
        raise http.client.IncompleteRead(bytes(body), response.length)
    return bytes(body)


def _wrong(peer: Peer, what: str) -> PeerError:
    return PeerError(f"The peer {peer.name} {what}.", "check the SERVICE block; `akb peers` says which peers answer.")
