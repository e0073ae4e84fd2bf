"""The Model Context Protocol over HTTP, for agents: one address, to which each request is sent whole."""

from __future__ import annotations

import json
import threading
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response, current_app, request

from ...agents.base import AgentBase, Excerpt
from ...serialization import HTML
from ..current import current_release, current_settings
from ..documents.manual import manual, manual_text
from ..http.problems import problem
from ..open_release import OpenRelease
from ..site import overviews_of
from .evaluating import evaluate
from .example_queries import example_queries
from .proposing import submitted
from .protocol import QueryRequest

blueprint = Blueprint("agents", __name__)

PATH: Final = "/mcp"
_SERVER: Final = "akb.agents"
_EXCERPT: Final = (("solutions", HTML), ("boolean", HTML), ("triples", HTML))
_MEND: Final = "send one message of JSON-RPC 2.0 with Content-Type: application/json; docs/agents.md has an example."
_starting = threading.Lock()


# By itself, Flask would say that it takes GET too, as the page of a class of that name would.
@blueprint.route(PATH, methods=["OPTIONS", "POST"], provide_automatic_options=False)
def mcp() -> Response:
    """Answer a request of the Model Context Protocol (2026-07-28, Streamable HTTP), each whole by itself."""
    if request.method == "OPTIONS":
        return Response(headers={"Allow": "OPTIONS, POST"})
    # It takes two seconds to import, which only servers that agents ask need spend.
    from ...agents.serving import exchange  # noqa: PLC0415 - see above

    status, headers, body = exchange(_server(), request.method, list(request.headers.items()), request.get_data())
    response = Response(body, status)
    for name, value in headers:
        response.headers[name] = value
    if status >= HTTPStatus.BAD_REQUEST and not response.is_json:
        # What is no message of the protocol is answered as elsewhere on this site.
        return problem(status, response.get_data(as_text=True), _MEND)
    if not body:
        # A notification is received, and has no answer.
        response.headers.remove("Content-Type")
    response.cache_control.no_store = True
    return response


def _server() -> Any:
    """Return the server of this application, made for the first request."""
    from ...agents.serving import server_of  # noqa: PLC0415 - see above

    with _starting:
        extensions = current_app.extensions
        if _SERVER not in extensions:
            extensions[_SERVER] = server_of(lambda: base_of(current_release()), in_threads=False)
        return extensions[_SERVER]


def base_of(release: OpenRelease) -> AgentBase:
    """Return a release as tools of agents ask it."""
    settings = current_settings()
    return AgentBase(
        info=release.info,
        store=release.store,
        namespaces=release.namespaces,
        schema=release.schema,
        finder=release.finder,
        history=release.history,
        site=release.site,
        classes=release.classes,
        overviews=tuple(one.address.removeprefix("/") for one in overviews_of(release)),
        examples=release.examples,
        identifiers=lambda: release.identifiers,
        queries=partial(example_queries, release),
        ask=partial(_asked, release),
        manual=lambda: {name: entry.title for name, entry in manual().items()},
        manual_page=lambda name: found.source if (found := manual_text(name)) else "",
        kept=release.kept,
        propose=None if settings.project or settings.follow else partial(_proposed, release),
    )


def _proposed(release: OpenRelease, given: Any) -> dict[str, Any]:
    return submitted(release, given).told


def _asked(release: OpenRelease, query: str) -> Excerpt:
    """Return the beginning of the answer to a query, under the limits of all queries from outside."""
    asked = QueryRequest(query, (), (), "", None)
    base = f"{release.namespaces.base}sparql"
    outcome, hints, _ = evaluate(release, asked, _EXCERPT, base, keeps=True)
    found: dict[str, Any] = json.loads(outcome.text())
    return Excerpt(
        kind=outcome.kind,
        names=tuple(found.get("names", ())),
        rows=tuple(tuple((text, iri) for text, iri, *_ in row) for row in found.get("rows", ())),
        count=found.get("count", 0),
        boolean=found.get("boolean"),
        text=found.get("text", ""),
        hints=hints,
    )
