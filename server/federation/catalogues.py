"""Asks the catalogues of works: arXiv, Crossref, DataCite, OpenAlex and Semantic Scholar, under the rules for peers.

Between two requests to one catalogue there is the pause that it asks for; where it wants a longer one, that is kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.request import Request

from ..errors import NotFoundError, RemoteError, UsageError
from ..outgoing.client import Rules
from ..outgoing.failures import OutgoingError, RefusedError, WaitError
from ..outgoing.patience import send_patiently
from ..outgoing.waits import whole_seconds
from .peers import CONTACT_MEND, Caller, Peer, Peers, lacks_contact

_ACCEPTED: Final = "application/json, application/atom+xml;q=0.9, */*;q=0.1"
_PATIENCE: Final = 60
"""Seconds: who wants to be left alone for longer is not waited for."""


@dataclass(frozen=True)
class _Usual:
    """What is known of a catalogue: where it is, and how many seconds it wants between two requests."""

    endpoint: str
    pause: float
    ending: str = ".json"
    """Of the files of its answers."""


CATALOGUES: Final = {
    # arXiv API User's Manual, section 3.1.1.1: a delay of three seconds.
    "arxiv": _Usual("https://export.arxiv.org/api/query", 3.0, ".atom"),
    "crossref": _Usual("https://api.crossref.org/works", 0.2),
    "datacite": _Usual("https://api.datacite.org/dois", 0.2),
    "openalex": _Usual("https://api.openalex.org/works", 0.2),
    "semantic-scholar": _Usual("https://api.semanticscholar.org/graph/v1/paper", 1.1),
}
"""The catalogues by name; `peers.toml` may say otherwise of each."""


def catalogue(peers: Peers, name: str) -> Peer:
    """Return a catalogue, as the file of peers has it, or else as it is usually.

    Raises UsageError for one that the file does not enable, and where a public one would be asked without a contact.
    """
    usual = Peer(name, CATALOGUES[name].endpoint, seconds=60, megabytes=50, enabled=True)
    found = next((one for one in peers.catalogues if one.name.lower() == name), usual)
    if not found.enabled:
        raise UsageError(f"peers.toml has {found.name} and does not enable it.", "set enabled = true there.")
    if missing := lacks_contact(found, peers.caller.contact):
        raise UsageError(f"{found.name} is public, and {missing}.", CONTACT_MEND)
    return found


@dataclass
class Catalogues:
    """The catalogues, and the way to them."""

    peers: Peers
    sleep: Callable[[float], None] = time.sleep
    on_ask: Callable[[str], None] = lambda _address: None
    """Called with each address before it is asked."""
    _last: dict[str, float] = field(default_factory=dict)
    """When each catalogue was asked last."""

    def address(self, name: str, path: str, query: str = "") -> str:
        """Return the address of a catalogue at a path below its own. Raises UsageError as `catalogue` does."""
        return f"{catalogue(self.peers, name).endpoint.rstrip('/')}{path}" + (f"?{query}" if query else "")

    def ask(self, name: str, address: str) -> str:
        """Return what a catalogue answers at an address of it.

        Raises NotFoundError where it knows nothing there, RemoteError where it does not answer, UsageError as
        `catalogue` does.
        """
        peer = catalogue(self.peers, name)
        try:
            body = self._sent(peer, name, address)
        except RefusedError as error:
            if error.status in {404, 410}:
                raise NotFoundError(f"{peer.name} knows nothing at {address}.", "check the identifier.") from error
            raise RemoteError(f"{peer.name} {error}.", f"try again later; it was asked for {address}.") from error
        except WaitError as error:
            wait = whole_seconds(error.seconds)
            raise RemoteError(f"{peer.name} wants to be left alone for {wait:,} s.", "try again after that.") from error
        except OutgoingError as error:
            raise RemoteError(f"{peer.name} {error}.", "try again later, or import a file that it gave you.") from error
        try:
            return body.decode()
        except UnicodeDecodeError as error:
            raise RemoteError(f"{peer.name} answered with what is not UTF-8.", "try again later.") from error

    def _sent(self, peer: Peer, name: str, address: str) -> bytes:
        rules = _rules(peer, self.peers.caller)
        for is_last in (False, True):
            self._pause(peer, name)
            self.on_ask(address)
            try:
                return send_patiently(
                    lambda: Request(address, headers={"Accept": _ACCEPTED}),  # noqa: S310 - peers.toml has http(s) alone
                    rules,
                    self.sleep,
                    lambda _reason, _seconds: None,
                ).body
            except WaitError as error:
                if is_last or error.seconds > _PATIENCE:
                    raise
                self.sleep(error.seconds)
            finally:
                self._last[name] = time.monotonic()
        raise AssertionError("the second try returns or raises")

    def _pause(self, peer: Peer, name: str) -> None:
        """Wait as long as a catalogue asks for; one of the operator's own needs no rest."""
        left = self._last.get(name, -1e9) + CATALOGUES[name].pause - time.monotonic()
        if left > 0 and not peer.private:
            self.sleep(left)


def _rules(peer: Peer, caller: Caller) -> Rules:
    return Rules(
        seconds=peer.seconds,
        megabytes=peer.megabytes,
        public=not peer.private,
        packed=True,
        contact=caller.contact,
        waits=caller.waits,
    )
