"""Other SPARQL endpoints: SPARQLWrapper writes the requests of the SPARQL 1.1 Protocol, `outgoing` sends them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from urllib.request import Request

from SPARQLWrapper import POST, SELECT, SPARQLWrapper

from ..errors import QueryError, RemoteError, UsageError
from ..namespaces import is_web_address
from ..outgoing.client import Answer, Rules, send, user_agent
from ..outgoing.failures import OutgoingError, RedirectError, RefusedError
from ..serialization import answer_formats

_MEND: Final = "check the address, and that the endpoint is running; raise --timeout if it is slow."


class _Protocol(SPARQLWrapper):
    """Writes the request of a query (SPARQL 1.1 Protocol, section 2.1), and leaves it to others to send it."""

    def _parseQueryType(self, query: str) -> Any:  # noqa: ARG002, N802 - it is called so there
        # The headers are ours, whatever the form of a query; its own look at the text takes time without bound.
        return SELECT

    def request(self) -> Request:
        """Return the request."""
        return self._createRequest()


def query_request(
    endpoint: str,
    query: str,
    accept: str,
    *,
    default_graphs: Sequence[str] = (),
    named_graphs: Sequence[str] = (),
    credentials: tuple[str, str] | None = None,
    contact: str = "",
) -> Request:
    """Return the request by which a query is sent to an endpoint, as a form.

    Credentials go with the request itself, and only to an address that starts with https.
    """
    client = _Protocol(endpoint, agent=user_agent(contact))
    # A form, and never the query as the body itself: Virtuoso 7.2.5 does not answer that.
    client.setMethod(POST)
    client.setQuery(query)
    for graph in default_graphs:
        client.addParameter("default-graph-uri", graph)
    for graph in named_graphs:
        client.addParameter("named-graph-uri", graph)
    if credentials and endpoint.startswith("https://"):
        client.setCredentials(*credentials)
    # Else it also sends format=, which some endpoints obey before the Accept header.
    client.setOnlyConneg(True)
    client.addCustomHttpHeader("Accept", accept)
    return client.request()


def ask_endpoint(
    endpoint: str,
    query: str,
    format_name: str | None,
    timeout: int,
    *,
    default_graphs: Sequence[str] = (),
    named_graphs: Sequence[str] = (),
    credentials: tuple[str, str] | None = None,
    contact: str = "",
) -> Answer:
    """Send a query to an endpoint that the operator named, and return its answer.

    `timeout` is in seconds, for all of it; without a format the endpoint chooses one. Raises UsageError for an address
    that is not http(s), QueryError when the endpoint calls the query malformed, and RemoteError when it cannot be
    reached, is too slow, or fails.
    """
    must_be_address(endpoint)
    request = query_request(
        endpoint,
        query,
        answer_formats()[format_name].media_type if format_name else "*/*",
        default_graphs=default_graphs,
        named_graphs=named_graphs,
        credentials=credentials,
        contact=contact,
    )
    try:
        return send(request, Rules(seconds=timeout, idle=timeout, proxies=True, contact=contact))
    except OutgoingError as error:
        raise _error(endpoint, error) from error


def _error(endpoint: str, error: OutgoingError) -> QueryError | RemoteError:
    if isinstance(error, RefusedError):
        if error.status == 400:
            return QueryError(f"{endpoint} calls the query malformed: {error.words}")
        mend = "check that the address is that of its SPARQL queries." if error.status in {404, 405, 410} else ""
        return RemoteError(f"{endpoint} {error}.", f"try again in {error.wait:.0f} seconds." if error.wait else mend)
    if isinstance(error, RedirectError):
        return RemoteError(f"{endpoint} {error}.", "give that address, if it is the one you mean.")
    return RemoteError(f"{endpoint} {error}.", _MEND)


def must_be_address(endpoint: str) -> None:
    """Raise UsageError when a text is not an address that starts with http."""
    if not is_web_address(endpoint):
        raise UsageError(f"{endpoint!r} is not an address of an endpoint.", "give one that starts with http.")
