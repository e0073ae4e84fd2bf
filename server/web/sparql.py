"""The SPARQL endpoint: queries for programs (SPARQL 1.1 Protocol), a form and tables for people. Read-only."""

from __future__ import annotations

import json
import time
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from werkzeug.sansio.utils import get_current_url

from ..errors import NotAcceptableError, QueryError
from ..federation.federate import Federated
from ..namespaces import NOWHERE
from ..store.workers import Job, Outcome
from .current import OpenRelease, current_release
from .description import describe_service
from .example_queries import example_queries
from .hints import explain, misspelt_terms
from .metrics import counted_query
from .negotiation import (
    BOOLEAN_FORMATS,
    GRAPH_FORMATS,
    HTML,
    RDF_FORMATS,
    SOLUTION_FORMATS,
    Format,
    by_parameter,
    choose,
    choose_or_none,
)
from .protocol import QueryRequest, read_query

room = Blueprint("sparql", __name__)

_FORMATS = {"solutions": SOLUTION_FORMATS, "boolean": BOOLEAN_FORMATS, "triples": GRAPH_FORMATS}
"""The formats for each kind of answer; the first is what a client without a wish gets."""
_OFFERED = {kind: (*formats, HTML) for kind, formats in _FORMATS.items()}
"""HTML comes last: a program without a wish gets data."""
_PAGE = "page"
"""What a worker calls the excerpt that an HTML page shows."""


@room.route("/sparql", methods=["GET", "POST"])
def endpoint() -> Response:
    """Answer a query; without one, show the form."""
    asked = read_query(request)
    base = _base(request.scheme, request.host, request.root_path, request.path)
    release = current_release()
    if asked is None:
        return _about(release)
    formats = _formats(asked)
    limit = release.queries.limits.seconds
    deadline = time.monotonic() + min(limit, asked.seconds or limit)
    try:
        with counted_query():
            federated = _federated(release, asked, base, deadline)
            job = Job(
                query=federated.query,
                formats={kind: _PAGE if chosen is HTML else chosen.name for kind, chosen in formats.items()},
                base=base,
                default_graphs=asked.default_graphs,
                named_graphs=asked.named_graphs,
                # What peers took is gone; a query that calls nobody keeps the limit that it came with.
                seconds=asked.seconds if federated.query is asked.query else deadline - time.monotonic(),
            )
            outcome = release.queries.run(job)
    except NotAcceptableError as error:
        offered = _OFFERED[error.kind]
        types, names = ([getattr(one, part) for one in offered] for part in ("media_type", "name"))
        abort(406, f"{error.message} There are {', '.join(types)}; as format= {', '.join(names)}.")
    except QueryError as error:
        raise explain(error, asked.query, release.namespaces) from error
    hints = (*federated.notes, *misspelt_terms(asked.query, release.vocabulary))
    if outcome.format_name == _PAGE:
        response = _page(release, asked.query, outcome, hints)
    else:
        chosen = formats[outcome.kind]
        response = Response(outcome.chunks(), content_type=chosen.content_type)
        response.content_length = outcome.size
    # What a query answers may change from one moment to the next: it may ask for the time, or a peer.
    response.cache_control.no_cache = True
    if hints:
        # Neither a misspelt term nor what SILENT passes over is an error in SPARQL, and nobody would learn of it.
        response.headers["Akb-Hint"] = " ".join(" ".join(hints).split())[:1000].encode("ascii", "replace").decode()
    if not asked.format_name:
        response.vary.add("Accept")
    return response


# To put an address together takes as long as a small query.
@lru_cache(maxsize=64)
def _base(scheme: str, host: str, root_path: str, path: str) -> str:
    """Return the address of a request without its query."""
    return get_current_url(scheme, host, root_path, path)


def _federated(release: OpenRelease, asked: QueryRequest, base: str, deadline: float) -> Federated:
    """Return the query with its calls to peers answered; what they need of our own data is asked as any query is."""

    def local(query: str, seconds: float, *, empty: bool = False) -> bytes:
        graphs = ((NOWHERE,), ()) if empty else (asked.default_graphs, asked.named_graphs)
        job = Job(query, {"solutions": "json", "boolean": "json", "triples": "nt"}, base, *graphs, seconds)
        return b"".join(release.queries.run(job).chunks())

    seconds = deadline - time.monotonic()
    return release.federation.expand(asked.query, local, base=base, seconds=seconds)


def _about(release: OpenRelease) -> Response:
    """Say what the endpoint is: to programs its description (SPARQL 1.1 Service Description, 2), to people the form."""
    chosen = choose(request, (*RDF_FORMATS, HTML))
    response = _page(release, "") if chosen is HTML else describe_service(release, request.base_url, chosen)
    response.vary.add("Accept")
    return response


def _formats(asked: QueryRequest) -> dict[str, Format]:
    """Return the format for each kind of answer, leaving out kinds for which the client takes none of ours."""
    if asked.format_name:
        chosen = {kind: by_parameter(asked.format_name, formats) for kind, formats in _OFFERED.items()}
    else:
        chosen = {kind: choose_or_none(request, formats) for kind, formats in _OFFERED.items()}
    found = {kind: one for kind, one in chosen.items() if one is not None}
    if not found:
        names = sorted({one.name for formats in _OFFERED.values() for one in formats})
        types = sorted({one.media_type for formats in _OFFERED.values() for one in formats})
        abort(406, f"None of the formats wanted is there. There are {', '.join(types)}; as format= {', '.join(names)}.")
    return found


def _page(release: OpenRelease, query: str, outcome: Outcome | None = None, hints: tuple[str, ...] = ()) -> Response:
    page = render_template(
        "sparql.html",
        query=query,
        examples=[(example.title, example.text) for example in example_queries()],
        prefixes=release.namespaces.prefixes(),
        hints=hints,
        result=_result(release, outcome) if outcome is not None else None,
    )
    return Response(page, content_type=HTML.content_type)


def _result(release: OpenRelease, outcome: Outcome) -> dict[str, Any]:
    """Return what the page shows of an answer."""
    result: dict[str, Any] = json.loads(outcome.text())
    for row in result.get("rows", ()):
        row[:] = [_cell(release, text, iri) for text, iri in row]
    formats = [(one.name, one.label) for one in _FORMATS[outcome.kind]]
    return {"kind": outcome.kind, "formats": formats, **result}


def _cell(release: OpenRelease, text: str, iri: str) -> tuple[str, str]:
    """Return a cell's text, and the address it leads to if it does."""
    # A query can make up any IRI; only those that lead to a page become links.
    return (release.namespaces.compact(text) if iri else text), iri if iri.startswith(("http://", "https://")) else ""
