"""Words that name a class, in a text that is looked for, and what is linked with what is found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from server.records.pages import EntityRef
from server.search.classes import Asked, asked_of, line_of, telling
from server.search.index import SearchIndex
from server.search.records import Document
from server.search.writing import change_index, write_index

KB = "https://kb.example/"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sea holly paper", Asked("sea holly", ("paper",))),
        ("AI system of the dunes", Asked("of the dunes", ("ai system",))),
        ("papers", Asked("papers")),
        ("paper papers", Asked("paper papers")),
        ("sea holly", Asked("sea holly")),
        ("system of the dunes", Asked("system of the dunes")),
        ("", Asked("")),
    ],
)
def test_names_of_classes_are_parted_from_what_is_asked_for(text: str, expected: Asked) -> None:
    assert asked_of(text, frozenset({"paper", "papers", "ai system"})) == expected


def test_a_name_that_all_entities_have_tells_nothing() -> None:
    lines = [line_of(["Paper", "Entity"]), line_of(["plant", "Entity"])]
    assert telling(lines) == {"paper", "plant"}
    assert telling(lines[:1]) == telling([]) == frozenset()


def entity(name: str, label: str, *classes: str, definition: str = "", around: tuple[str, ...] = ()) -> Document:
    kind, _, slug = name.partition(":")
    ref = EntityRef(f"{KB}{kind}/{slug}", name, label, kind, definition)
    links = tuple((f"{KB}{one.replace(':', '/')}", one) for one in around)
    return Document(ref, "active", len(around), classes=("Entity", *classes), around=links)


DOCUMENTS = (
    entity("plant:holly", "Sea holly", "Plant", around=("paper:dunes", "person:ada")),
    entity("plant:rocket", "Sea rocket", "Plant", definition="Grows where sea holly does."),
    entity("paper:dunes", "What grows on dunes", "Paper", "Papers", around=("plant:holly", "person:ada")),
    entity("paper:tides", "Tides", "Paper", "Papers"),
    entity("person:ada", "Ada Green", "Person", "who", around=("paper:dunes", "plant:holly")),
)


@pytest.fixture
def index(tmp_path: Path) -> SearchIndex:
    write_index(DOCUMENTS, tmp_path)
    return SearchIndex.open(tmp_path)


def ids(index: SearchIndex, text: str) -> list[str]:
    return [hit.entity.curie for hit in index.search(text).hits]


def test_what_is_of_the_class_that_is_named_comes_first_though_it_is_only_linked(index: SearchIndex) -> None:
    assert ids(index, "sea holly")[0] == "plant:holly"
    assert ids(index, "sea holly paper")[0] == "paper:dunes", "it is linked with what has the words"
    assert ids(index, "who sea holly")[0] == "person:ada"
    assert "paper:tides" not in ids(index, "sea holly paper"), "and this is not"


def test_a_word_may_be_that_of_what_an_entity_is_linked_with(index: SearchIndex) -> None:
    hits = index.search("grows ada").hits
    assert "paper:dunes" in [hit.entity.curie for hit in hits]


def test_an_index_that_is_updated_has_the_links_and_the_classes_of_one_that_is_written_anew(tmp_path: Path) -> None:
    many = tuple(entity(f"plant:p{number}", f"Plant {number}", "Plant") for number in range(40))
    before = (*DOCUMENTS, *many)
    paper = replace(DOCUMENTS[2], around=((f"{KB}plant/rocket", "plant:rocket"), (f"{KB}person/ada", "person:ada")))
    rocket = replace(DOCUMENTS[1], around=((f"{KB}paper/dunes", "paper:dunes"),))
    after = tuple({DOCUMENTS[1]: rocket, DOCUMENTS[2]: paper}.get(one, one) for one in before)
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
    write_index(before, old)
    assert change_index({one.entity.iri: one for one in DOCUMENTS[1:3]}, after, old, new)
    assert ids(SearchIndex.open(new), "sea rocket paper")[0] == "paper:dunes"


@pytest.mark.parametrize(
    "text", ["sea", "sea holly", "sea h", "se rocket", "sea holy", "dunes", "sea holly paper", "Ada"]
)
def test_what_is_suggested_first_is_found_first_and_all_that_is_suggested_is_found(
    text: str, index: SearchIndex
) -> None:
    suggested = [one.entity.curie for one in index.suggest(text)]
    found = ids(index, text)
    leading = index.rank(text).leading
    assert suggested[:leading] == found[: min(leading, len(suggested))]
    assert set(suggested) <= set(found)
