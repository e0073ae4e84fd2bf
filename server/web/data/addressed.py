"""What each address is for, what it takes and in which formats it answers: the table from which OpenAPI is written.

Paths, methods and first sentences are those of the routes themselves, formats those of the one table of formats; here
is what these do not say. A route that is not in the table is described as far as it speaks for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from ...formats.listing import COLUMNS, FURTHER, OF_WORKS
from ...knowledge.candidates import SIGNALS, STATES
from ...knowledge.finding import LONGEST
from ...proposals.records import KINDS
from ...records.lists import Order
from ...records.views import VIEWS
from ...serialization import (
    BIBTEX,
    CSL,
    CSV,
    FEED_FORMATS,
    HTML,
    JSON,
    LINK_FORMAT,
    MARKDOWN,
    N_QUADS,
    QUAD_FORMATS,
    RDF_PATCH,
    REFERENCE,
    RIS,
    Format,
    answer_formats,
    document_formats,
    graph_formats,
    triples_formats,
)
from ..http.profiles import PROFILES
from ..open_release import OpenRelease
from ..views.choosing import AXES
from . import event_stream

Schema = Mapping[str, Any]
"""A JSON Schema (draft 2020-12, which OpenAPI 3.1 takes)."""
OfRelease = Callable[[OpenRelease], Schema]
"""Makes one from what a release has."""

TEXT: Final[Schema] = MappingProxyType({"type": "string"})


@dataclass(frozen=True)
class Parameter:
    """A parameter of the query of an address."""

    name: str
    meaning: str
    schema: Schema | OfRelease = field(default_factory=lambda: TEXT)
    is_repeated: bool = False
    is_required: bool = False


@dataclass(frozen=True)
class Body:
    """What is sent with POST."""

    media_type: str
    schema: Schema
    also: tuple[str, ...] = ()
    """Other media types, of which the body is the text itself."""


@dataclass(frozen=True)
class Address:
    """What is known of the addresses of a route."""

    group: str
    formats: Callable[[], tuple[Format, ...]] | tuple[Format, ...] = ()
    """Those of a document that is negotiated, and that each extension yields."""
    media_types: tuple[str, ...] = ()
    """Those of an answer that has no other."""
    parameters: tuple[Parameter, ...] = ()
    parts: Mapping[str, Schema | OfRelease] = field(default_factory=dict)
    """What stands in the path, by name."""
    body: Body | None = None
    leads: bool = False
    """Whether the answer is a redirect."""
    may_be_silent: bool = False
    """Whether there may be no answer but that the request was received (202)."""
    has_links: bool = True
    """Whether its links are offered as a link set, as for every negotiated document with a page (`documents.py`)."""
    answer: Schema | None = None
    """What its plain JSON is."""

    def formats_now(self) -> tuple[Format, ...]:
        """Return its formats; other packages may have added some."""
        return self.formats() if callable(self.formats) else self.formats


def whole(least: int, most: int, usual: int | None = None) -> Schema:
    """Return the schema of a whole number in a range."""
    return {"type": "integer", "minimum": least, "maximum": most, **({} if usual is None else {"default": usual})}


def one_of(*values: str) -> Schema:
    """Return the schema of one of some texts."""
    return {"type": "string", "enum": list(values)}


def text(most: int) -> Schema:
    """Return the schema of a text that has so many characters at most."""
    return {"type": "string", "maxLength": most}


def form(*names: str, others: bool = False) -> Body:
    """Return the body of a form with fields of text; other fields of text may be allowed, whatever their names."""
    fields: dict[str, Any] = {"type": "object", "properties": {name: {"type": "string"} for name in names}}
    if others:
        fields["additionalProperties"] = dict(TEXT)
    return Body("application/x-www-form-urlencoded", fields)


def classes(release: OpenRelease) -> Schema:
    """Return the schema of the name of a page class."""
    return one_of(*release.namespaces.classes)


def _statuses(release: OpenRelease) -> Schema:
    return one_of(*release.finder.index.statuses)


def _graphs(release: OpenRelease) -> Schema:
    start = release.namespaces.graph
    return one_of(*(iri.removeprefix(start) for iri in release.local.graphs() if iri.startswith(start)))


def _downloads(release: OpenRelease) -> Schema:
    return one_of(*(one.name for one in release.downloads.files))


def _gaps(release: OpenRelease) -> Schema:
    return one_of(*(gap.name for gap in release.gaps))


def _kept(release: OpenRelease) -> Schema:
    return one_of(*(kept.name for kept in release.kept))


def _paged(usual: int, most: int) -> tuple[Parameter, ...]:
    return (
        Parameter("page", "Which page, from 1.", whole(1, 10**6, 1)),
        Parameter("size", "How many on each page.", whole(1, most, usual)),
    )


_CLASS: Final = Parameter("class", "Only entities of this class; may be repeated.", classes, is_repeated=True)
_MEDIA_TYPE: Final = Parameter("_mediatype", "The media type of the answer, in place of the header Accept.")
_PROFILE: Final = Parameter(
    "_profile",
    "The profile of the description, in place of the header Accept-Profile.",
    one_of(*(one.name for one in PROFILES)),
)
_AT: Final = Parameter("at", "A moment of the past: a commit, or a date with or without a time.", text(100))
_MOMENTS: Final = (
    Parameter("from", "The earlier moment: a commit, or a date with or without a time.", text(80)),
    Parameter("to", "The later one.", text(80)),
)
_WALK: Final = (
    Parameter("open", "An entity that is open: a CURIE, another identifier or a name.", text(300), is_repeated=True),
    Parameter("predicate", "Only by edges of this predicate.", is_repeated=True),
    Parameter("size", "How many neighbours each shows at most, those with the most edges.", whole(1, 40, 12)),
)
_YEAR: Final[Schema] = MappingProxyType({"type": "string", "pattern": "^-?[0-9]{1,9}$", "examples": ["2023", "-350"]})
_SLUG: Final[Schema] = MappingProxyType({"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"})
_SUGGESTED: Final = (
    Parameter("prefix", "What is completed.", text(200)),
    Parameter("limit", "How many suggestions.", whole(1, 100, 20)),
    Parameter("cursor", "How many to skip.", whole(0, 10_000, 0)),
    Parameter("offset", "The same, as older clients call it.", whole(0, 10_000, 0)),
)
_ID: Final = Parameter("id", "A CURIE, an IRI, or an identifier of others.", is_required=True)
_KINDS: Final[Mapping[str, Schema]] = MappingProxyType({"kind": one_of("entity", "property", "type")})
_TYPE: Final = Parameter("type", "The identifier of a type.")
_CALLBACK: Final = Parameter(
    "callback",
    "The name of a function that a script is to call with the answer (JSONP).",
    {"type": "string", "pattern": r"^[A-Za-z_$][A-Za-z0-9_$]{0,63}(\.[A-Za-z_$][A-Za-z0-9_$]{0,63}){0,3}$"},
)

PAGES, DATA, QUERIES, RECONCILIATION, SERVER = (
    "Entities and lists",
    "Data as a whole",
    "Search and queries",
    "Reconciliation",
    "The site and the server",
)
GROUPS: Final = (PAGES, DATA, QUERIES, RECONCILIATION, SERVER)
"""What addresses are for, in the order in which they are listed."""

_TABLE: Final = (HTML, CSV, JSON)
_LIST: Final = (HTML, MARKDOWN, CSV, JSON)
_REFERENCES: Final = (BIBTEX, RIS, CSL, REFERENCE)
_DIFFERENCE: Final = (HTML, MARKDOWN, JSON, RDF_PATCH)
_OF_A_DECISION: Final = ("outcome", "reject", "who", "why", "key", "download")
_OF_A_CORRECTION: Final = ("step", "who", "why")
_HASH: Final[Schema] = MappingProxyType({"type": "string", "pattern": "^[0-9a-f]+$"})


def _with_html() -> tuple[Format, ...]:
    return (HTML, *triples_formats())


def _entity_formats() -> tuple[Format, ...]:
    return (*document_formats(), *_REFERENCES)


def _query_media_types() -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.media_type for one in (HTML, *graph_formats(), *answer_formats().values())))


_READING: Final = (
    Parameter(
        "id", "An entity: a CURIE, another identifier or a name; at most 100 of them.", text(300), is_repeated=True
    ),
    Parameter("title", "What the list is called.", text(100)),
)
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
_ENTITY: Final[Schema] = MappingProxyType(
    {
        "type": "object",
        "required": [
            "id",
            "iri",
            "class",
            "label",
            "type",
            "status",
            "altLabels",
            "definition",
            "facts",
            "sources",
            "neighbours",
            "neighbourhood",
            "related",
        ],
        "properties": {
            **{name: {"type": "string"} for name in ("id", "iri", "class", "label", "type", "status", "definition")},
            "altLabels": {"type": "array", "items": {"type": "string"}},
            "facts": {"type": "array", "items": {"type": "object"}},
            "sources": {"type": "array", "items": {"type": "string"}},
            "neighbours": {"type": "integer"},
            "neighbourhood": {"type": "array", "items": {"type": "object"}},
            "related": {"type": "object"},
        },
    }
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
        "entities.thing": Address(
            PAGES, _entity_formats, parts={"slug": _SLUG}, parameters=(_MEDIA_TYPE, _PROFILE, _AT), answer=_ENTITY
        ),
        "entities.class_": Address(
            PAGES,
            lambda: (*document_formats(), BIBTEX, RIS, CSL),
            parameters=(
                Parameter("name", "What the name holds, whatever its case and its accents.", text(100)),
                Parameter("status", "Only of this status; may be repeated.", _statuses, is_repeated=True),
                Parameter("kind", "Only of this kind within the class; may be repeated.", is_repeated=True),
                Parameter("since", "Only works that came out in this year or later.", _YEAR),
                Parameter("until", "Only works that came out in this year or before.", _YEAR),
                Parameter(
                    "topic",
                    "Only what is about this entity, by its CURIE; may be repeated.",
                    text(300),
                    is_repeated=True,
                ),
                Parameter(
                    "author",
                    "Only works by this author: a CURIE, or a name as lists of authors have it; may be repeated.",
                    text(300),
                    is_repeated=True,
                ),
                Parameter(
                    "organization",
                    "Only people of this organization, and works by them or by it, by its CURIE; may be repeated.",
                    text(300),
                    is_repeated=True,
                ),
                Parameter(
                    "venue",
                    "Only works that appeared there, by its CURIE; may be repeated.",
                    text(300),
                    is_repeated=True,
                ),
                Parameter("year", "Only works that came out in this year; may be repeated.", _YEAR, is_repeated=True),
                Parameter(
                    "evidence",
                    "Only what something speaks for, against, both or none; may be repeated.",
                    one_of("for", "against", "both", "none"),
                    is_repeated=True,
                ),
                Parameter(
                    "columns",
                    "A column of the table; may be repeated.",
                    one_of(*COLUMNS[3:], *FURTHER, *OF_WORKS),
                    is_repeated=True,
                ),
                Parameter("sort", "The order.", one_of(*Order)),
                *_paged(100, 1000),
                _MEDIA_TYPE,
            ),
        ),
        "neighbourhood.neighbourhood": Address(
            PAGES,
            lambda: (HTML, *triples_formats(), MARKDOWN, CSV, JSON),
            parts={"slug": _SLUG},
            parameters=(
                _CLASS,
                Parameter("predicate", "Only by edges of this predicate; may be repeated.", is_repeated=True),
                Parameter(
                    "direction",
                    "Only by edges that run this way; may be repeated.",
                    one_of("out", "in", "both"),
                    is_repeated=True,
                ),
                *_paged(50, 500),
                _MEDIA_TYPE,
            ),
        ),
        "history.history": Address(
            PAGES,
            lambda: (HTML, *triples_formats(), MARKDOWN, JSON),
            parts={"slug": _SLUG},
            parameters=(*_paged(50, 200), _MEDIA_TYPE),
        ),
        "history.difference": Address(PAGES, _DIFFERENCE, parts={"slug": _SLUG}, parameters=(*_MOMENTS, _MEDIA_TYPE)),
        "versions.time_map": Address(
            PAGES,
            media_types=(LINK_FORMAT.media_type, JSON.media_type),
            parts={"slug": _SLUG},
            parameters=(Parameter("page", "Which part, from 1.", whole(1, 10**6, 1)), _MEDIA_TYPE),
        ),
        "entities.edge": Address(PAGES, leads=True, parts={"edge": _SLUG}, parameters=(_MEDIA_TYPE, _PROFILE)),
        "entities.dataset": Address(DATA, leads=True, parameters=(_MEDIA_TYPE,)),
        "card.card": Address(PAGES, media_types=(HTML.media_type,), parts={"slug": _SLUG}),
        "oembed.embed": Address(PAGES, media_types=(HTML.media_type,), parts={"slug": _SLUG}),
        "oembed.oembed": Address(
            PAGES,
            media_types=("application/json", "text/xml"),
            parameters=(
                Parameter("url", "The address of the page of an entity, or its IRI.", text(2000)),
                Parameter("maxwidth", "How wide what is shown may be, in pixels.", whole(1, 100_000, 100_000)),
                Parameter("maxheight", "How high it may be.", whole(1, 100_000, 100_000)),
                Parameter("format", "The format of the answer.", one_of("json", "xml")),
            ),
        ),
        "picture.around": Address(PAGES, media_types=("image/svg+xml",), parts={"slug": _SLUG}),
        "preview.of_entity": Address(PAGES, media_types=("image/png",), parts={"slug": _SLUG}),
        "preview.of_site": Address(SERVER, media_types=("image/png",)),
        "resolving.resolve": Address(QUERIES, leads=True, parameters=(_ID,)),
        "resolving.curie": Address(QUERIES, leads=True),
        "random_entity.random_entity": Address(PAGES, leads=True, parameters=(_CLASS,)),
        "language.language": Address(
            PAGES,
            leads=True,
            parameters=(
                Parameter("lang", "The language, one of those that the pages offer."),
                Parameter("to", "Where to lead: a path of this site.", text(4000)),
            ),
        ),
        "overviews.in_debate": Address(
            PAGES,
            _LIST,
            parameters=(
                Parameter("topic", "Only debates about this: the CURIE of an entity.", text(200)),
                *_paged(20, 1000),
                _MEDIA_TYPE,
            ),
        ),
        "overviews.by_date": Address(PAGES, _LIST, parameters=(*_paged(100, 1000), _MEDIA_TYPE)),
        "overviews.still_open": Address(PAGES, _LIST, parameters=(*_paged(100, 1000), _MEDIA_TYPE)),
        "gaps.every_gap": Address(PAGES, _LIST, parameters=(_MEDIA_TYPE,)),
        "gaps.one_gap": Address(PAGES, _LIST, parts={"name": _gaps}, parameters=(*_paged(50, 1000), _MEDIA_TYPE)),
        "review.waiting": Address(
            PAGES,
            (HTML, MARKDOWN, JSON),
            parameters=(
                Parameter("entity", "Only pairs of this entity: a CURIE, another identifier or a name.", text(300)),
                Parameter("class", "Only pairs of this class; may be given twice.", classes, is_repeated=True),
                Parameter(
                    "signal", "Only pairs for which this speaks; may be repeated.", one_of(*SIGNALS), is_repeated=True
                ),
                Parameter("state", "Only pairs in this state; may be repeated.", one_of(*STATES), is_repeated=True),
                *_paged(20, 200),
                _MEDIA_TYPE,
            ),
        ),
        "review.review": Address(PAGES, _with_html, parameters=(_MEDIA_TYPE,)),
        "review.candidate": Address(PAGES, _with_html, parameters=(_MEDIA_TYPE,)),
        "review.decide_on": Address(
            PAGES,
            media_types=(HTML.media_type, "text/x-diff"),
            body=form(
                "outcome",
                "who",
                "why",
                "edge",
                "note",
                "source",
                "locator",
                "status",
                "survivor",
                "download",
            ),
        ),
        "propose.form": Address(PAGES, media_types=(HTML.media_type,)),
        "propose.propose": Address(
            PAGES,
            media_types=(JSON.media_type, HTML.media_type),
            body=Body(
                JSON.media_type,
                {
                    "type": "object",
                    "properties": {
                        **{name: {"type": "string"} for name in ("who", "model", "why")},
                        "parts": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "required": ["kind"],
                                "properties": {"kind": one_of(*KINDS)},
                                "additionalProperties": True,
                            },
                        },
                    },
                },
            ),
        ),
        "correct.form": Address(PAGES, media_types=(HTML.media_type,), parts={"name": classes, "slug": _SLUG}),
        "correct.correct": Address(
            PAGES,
            media_types=(HTML.media_type, "text/x-diff", JSON.media_type),
            parts={"name": classes, "slug": _SLUG},
            body=form(*_OF_A_CORRECTION, others=True),
        ),
        "correct.form_of_edge": Address(PAGES, media_types=(HTML.media_type,), parts={"edge": _SLUG}),
        "correct.correct_edge": Address(
            PAGES,
            media_types=(HTML.media_type, "text/x-diff", JSON.media_type),
            parts={"edge": _SLUG},
            body=form(*_OF_A_CORRECTION, others=True),
        ),
        "proposals.waiting": Address(
            PAGES,
            (HTML, MARKDOWN, JSON),
            parameters=(
                Parameter("about", "Only proposals about this source, by its CURIE.", text(300)),
                *_paged(50, 200),
                _MEDIA_TYPE,
            ),
        ),
        "proposals.decide_on_several": Address(
            PAGES,
            media_types=(HTML.media_type, "text/x-diff"),
            body=Body(
                "application/x-www-form-urlencoded",
                {
                    "type": "object",
                    "properties": {
                        "id": {"type": "array", "items": dict(TEXT), "maxItems": 50},
                        **{name: {"type": "string"} for name in (*_OF_A_DECISION, "about", "batch")},
                    },
                },
            ),
        ),
        "proposals.accepted": Address(PAGES, media_types=("text/x-diff",)),
        "proposals.proposal": Address(
            PAGES,
            (HTML, JSON),
            parameters=(
                Parameter("after", "The id of the proposal that was decided on before.", text(10)),
                _MEDIA_TYPE,
            ),
        ),
        "proposals.decide": Address(
            PAGES,
            media_types=(HTML.media_type, "text/x-diff"),
            body=form(*_OF_A_DECISION, others=True),
        ),
        "listed.listed": Address(
            PAGES, (HTML, JSON), parameters=(Parameter("name", "A name.", text(200), is_required=True), _MEDIA_TYPE)
        ),
        "matches.matches": Address(
            PAGES, _TABLE, parameters=(Parameter("page", "Which page, from 1.", whole(1, 10**6, 1)), _MEDIA_TYPE)
        ),
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
                _MEDIA_TYPE,
            ),
        ),
        "explore.explore": Address(QUERIES, (HTML, JSON), parameters=(*_WALK, _MEDIA_TYPE)),
        "explore.as_svg": Address(QUERIES, media_types=("image/svg+xml",), parameters=_WALK),
        "explore.as_png": Address(QUERIES, media_types=("image/png",), parameters=_WALK),
        "compare.compare": Address(
            QUERIES,
            _LIST,
            parameters=(
                Parameter(
                    "id",
                    "An entity: a CURIE, another identifier or a name; two to five of them.",
                    text(300),
                    is_repeated=True,
                ),
                _MEDIA_TYPE,
            ),
        ),
        "browse.browse": Address(PAGES, _LIST, parameters=(_MEDIA_TYPE,)),
        "browse.whole_map": Address(PAGES, media_types=(HTML.media_type,)),
        "by_year.of_entity": Address(PAGES, _LIST, parts={"slug": _SLUG}, parameters=(_MEDIA_TYPE,)),
        "reading_list.reading_list": Address(
            PAGES,
            (*_LIST, BIBTEX, RIS, CSL),
            parameters=(*_READING, _MEDIA_TYPE),
        ),
        "reading_list.picture": Address(PAGES, media_types=("image/svg+xml",), parameters=_READING),
        "explanations.explanation": Address(
            QUERIES,
            (HTML, MARKDOWN, JSON, REFERENCE),
            parameters=(
                Parameter("subject", "The subject of a statement: a CURIE or an IRI.", text(2_000)),
                Parameter("predicate", "Its predicate.", text(2_000)),
                Parameter("object", "Its object.", text(2_000)),
                _MEDIA_TYPE,
            ),
        ),
        "search.search": Address(
            QUERIES,
            (HTML, MARKDOWN, JSON),
            parameters=(
                Parameter("q", "What is looked for; there is no syntax to know.", text(LONGEST)),
                _CLASS,
                Parameter("status", "Only of this status; may be repeated.", _statuses, is_repeated=True),
                Parameter("mode", "How it is looked for.", lambda release: one_of(*release.finder.modes)),
                *_paged(20, 100),
                _MEDIA_TYPE,
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
        "kept.every_query": Address(QUERIES, _LIST, parameters=(_MEDIA_TYPE,)),
        "kept.one_query": Address(
            QUERIES,
            _LIST,
            parts={"name": _kept},
            parameters=(*_VIEWED, _MEDIA_TYPE),
        ),
        "editor.completions": Address(
            QUERIES,
            media_types=(JSON.media_type,),
            parameters=(Parameter("entity", "The beginning of what entities are called."),),
        ),
        "example_queries.examples": Address(QUERIES, lambda: (*_with_html(), MARKDOWN), parameters=(_MEDIA_TYPE,)),
        "answers.answers": Address(
            QUERIES,
            (HTML, N_QUADS, *(one for one in QUAD_FORMATS if one is not N_QUADS), MARKDOWN, JSON, *_REFERENCES),
            parameters=(
                Parameter("query", "A query of SPARQL 1.1 whose answer is the same each time.", is_required=True),
                Parameter(
                    "at", "The state over which it is asked: a commit, a date or the hash of a state.", text(100)
                ),
                _MEDIA_TYPE,
            ),
        ),
        "changes.changes": Address(
            DATA,
            (HTML, MARKDOWN, JSON, CSV),
            parameters=(
                Parameter("class", "Only entities of this class; may be repeated.", classes, is_repeated=True),
                Parameter("topic", "Only entities that name this one: a CURIE or an IRI.", text(500)),
                Parameter("author", "Only what this author committed."),
                *_paged(50, 200),
                _MEDIA_TYPE,
            ),
        ),
        "changes.difference": Address(DATA, _DIFFERENCE, parameters=(*_MOMENTS, *_paged(50, 200), _MEDIA_TYPE)),
        "feeds.feed": Address(
            DATA,
            (HTML, *FEED_FORMATS),
            parameters=(
                Parameter(
                    "class", "Only changes of entities of this class; may be repeated.", classes, is_repeated=True
                ),
                Parameter("entity", "Only changes of this entity: a CURIE or an IRI.", text(1_000)),
                Parameter("topic", "Only changes of what names this entity.", text(1_000)),
                Parameter("author", "Only what this author committed.", text(200)),
                Parameter("query", "Only changes of the entities that this query finds now.", text(4_000)),
                Parameter(
                    "archive", "Which archive of the feed, from 1; without it, the newest changes.", whole(1, 10**9)
                ),
                _MEDIA_TYPE,
            ),
            has_links=False,
        ),
        "event_stream.root": Address(DATA, event_stream.FORMATS, parameters=(_MEDIA_TYPE,)),
        "event_stream.node": Address(DATA, event_stream.FORMATS, parameters=(_MEDIA_TYPE,)),
        "event_stream.member": Address(
            DATA,
            media_types=tuple(one.media_type for one in event_stream.FORMATS),
            parts={"revision": _HASH},
            parameters=(_MEDIA_TYPE,),
        ),
        "download.downloads": Address(DATA, lambda: (HTML, *triples_formats(), CSV, JSON), parameters=(_MEDIA_TYPE,)),
        "download.download": Address(DATA, media_types=("*/*",), parts={"file": _downloads, "digest": _HASH}),
        "download.as_croissant": Address(DATA, media_types=("application/ld+json",)),
        "download.as_ro_crate": Address(DATA, media_types=("application/ld+json",)),
        "home.home": Address(DATA, _with_html, parameters=(_MEDIA_TYPE,)),
        "home.context": Address(DATA, media_types=("application/ld+json",)),
        "description.void": Address(DATA, document_formats, parameters=(_MEDIA_TYPE,)),
        "vocabulary.ontology": Address(DATA, document_formats, parameters=(_MEDIA_TYPE,)),
        "vocabulary.version": Address(DATA, document_formats, parameters=(_MEDIA_TYPE,)),
        "vocabulary.shapes": Address(DATA, lambda: (*_with_html(), MARKDOWN), parameters=(_MEDIA_TYPE,)),
        "profile_list.profiles": Address(DATA, _with_html, parameters=(_MEDIA_TYPE,)),
        "graphs.graph": Address(DATA, triples_formats, parts={"name": _graphs}),
        "graphs.graph_store": Address(
            DATA,
            triples_formats,
            parameters=(
                Parameter("graph", "The IRI of a named graph.", {"type": "string", "format": "iri"}),
                Parameter("default", "Given, whatever its value, for the union of all graphs."),
            ),
        ),
        "map.picture": Address(DATA, media_types=("image/svg+xml",)),
        "map.data": Address(DATA, media_types=(JSON.media_type,)),
        "offering.current_name": Address(DATA, media_types=("text/plain",)),
        "offering.release_file": Address(DATA, media_types=("application/octet-stream",)),
        "reconciliation.endpoint": Address(
            RECONCILIATION,
            media_types=(JSON.media_type, "application/javascript"),
            parameters=(
                Parameter("queries", "A batch of queries, as JSON."),
                Parameter("extend", "A data extension query, as JSON."),
                _CALLBACK,
            ),
            body=form("queries", "extend"),
        ),
        "reconciliation.suggest": Address(
            RECONCILIATION,
            media_types=(JSON.media_type, "application/javascript"),
            parts=_KINDS,
            parameters=(*_SUGGESTED, _CALLBACK),
        ),
        "reconciliation.flyout": Address(
            RECONCILIATION,
            media_types=(JSON.media_type, "application/javascript"),
            parts=_KINDS,
            parameters=(_ID, _CALLBACK),
        ),
        "reconciliation.preview": Address(RECONCILIATION, media_types=(HTML.media_type,), parameters=(_ID,)),
        "reconciliation.properties": Address(
            RECONCILIATION,
            media_types=(JSON.media_type, "application/javascript"),
            parameters=(_TYPE, Parameter("limit", "How many properties.", whole(1, 1000, 100)), _CALLBACK),
        ),
        "reconciliation_draft.manifest": Address(RECONCILIATION, media_types=(JSON.media_type,)),
        "reconciliation_draft.match": Address(
            RECONCILIATION,
            media_types=(JSON.media_type,),
            body=Body(
                JSON.media_type,
                {
                    "type": "object",
                    "required": ["queries"],
                    "properties": {"queries": {"type": "array", "items": {"type": "object"}}},
                },
            ),
        ),
        "reconciliation_draft.suggest": Address(
            RECONCILIATION, media_types=(JSON.media_type,), parts=_KINDS, parameters=_SUGGESTED
        ),
        "reconciliation_draft.preview": Address(RECONCILIATION, media_types=(HTML.media_type,), parameters=(_ID,)),
        "reconciliation_draft.extend": Address(
            RECONCILIATION,
            media_types=(JSON.media_type,),
            body=Body(
                JSON.media_type,
                {
                    "type": "object",
                    "required": ["ids", "properties"],
                    "properties": {
                        "ids": {"type": "array", "items": {"type": "string"}},
                        "properties": {"type": "array", "items": {"type": "object"}},
                    },
                },
            ),
        ),
        "reconciliation_draft.propose": Address(
            RECONCILIATION,
            media_types=(JSON.media_type,),
            parameters=(
                Parameter("type", "The identifier of a type.", is_required=True),
                Parameter("limit", "How many properties.", whole(1, 1000, 100)),
            ),
        ),
        "about.about": Address(SERVER, (HTML, MARKDOWN), parameters=(_MEDIA_TYPE,)),
        "manual.contents": Address(SERVER, (HTML,), parameters=(_MEDIA_TYPE,)),
        "manual.page": Address(SERVER, (HTML, MARKDOWN), parameters=(_MEDIA_TYPE,)),
        "manual.picture": Address(SERVER, media_types=("image/png",)),
        "api.api": Address(SERVER, (HTML, JSON), parameters=(_MEDIA_TYPE,)),
        "operations.healthz": Address(SERVER, media_types=(JSON.media_type,)),
        "operations.readyz": Address(SERVER, media_types=(JSON.media_type,)),
        "operations.metrics": Address(SERVER, media_types=("text/plain",)),
        "discovery.robots": Address(SERVER, media_types=("text/plain",)),
        "discovery.security": Address(SERVER, media_types=("text/plain",)),
        "discovery.sitemap": Address(SERVER, media_types=("application/xml",)),
        "discovery.part_of_sitemap": Address(SERVER, media_types=("application/xml",)),
        "discovery.llms": Address(SERVER, media_types=(MARKDOWN.media_type,)),
        "discovery.llms_full": Address(SERVER, media_types=(MARKDOWN.media_type,)),
        "home.favicon": Address(SERVER, leads=True),
        "static": Address(SERVER, parameters=(Parameter("v", "The version of the file, by which caches keep it."),)),
    }
)
"""By the names of the routes (Flask's endpoints)."""
