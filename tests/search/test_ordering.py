"""What speaks for an entity in the order of a search: places of words, meaning, imprint, corrections."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from server.records.pages import EntityRef
from server.search.index import SearchIndex
from server.search.ordering import rarity
from server.search.records import Document, Tag
from server.search.writing import write_index

KB = "https://kb.example/"


def entity(name: str, label: str, definition: str = "", *, edges: int = 1, **more: tuple[object, ...]) -> Document:
    kind, _, slug = name.partition(":")
    ref = EntityRef(f"{KB}{kind}/{slug}", name, label, kind, definition)
    return Document(ref, "active", edges, edges, **more)  # type: ignore[arg-type]


def authors(*names: str, year: str = "2020") -> tuple[Tag, ...]:
    return (*(Tag("author", name, name) for name in names), Tag("year", year, year))


DOCUMENTS = (
    entity("paper:sand", "On dunes", edges=9, facets=authors("Ada Vries", "Deep Moss")),
    entity("paper:more-dunes", "Dunes again", edges=2, facets=authors("Ada Vries", year="2021")),
    entity("paper:tides", "On tides", edges=3, facets=authors("Ada Vries")),
    entity("paper:other", "Dunes of others", edges=20, facets=authors("Bo Lind")),
    *(entity(f"plant:deep-{number}", f"Deep root {number}", "grows in dunes") for number in range(5)),
    entity("plant:holly", "Sea holly", "A plant with long roots and a thorn", edges=2),
    entity("plant:notes", "Something", notes=("Sea holly is a plant with a long root and a thorn.",), edges=90),
    entity("plant:thorns", "Hawthorn thorns by the sea", edges=3),
    entity("plant:thorn", "Thorn", edges=1),
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    folder = tmp_path_factory.mktemp("index")
    write_index(DOCUMENTS, folder)
    return SearchIndex.open(folder)


def ids(index: SearchIndex, text: str) -> list[str]:
    return [hit.entity.curie for hit in index.search(text).hits]


def test_works_are_found_by_an_author_who_is_but_a_name(index: SearchIndex) -> None:
    assert {hit.field for hit in index.search("Vries").hits} == {"imprint"}
    assert set(ids(index, "Vries")) == {"paper:sand", "paper:more-dunes", "paper:tides"}


def test_of_the_works_of_an_author_on_a_subject_the_best_known_comes_first(index: SearchIndex) -> None:
    found = index.search("vries dunes")
    assert [hit.entity.curie for hit in found.hits][:2] == ["paper:sand", "paper:more-dunes"]
    assert found.meant == "", "a name is not taken for a misspelt word"
    assert ids(index, "dunes")[0] != "paper:sand", "without the name it is not the first"


def test_a_year_beside_an_author_counts(index: SearchIndex) -> None:
    assert ids(index, "vries 2021")[0] == "paper:more-dunes"


def test_of_an_authors_works_the_best_known_is_that_to_which_the_most_refer(tmp_path: Path) -> None:
    """References that a work makes are no sign of that, those to it are."""
    documents = [
        Document(
            EntityRef(f"{KB}paper/{name}", f"paper:{name}", f"{name} on dunes", "paper", ""),
            *("active", edges, 2, cited),
            facets=authors("Ada Vries"),
        )
        for name, edges, cited in (("long", 90, 0), ("known", 22, 20), ("new", 2, 0))
    ]
    write_index(documents, tmp_path)
    index = SearchIndex.open(tmp_path)
    assert ids(index, "vries dunes")[0] == "paper:known"
    assert ids(index, "dunes") == ["paper:known", "paper:long", "paper:new"], "by name: they are equally well known"


def test_a_word_that_is_more_often_in_texts_is_not_taken_for_a_name(index: SearchIndex) -> None:
    assert ids(index, "deep dunes")[0].startswith("plant:deep")


def test_words_of_a_definition_count_above_those_of_notes_however_many_edges_there_are(index: SearchIndex) -> None:
    assert ids(index, "plant long roots thorn")[:2] == ["plant:holly", "plant:notes"]


def test_of_the_corrections_of_a_word_that_comes_first_which_makes_a_name(index: SearchIndex) -> None:
    assert ids(index, "thorm")[0] == "plant:thorn"


class Near:
    """Knows one entity that is near to every text, and notes what it was asked."""

    def __init__(self, name: str) -> None:
        self.iri, self.texts = f"{KB}{name.replace(':', '/')}", list[str]()

    def cosines(self, text: str, iris: Sequence[str]) -> dict[str, float]:
        self.texts.append(text)
        return dict.fromkeys(iris, 0.1) | {self.iri: 0.9}


def test_what_is_near_in_meaning_is_found_and_counts_with_the_words(index: SearchIndex) -> None:
    near = Near("paper:tides")
    first, *_ = index.page(index.rank("roots", near), classes=(), statuses=(), limit=1, offset=0).hits
    assert first.entity.curie == "paper:tides"
    exact = index.page(index.rank("sea holly", near), classes=(), statuses=(), limit=1, offset=0).hits[0]
    assert exact.entity.curie == "plant:holly", "what is called so stays first"


def test_the_meaning_is_that_of_the_subject_without_the_name_of_the_author(index: SearchIndex) -> None:
    near = Near("paper:tides")
    index.rank("vries long dunes", near)
    assert near.texts == ["long dunes"]


def test_a_rare_word_tells_more() -> None:
    assert rarity(1, 100) > rarity(10, 100) > rarity(100, 100) > 0
