"""What the addresses of the search and of queries take and answer."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ....knowledge.finding import LONGEST
from ....records.views import VIEWS
from ....serialization import HTML, JSON, MARKDOWN, N_QUADS, QUAD_FORMATS, REFERENCE, answer_formats, graph_formats
from ...open_release import OpenRelease
from ...views.choosing import AXES
from .describing import (
    CLASS,
    ID,
    LIST,
    MEDIA_TYPE,
    QUERIES,
    REFERENCES,
    Address,
    Body,
    Parameter,
    Schema,
    one_of,
    paged,
    statuses,
    text,
    whole,
    with_html,
)


def _kept(release: OpenRelease) -> Schema:
    return one_of(*(kept.name for kept in release.kept))


_WALK: Final = (
    Parameter("open", "An entity that is open: a CURIE, another identifier or a name.", text(300), is_repeated=True),
    Parameter("predicate", "Only by edges of this predicate.", is_repeated=True),
    Parameter("size", "How many neighbours each shows at most, those with the most edges.", whole(1, 40, 12)),
)


def _query_media_types() -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.media_type for one in (HTML, *graph_formats(), *answer_formats().values())))


_VIEWED: Final = (
    Parameter("view", "The view of the answer in HTML.", one_of(*VIEWS)),
    *(Parameter(axis, "A column that the view draws.", text(100)) for axis in AXES),
)
_QUERY: Final = (
    Parameter("query", "A query of SPARQL 1.1: SELECT, ASK, CONSTRUCT or DESCRIBE."),
    Parameter("at", "The state over which it is asked: a commit, a date or the hash of a state; else that of now."),
    Parameter("default-graph-uri", "The IRI of a graph of the default graph; may be repeated.", is_repeated=True),
    Parameter("named-graph-uri", "The IRI of a named graph; may be repeated.", is_repeated=True),
    Parameter("format", "The format of the answer, in place of the header Accept."),
    Parameter(
        "timeout",
        "A lower limit of time than that of the server, in seconds.",
        {"type": "number", "exclusiveMinimum": 0},
    ),
    Parameter(
        "explain", "With `yes`, what the parts of the query find and why it finds nothing, in place of the answer."
    ),
    Parameter(
        "words",
        "A question in words, for which a query is written and not run; with `by=model`, by the configured model.",
    ),
    *_VIEWED,
)
_FOUND: Final[Schema] = MappingProxyType(
    {
        "type": "object",
        "required": ["total", "complete", "meant", "facets", "items", "close"],
        "properties": {
            "total": {"type": "integer"},
            "complete": {"type": "integer"},
            "meant": {"type": ["string", "null"]},
            "facets": {"type": "object"},
            "items": {"type": "array", "items": {"type": "object"}},
            "close": {"type": "array"},
        },
    }
)
ADDRESSES: Final[Mapping[str, Address]] = MappingProxyType(
    {
        "resolving.resolve": Address(QUERIES, leads=True, parameters=(ID,)),
        "resolving.curie": Address(QUERIES, leads=True),
        "agents.mcp": Address(
            QUERIES,
            may_be_silent=True,
            media_types=(JSON.media_type,),
            body=Body(
                JSON.media_type,
                {
                    "type": "object",
                    "required": ["jsonrpc", "method"],
                    "properties": {
                        "jsonrpc": {"const": "2.0"},
                        "id": {"type": ["string", "integer"]},
                        "method": {"type": "string"},
                        "params": {"type": "object"},
                    },
                },
            ),
        ),
        "paths.path": Address(
            QUERIES,
            (HTML, MARKDOWN, JSON),
            parameters=(
                Parameter("from", "An entity: a CURIE, another identifier or a name.", text(300)),
                Parameter("to", "The other entity.", text(300)),
                MEDIA_TYPE,
            ),
        ),
        "explore.explore": Address(QUERIES, (HTML, JSON), parameters=(*_WALK, MEDIA_TYPE)),
        "explore.as_svg": Address(QUERIES, media_types=("image/svg+xml",), parameters=_WALK),
        "explore.as_png": Address(QUERIES, media_types=("image/png",), parameters=_WALK),
        "compare.compare": Address(
            QUERIES,
            LIST,
            parameters=(
                Parameter(
                    "id",
                    "An entity: a CURIE, another identifier or a name; two to five of them.",
                    text(300),
                    is_repeated=True,
                ),
                MEDIA_TYPE,
            ),
        ),
        "explanations.explanation": Address(
            QUERIES,
            (HTML, MARKDOWN, JSON, REFERENCE),
            parameters=(
                Parameter("subject", "The subject of a statement: a CURIE or an IRI.", text(2_000)),
                Parameter("predicate", "Its predicate.", text(2_000)),
                Parameter("object", "Its object.", text(2_000)),
                MEDIA_TYPE,
            ),
        ),
        "search.search": Address(
            QUERIES,
            (HTML, MARKDOWN, JSON),
            parameters=(
                Parameter("q", "What is looked for; there is no syntax to know.", text(LONGEST)),
                CLASS,
                Parameter("status", "Only of this status; may be repeated.", statuses, is_repeated=True),
                Parameter("mode", "How it is looked for.", lambda release: one_of(*release.finder.modes)),
                *paged(20, 100),
                MEDIA_TYPE,
            ),
            answer=_FOUND,
        ),
        "search.suggest": Address(
            QUERIES,
            media_types=("application/x-suggestions+json",),
            parameters=(
                Parameter("q", "What is typed.", text(LONGEST)),
                Parameter("limit", "How many suggestions.", whole(1, 50, 8)),
            ),
        ),
        "search.description": Address(QUERIES, media_types=("application/opensearchdescription+xml",)),
        "sparql.endpoint": Address(
            QUERIES,
            media_types=_query_media_types(),
            parameters=_QUERY,
            body=Body(
                "application/x-www-form-urlencoded",
                {
                    "type": "object",
                    "required": ["query"],
                    "properties": {
                        "query": {"type": "string"},
                        "format": {"type": "string"},
                        "timeout": {"type": "number"},
                    },
                },
                also=("application/sparql-query",),
            ),
        ),
        "editor.labels": Address(
            QUERIES,
            media_types=(JSON.media_type,),
            parameters=(Parameter("iri", "An IRI; may be repeated.", is_repeated=True),),
            body=Body(JSON.media_type, {"type": "array", "items": {"type": "string"}, "maxItems": 2000}),
        ),
        "kept.every_query": Address(QUERIES, LIST, parameters=(MEDIA_TYPE,)),
        "kept.one_query": Address(
            QUERIES,
            LIST,
            parts={"name": _kept},
            parameters=(*_VIEWED, MEDIA_TYPE),
        ),
        "editor.completions": Address(
            QUERIES,
            media_types=(JSON.media_type,),
            parameters=(Parameter("entity", "The beginning of what entities are called."),),
        ),
        "example_queries.examples": Address(QUERIES, lambda: (*with_html(), MARKDOWN), parameters=(MEDIA_TYPE,)),
        "answers.answers": Address(
            QUERIES,
            (HTML, N_QUADS, *(one for one in QUAD_FORMATS if one is not N_QUADS), MARKDOWN, JSON, *REFERENCES),
            parameters=(
                Parameter("query", "A query of SPARQL 1.1 whose answer is the same each time.", is_required=True),
                Parameter(
                    "at", "The state over which it is asked: a commit, a date or the hash of a state.", text(100)
                ),
                MEDIA_TYPE,
            ),
        ),
    }
)
