"""The questions that the engine asks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from server.sparql.queries import FOLDER, joined_plainly, narrowed, question
from server.sparql.terms import Iri
from server.store.embedded import Store
from tests.made import OUR_SCHEMA

FILES = sorted(FOLDER.glob("*.rq"))
ABOUT = {
    "listing_a_name": {
        "property": Iri("https://w3id.org/alignment-kb/ontology#authorList"),
        "name": "Carson Denison",
    }
}
"""What questions are asked about that are no questions without it."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_query_starts_with_its_question_and_is_sparql(path: Path, store: Store) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# ")
    assert "?" in first
    store.answer(question(path.stem, OUR_SCHEMA.roles))


def test_every_query_is_asked_somewhere(repository: Path) -> None:
    files = [path for kind in ("*.py", "*.html") for path in (repository / "server").rglob(kind)]
    code = "".join(path.read_text(encoding="utf-8") for path in files)
    assert len(FILES) >= 10
    assert [path.stem for path in FILES if not re.search(rf"[\"']{path.stem}[\"']", code)] == []


def test_a_question_can_be_asked_about_certain_terms(store: Store) -> None:
    text = narrowed(
        question("count_neighbours"),
        {"entity": ["concept:alignment-faking"], "class": ["akb:Paper", "akb:Thinker"], "predicate": []},
        '?direction = "in"',
    )
    assert text.startswith("# How many neighbours does an entity have?\n")
    assert "WHERE {\n  VALUES ?entity { concept:alignment-faking }\n  VALUES ?class { akb:Paper akb:Thinker }\n" in text
    assert text.endswith('  FILTER(?direction = "in")\n}\n')
    assert store.select(text) == [{"count": 5}]
    assert store.select(narrowed(question("count_edges"), {})) == [{"count": 121}]


@pytest.mark.parametrize("path", [path for path in FILES if "LATERAL" in path.read_text()], ids=lambda path: path.stem)
def test_a_plain_join_has_the_same_solutions_as_one_made_for_each_solution(path: Path, store: Store) -> None:
    """What the embedded store is asked with LATERAL, another engine is asked without."""
    some = "SELECT ?entity { ?pair a akb:SimilarityCandidate ; akb:member ?entity . ?entity akb:edgeCount ?n } LIMIT 1"
    entity = {"entity": Iri(store.select(some)[0]["entity"])}
    is_of_one = "?entity" in question(path.stem, OUR_SCHEMA.roles).partition("WHERE")[0]
    given = ABOUT.get(path.stem, entity if is_of_one else {})
    ask = store.construct if "CONSTRUCT" in question(path.stem, OUR_SCHEMA.roles) else store.select
    plain = joined_plainly(question(path.stem, OUR_SCHEMA.roles))
    assert "LATERAL" not in plain
    found = ask(question(path.stem, OUR_SCHEMA.roles), given)
    assert found
    assert sorted(map(str, found)) == sorted(map(str, ask(plain, given)))
