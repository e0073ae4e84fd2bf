"""Reads what clients of the reconciliation service send. What is malformed is answered with 400 and its place."""

from __future__ import annotations

import json
from typing import Any, Final, NoReturn

from flask import abort

from ...knowledge.reconciliation.properties import property_named, type_named
from ...knowledge.reconciliation.records import Condition, Kind, Quantifier, Wanted
from ...schema.schema import Schema

BATCH: Final = 50
"""Queries in a batch; the manifest says so."""
EXTENDED: Final = 200
"""Entities whose values can be asked for at once."""
_PROPERTIES: Final = 20
_VALUES: Final = 20
_LIMIT: Final = 10
_LIMIT_AT_MOST: Final = 100
_LONGEST: Final = 500
"""Characters of a name or a value that are looked at: no name is longer, while a cell of a table may be."""


def read_json(text: str | bytes, what: str) -> Any:
    """Return what a JSON text says (RFC 8259)."""
    try:
        value = json.loads(text, parse_constant=_no_number)
        # A half of a surrogate pair is no character, and nothing can be done with it further on.
        json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        abort(400, f"{what} nests too deeply.")
    except ValueError as error:
        abort(400, f"{what} is not JSON: {error}.")
    return value


def read_batch(value: Any, schema: Schema) -> dict[str, Wanted]:
    """Return the queries of a batch of version 0.2 by their keys (section "Structure of a Reconciliation Query")."""
    batch = _object(value, "queries")
    check_size(len(batch))
    return {key: _query(one, f"queries.{key}", schema) for key, one in batch.items()}


def read_draft_batch(value: Any, schema: Schema) -> list[Wanted]:
    """Return the queries of a batch of the 1.0 draft (section "Structure of a Reconciliation Query")."""
    queries = _list(_object(value, "the body").get("queries"), "queries")
    check_size(len(queries))
    return [_draft_query(one, f"queries[{place}]", schema) for place, one in enumerate(queries)]


def read_extension(value: Any, schema: Schema) -> tuple[list[str], dict[str, int]]:
    """Return the entities of a data extension query, and the properties by IRI, each with how many values to give.

    Zero means all (section "Data Extension Query Requests", the same in both versions).
    """
    query = _object(value, "extend")
    ids = [_text(one, f"ids[{place}]") for place, one in enumerate(_list(query.get("ids"), "ids"))]
    if len(ids) > EXTENDED:
        abort(413, f"There are {len(ids)} ids; {EXTENDED} can be asked for at once.")
    properties = {}
    for place, one in enumerate(_list(query.get("properties"), "properties", _PROPERTIES)):
        where = f"properties[{place}]"
        record = _object(one, where)
        settings = _object(_given(record, "settings", {}), f"{where}.settings")
        iri = _property(record.get("id"), f"{where}.id", schema)
        properties[iri] = _setting(settings.get("limit"), f"{where}.settings.limit")
    return ids, properties


def check_size(queries: int) -> None:
    """Answer 413 to a batch that has more queries than the manifest allows."""
    if queries > BATCH:
        abort(413, f"The batch has {queries} queries; {BATCH} can be asked at once.")


def _query(value: Any, where: str, schema: Schema) -> Wanted:
    record = _object(value, where)
    unknown = record.keys() - {"query", "type", "limit", "properties", "type_strict"}
    if unknown:
        abort(400, f"{where} has {min(unknown)!r}, which no query has.")
    conditions = []
    if record.get("query") is not None and (text := _text(record["query"], f"{where}.query")):
        conditions.append(Condition(Kind.NAME, (text,)))
    for place, one in enumerate(_list(_given(record, "properties", []), f"{where}.properties", _PROPERTIES)):
        at = f"{where}.properties[{place}]"
        given = _object(one, at)
        iri = _property(given.get("pid"), f"{at}.pid", schema)
        if values := _values(given, at):
            conditions.append(Condition(Kind.PROPERTY, values, iri))
    if not conditions and not record.get("query") and not record.get("properties"):
        abort(400, f"{where} has neither a query nor properties; it needs one of them.")
    strict = record.get("type_strict", "any")
    if strict not in ("should", "all", "any"):
        abort(400, f"{where}.type_strict is {_shown(strict)}, and not should, all or any.")
    types = _types(record.get("type"), f"{where}.type", schema)
    return Wanted(tuple(conditions), types, strict == "all", _limit(record.get("limit"), f"{where}.limit"))


