"""Reads a query out of a request (SPARQL 1.1 Protocol, section 2.1)."""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import Final
from urllib.parse import unquote_to_bytes

from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.http import parse_options_header

from ...errors import ForbiddenQueryError, QueryError, TooLargeError
from ...sparql.characters import without_mark
from ..http.problems import READ_ONLY

PATH: Final = "/sparql"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
_FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 1_000
_FORMATS = ("format", "output", "results", "accept")
"""What engines call the parameter for the format: ours (and Virtuoso's and Blazegraph's), two of Jena's, RDF4J's."""
_BY_ACCEPT = "auto"
"""What Virtuoso's form sends when nobody chose a format."""


Parameters = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """A query, and the dataset that the protocol gives it; an empty dataset means the union of all graphs."""

    query: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format_name: str
    """The value of `format=`, which overrides the Accept header, or of what other engines call it; else empty."""
    seconds: float | None
    """The value of `timeout=`, which may lower the server's limit."""
    at: str = ""
    """The value of `at=`: a commit, a date or a state, over which it is to be answered; empty for that of now."""
    explains: bool = False
    """Whether `explain=` asks for an explanation in place of the answer."""


def read_query(content_type: str | None, query_string: str, body: bytes) -> QueryRequest | None:
    """Return the query of a request, or None for a GET without one, which asks about the endpoint itself.

    `content_type` is None unless the request is a POST; `query_string` is as WSGI has it. Raises QueryError for none or
    several queries, ForbiddenQueryError for an update, UnsupportedMediaType for a body of another kind.
    """
    if content_type is None:
        # 2.1.1: by GET everything is in the query string.
        parameters = _parameters(query_string.encode("latin-1"))
        if any(name == "update" for name, _ in parameters):
            raise _read_only()
        if not any(name == "query" for name, _ in parameters):
            return None
        return _from_parameters(_values(parameters, "query"), parameters)
    kind, charset = _media_type(content_type)
    if kind == _UPDATE:
        raise _read_only()
    if charset not in {"", "utf-8", "utf8"}:
        raise UnsupportedMediaType("A query is sent in UTF-8; the Content-Type names another charset.")
    if kind == _QUERY:
        # 2.1.3: the body is the query and nothing else; the dataset is in the query string.
        return _from_parameters([_utf8(body)], _parameters(query_string.encode("latin-1")))
    if kind == _FORM:
        # 2.1.2: everything is in the body; what a client puts into the address all the same goes for the answer.
        parameters = _parameters(body)
        if any(name == "update" for name, _ in parameters):
            raise _read_only()
        if query_string:
            beside = _parameters(query_string.encode("latin-1"))
            parameters += [(name, value) for name, value in beside if name not in {"query", "update"}]
        return _from_parameters(_values(parameters, "query"), parameters)
    raise UnsupportedMediaType(f"POST a query as {_QUERY}, or as {_FORM} with the field query.")


# Clients send few different headers, and reading one takes longer than a small query.
@lru_cache(maxsize=64)
def _media_type(content_type: str) -> tuple[str, str]:
    """Return a media type, and the charset that it names or nothing, in small letters."""
    kind, options = parse_options_header(content_type)
    return kind.lower(), options.get("charset", "").lower()


def _parameters(encoded: bytes) -> Parameters:
    """Return the fields of a form (WHATWG URL, section 5.1).

    Raises QueryError when one is not UTF-8, and TooLargeError when there are too many.
    """
    if encoded.count(b"&") >= _MOST_FIELDS:
        raise TooLargeError(f"The form has over {_MOST_FIELDS:,} fields.", "send the query and its dataset alone.")
    pairs = (field.partition(b"=") for field in encoded.split(b"&") if field)
    return [(_decoded(name), _decoded(value)) for name, _, value in pairs]


def _decoded(encoded: bytes) -> str:
    """Return text that was percent-encoded as in a form."""
    data = encoded.replace(b"+", b" ")
    if b"%" in data:
        try:
            # The codec takes a quarter of the time of `unquote_to_bytes`, and refuses what is not an escape.
            escaped = data.replace(b"\\", b"\\\\").replace(b"%", b"\\x")
            data = escaped.decode("unicode_escape").encode("latin-1")
        except UnicodeDecodeError:
            data = unquote_to_bytes(data)
    return _utf8(data)


def _values(parameters: Parameters, name: str) -> list[str]:
    return [value for one, value in parameters if one == name]


def _from_parameters(queries: list[str], others: Parameters) -> QueryRequest:
    if len(queries) != 1:
        raise QueryError(
            "There is no query." if not queries else f"There are {len(queries)} queries in one request.",
            "send the parameter query once.",
        )
    query = without_mark(queries[0])
    if len(others) == 1 and others[0][0] == "query":
        return QueryRequest(query, (), (), "", None)
    return QueryRequest(
        query=query,
        default_graphs=tuple(_values(others, "default-graph-uri")),
        named_graphs=tuple(_values(others, "named-graph-uri")),
        format_name=_format_name(others),
        seconds=_seconds(_first(others, "timeout")),
        at=_first(others, "at").strip(),
        explains=_first(others, "explain").strip().lower() not in {"", "no", "false", "0"},
    )


def _format_name(parameters: Parameters) -> str:
    """Return the value of the first parameter that names a format; what leaves it to Accept is as good as none."""
    names = (value for wanted in _FORMATS for name, value in parameters if name.lower() == wanted and value)
    return next((value for value in names if value.lower() != _BY_ACCEPT), "")


def _first(parameters: Parameters, name: str) -> str:
    return next(iter(_values(parameters, name)), "")


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


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        wide = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
        what = "It is UTF-16" if wide else str(error)
        raise QueryError(f"The query is not UTF-8: {what}.", "encode it as UTF-8.") from error


def _read_only() -> ForbiddenQueryError:
    return ForbiddenQueryError(
        "This endpoint is read-only: it takes no updates.",
        READ_ONLY,
    )
