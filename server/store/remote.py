"""Other SPARQL endpoints, over the SPARQL 1.1 Protocol, through SPARQLWrapper."""

from __future__ import annotations

import ast
import json
from collections.abc import Sequence
from contextlib import suppress
from http.client import HTTPException
from urllib.error import HTTPError, URLError

from SPARQLWrapper import POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException

from ..errors import QueryError, RemoteError, UsageError
from ..serialization import answer_formats


def ask_endpoint(
    endpoint: str,
    query: str,
    format_name: str | None,
    timeout: int,
    *,
    default_graphs: Sequence[str] = (),
    named_graphs: Sequence[str] = (),
    credentials: tuple[str, str] | None = None,
) -> bytes:
    """Send a query to an endpoint and return the body of its answer.

    `timeout` is in seconds; without a format the endpoint chooses one. Credentials go with the request itself, and only
    to an address that starts with https. Raises UsageError for an address that is not http(s), QueryError when the
    endpoint calls the query malformed, and RemoteError when it cannot be reached, is too slow, or fails.
    """
    must_be_address(endpoint)
    client = SPARQLWrapper(endpoint)
    # A form, and never the query as the body itself: Virtuoso 7.2.5 does not answer that.
    client.setMethod(POST)
    client.setTimeout(timeout)
    client.setQuery(query)
    for graph in default_graphs:
        client.addParameter("default-graph-uri", graph)
    for graph in named_graphs:
        client.addParameter("named-graph-uri", graph)
    if credentials and endpoint.startswith("https://"):
        client.setCredentials(*credentials)
    # Else it also sends format=, which some endpoints obey before the Accept header.
    client.setOnlyConneg(True)
    client.addCustomHttpHeader("Accept", answer_formats()[format_name].media_type if format_name else "*/*")
    try:
        with client.query().response as response:
            return bytes(response.read())
    except QueryBadFormed as error:
        raise QueryError(f"{endpoint} calls the query malformed: {_reason(error)}") from error
    except HTTPError as error:
        raise RemoteError(f"{endpoint} refused: {error.code} {error.reason}. {said(error.read())}".rstrip()) from error
    except (SPARQLWrapperException, URLError, HTTPException, OSError) as error:
        raise RemoteError(
            f"{endpoint} gave no answer: {_reason(error)}",
            "check the address, and that the endpoint is running; raise --timeout if it is slow.",
        ) from error


def must_be_address(endpoint: str) -> None:
    """Raise UsageError when a text is not an address that starts with http."""
    if not endpoint.startswith(("http://", "https://")):
        raise UsageError(f"{endpoint!r} is not an address of an endpoint.", "give one that starts with http.")


def _reason(error: Exception) -> str:
    """Return what the endpoint said, which SPARQLWrapper puts behind its own words as the repr of bytes."""
    words, found, body = str(error).partition("\n\nResponse:\n")
    if not found:
        return words
    with suppress(SyntaxError, ValueError):
        return said(ast.literal_eval(body))
    return words


def said(body: bytes) -> str:
    """Return the detail of a problem (RFC 9457), else the first paragraph of a text that is no web page."""
    text = body.decode("utf-8", "replace")
    with suppress(ValueError, KeyError, TypeError):
        return str(json.loads(text)["detail"])
    return "" if text.lstrip().startswith("<") else text.strip().partition("\n\n")[0][:500]
