"""Writes to a remote store: SPARQL 1.1 Update in forms, and the SPARQL 1.1 Graph Store HTTP Protocol.

SPARQLWrapper has no Graph Store Protocol, and sets up Digest for the whole process and one realm only; so these few
requests are written here. The client answers a challenge by whichever of Basic and Digest the store asks for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urlencode
from urllib.request import Request

import pyoxigraph as ox

from ..errors import RemoteError
from ..outgoing.client import Rules, send
from ..outgoing.failures import OutgoingError, RefusedError
from .remote import must_be_address


class Writer(Protocol):
    """A way into a store."""

    def replace(self, graph: str, ntriples: str) -> None:
        """Make a named graph hold these triples and no others."""

    def add(self, graph: str, ntriples: str) -> None:
        """Add triples, none of which has a blank node, to a named graph. To do it twice is to do it once."""


class UpdateWriter:
    """Writes by SPARQL 1.1 Update."""

    def __init__(self, address: str, credentials: tuple[str, str] | None, timeout: int) -> None:
        must_be_address(address)
        self._http = _Http(address, credentials, timeout)

    def replace(self, graph: str, ntriples: str) -> None:
        """Make a named graph hold these triples and no others."""
        name = ox.NamedNode(graph)
        if not ntriples:
            self._update(f"DROP SILENT GRAPH {name}")
            return
        # Virtuoso 7 takes no blank nodes in INSERT DATA, and not many triples elsewhere.
        verb, end = ("INSERT", " WHERE { }") if "_:" in ntriples else ("INSERT DATA", "")
        self._update(f"DROP SILENT GRAPH {name} ;\n{verb} {{ GRAPH {name} {{\n{ntriples}}} }}{end}")

    def add(self, graph: str, ntriples: str) -> None:
        """Add triples, none of which has a blank node, to a named graph. To do it twice is to do it once."""
        self._update(f"INSERT DATA {{ GRAPH {ox.NamedNode(graph)} {{\n{ntriples}}} }}")

    def swap(self, moves: Mapping[str, str | None], marked: str, mark: str) -> None:
        """Move graphs, by name and the name of what takes its place, and replace one by a triple, in one request.

        A graph that nothing takes the place of is dropped.
        """
        steps = [
            f"DROP SILENT GRAPH {ox.NamedNode(graph)}"
            if source is None
            else f"MOVE GRAPH {ox.NamedNode(source)} TO GRAPH {ox.NamedNode(graph)}"
            for graph, source in moves.items()
        ]
        name = ox.NamedNode(marked)
        steps += [f"DROP SILENT GRAPH {name}", f"INSERT DATA {{ GRAPH {name} {{\n{mark}}} }}"]
        self._update(" ;\n".join(steps))

    def _update(self, text: str) -> None:
        # A form, and never the update as the body itself: Virtuoso 7.2.5 does not answer that.
        self._http.send("POST", "", urlencode({"update": text}).encode(), "application/x-www-form-urlencoded")


class GraphStoreWriter:
    """Writes by the Graph Store HTTP Protocol, with indirect graph identification (section 4.2)."""

    def __init__(self, address: str, credentials: tuple[str, str] | None, timeout: int) -> None:
        must_be_address(address)
        self._http = _Http(address, credentials, timeout)

    def replace(self, graph: str, ntriples: str) -> None:
        """Make a named graph hold these triples and no others."""
        self._send("PUT", graph, ntriples)

    def add(self, graph: str, ntriples: str) -> None:
        """Add triples, none of which has a blank node, to a named graph. To do it twice is to do it once."""
        self._send("POST", graph, ntriples)

    def _send(self, method: str, graph: str, ntriples: str) -> None:
        # N-Triples is a part of Turtle, and Turtle is what every store reads.
        self._http.send(method, urlencode({"graph": graph}), ntriples.encode(), "text/turtle")


class _Http:
    """One address, and how to send to it."""

    def __init__(self, address: str, credentials: tuple[str, str] | None, timeout: int) -> None:
        self._address = address
        self._rules = Rules(seconds=timeout, idle=timeout, proxies=True, credentials=credentials)

    def send(self, method: str, parameters: str, body: bytes, content_type: str) -> None:
        """Send a request. Raises RemoteError when it is refused, or nothing answers in time."""
        url = f"{self._address}{'&' if '?' in self._address else '?'}{parameters}" if parameters else self._address
        request = Request(url, body, {"Content-Type": content_type, "Accept": "*/*"}, method=method)  # noqa: S310 - begins with http
        try:
            send(request, self._rules)
        except RefusedError as error:
            raise self._refused(error) from error
        except OutgoingError as error:
            raise RemoteError(
                f"{self._address} {error}.",
                "check the address, and that the store is running; raise --timeout or lower --chunk if it is slow.",
            ) from error

    def _refused(self, error: RefusedError) -> RemoteError:
        if error.status in {401, 403}:
            return RemoteError(
                f"{self._address} does not let us write: {error.status}.",
                "set AKB_STORE_USER and AKB_STORE_PASSWORD to those of a user who may.",
            )
        return RemoteError(f"{self._address} {error}.")
