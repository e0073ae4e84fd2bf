"""Turns what clients of the reconciliation service send, once it was checked, into what is asked of the knowledge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flask import abort

from ...knowledge.reconciliation.matching import MOST_VALUES
from ...knowledge.reconciliation.properties import property_named, type_named
from ...knowledge.reconciliation.records import Condition, Kind, Quantifier, Wanted
from ...schema.schema import Schema
from .checking import check, place_of, refuse_many
from .schemas import BATCH, OTHER_WORDS

_LIMIT: Final = 10
_LIMIT_AT_MOST: Final = 100
_LONGEST: Final = 500
"""Characters of a name, a value or an id that are looked at: none is longer, while a cell of a table may be."""


@dataclass(frozen=True)
class Column:
    """A property of which values are asked for."""

    id: str
    """As the client calls it."""
    iri: str
    most: int
    """How many values of each entity are given; zero means all."""


def read_batch(sent: Any, schema: Schema) -> dict[str, Wanted]:
    """Return the queries of a batch of version 0.2 by their keys (section "Structure of a Reconciliation Query")."""
    batch = sent
    if isinstance(sent, dict):
        refuse_many(len(sent), BATCH, "queries")
        batch = {key: _in_words("properties", ("pid", "v"), one) for key, one in sent.items()}
        _refuse_many_values(batch.values(), "properties", "v")
    check("queries", batch, "queries", "queries", sent)
    terms = _Terms(schema)
    return {key: _query(one, place_of("queries", [key]), terms) for key, one in batch.items()}


def read_draft_batch(sent: Any, schema: Schema) -> list[Wanted]:
    """Return the queries of a batch of the draft 1.0 (section "Structure of a Reconciliation Query")."""
    batch = sent
    if isinstance(sent, dict) and isinstance(sent.get("queries"), list):
        refuse_many(len(sent["queries"]), BATCH, "queries")
        words = ("propertyId", "propertyValue")
        batch = {**sent, "queries": [_in_words("conditions", words, one) for one in sent["queries"]]}
        _refuse_many_values(batch["queries"], "conditions", "propertyValue")
    check("draft", batch, "the body", sent=sent)
    terms = _Terms(schema)
    return [_draft_query(one, f"queries[{place}]", terms) for place, one in enumerate(batch["queries"])]


def read_extension(sent: Any, root: str, schema: Schema) -> tuple[list[str], list[Column]]:
    """Return the entities of a data extension query, and the properties that are asked for, each id once.

    Section "Data Extension Query Requests", the same in both versions; `root` is what an error calls the query.
    """
    check("extension", sent, root)
    terms = _Terms(schema)
    columns = {}
    for place, one in enumerate(sent["properties"]):
        iri = terms.property(one["id"], f"properties[{place}]")
        limit = (one.get("settings") or {}).get("limit")
        columns[one["id"]] = Column(one["id"], iri, int(limit or 0))
    return sent["ids"], [*columns.values()]


def text_of(value: str) -> str:
    """Return the part of a text that is looked at."""
    return value.strip()[:_LONGEST]


def _in_words(name: str, words: Iterable[str], query: Any) -> Any:
    """Return a query whose conditions, which `name` has, use the words of a version; its own words come first."""
    conditions = query.get(name) if isinstance(query, dict) else None
    if not isinstance(conditions, list):
        return query
    return {**query, name: [_renamed(one, words) if isinstance(one, dict) else one for one in conditions]}


def _renamed(condition: Mapping[str, Any], words: Iterable[str]) -> Mapping[str, Any]:
    lacking = {word: OTHER_WORDS[word] for word in words if word not in condition}
    return {**condition, **{word: condition[other] for word, other in lacking.items() if other in condition}}


def _refuse_many_values(queries: Iterable[Any], name: str, word: str) -> None:
    """Raise TooLargeError for more names and values than a batch may have, before each of them is checked."""
    count = 0
    for query in queries:
        conditions = query.get(name) if isinstance(query, dict) else None
        for one in conditions if isinstance(conditions, list) else ():
            given = one.get(word) if isinstance(one, dict) else None
            count += len(given) if isinstance(given, list) else 1
    refuse_many(count, MOST_VALUES, "names and values")


def _query(record: Mapping[str, Any], where: str, terms: _Terms) -> Wanted:
    conditions = []
    if text := text_of(record.get("query") or ""):
        conditions.append(Condition(Kind.NAME, (text,)))
    for place, one in enumerate(record.get("properties") or ()):
        iri = terms.property(one["pid"], f"{where}.properties[{place}]")
        if values := _values(one["v"]):
            conditions.append(Condition(Kind.PROPERTY, values, iri))
    given = record.get("type") or []
    types = _types(given if isinstance(given, list) else [given], f"{where}.type", terms)
    return Wanted(tuple(conditions), types, record.get("type_strict") == "all", _limit(record.get("limit")))


def _draft_query(record: Mapping[str, Any], where: str, terms: _Terms) -> Wanted:
    conditions = [
        _condition(one, f"{where}.conditions[{place}]", terms) for place, one in enumerate(record["conditions"])
    ]
    types = _types(filter(None, [record.get("type")]), f"{where}.type", terms)
    return Wanted(tuple(one for one in conditions if one.values), types, limit=_limit(record.get("limit")))


def _condition(record: Mapping[str, Any], where: str, terms: _Terms) -> Condition:
    kind = Kind(record["matchType"])
    if qualifier := record.get("matchQualifier"):
        abort(400, f"{where}.matchQualifier is {qualifier[:80]!r}; no property here has a qualifier: leave it out.")
    iri = terms.property(record["propertyId"], where) if kind == Kind.PROPERTY else ""
    quantifier = Quantifier(record.get("matchQuantifier") or Quantifier.ANY)
    return Condition(kind, _values(record["propertyValue"]), iri, bool(record.get("required")), quantifier)


def _values(given: Any) -> tuple[str, ...]:
    return tuple(filter(None, (_value(one) for one in (given if isinstance(given, list) else [given]))))


def _value(value: Any) -> str:
    """Return a property value as text: an entity by its id (section "Property Values")."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        # Programs that know no column of whole numbers with gaps write 2024.0 for 2024.
        return str(int(value))
    return text_of(value["id"] if isinstance(value, dict) else str(value))


def _types(given: Iterable[Any], where: str, terms: _Terms) -> tuple[str, ...]:
    # Some clients send a type as it is in the manifest.
    return tuple(terms.type(one["id"] if isinstance(one, dict) else one, where) for one in given)


def _limit(given: float | None) -> int:
    return _LIMIT if given is None else min(int(given), _LIMIT_AT_MOST)


@dataclass(frozen=True)
class _Terms:
    """The IRIs of properties and types; most queries of a batch name the same ones."""

    schema: Schema
    properties: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)

    def property(self, name: str, where: str) -> str:
        """Return the IRI of a property that a query names somewhere."""
        if name not in self.properties:
            found = property_named(self.schema, text_of(name))
            if found is None:
                abort(400, f"{where}: there is no property {name[:80]!r}; ask the suggest service for properties.")
            self.properties[name] = found.iri
        return self.properties[name]

    def type(self, name: str, where: str) -> str:
        """Return the IRI of a type that a query names somewhere."""
        if name not in self.types:
            found = type_named(self.schema, text_of(name))
            if found is None:
                names = ", ".join(term.curie for term in self.schema.page_classes)
                abort(400, f"{where}: there is no type {name[:80]!r}; there are {names}, and others.")
            self.types[name] = found
        return self.types[name]
