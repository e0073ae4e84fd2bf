"""What the addresses of those who review, propose and correct take and answer."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ....knowledge.candidates import SIGNALS, STATES
from ....proposals.records import KINDS
from ....serialization import CSV, HTML, JSON, MARKDOWN
from .describing import (
    MEDIA_TYPE,
    PAGES,
    SLUG,
    TEXT,
    Address,
    Body,
    Parameter,
    classes,
    form,
    one_of,
    paged,
    text,
    whole,
    with_html,
)

_OF_A_DECISION: Final = ("outcome", "reject", "who", "why", "key", "download")
_OF_A_CORRECTION: Final = ("step", "who", "why")
_TABLE: Final = (HTML, CSV, JSON)

ADDRESSES: Final[Mapping[str, Address]] = MappingProxyType(
    {
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
                *paged(20, 200),
                MEDIA_TYPE,
            ),
        ),
        "review.review": Address(PAGES, with_html, parameters=(MEDIA_TYPE,)),
        "review.candidate": Address(PAGES, with_html, parameters=(MEDIA_TYPE,)),
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
        "correct.form": Address(PAGES, media_types=(HTML.media_type,), parts={"name": classes, "slug": SLUG}),
        "correct.correct": Address(
            PAGES,
            media_types=(HTML.media_type, "text/x-diff", JSON.media_type),
            parts={"name": classes, "slug": SLUG},
            body=form(*_OF_A_CORRECTION, others=True),
        ),
        "correct.form_of_edge": Address(PAGES, media_types=(HTML.media_type,), parts={"edge": SLUG}),
        "correct.correct_edge": Address(
            PAGES,
            media_types=(HTML.media_type, "text/x-diff", JSON.media_type),
            parts={"edge": SLUG},
            body=form(*_OF_A_CORRECTION, others=True),
        ),
        "proposals.waiting": Address(
            PAGES,
            (HTML, MARKDOWN, JSON),
            parameters=(
                Parameter("about", "Only proposals about this source, by its CURIE.", text(300)),
                *paged(50, 200),
                MEDIA_TYPE,
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
                MEDIA_TYPE,
            ),
        ),
        "proposals.decide": Address(
            PAGES,
            media_types=(HTML.media_type, "text/x-diff"),
            body=form(*_OF_A_DECISION, others=True),
        ),
        "matches.matches": Address(
            PAGES, _TABLE, parameters=(Parameter("page", "Which page, from 1.", whole(1, 10**6, 1)), MEDIA_TYPE)
        ),
    }
)
