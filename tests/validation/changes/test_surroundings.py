"""How far a change reaches: what the rules may tell of, and no farther."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from server.validation.changes.index import open_index
from server.validation.changes.surroundings import Ways, surroundings
from tests.made import NAMESPACES

HEADS = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in NAMESPACES.prefixes().items())
NOWHERE = Ways(frozenset(), frozenset())


def reached(before: Mapping[str, str], after: Mapping[str, str], tmp_path: Path) -> tuple[set[str], set[str]]:
    """Return the nodes that a change of some files affects, and those of which it has to read, as CURIEs."""
    with open_index(tmp_path / "index", NAMESPACES) as index:
        index.begin()
        for name, text in (before | after).items():
            index.put(f"kb/{name}.ttl", (HEADS + text).encode())
        old = {f"kb/{name}.ttl": HEADS + before.get(name, "") for name in after}
        found = surroundings(index, NOWHERE, old, old)
    compact = NAMESPACES.compact
    return {*map(compact, found.affected)}, {compact(block.subject) for block in found.blocks.values()}


def works(count: int, said: str) -> dict[str, str]:
    return {
        f"work-{number}": f'paper:work-{number} skos:prefLabel "Work {number}"@en ; {said} .' for number in range(count)
    }


@pytest.mark.parametrize(
    "said", ['dcterms:source "A list of many works"', 'akb:authorList "Ada Byron; Mary Somerville"']
)
def test_a_text_that_many_entities_have_joins_none_of_them(said: str, tmp_path: Path) -> None:
    before = works(20, said)
    after = {"work-3": before["work-3"].replace('"Work 3"', '"Work three"')}
    assert reached(before, after, tmp_path) == ({"paper:work-3"}, {"paper:work-3"})


def test_a_person_is_joined_to_the_lists_with_their_name_and_a_list_to_the_people_in_it(tmp_path: Path) -> None:
    before = works(3, 'akb:authorList "Ada Byron; Mary Somerville"') | {
        "ada": 'thinker:ada skos:prefLabel "Ada Byron"@en .',
        "mary": 'thinker:mary skos:prefLabel "Mary Fairfax"@en .',
    }
    works_and = {f"paper:work-{number}" for number in range(3)}
    renamed = {"mary": before["mary"].replace("Fairfax", "Somerville")}
    assert reached(before, renamed, tmp_path) == (
        works_and | {"thinker:mary"},
        works_and | {"thinker:ada", "thinker:mary"},
    )
    lost = {"ada": before["ada"].replace("Byron", "Lovelace")}
    assert reached(before, lost, tmp_path)[0] == works_and | {"thinker:ada"}
    changed = {"work-1": before["work-1"].replace("Mary Somerville", "Mary Fairfax")}
    assert reached(before, changed, tmp_path)[0] == {"paper:work-1", "thinker:ada", "thinker:mary"}
