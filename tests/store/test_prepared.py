"""Answers that a build prepared: looked up by the text of the question, whole or in part."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.errors import UnreadableError
from server.store.embedded import Store
from server.store.prepared import FILE, Prepared, write_answers
from tests.made import NAMESPACES

QUERY = "SELECT ?place WHERE { ?thing akb:displayOrder ?place }\nORDER BY ?place\n"
ROWS = [{"place": place, "name": "é"} for place in range(10)]


@pytest.fixture
def prepared(tmp_path: Path) -> Prepared:
    """An empty store, and the answer to one question that is not what the store would answer, and an empty one."""
    write_answers(tmp_path, {QUERY: ROWS, "SELECT ?none WHERE { ?none a akb:Claim }": []})
    return Prepared(Store.in_memory(NAMESPACES.prefixes()), tmp_path)


def test_a_question_is_looked_up_by_its_text(prepared: Prepared) -> None:
    assert prepared.select(QUERY) == ROWS
    assert prepared.select(f"  {QUERY.strip()}\n\n") == ROWS
    assert prepared.select("SELECT ?none WHERE { ?none a akb:Claim }") == []


@pytest.mark.parametrize(
    ("part", "rows"),
    [
        ("LIMIT 3\nOFFSET 2\n", ROWS[2:5]),
        ("LIMIT 3 OFFSET 9", ROWS[9:]),
        ("LIMIT 3 OFFSET 10", []),
        ("LIMIT 2", ROWS[:2]),
        ("LIMIT 0 OFFSET 0", []),
    ],
)
def test_a_part_of_it_is_what_limit_and_offset_leave(part: str, rows: list[object], prepared: Prepared) -> None:
    # SPARQL 1.1 Query, sections 15.4 and 15.5.
    assert prepared.select(QUERY + part) == rows


def test_what_was_not_prepared_is_asked_of_the_store(prepared: Prepared) -> None:
    assert prepared.select(QUERY, {"place": 3}) == []
    assert prepared.select(QUERY.replace("ORDER BY ?place", "ORDER BY DESC(?place)")) == []
    assert prepared.select("SELECT (1 AS ?one) WHERE {}") == [{"one": 1}]
    assert prepared.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }") == ""


def test_a_release_without_the_file_is_told(tmp_path: Path) -> None:
    store = Store.in_memory({})
    with pytest.raises(UnreadableError, match=FILE):
        Prepared(store, tmp_path)
