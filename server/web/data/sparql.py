"""The SPARQL endpoint: queries for programs (SPARQL 1.1 Protocol), a form and tables for people. Read-only."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import PreconditionFailed

from ...namespaces import KEPT
from ...records.asked import Written
from ...records.views import VIEWS
from ...serialization import EXCEL_CSV, HTML, JSON, graph_formats
from ...sparql.guards import is_repeatable
from ...store.jobs import Outcome
from ..current import current_release, current_settings
from ..given.data import SparqlPage
from ..http.caching import precondition_failed
from ..http.languages import page as render
from ..http.memento import depends_on_time
from ..http.negotiation import by_parameter, choose
from ..open_release import OpenRelease
from ..views.choosing import Wish, asked
from ..views.showing import shown
from ..views.table import Table, table_of
from .answer_formats import formats_of_answers
from .answering import EXPLAINED, FAILED, PAGE, Excerpt, hint
from .description import describe_service
from .example_queries import endpoint_address, example_queries
from .explained import explained, why_nothing
from .in_words import BY_MODEL, words_example, written_query
from .mementos import headers_of_state
from .protocol import PATH, QueryRequest
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
    if EXPLAINED in request.environ:
        return _explanation(release, *request.environ[EXPLAINED])
    if excerpt is None:
        return _in_words(release) if "words" in request.args else _about(release)
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


def _in_words(release: OpenRelease) -> Response:
    """Write the query for a question in words, and run nothing."""
    by_model = request.args.get("by") == BY_MODEL
    written = written_query(release, request.args["words"], current_settings().language_model if by_model else None)
    if choose(request, (JSON, HTML)) is HTML:
        response = _page(release, written.query, written=written)
    else:
        response = Response(json.dumps(asdict(written), ensure_ascii=False), content_type=JSON.content_type)
    if by_model:
        response.cache_control.no_cache = True
    response.vary.add("Accept")
    return response


def _explanation(release: OpenRelease, asked: QueryRequest, asked_of: OpenRelease, base: str) -> Response:
    """Say what the parts of a query find, in place of its answer."""
    formats = (JSON, HTML)
    chosen = by_parameter(asked.format_name, formats) if asked.format_name else choose(request, formats)
    found = explained(asked_of, asked, base)
    if chosen is HTML:
        response = _page(release, asked.query, explanation=found)
    else:
        response = Response(json.dumps(found, ensure_ascii=False, indent=1), content_type=JSON.content_type)
    response.cache_control.no_cache = True
    response.vary.add("Accept")
    return response


def _page(
    release: OpenRelease,
    query: str,
    excerpt: Excerpt | None = None,
    explanation: dict[str, Any] | None = None,
    written: Written | None = None,
) -> Response:
    why = explanation["why_empty"] if explanation else None
    if excerpt is not None and excerpt.is_empty:
        why = why_nothing(excerpt.release, excerpt.asked, excerpt.base)
    at = excerpt.asked.at if excerpt else request.args.get("at", "")
    result, table = _result(excerpt.release, excerpt.outcome) if excerpt else (None, None)
    settings = current_settings()
    parameters = [("query", query), *([("at", at)] if at else [])]
    page = render(
        SparqlPage(
            query=query,
            examples=[(example.title, example.text) for example in example_queries(release)],
            prefixes=release.namespaces.prefixes(),
            hints=excerpt.hints if excerpt else explanation["hints"] if explanation else (),
            result=result,
            shown=shown(table, asked(Wish(), request.args), PATH, parameters, release.namespaces.base)
            if table
            else None,
            snippets=query_snippets(endpoint_address(), query) if excerpt else (),
            views=VIEWS,
            kept=[(one.title, f"/{KEPT}/{one.name}") for one in release.kept],
            at=at,
            info=excerpt.release.info if excerpt else release.info,
            is_past=excerpt is not None and excerpt.release is not release,
            can_be_cited=excerpt is not None and is_repeatable(query),
            why=why,
            explanation=explanation,
            written=written,
            words_example=words_example(release),
            model=settings.model if settings.model_url else "",
        )
    )
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
