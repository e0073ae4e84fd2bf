"""Tables: SQLite by its own library, CSV and Parquet by DuckDB and pandas, all held against the store."""

from __future__ import annotations

import csv
import sqlite3
import tempfile
from pathlib import Path

import duckdb
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.build.dumps.parquet import write_parquet
from server.build.dumps.sheets import Sheet, sheets, write_csv
from server.records.downloads import Column, Downloads, Scope
from server.spreadsheets import harmless
from server.store.embedded import Store

ENTITIES = "SELECT (COUNT(DISTINCT ?e) AS ?count) { ?e dcterms:identifier ?id ; akb:status ?status }"
EDGES = "SELECT (COUNT(DISTINCT ?e) AS ?count) { ?e a akb:Edge }"
FACTS = "SELECT (COUNT(*) AS ?count) { GRAPH graph:asserted { ?e %s ?value } ?e dcterms:identifier ?id }"


def count(store: Store, query: str) -> int:
    [row] = store.select(query)
    return int(row["count"])


def test_sqlite_holds_the_keys_that_it_says(tables: sqlite3.Connection, store: Store) -> None:
    assert tables.execute("PRAGMA foreign_key_check").fetchall() == []
    assert tables.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    keys = {row["table"] for row in tables.execute("SELECT * FROM pragma_foreign_key_list('edge')")}
    assert keys == {"entity", "predicate", "status"}
    names = ("entity", "edge", "claim")
    number = {name: tables.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0] for name in names}
    assert number["entity"] == count(store, ENTITIES)
    assert number["edge"] == count(store, EDGES)
    assert number["claim"] == count(store, "SELECT (COUNT(*) AS ?count) { ?e a akb:Claim }")
    for property_, curie in (("dcterms:issued", "dcterms:issued"), ("dcterms:source", "dcterms:source")):
        [found] = tables.execute("SELECT COUNT(*) FROM fact WHERE property = ?", (curie,)).fetchone()
        assert found == count(store, FACTS % property_) > 0


def test_sqlite_finds_words(tables: sqlite3.Connection) -> None:
    rows = tables.execute("SELECT id FROM search WHERE search MATCH 'label: faking' ORDER BY rank").fetchall()
    assert "concept:alignment-faking" in {row["id"] for row in rows}


def test_evidence_is_what_the_pages_of_claims_show(tables: sqlite3.Connection, store: Store) -> None:
    found = {tuple(row) for row in tables.execute("SELECT claim, edge, stance FROM evidence WHERE stance = 'for'")}
    direct = """SELECT ?claim ?edge { ?edge akb:predicate ?p ; akb:object ?o . ?o dcterms:identifier ?claim .
      ?o a akb:Claim
      VALUES ?p { akb:supports akb:asserts } }"""
    rows = store.select(direct)
    assert rows
    assert {(row["claim"], f"edge:{str(row['edge']).rpartition('/')[2]}", "for") for row in rows} <= found
    assert tables.execute("SELECT 1 FROM evidence WHERE stance = 'against'").fetchone()


@pytest.mark.parametrize("name", ["entities", "edges", "evidence"])
def test_duckdb_and_pandas_read_the_rows_that_are_said(folder: Path, downloads: Downloads, name: str) -> None:
    said = {one.format: one for one in downloads.of(Scope.TABLE) if one.of == name}
    assert said.keys() == {"csv", "parquet"}
    with duckdb.connect() as engine:
        for format_, one in said.items():
            relation = engine.sql(f"SELECT * FROM '{folder / one.name}'")
            assert len(relation) == one.count > 0, format_
            assert relation.columns == [column.name for column in one.columns]
    frame = pandas.read_parquet(folder / f"{name}.parquet")
    assert len(frame) == said["parquet"].count
    sheet = pandas.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
    assert list(frame.columns) == list(sheet.columns)
    first = "claim" if name == "evidence" else "id"
    assert list(frame[first]) == list(sheet[first])


def test_parquet_has_values_as_they_are(folder: Path) -> None:
    frame = pandas.read_parquet(folder / "entities.parquet").set_index("id")
    assert frame["edges"].dtype.kind == "i"
    assert isinstance(frame.loc["concept:alignment-faking", "source"].tolist(), list)
    assert pandas.read_parquet(folder / "edges.parquet")["confidence"].dtype.kind == "f"


def test_cells_are_harmless_in_csv_and_raw_in_parquet(tmp_path: Path) -> None:
    columns = (Column("name", "a name"), Column("several", "names", "texts"), Column("number", "a number", "number"))
    odd = 'say "x",\r\ny'
    rows = [["=1+1", ["@SUM(A1)", "b"], -0.5], [odd, [], None], [None, ["+1 2"], 1e300]]
    sheet = Sheet("odd", "Odd", columns, lambda: iter(rows))
    assert write_csv(sheet, tmp_path / "odd.csv") == write_parquet(sheet, tmp_path / "odd.parquet") == 3
    with (tmp_path / "odd.csv").open(newline="", encoding="utf-8") as file:
        read = list(csv.DictReader(file))
    assert [row["name"] for row in read] == ["'=1+1", odd, ""]
    assert read[0]["several"] == harmless("@SUM(A1) | b")
    with duckdb.connect() as engine:
        raw = engine.sql(f"SELECT * FROM '{tmp_path / 'odd.parquet'}'").fetchall()
    assert raw == [tuple(row) for row in rows]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["odd.csv", "odd.parquet"], "nothing is left behind"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), min_size=1, max_size=4))
def test_any_text_is_in_its_cell(texts: list[str]) -> None:
    sheet = Sheet("any", "Any", (Column("one", "a text"), Column("two", "the same")), lambda: ([t, t] for t in texts))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any.csv"
        assert write_csv(sheet, path) == len(texts)
        with path.open(newline="", encoding="utf-8") as file:
            _, *rows = csv.reader(file)
    assert rows == [[harmless(text), harmless(text)] for text in texts]


def test_a_base_without_claims_has_no_table_of_them(own_tables: sqlite3.Connection) -> None:
    assert [sheet.name for sheet in sheets(own_tables)] == ["entities", "edges"]
