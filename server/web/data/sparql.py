"""The SPARQL endpoint: queries for programs (SPARQL 1.1 Protocol), a form and tables for people. Read-only."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import PreconditionFailed

from ...namespaces import KEPT
from ...records.views import VIEWS
from ...serialization import EXCEL_CSV, HTML, graph_formats
from ...sparql.guards import is_repeatable
from ...store.jobs import Outcome
from ..current import OpenRelease, current_release
from ..given import SparqlPage
from ..http.caching import precondition_failed
from ..http.memento import depends_on_time
from ..http.negotiation import choose
from ..views.choosing import Wish, asked
from ..views.showing import shown
from ..views.table import Table, table_of
from .answering import FAILED, PAGE, PATH, Excerpt, formats_of_answers, hint
from .description import describe_service
from .example_queries import endpoint_address, example_queries
from .mementos import headers_of_state
from .snippets import query_snippets

blueprint = Blueprint("sparql", __name__)


@blueprint.route(PATH, methods=["GET", "POST"])
def endpoint() -> Response:
    """Show the beginning of an answer, or explain why there is none; without a query, say what the endpoint is."""
    failure: Exception | None = request.environ.get(FAILED)
    if isinstance(failure, PreconditionFailed):
        return precondition_failed()
    if failure is not None:
        raise failure
    excerpt: Excerpt | None = request.environ.get(PAGE)
    release = current_release()
    if excerpt is None:
        return _about(release)
    response = _page(release, excerpt.asked.query, excerpt)
    # It shows more than the answer, and nobody asks for the same page often.
    response.cache_control.no_cache = True
    response.headers.update(hint(excerpt.hints))
    response.headers.update(headers_of_state(excerpt.release.info, excerpt.moment, excerpt.asked, request.environ))
    if not excerpt.asked.at:
        depends_on_time(response)
    if not excerpt.asked.format_name:
        response.vary.add("Accept")
    return response


def _about(release: OpenRelease) -> Response:
    """Say what the endpoint is: to programs its description (SPARQL 1.1 Service Description, 2), to people the form."""
    chosen = choose(request, (*graph_formats(), HTML))
    response = _page(release, "") if chosen is HTML else describe_service(release, endpoint_address(), chosen)
    response.vary.add("Accept")
    return response


def _page(release: OpenRelease, query: str, excerpt: Excerpt | None = None) -> Response:
    at = excerpt.asked.at if excerpt else request.args.get("at", "")
    result, table = _result(excerpt.release, excerpt.outcome) if excerpt else (None, None)
    parameters = [("query", query), *([("at", at)] if at else [])]
    page = SparqlPage(
        query=query,
        examples=[(example.title, example.text) for example in example_queries(release)],
        prefixes=release.namespaces.prefixes(),
        hints=excerpt.hints if excerpt else (),
        result=result,
        shown=shown(table, asked(Wish(), request.args), PATH, parameters, release.namespaces.base) if table else None,
        snippets=query_snippets(endpoint_address(), query) if excerpt else (),
        views=VIEWS,
        kept=[(one.title, f"/{KEPT}/{one.name}") for one in release.kept],
        at=at,
        info=excerpt.release.info if excerpt else release.info,
        is_past=excerpt is not None and excerpt.release is not release,
        can_be_cited=excerpt is not None and is_repeatable(query),
    ).in_english()
    return Response(page, content_type=HTML.content_type)


def _result(release: OpenRelease, outcome: Outcome) -> tuple[dict[str, Any], Table | None]:
    """Return what the page shows of an answer, and its rows where it has some."""
    result: dict[str, Any] = json.loads(outcome.text())
    # Of two formats of one media type, the later is the one for people, and after it the one for Excel.
    kinds = formats_of_answers()[outcome.kind]
    by_type = {one.media_type: one for one in kinds if one is not EXCEL_CSV}
    formats = [(one.name, one.label) for one in (*by_type.values(), *(one for one in kinds if one is EXCEL_CSV))]
    table = table_of(result, release.namespaces) if outcome.kind == "solutions" else None
    return {"kind": outcome.kind, "formats": formats, **result}, table
