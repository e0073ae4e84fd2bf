"""The answers of a build to questions over the whole base, as they are held."""

from __future__ import annotations

import pytest

from server.build.relevance import Changes
from server.build.rows import Rows, Table
from server.records.languages import Text
from server.schema.schema import Schema
from server.sparql.queries import question
from server.store.embedded import Store
from tests.made import NAMESPACES


def test_a_table_has_the_rows_that_it_was_given() -> None:
    """Also where variables are unbound, or are bound for the first time in a later row."""
    rows = [{"a": "x", "n": 1}, {"a": "y"}, {}, {"b": False, "a": "x"}, {"n": 0.5, "b": True, "c": ""}]
    table = Table(rows, {})
    assert list(table) == rows
    assert [*table] == rows  # and once more
    assert len(table) == len(rows)
    assert [table[0], table[-1], table[1:3]] == [rows[0], rows[-1], rows[1:3]]


def test_of_equal_texts_one_is_held_and_a_text_keeps_its_language() -> None:
    texts: dict[str, str] = {}
    one = Table([{"a": b"long text".decode()}, {"a": Text("long text", "de")}], texts)
    other = Table([{"b": b"long text".decode()}], texts)
    assert one[0]["a"] is other[0]["b"]
    german = one[1]["a"]
    assert isinstance(german, Text)
    assert german.language == "de"


def rows_of(store: Store, text: str) -> list[object]:
    rows = Rows(store, {}, None, Changes(NAMESPACES.prefixes()), lambda _: text)
    return list(rows.of("asked"))


@pytest.mark.parametrize(
    "name",
    [
        *("other_names", "searched_notes", "searched_entities", "searched_classes", "entities", "names", "facets"),
        *("listed", "described", "other_labels", "edge_ends"),
    ],
)
def test_rows_are_in_the_order_of_the_question(name: str, store: Store, schema: Schema) -> None:
    text = question(name, schema.roles)
    rows = store.select(text)
    assert rows_of(store, text) == rows
    assert rows or name == "other_labels"


TEXTS = [
    f"{{ VALUES (?entity ?value) {{ {' '.join(f'(<x:{n}> {one})' for n, one in enumerate(values))} }} }}"
    for values in (
        ['"b"', '"a"', '"B"', '"\u00e9"', '"\U0001f600"', '"\uffff"', '"a b"', '"ab"', '""'],
        ['"b"@de', '"a"@en', '"a"@fr', '"ab"'],
        ['"b"', "1", '"-1"', "true", "0.5", "<x:a>"],
        ['"b"', "UNDEF", '"a"'],
        ["10", "9"],
    )
]


@pytest.mark.parametrize("where", TEXTS)
@pytest.mark.parametrize("order", ["STR(?value)", "STR(?value) ?entity", "?value ?entity", "DESC(STR(?value))"])
def test_texts_are_sorted_by_their_code_points_as_sparql_has_it_and_the_rest_by_the_engine(
    where: str, order: str, store: Store
) -> None:
    """SPARQL 1.1 Query, section 15.1, and XPath Functions and Operators, section 7.3."""
    text = f"SELECT ?entity ?value WHERE {where}\nORDER BY {order}"
    assert rows_of(store, text) == store.select(text)
