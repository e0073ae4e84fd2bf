"""JSON schemas of what a reconciliation service answers: our own, made from the text of the specifications.

The specifications publish schemas too; these say at least as much, and let nothing through that is not spoken of there:
no schema of an answer leaves room for other members.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string", "minLength": 1}
BOOLEAN: Schema = {"type": "boolean"}
POSITIVE: Schema = {"type": "integer", "minimum": 1}
SCORE: Schema = {"type": "number", "minimum": 0, "maximum": 100}
ADDRESS: Schema = {"type": "string", "pattern": "^https?://"}
PATH: Schema = {"type": "string", "pattern": "^/"}


def record(required: dict[str, Schema], **optional: Schema) -> Schema:
    """Return the schema of an object with these members and no others."""
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": list(required),
        "additionalProperties": False,
    }


def array(items: Schema, **more: object) -> Schema:
    return {"type": "array", "items": items, **more}


TYPE: Schema = {
    "$ref": "#/$defs/type",
}
DEFINITIONS: Schema = {"type": record({"id": TEXT, "name": TEXT}, broader=array(TYPE))}


def whole(schema: Schema) -> Schema:
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": DEFINITIONS, **schema}


SETTING_WORDS = ({"label": TEXT, "name": TEXT}, "help_text"), ({"id": TEXT, "name": TEXT}, "helpText")


def setting(version: int) -> Schema:
    words, help_text = SETTING_WORDS[version]
    return record({**words, "type": {"const": "number"}}, default={"type": "number"}, **{help_text: TEXT})


SUGGESTER = record(
    {"service_url": ADDRESS, "service_path": PATH},
    flyout_service_url=ADDRESS,
    flyout_service_path={"type": "string", "pattern": r"\$\{id\}"},
)
MANIFEST = whole(
    record(
        {
            "versions": array(TEXT, contains={"const": "0.2"}),
            "name": TEXT,
            "identifierSpace": ADDRESS,
            "schemaSpace": ADDRESS,
            "defaultTypes": array(TYPE, uniqueItems=True, minItems=1),
        },
        documentation=ADDRESS,
        logo=ADDRESS,
        serviceVersion=TEXT,
        view=record({"url": {"type": "string", "pattern": r"\{\{id\}\}"}}),
        preview=record(
            {"url": {"type": "string", "pattern": r"\{\{id\}\}"}, "width": POSITIVE, "height": POSITIVE},
        ),
        suggest=record({}, entity=SUGGESTER, property=SUGGESTER, type=SUGGESTER),
        extend=record(
            {},
            propose_properties=record({"service_url": ADDRESS, "service_path": PATH}),
            property_settings=array(setting(0)),
        ),
        batchSize=POSITIVE,
    )
)
DRAFT_MANIFEST = whole(
    record(
        {
            "versions": array(TEXT, contains={"const": "1.0-draft"}),
            "name": TEXT,
            "view": record({"url": {"type": "string", "pattern": r"\{\+?id\}"}}),
            "defaultTypes": array(TYPE, uniqueItems=True, minItems=1),
        },
        documentation=ADDRESS,
        logo=ADDRESS,
        serviceVersion=TEXT,
        preview=record({"width": POSITIVE, "height": POSITIVE}),
        suggest=record({"entity": BOOLEAN, "property": BOOLEAN, "type": BOOLEAN}),
        extend=record({}, proposeProperties=BOOLEAN, propertySettings=array(setting(1))),
        batchSize=POSITIVE,
        lang={"const": "en"},
        dir={"const": "auto"},
        standardizedScore=BOOLEAN,
    )
)


def candidate(feature: Schema) -> Schema:
    return record(
        {"id": TEXT, "name": TEXT, "type": array(TYPE), "score": SCORE, "match": BOOLEAN},
        description=TEXT,
        features=array(feature),
    )


VALUE: Schema = {"type": ["number", "boolean"]}
RESULTS = whole(
    {
        "type": "object",
        "additionalProperties": record({"result": array(candidate(record({"id": TEXT, "value": VALUE})))}),
    }
)
DRAFT_RESULTS = whole(
    record(
        {"results": array(record({"candidates": array(candidate(record({"id": TEXT, "name": TEXT, "value": VALUE})))}))}
    )
)
ENTITIES = whole(record({"result": array(record({"id": TEXT, "name": TEXT}, description=TEXT, notable=array(TYPE)))}))
TERMS = whole(record({"result": array(record({"id": TEXT, "name": TEXT}, description=TEXT))}))
FLYOUT = whole(record({"id": TEXT, "html": TEXT}))
PROPOSAL = whole(
    record({"properties": array(record({"id": TEXT, "name": TEXT}))}, type=TEXT, limit=POSITIVE),
)
CELLS: Schema = array({"oneOf": [record({"id": TEXT, "name": TEXT}), record({"str": TEXT})]})
META: Schema = array(record({"id": TEXT, "name": TEXT}, type=TYPE))
EXTENSION = whole(
    record(
        {
            "meta": META,
            "rows": {
                "type": "object",
                "additionalProperties": {"type": "object", "additionalProperties": CELLS},
            },
        }
    )
)
DRAFT_EXTENSION = whole(
    record(
        {
            "meta": META,
            "rows": array(record({"id": TEXT, "properties": array(record({"id": TEXT, "values": CELLS}))})),
        }
    )
)
