"""The base that is mirrored: its event stream, walked in order, and the graphs that go with it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit
from urllib.request import Request

from ..errors import NotFoundError, RemoteError
from ..namespaces import is_web_address
from ..outgoing.client import Answer, Rules
from ..outgoing.failures import OutgoingError, RefusedError, UnchangedError
from ..outgoing.patience import send_patiently
from ..records.event_stream import PATH
from ..serialization import N_QUADS, TURTLE, Format
from .nodes import Node, read_node

_LOG: Final = logging.getLogger("akb.mirror")
_MEGABYTES: Final = 512
"""Of one node, or of one graph."""
_MEND: Final = "give the address of the site of an akb, or of its event stream, and check that it answers."
_DEEPEST: Final = 8


@dataclass(frozen=True)
class Start:
    """The first node of a stream, as it is now."""

    node: Node
    address: str
    tag: str
    """Its validator, by which one learns whether there is anything new."""

    @property
    def base(self) -> str:
        """The IRI under which the entities live."""
        return self.node.stream.removesuffix(f"{PATH}#stream")

    @property
    def site(self) -> str:
        """The address of the site, with a slash at its end."""
        return self.address.removesuffix(PATH)


class Source:
    """An event stream at an address, or that of the site at one."""

    def __init__(self, address: str, contact: str = "", sleep: Callable[[float], None] = time.sleep) -> None:
        is_stream = urlsplit(address).path.rstrip("/").rpartition("/")[2] == PATH
        self.address = address.rstrip("/") if is_stream else f"{address.rstrip('/')}/{PATH}"
        self._rules = Rules(idle=30, megabytes=_MEGABYTES, proxies=True, redirects=True, packed=True, contact=contact)
        self._sleep = sleep

    def start(self, tag: str = "") -> Start | None:
        """Return the first node, or None where it still has the tag. Raises NotFoundError and RemoteError."""
        try:
            answer = self._send(self.address, N_QUADS, tag)
        except UnchangedError:
            return None
        node = read_node(answer.body, self.address)
        # The site may have moved, and w3id.org leads to it; but what a stream leads to is where the stream is.
        origin, view = urlsplit(answer.address), urlsplit(node.view)
        if (origin.scheme, origin.netloc) != (view.scheme, view.netloc) or not node.stream.endswith(f"{PATH}#stream"):
            raise RemoteError(
                f"{answer.address} is refused: it is not the first node of an event stream that is there.", _MEND
            )
        return Start(node, node.view, answer.headers.get("ETag") or "")

    def changes(self, start: Start, position: int) -> Iterator[Node]:
        """Yield the nodes with changes in order, from the one that has that at a position; the first node is last."""
        yield from self._behind(start.node, start, position, 0)
        yield start.node

    def graph(self, start: Start, name: str) -> str:
        """Return a named graph of the base as Turtle."""
        try:
            return self._send(f"{start.site}graph/{name}.{TURTLE.name}", TURTLE).body.decode()
        except UnicodeDecodeError as error:
            raise RemoteError(f"{start.site}graph/{name} is not UTF-8.", _MEND) from error

    def _behind(self, node: Node, start: Start, position: int, depth: int) -> Iterator[Node]:
        if depth > _DEEPEST:
            raise RemoteError(f"{start.address} is refused: its nodes lead on and on.", _MEND)
        for lead in node.leads:
            if lead.last < position:
                continue
            if not lead.address.startswith(f"{start.address}/"):
                raise RemoteError(f"{start.address} is refused: it leads away, to {lead.address}.", _MEND)
            found = read_node(self._send(lead.address, N_QUADS).body, lead.address)
            places = [one.position for one in found.changes]
            within = [place for one in found.leads for place in (one.first, one.last)]
            if found.stream not in {"", start.node.stream} or found.view:
                raise RemoteError(f"{lead.address} is refused: it is of another stream.", _MEND)
            if any(not lead.first <= place <= lead.last for place in (*places, *within)):
                raise RemoteError(f"{lead.address} is refused: it has other changes than were announced.", _MEND)
            yield from self._behind(found, start, position, depth + 1)
            if found.changes:
                yield found

    def _send(self, address: str, wanted: Format, tag: str = "") -> Answer:
        headers = {"Accept": wanted.media_type} | ({"If-None-Match": tag} if tag else {})
        if not is_web_address(address):
            raise RemoteError(f"{address} is no address of the web.", _MEND)
        try:
            return send_patiently(
                lambda: Request(address, headers=headers),  # noqa: S310 - it begins with http
                self._rules,
                self._sleep,
                lambda reason, seconds: _LOG.info("%s: %s; another try in %.1f seconds", address, reason, seconds),
            )
        except UnchangedError:
            raise
        except OutgoingError as error:
            if isinstance(error, RefusedError) and error.status in {404, 410}:
                raise NotFoundError(f"There is no {address}: it {error}.", _MEND) from error
            raise RemoteError(f"{address} {error}.", _MEND) from error
