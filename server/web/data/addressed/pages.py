"""What the addresses of entities, of lists and of the pages about them take and answer."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ....formats.listing import COLUMNS, FURTHER, OF_WORKS
from ....records.lists import Order
from ....serialization import (
    BIBTEX,
    CSL,
    CSV,
    HTML,
    JSON,
    LINK_FORMAT,
    MARKDOWN,
    RIS,
    Format,
    document_formats,
    triples_formats,
)
from ...http.profiles import PROFILES
from ...open_release import OpenRelease
from .describing import (
    CLASS,
    DIFFERENCE,
    LIST,
    MEDIA_TYPE,
    MOMENTS,
    PAGES,
    REFERENCES,
    SLUG,
    Address,
    Parameter,
    Schema,
    one_of,
    paged,
    statuses,
    text,
    whole,
)


def _gaps(release: OpenRelease) -> Schema:
    return one_of(*(gap.name for gap in release.gaps))


_PROFILE: Final = Parameter(
    "_profile",
    "The profile of the description, in place of the header Accept-Profile.",
    one_of(*(one.name for one in PROFILES)),
)
_AT: Final = Parameter("at", "A moment of the past: a commit, or a date with or without a time.", text(100))
_YEAR: Final[Schema] = MappingProxyType({"type": "string", "pattern": "^-?[0-9]{1,9}$", "examples": ["2023", "-350"]})


def _entity_formats() -> tuple[Format, ...]:
    return (*document_formats(), *REFERENCES)


_READING: Final = (
    Parameter(
        "id", "An entity: a CURIE, another identifier or a name; at most 100 of them.", text(300), is_repeated=True
    ),
    Parameter("title", "What the list is called.", text(100)),
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
ADDRESSES: Final[Mapping[str, Address]] = MappingProxyType(
    {
        "entities.thing": Address(
            PAGES, _entity_formats, parts={"slug": SLUG}, parameters=(MEDIA_TYPE, _PROFILE, _AT), answer=_ENTITY
        ),
        "entities.class_": Address(
            PAGES,
            lambda: (*document_formats(), BIBTEX, RIS, CSL),
            parameters=(
                Parameter("name", "What the name holds, whatever its case and its accents.", text(100)),
                Parameter("status", "Only of this status; may be repeated.", statuses, is_repeated=True),
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
                *paged(100, 1000),
                MEDIA_TYPE,
            ),
        ),
        "neighbourhood.neighbourhood": Address(
            PAGES,
            lambda: (HTML, *triples_formats(), MARKDOWN, CSV, JSON),
            parts={"slug": SLUG},
            parameters=(
                CLASS,
                Parameter("predicate", "Only by edges of this predicate; may be repeated.", is_repeated=True),
                Parameter(
                    "direction",
                    "Only by edges that run this way; may be repeated.",
                    one_of("out", "in", "both"),
                    is_repeated=True,
                ),
                *paged(50, 500),
                MEDIA_TYPE,
            ),
        ),
        "history.history": Address(
            PAGES,
            lambda: (HTML, *triples_formats(), MARKDOWN, JSON),
            parts={"slug": SLUG},
            parameters=(*paged(50, 200), MEDIA_TYPE),
        ),
        "history.difference": Address(PAGES, DIFFERENCE, parts={"slug": SLUG}, parameters=(*MOMENTS, MEDIA_TYPE)),
        "versions.time_map": Address(
            PAGES,
            media_types=(LINK_FORMAT.media_type, JSON.media_type),
            parts={"slug": SLUG},
            parameters=(Parameter("page", "Which part, from 1.", whole(1, 10**6, 1)), MEDIA_TYPE),
        ),
        "entities.edge": Address(PAGES, leads=True, parts={"edge": SLUG}, parameters=(MEDIA_TYPE, _PROFILE)),
        "card.card": Address(PAGES, media_types=(HTML.media_type,), parts={"slug": SLUG}),
        "oembed.embed": Address(PAGES, media_types=(HTML.media_type,), parts={"slug": SLUG}),
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
        "picture.around": Address(PAGES, media_types=("image/svg+xml",), parts={"slug": SLUG}),
        "preview.of_entity": Address(PAGES, media_types=("image/png",), parts={"slug": SLUG}),
        "random_entity.random_entity": Address(PAGES, leads=True, parameters=(CLASS,)),
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
            LIST,
            parameters=(
                Parameter("topic", "Only debates about this: the CURIE of an entity.", text(200)),
                *paged(20, 1000),
                MEDIA_TYPE,
            ),
        ),
        "overviews.by_date": Address(PAGES, LIST, parameters=(*paged(100, 1000), MEDIA_TYPE)),
        "overviews.still_open": Address(PAGES, LIST, parameters=(*paged(100, 1000), MEDIA_TYPE)),
        "gaps.every_gap": Address(PAGES, LIST, parameters=(MEDIA_TYPE,)),
        "gaps.one_gap": Address(PAGES, LIST, parts={"name": _gaps}, parameters=(*paged(50, 1000), MEDIA_TYPE)),
        "listed.listed": Address(
            PAGES, (HTML, JSON), parameters=(Parameter("name", "A name.", text(200), is_required=True), MEDIA_TYPE)
        ),
        "browse.browse": Address(PAGES, LIST, parameters=(MEDIA_TYPE,)),
        "browse.whole_map": Address(PAGES, media_types=(HTML.media_type,)),
        "by_year.of_entity": Address(PAGES, LIST, parts={"slug": SLUG}, parameters=(MEDIA_TYPE,)),
        "reading_list.reading_list": Address(
            PAGES,
            (*LIST, BIBTEX, RIS, CSL),
            parameters=(*_READING, MEDIA_TYPE),
        ),
        "reading_list.picture": Address(PAGES, media_types=("image/svg+xml",), parameters=_READING),
    }
)
