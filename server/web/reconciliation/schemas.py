"""JSON Schemas (2020-12) of what clients of the reconciliation service send, in both versions.

They state the rules of the schemas that the specifications publish as `reconciliation-query-batch.json` and
`data-extension-query.json` (0.2 of 10 April 2023, draft 1.0 of 10 November 2025), and what their text adds: a limit is
a whole number above 0, and a condition on a property names it. They are stricter by our limits of size alone, and more
lenient where clients are known to be: null is what is not given, and in 0.2 a type may be an object of the manifest.

`description` completes the sentence "... is X, and not ..." of an error, and `title` "... has 51 ...; 50 are taken".
The rules that bound the size of a value come before those that look into it, so that no work grows beyond them; how
many queries and values a batch has is looked at before any of them (`reading.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

BATCH: Final = 50
"""Queries in a batch; the manifest says so."""
EXTENDED: Final = 200
"""Entities whose values can be asked for at once."""
_PROPERTIES: Final = 20
_VALUES: Final = 20

OTHER_WORDS: Final[Mapping[str, str]] = {
    "pid": "propertyId",
    "v": "propertyValue",
    "propertyId": "pid",
    "propertyValue": "v",
}
"""What one version calls what the other has another word for: the draft renamed them in June 2025. Both take both."""

Schema = Mapping[str, Any]


def _optional(schema: Schema) -> Schema:
    """Return the schema of a member that may be null, which some clients write for what they do not give."""
    kinds = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    choices = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, "type": [*kinds, "null"], **choices}


def _choice(*names: str) -> Schema:
    return {"type": "string", "enum": [*names], "description": f"{', '.join(names[:-1])} or {names[-1]}"}


def _array(items: Schema, title: str, most: int, least: int = 0) -> Schema:
    size = {"minItems": least, "maxItems": most}
    return {"type": "array", "title": title, "description": "an array", **size, "items": items}


def _record(required: Mapping[str, Schema], more: Mapping[str, Schema], *, closed: bool = False) -> Schema:
    """Return the schema of an object; one that is closed has no members but these."""
    return {
        "type": "object",
        "description": "an object",
        **({"additionalProperties": False} if closed else {}),
        "required": [*required],
        "properties": {**required, **{name: _optional(schema) for name, schema in more.items()}},
    }


_TEXT: Final[Schema] = {"type": "string", "description": "a string"}
_TRUTH: Final[Schema] = {"type": "boolean", "description": "true or false"}
_LIMIT: Final[Schema] = {"type": "integer", "minimum": 1, "description": "a whole number above 0"}
_LANGUAGE: Final[Mapping[str, Schema]] = {"lang": _TEXT, "dir": _choice("ltr", "rtl", "auto")}

_ENTITY: Final = _record({"id": _TEXT}, {"name": _TEXT, **_LANGUAGE})
_VALUE: Final[Schema] = {
    **_ENTITY,
    "type": ["string", "number", "boolean", "object"],
    "description": "a string, a number, true, false, or an object with an id",
}
_ONE_OR_MORE: Final[Schema] = {
    **_VALUE,
    "type": [*_VALUE["type"], "array"],
    "description": f"{_VALUE['description']}, or an array of those",
    "title": "values",
    "maxItems": _VALUES,
    "items": _VALUE,
}
"""One value, or several: `required` and `properties` are rules on objects alone, `items` on arrays."""

_TYPE: Final[Schema] = {
    **_ENTITY,
    "type": ["string", "object"],
    "description": "a string",
}
_TYPES: Final[Schema] = {
    **_TYPE,
    "type": ["string", "object", "array"],
    "description": "a string, or an array of strings",
    "title": "types",
    "maxItems": _VALUES,
    "items": _TYPE,
}

_QUERY: Final[Schema] = {
    **_record(
        {},
        {
            "query": _TEXT,
            "type": _TYPES,
            "type_strict": _choice("any", "should", "all"),
            "limit": _LIMIT,
            "properties": _array(_record({"pid": _TEXT, "v": _ONE_OR_MORE}, {}), "properties", _PROPERTIES),
        },
        closed=True,
    ),
    "anyOf": [
        {"required": ["query"], "properties": {"query": _TEXT}},
        {"required": ["properties"], "properties": {"properties": {"type": "array", "minItems": 1}}},
    ],
}

QUERIES: Final[Schema] = {
    "type": "object",
    "description": "an object with a query under each key",
    "additionalProperties": _QUERY,
}
"""A batch of version 0.2 (section "Structure of a Reconciliation Query")."""

_CONDITION: Final[Schema] = {
    **_record(
        {"matchType": _choice("name", "property", "id"), "propertyValue": _ONE_OR_MORE},
        {
            "propertyId": _TEXT,
            "required": _TRUTH,
            "matchQuantifier": _choice("any", "all", "none"),
            "matchQualifier": _TEXT,
            **_LANGUAGE,
        },
    ),
    "if": {"required": ["matchType"], "properties": {"matchType": {"const": "property"}}},
    "then": {
        "required": ["propertyId"],
        "properties": {
            "propertyId": {"type": "string", "description": "the id of a property, since matchType is property"}
        },
    },
}

_DRAFT_QUERY: Final = _record(
    {"conditions": _array(_CONDITION, "conditions", _PROPERTIES, 1)},
    {"type": _TEXT, "limit": _LIMIT, **_LANGUAGE},
    closed=True,
)

DRAFT_QUERIES: Final = _record({"queries": {"type": "array", "description": "an array", "items": _DRAFT_QUERY}}, {})
"""A batch of the draft 1.0 (section "Structure of a Reconciliation Query")."""

EXTENSION: Final = _record(
    {
        "ids": _array(_TEXT, "ids", EXTENDED),
        "properties": _array(
            _record(
                {"id": _TEXT},
                {
                    "settings": _record(
                        {},
                        # It comes from a form, and many clients send it as text.
                        {
                            "limit": {
                                "type": ["integer", "string"],
                                "minimum": 0,
                                "maximum": 999_999_999,
                                "pattern": "^[0-9]{0,9}$",
                                "description": "a whole number",
                            }
                        },
                    )
                },
            ),
            "properties",
            _PROPERTIES,
        ),
    },
    {},
)
"""A data extension query, the same in both versions (section "Data Extension Query Requests")."""
