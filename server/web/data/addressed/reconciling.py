"""What the addresses of the reconciliation service take and answer, in its two versions."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ....serialization import HTML, JSON
from .describing import ID, RECONCILIATION, Address, Body, Parameter, Schema, form, one_of, text, whole

_SUGGESTED: Final = (
    Parameter("prefix", "What is completed.", text(200)),
    Parameter("limit", "How many suggestions.", whole(1, 100, 20)),
    Parameter("cursor", "How many to skip.", whole(0, 10_000, 0)),
    Parameter("offset", "The same, as older clients call it.", whole(0, 10_000, 0)),
)
_KINDS: Final[Mapping[str, Schema]] = MappingProxyType({"kind": one_of("entity", "property", "type")})
_TYPE: Final = Parameter("type", "The identifier of a type.")
_CALLBACK: Final = Parameter(
    "callback",
    "The name of a function that a script is to call with the answer (JSONP).",
    {"type": "string", "pattern": r"^[A-Za-z_$][A-Za-z0-9_$]{0,63}(\.[A-Za-z_$][A-Za-z0-9_$]{0,63}){0,3}$"},
)
ADDRESSES: Final[Mapping[str, Address]] = MappingProxyType(
    {
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
            parameters=(ID, _CALLBACK),
        ),
        "reconciliation.preview": Address(RECONCILIATION, media_types=(HTML.media_type,), parameters=(ID,)),
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
        "reconciliation_draft.preview": Address(RECONCILIATION, media_types=(HTML.media_type,), parameters=(ID,)),
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
    }
)
