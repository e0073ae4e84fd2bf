"""The list of all terms that were ever declared."""

from __future__ import annotations

from pathlib import Path

from server.namespaces import AKB
from server.schema.recorded import TERMS_FILE, recorded_terms, terms_text
from server.schema.schema import Schema
from tests.made import NAMESPACES


def test_a_term_that_was_recorded_stays(schema: Schema, tmp_path: Path) -> None:
    path = tmp_path / TERMS_FILE
    path.parent.mkdir()
    path.write_text("# A comment.\n\nakb:Essay\nhttps://host.org/Term\n")
    assert list(recorded_terms(tmp_path, NAMESPACES)) == [(3, f"{AKB}Essay"), (4, "https://host.org/Term")]
    path.write_text(terms_text(schema, tmp_path, NAMESPACES, (AKB,)))
    terms = {term for _, term in recorded_terms(tmp_path, NAMESPACES)}
    assert {f"{AKB}Essay", "https://host.org/Term", f"{AKB}Concept", f"{AKB}extends"} <= terms
    assert path.read_text() == terms_text(schema, tmp_path, NAMESPACES, (AKB,))


def test_without_a_list_nothing_was_recorded(tmp_path: Path) -> None:
    assert list(recorded_terms(tmp_path, NAMESPACES)) == []
