"""Reads a query out of a request (SPARQL 1.1 Protocol, section 2.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isfinite
from urllib.parse import parse_qsl, unquote_to_bytes

from flask import Request, abort
from werkzeug.datastructures import MultiDict

from ..errors import ForbiddenQueryError, QueryError

_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
_FORM = "application/x-www-form-urlencoded"
_BEYOND_ASCII = re.compile(rb"%[89A-Fa-f]")


@dataclass(frozen=True)
class QueryRequest:
    """A query, and the dataset that the protocol gives it; an empty dataset stands for the union of all graphs."""

    query: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format_name: str
    """The value of `format=`, by which a person can override the Accept header; empty when there is none."""
    seconds: float | None
    """The value of `timeout=`, which may lower the server's limit."""


def read_query(request: Request) -> QueryRequest | None:  # noqa: RET503 - abort() never returns
    """Return the query of a request, or None for a GET without one, which asks about the endpoint itself.

    Raises QueryError for none or several queries, ForbiddenQueryError for an update; answers 415 for a body of
    another kind.
    """
    if request.method != "POST":
        # 2.1.1: by GET everything stands in the query string.
        if "update" in request.args:
            raise _read_only()
        if "query" not in request.args:
            return None
        _must_be_utf8(request.query_string)
        return _from_parameters(request.args, request.args)
    if request.mimetype == _UPDATE:
        raise _read_only()
    if (request.mimetype_params.get("charset") or "utf-8").lower() not in {"utf-8", "utf8"}:
        abort(415, "A query is sent in UTF-8; the Content-Type names another charset.")
    if request.mimetype == _QUERY:
        # 2.1.3: the body is the query and nothing else; the dataset stands in the query string.
        return _from_parameters(MultiDict([("query", _utf8(request.get_data()))]), request.args)
    if request.mimetype == _FORM:
        # 2.1.2: everything stands in the body.
        body = request.get_data()
        _must_be_utf8(body)
        # As Flask reads a form, which takes longer than a small query.
        form = MultiDict(parse_qsl(body.decode("utf-8"), keep_blank_values=True))
        if "update" in form:
            raise _read_only()
        return _from_parameters(form, form)
    abort(415, f"POST a query as {_QUERY}, or as {_FORM} with the field query.")


def _from_parameters(queries: MultiDict[str, str], others: MultiDict[str, str]) -> QueryRequest:
    found = queries.getlist("query")
    if len(found) != 1:
        raise QueryError(
            "There is no query." if not found else f"There are {len(found)} queries in one request.",
            "send the parameter query once.",
        )
    return QueryRequest(
        query=found[0],
        default_graphs=tuple(others.getlist("default-graph-uri")),
        named_graphs=tuple(others.getlist("named-graph-uri")),
        format_name=_first(others, "format"),
        seconds=_seconds(_first(others, "timeout")),
    )


def _first(parameters: MultiDict[str, str], name: str) -> str:
    return next(iter(parameters.getlist(name)), "")


def _seconds(text: str) -> float | None:
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not isfinite(seconds) or seconds <= 0:
        raise QueryError(f"timeout is {text!r}.", "give a number of seconds above 0.")
    return seconds


def _must_be_utf8(encoded: bytes) -> None:
    """Raise QueryError when percent-encoded text is not UTF-8; the form that Flask reads would hide it."""
    if not encoded.isascii() or _BEYOND_ASCII.search(encoded):
        _utf8(unquote_to_bytes(encoded))


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise QueryError(f"The query is not UTF-8: {error}.", "encode it as UTF-8.") from error


def _read_only() -> ForbiddenQueryError:
    return ForbiddenQueryError(
        "This endpoint is read-only: it takes no updates.",
        "change the Turtle files in kb/ and send a pull request; the next build publishes them.",
    )
