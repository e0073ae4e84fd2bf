"""The peers: which endpoints may be called, and how much may be taken from each. Read from `peers.toml`.

SPARQL endpoints, which a query may call with SERVICE, are tables `[[peer]]`; reconciliation services, which
`akb link wikidata` may ask, in tables `[[reconciliation]]`; catalogues of works, which `akb import --fetch` asks,
in tables `[[catalogue]]`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from ..errors import UnreadableError, UsageError
from ..outgoing.waits import Waits
from ..settings import Settings
from ..sparql.terms import Iri, term_of


@dataclass(frozen=True)
class Peer:
    """One endpoint, and what one query may take from it.

    `seconds` and `rows` are for all calls of the query together, `megabytes` for each answer; `private` lets the
    endpoint be on an address that is not public. One that is not `enabled` is not called.
    """

    name: str
    endpoint: str
    seconds: int = 20
    rows: int = 5000
    megabytes: int = 10
    enabled: bool = False
    private: bool = False


@dataclass(frozen=True)
class Caller:
    """Who asks the peers: how their operators reach ours, and which of them want to be left alone for now."""

    contact: str = ""
    waits: Waits = field(default_factory=Waits)


@dataclass(frozen=True)
class Peers:
    """All peers, in the order of the file, and who asks them."""

    all: tuple[Peer, ...] = ()
    services: tuple[Peer, ...] = ()
    """The reconciliation services; no query calls them."""
    catalogues: tuple[Peer, ...] = ()
    """The catalogues of works that the file says something of: see `catalogues.py`; no query calls them."""
    caller: Caller = field(default_factory=Caller)

    def __iter__(self) -> Iterator[Peer]:
        return iter(self.all)

    @property
    def enabled(self) -> tuple[Peer, ...]:
        """Those that a query may call."""
        return tuple(peer for peer in self.all if peer.enabled)

    def allowed(self, endpoint: str) -> Peer | None:
        """Return the enabled peer with exactly this endpoint, if there is one."""
        return next((peer for peer in self.enabled if peer.endpoint == endpoint), None)


CONTACT_MEND: Final = (
    "set AKB_CONTACT to a mail address or a web page of yours, which is sent in the User-Agent; or set private = true "
    "where the endpoint is inside your own network."
)
_RANGES: Final = {"seconds": (1, 300), "rows": (1, 1_000_000), "megabytes": (1, 1000)}
_FLAGS: Final = frozenset({"enabled", "private"})
_KEYS: Final = tuple(one.name for one in fields(Peer))


def peers_of(settings: Settings) -> Peers:
    """Read the peers that the settings name.

    Raises as `read_peers` does, and UsageError when one of them is public and enabled, and the settings have no
    contact.
    """
    path = settings.peers or settings.root / "peers.toml"
    peers = read_peers(path, optional=settings.peers is None)
    for peer in (*peers.all, *peers.services):  # who asks a catalogue is told when it does
        if peer.enabled and (missing := lacks_contact(peer, settings.contact)):
            raise UsageError(f"{path} enables {peer.name}, and {missing}.", CONTACT_MEND)
    return replace(peers, caller=Caller(settings.contact, Waits(settings.state / "waits")))


def lacks_contact(peer: Peer, contact: str) -> str:
    """Return what is missing where a peer may not be asked without a contact; empty where it may.

    The operators of public endpoints shut out programs that do not say who runs them.
    """
    return "" if peer.private or contact else "public endpoints are not asked without a contact"


def read_peers(path: Path, *, optional: bool = False) -> Peers:
    """Read the file of peers; where it is `optional` and not there, nobody is a peer.

    Raises UsageError when it says something that cannot be, UnreadableError when it cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        if optional:
            return Peers()
        raise UnreadableError(f"{path} is not there.", "name the file of peers with AKB_PEERS, or unset it.") from error
    except (OSError, ValueError) as error:
        raise UnreadableError(f"{path} cannot be read: {error}", "write it as UTF-8 text.") from error
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not TOML: {error}.", "fix it at that line and column.") from error
    kinds = {name: data.pop(name, []) for name in ("peer", "reconciliation", "catalogue")}
    lists = all(isinstance(tables, list) and all(isinstance(one, dict) for one in tables) for tables in kinds.values())
    if data or not lists:
        raise UsageError(
            f"{path} holds {next(iter(data), 'a peer')!r} outside of a peer.",
            "start each peer with a line [[peer]], each reconciliation service with [[reconciliation]], and each "
            "catalogue with [[catalogue]].",
        )
    found = [
        tuple(_peer(f"{path}, {name} {number}", table) for number, table in enumerate(tables, 1))
        for name, tables in kinds.items()
    ]
    for peers in found:
        for key in ("name", "endpoint"):
            values = [getattr(peer, key) for peer in peers]
            if twice := next((value for value in values if values.count(value) > 1), None):
                raise UsageError(f"{path}: two peers have the {key} {twice!r}.", "give each its own, or remove one.")
    return Peers(found[0], found[1], found[2])


def _peer(place: str, table: dict[str, Any]) -> Peer:
    for key, value in table.items():
        if key not in _KEYS:
            raise UsageError(f"{place} has the key {key!r}, which no peer has.", f"the keys are {', '.join(_KEYS)}.")
        if wanted := _unfit(key, value):
            raise UsageError(f"{place}: {key} is {value!r}.", f"give {wanted}.")
    if missing := [key for key in ("name", "endpoint") if key not in table]:
        raise UsageError(f"{place} has no {missing[0]}.", f'add a line {missing[0]} = "...".')
    return Peer(**table)


def _unfit(key: str, value: Any) -> str:
    """Return what a key wants, when a value is not that."""
    if key in _RANGES:
        low, high = _RANGES[key]
        # In Python true is an integer; in TOML it is not.
        fits = type(value) is int and low <= value <= high
        return "" if fits else f"a whole number from {low:,} to {high:,}"
    if key in _FLAGS:
        return "" if type(value) is bool else "true or false"
    if key == "endpoint":
        return "" if isinstance(value, str) and _is_endpoint(value) else "an http or https address, with no user or #"
    return "" if isinstance(value, str) and value.strip() and value.isprintable() else "a name of one line, in quotes"


def _is_endpoint(text: str) -> bool:
    """Tell whether a text is an address that can be called, and published: it names no user and no fragment."""
    try:
        term_of(Iri(text))
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    plain = text.isascii() and "@" not in parts.netloc and "#" not in text
    return plain and parts.scheme in {"http", "https"} and bool(parts.hostname) and port != 0
