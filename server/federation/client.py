"""Asks a peer: SPARQL 1.1 Protocol by form, answers in JSON or XML, within the budget of the peer.

`fetch` is for any service that is asked by form and answers in JSON.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode
from urllib.request import Request

from ..errors import ForbiddenQueryError, PeerBusyError, PeerError, PeerTimeoutError
from ..outgoing.client import Answer, Rules, send
from ..outgoing.failures import LargeError, NotPublicError, OutgoingError, RefusedError, SlowError, WaitError, one_line
from ..outgoing.waits import whole_seconds
from ..sparql.solutions import Solutions, read_solutions
from ..store.remote import query_request
from .peers import Caller, Peer

_RESULTS: Final = (
    "application/sparql-results+json, application/json;q=0.9, application/sparql-results+xml;q=0.5, */*;q=0.1"
)
_ANONYMOUS: Final = "set AKB_CONTACT, so that its operator can reach yours; many refuse who does not say who asks."


class Budget:
    """What one query may still take from one peer: seconds while it is being asked, and rows."""

    def __init__(self, peer: Peer, caller: Caller | None = None) -> None:
        self.peer = peer
        self.seconds = float(peer.seconds)
        self.rows = peer.rows
        self._caller = caller or Caller()

    def ask(self, query: str, seconds: float) -> Solutions:
        """Send a SELECT and return its solutions; `seconds` is what the whole query has left.

        The query should ask for one row more than `rows`: so it shows that there are too many.
        Raises PeerTimeoutError when a time is over, PeerBusyError when the peer wants to be left alone, PeerError when
        it is wrong, dead or sends too much, and ForbiddenQueryError when its address is not allowed.
        """
        started = time.monotonic()
        try:
            request = query_request(self.peer.endpoint, query, _RESULTS, contact=self._caller.contact)
            answer = _sent(self.peer, self._caller, request, min(self.seconds, seconds))
        finally:
            self.seconds -= time.monotonic() - started
        try:
            solutions = read_solutions(answer.body, answer.headers.get_content_charset(""))
        except ValueError as error:
            kind = one_line(answer.headers.get_content_type())
            raise _wrong(self.peer, f"sent what is not SPARQL results: {error} (as {kind})") from error
        if len(solutions.rows) > self.rows:
            raise PeerError(
                f"The peer {self.peer.name} has more rows for this query than the {self.peer.rows:,} it may take.",
                "narrow the SERVICE block, or share a variable of it with patterns beside it.",
            )
        self.rows -= len(solutions.rows)
        return solutions


def fetch(peer: Peer, caller: Caller, form: Mapping[str, str]) -> bytes:
    """Send a form to a service by POST, or GET its address when the form is empty, and return the JSON it answers.

    Raises PeerTimeoutError, PeerBusyError, PeerError and ForbiddenQueryError as `Budget.ask` does.
    """
    request = Request(peer.endpoint, urlencode(form).encode() if form else None, {"Accept": "application/json"})  # noqa: S310 - peers.toml has http(s) alone
    return _sent(peer, caller, request, peer.seconds).body


def _sent(peer: Peer, caller: Caller, request: Request, seconds: float) -> Answer:
    rules = Rules(
        seconds=seconds,
        megabytes=peer.megabytes,
        public=not peer.private,
        packed=True,
        contact=caller.contact,
        waits=caller.waits,
    )
    try:
        answer = send(request, rules)
    except OutgoingError as error:
        raise _error(peer, caller, error, seconds) from error
    if answer.status != 200:
        raise _wrong(peer, f"answered with the status {answer.status}, which is no answer to a question")
    return answer


def _error(peer: Peer, caller: Caller, error: OutgoingError, seconds: float) -> PeerError | ForbiddenQueryError:
    """Return what a failure means to the author of a query, or to whoever asks a service."""
    if isinstance(error, NotPublicError):
        return ForbiddenQueryError(
            f"The peer {peer.name} is not called: its name leads to an address that is not public.",
            "its operator sets private = true in peers.toml if that is intended.",
        )
    if isinstance(error, WaitError):
        wait = whole_seconds(error.seconds)
        left = f"{wait:,} second{'s' if wait > 1 else ''}"
        return PeerBusyError(
            f"The peer {peer.name} is too busy, and is not asked again for {left}.",
            f"try again in {left}.",
            retry_after=wait,
        )
    if isinstance(error, SlowError):
        return PeerTimeoutError(
            f"The peer {peer.name} took longer than the {max(seconds, 0) or peer.seconds:.3g} seconds it may take.",
            "narrow the SERVICE block, or try again later.",
        )
    if isinstance(error, LargeError):
        mend = "narrow the SERVICE block, or ask for fewer variables."
        return PeerError(f"The peer {peer.name} {error}.", mend)
    if isinstance(error, RefusedError) and error.status in {401, 403} and not caller.contact:
        return PeerError(f"The peer {peer.name} {error}.", _ANONYMOUS)
    return _wrong(peer, str(error))


def _wrong(peer: Peer, what: str) -> PeerError:
    return PeerError(f"The peer {peer.name} {what}.", "check the SERVICE block; `akb peers` says which peers answer.")