def _draft_query(value: Any, where: str, schema: Schema) -> Wanted:
    record = _object(value, where)
    unknown = record.keys() - {"conditions", "type", "limit", "lang", "dir"}
    if unknown:
        abort(400, f"{where} has {min(unknown)!r}, which no query has.")
    given = _list(record.get("conditions"), f"{where}.conditions", _PROPERTIES)
    if not given:
        abort(400, f"{where}.conditions is empty; it needs at least one condition.")
    conditions = [_condition(one, f"{where}.conditions[{place}]", schema) for place, one in enumerate(given)]
    name = record.get("type")
    types = _types(_text(name, f"{where}.type") if name is not None else None, f"{where}.type", schema)
    return Wanted(
        tuple(one for one in conditions if one.values), types, limit=_limit(record.get("limit"), f"{where}.limit")
    )


def _condition(value: Any, where: str, schema: Schema) -> Condition:
    record = _object(value, where)
    kind, quantifier = record.get("matchType"), record.get("matchQuantifier", "any")
    if kind not in tuple(Kind):
        abort(400, f"{where}.matchType is {_shown(kind)}, and not name, property or id.")
    if quantifier not in tuple(Quantifier):
        abort(400, f"{where}.matchQuantifier is {_shown(quantifier)}, and not any, all or none.")
    required = record.get("required", False)
    if not isinstance(required, bool):
        abort(400, f"{where}.required is {_shown(required)}, and not true or false.")
    if qualifier := record.get("matchQualifier"):
        abort(400, f"{where}.matchQualifier is {_shown(qualifier)}; no property here has a qualifier.")
    if (kind == Kind.PROPERTY) != ("pid" in record):
        abort(400, f"{where} needs a pid if its matchType is property, and must not have one otherwise.")
    iri = _property(record["pid"], f"{where}.pid", schema) if kind == Kind.PROPERTY else ""
    return Condition(Kind(kind), _values(record, where), iri, required, Quantifier(quantifier))


def _values(record: dict[str, Any], where: str) -> tuple[str, ...]:
    if "v" not in record:
        abort(400, f"{where} has no v.")
    given = record["v"] if isinstance(record["v"], list) else [record["v"]]
    if len(given) > _VALUES:
        abort(400, f"{where}.v has {len(given)} values; at most {_VALUES} are taken.")
    return tuple(filter(None, (_value(one, f"{where}.v") for one in given)))


def _value(value: Any, where: str) -> str:
    """Return a property value as text: an entity by its id (section "Property Values")."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    return _text(value.get("id"), f"{where}.id") if isinstance(value, dict) else _text(value, where)


def _types(value: Any, where: str, schema: Schema) -> tuple[str, ...]:
    given = value if isinstance(value, list) else [value] if value else []
    types = []
    # Some clients send a type as it is in the manifest.
    for one in given:
        name = _text(one.get("id") if isinstance(one, dict) else one, where)
        iri = type_named(schema, name)
        if iri is None:
            names = ", ".join(term.curie for term in schema.page_classes)
            abort(400, f"{where}: there is no type {name[:80]!r}; there are {names}, and others.")
        types.append(iri)
    return tuple(types)


def _property(value: Any, where: str, schema: Schema) -> str:
    name = _text(value, where)
    found = property_named(schema, name)
    if found is None:
        abort(400, f"{where}: there is no property {name[:80]!r}; ask the suggest service for properties.")
    return found.iri


def _limit(value: Any, where: str) -> int:
    if value is None:
        return _LIMIT
    # A client may write 3.0 for 3; an infinite number is no whole one.
    if isinstance(value, bool) or not isinstance(value, int | float) or value % 1 != 0 or value < 1:
        abort(400, f"{where} is {_shown(value)}, and not a whole number above 0.")
    return min(int(value), _LIMIT_AT_MOST)


def _setting(value: Any, where: str) -> int:
    """Return a limit that may be nought, and that some clients send as text, since it comes from a form."""
    text = str(value) if value not in (None, "") else "0"
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        abort(400, f"{where} is {_shown(value)}, and not a whole number.")
    return int(text)


def _given(record: dict[str, Any], name: str, default: Any) -> Any:
    """Return a member of an object; some clients write null for what they do not give."""
    value = record.get(name)
    return default if value is None else value


def _object(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        abort(400, f"{where} is {_shown(value)}, and not an object.")
    return value


def _list(value: Any, where: str, most: int | None = None) -> list[Any]:
    if not isinstance(value, list):
        abort(400, f"{where} is {_shown(value)}, and not an array.")
    if most is not None and len(value) > most:
        abort(400, f"{where} has {len(value)} members; at most {most} are taken.")
    return value


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        abort(400, f"{where} is {_shown(value)}, and not a string.")
    return value.strip()[:_LONGEST]


def _shown(value: Any) -> str:
    return "missing" if value is None else json.dumps(value, ensure_ascii=False)[:60]


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
