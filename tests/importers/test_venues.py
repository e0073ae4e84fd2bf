"""Works and the venues that their records name: docs/importing.md."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import DCTERMS

from server.importers.venues import venue_words
from server.turtle.edges import VOCAB
from tests.importers.conftest import Run
from tests.importers.test_works import asserted, node

VENUE = """class,slug,type,label,altLabels,definition,status,sources
venue,harbours,Conference,International Conference on Harbours and Boats,ICHB,A meeting on boats each year.,active,\
https://boats.example/ichb
"""
BIB = """
@inproceedings{one, title = {Ropes that nobody ties}, author = {Lind, Ada}, year = 1996,
  booktitle = {Proceedings of the Twenty-Third International Conference on Harbours and Boats (ICHB 1996)}}
@article{two, title = {Nets and their holes}, author = {Lind, Ada}, year = 1997, journal = {Letters on Nets}}
@article{three, title = {Watched boats}, doi = {10.5555/seed.1}, year = 1990, month = may, journal = {ICHB}}
"""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Proceedings of the 41st International Conference on Machine Learning", "International Conf. on X"),
        ("ICML 2024", "ICLR 2024"),
        ("Thirty-seventh Annual Meeting of the Society", "Annual Meeting of the Guild"),
        ("Patterns", "Pattern"),
    ],
)
def test_a_name_is_its_words_without_those_of_one_year(one: str, other: str) -> None:
    assert venue_words(f"{one}, 2031") == venue_words(one) == venue_words(f"The {one}")
    assert venue_words(one) != venue_words(other)


def test_a_work_is_joined_to_the_venue_of_its_record(akb: Run, library: Path, tmp_path: Path) -> None:
    """By any name of the venue, dated by the record; what has no page is named; a second time changes nothing."""
    table, bib = tmp_path / "entities.csv", tmp_path / "refs.bib"
    table.write_text(VENUE, encoding="utf-8")
    bib.write_text(BIB, encoding="utf-8")
    assert akb("import", "table", table).exit_code == 0
    result = akb("import", bib)
    assert result.exit_code == 0, result.output
    assert "2 venues joined" in result.output
    assert "no venue of the base is called 'Letters on Nets' (1)" in result.stderr
    graph = asserted(library)
    venue = node("venue:harbours")
    assert {*graph.subjects(VOCAB.publishedIn, venue)} == {
        node("paper:ropes-that-nobody-ties"),
        node("paper:watched-boats"),
    }
    issued = {str(graph.value(edge, DCTERMS.issued)) for edge in graph.subjects(VOCAB.object, venue)}
    assert issued == {"1996", "1990-05"}
    again = akb("import", bib)
    assert again.exit_code == 0, again.output
    assert "0 files created, 0 changed" in again.output
