"""The answers of a build to questions over the whole base, as they are held."""

from __future__ import annotations

from server.build.rows import Table
from server.records.languages import Text


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
