"""The text index: what is found, in which order, and that no text breaks it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server.build.releases import Releases
from server.errors import UnreadableError
from server.records.pages import EntityRef
from server.search.index import SearchIndex
from server.search.records import Document
from server.search.writing import FILE, write_index
from server.settings import Settings


@pytest.fixture(scope="session")
def index(settings: Settings) -> SearchIndex:
    """The index of the small base."""
    release = Releases(settings.releases).current()
    assert release is not None
    return SearchIndex.open(release)


def document(slug: str, label: str, definition: str = "", *, edges: int = 0, **more: tuple[str, ...]) -> Document:
    """Return a document about a concept."""
    ref = EntityRef(f"https://kb.example/concept/{slug}", f"concept:{slug}", label, "concept", definition)
    return Document(ref, "active", edges, edges, **more)


def made_of(folder: Path, *documents: Document) -> SearchIndex:
    """Return an index of these documents."""
    write_index(documents, folder)
    return SearchIndex.open(folder)


def ids(index: SearchIndex, text: str, **options: object) -> list[str]:
    """Return the ids of what is found, in order."""
    return [hit.entity.curie for hit in index.search(text, **options).hits]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("alignment faking", "concept:alignment-faking"),
        ("ALIGNMENT  Faking", "concept:alignment-faking"),
        ("concept:compliance-gap", "concept:compliance-gap"),
        ("compliance-gap", "concept:compliance-gap"),
        ("gap compliance", "concept:compliance-gap"),
        ("rlhf", "method:reinforcement-learning-from-human-feedback"),
        ("hubinger", "thinker:evan-hubinger"),
        ("2412.14093", "paper:alignment-faking-in-llms"),
        ("10.48550/arXiv.2412.14093", "paper:alignment-faking-in-llms"),
    ],
)
def test_an_entity_is_found_by_each_of_its_names(text: str, first: str, index: SearchIndex) -> None:
    assert ids(index, text)[0] == first


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("alignmnt faking", "alignment faking"),
        ("alignment fakign", "alignment faking"),
        ("alignnment faking", "alignment faking"),
        ("alignment fakimg", "alignment faking"),
        ("alignmentfaking", "alignment faking"),
    ],
)
def test_a_misspelt_word_is_mended(text: str, meant: str, index: SearchIndex) -> None:
    found = index.search(text)
    assert found.meant == meant
    assert found.hits[0].entity.curie == "concept:alignment-faking"


def test_what_is_spelt_right_is_not_mended(index: SearchIndex) -> None:
    assert index.search("alignment faking").meant == ""
    assert index.search("alignm").meant == "", "the beginning of a word stands for the word"
    assert index.search("zzzzzzzz").meant == ""


@pytest.mark.parametrize("text", ["", "   ", "\x00", "!?*", "zzzzzzzz qqqqqqqq"])
def test_what_has_no_word_of_the_base_finds_nothing(text: str, index: SearchIndex) -> None:
    found = index.search(text)
    assert (found.total, found.hits, found.classes) == (0, (), ())


def test_a_name_that_is_the_text_comes_first_then_names_then_texts_then_the_edge_count(tmp_path: Path) -> None:
    index = made_of(
        tmp_path,
        document("a", "Something else", "A word that holds in a text", edges=50),
        document("b", "Word games and other games", "Nothing", edges=9),
        document("c", "Word", "Nothing", edges=1),
        document("d", "Same thing", "twice the same", edges=3),
        document("e", "Same thing", "twice the same", edges=5),
        # A long list of references makes nothing better known.
        replace(document("f", "Same thing", "twice the same", edges=2), edge_count=80),
    )
    assert ids(index, "word") == ["concept:c", "concept:b", "concept:a"]
    assert ids(index, "twice same") == ["concept:e", "concept:d", "concept:f"]


def test_all_words_are_wanted_and_where_nothing_has_all_some(tmp_path: Path) -> None:
    index = made_of(tmp_path, document("a", "Red apple"), document("b", "Green apple"), document("c", "Red pear"))
    found = index.search("red apple")
    assert ([hit.entity.curie for hit in found.hits], found.complete) == (["concept:a", "concept:b", "concept:c"], 1)
    found = index.search("green pear")
    assert ({hit.entity.curie for hit in found.hits}, found.complete) == ({"concept:b", "concept:c"}, 0)


def test_where_some_words_do_the_common_ones_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [document(str(place), f"The {place}") for place in range(20)]
    index = made_of(tmp_path, *documents, document("x", "Zebra"))
    assert index.search("the zebra").total == 21
    monkeypatch.setattr("server.search.vocabulary._COMMON", 10)
    assert ids(index, "the zebra") == ["concept:x"]
    assert index.search("the", limit=1).total == 20


def test_facets_count_what_the_other_facet_lets_through(index: SearchIndex) -> None:
    every = index.search("alignment", limit=1000)
    assert sum(count for _, count in every.classes) == every.total == len(every.hits)
    assert sum(count for _, count in every.statuses) == every.total
    some = index.search("alignment", classes=["concept", "paper"], limit=1000)
    assert {hit.entity.class_name for hit in some.hits} == {"concept", "paper"}
    assert some.classes == every.classes
    assert some.total == sum(count for name, count in every.classes if name in {"concept", "paper"}) < every.total
    assert index.search("alignment", classes=["nowhere"]).total == 0
    assert index.search("alignment", statuses=["active"]).total == dict(every.statuses)["active"]


def test_pages_follow_each_other(index: SearchIndex) -> None:
    whole = ids(index, "model", limit=1000)
    assert len(whole) > 10
    assert [one for start in range(0, len(whole), 7) for one in ids(index, "model", limit=7, offset=start)] == whole


def test_a_hit_says_where_it_was_found(tmp_path: Path) -> None:
    index = made_of(
        tmp_path, document("a", "Sycophancy", "It flatters.", names=("Flattery",), notes=("A note on <praise>.",))
    )
    [hit] = index.search("praise").hits
    assert hit.field == "notes"
    assert [(piece.text, piece.is_match) for piece in hit.snippet] == [
        ("A note on <", False), ("praise", True), (">.", False)
    ]  # fmt: skip
    [hit] = index.search("sycophancy").hits
    assert [(piece.text, piece.is_match) for piece in hit.label] == [("Sycophancy", True)]
    assert "".join(piece.text for piece in hit.snippet) == "It flatters."
    assert hit.names == ("Flattery",)


def test_a_retired_name_leads_to_its_successor_and_is_not_among_its_names(tmp_path: Path) -> None:
    index = made_of(tmp_path, document("new", "New name", former=("Old name", "concept:old")))
    assert ids(index, "old name") == ids(index, "concept:old") == ["concept:new"]
    assert index.search("old").hits[0].names == ()
    assert [one.name for one in index.suggest("old")] == ["Old name"]


def test_a_retired_entity_is_not_found_but_by_its_old_id(index: SearchIndex) -> None:
    assert ids(index, "method:rlhf")[0] == "method:reinforcement-learning-from-human-feedback"
    assert "method:rlhf" not in ids(index, "rlhf", limit=1000)


@pytest.mark.parametrize("typed", ["a", "ali", "alignment f", "Alignment Faking", "faki", "concept:align", "fakin ali"])
def test_typing_suggests_the_best_known_that_fit(typed: str, index: SearchIndex) -> None:
    found = index.suggest(typed, 5)
    assert 0 < len(found) <= 5
    assert len({one.entity.iri for one in found}) == len(found), "an entity is offered once"


def test_suggestions_begin_with_what_was_typed_before_others_have_it(tmp_path: Path) -> None:
    index = made_of(
        tmp_path,
        document("a", "Outer alignment", edges=9),
        document("b", "Alignment tax", edges=1),
        document("c", "Alignment faking", edges=5, names=("Fake alignment",)),
    )
    assert [one.entity.curie for one in index.suggest("align")] == ["concept:c", "concept:b", "concept:a"]
    assert [one.name for one in index.suggest("fake")] == ["Fake alignment"]


@pytest.mark.parametrize("typed", ["aligmn", "alingment fak", "sychop"])
def test_a_misspelt_beginning_is_understood(typed: str, index: SearchIndex) -> None:
    assert index.suggest(typed)


@given(st.text(max_size=80))
@example('"')
@example("AND OR NOT NEAR(a b)")
@example("label : x")
@example("^a + b*")
@example("a\x00b")
@example("-- ; DROP TABLE text")
@example("\ud800")
@example("İstanbul ﬁ ß")
def test_any_text_may_be_looked_for(index: SearchIndex, text: str) -> None:
    found = index.search(text, limit=3)
    assert len(found.hits) == min(found.total, 3)
    assert len(index.suggest(text, 3)) <= 3


# SQLite knows the letters of Unicode 6.1.
LETTERS = st.sampled_from("aeiouzßéÅøİΩςжщёעم漢字かな09 -_.:'\"*()^{}\\\u0301")


@given(st.lists(st.text(LETTERS, min_size=1, max_size=12), min_size=1, max_size=4), st.integers(0, 3))
def test_whatever_something_is_called_it_is_found_by_that(
    tmp_path_factory: pytest.TempPathFactory, labels: list[str], which: int
) -> None:
    documents = [document(str(place), label) for place, label in enumerate(labels)]
    index = made_of(tmp_path_factory.mktemp("index"), *documents)
    wanted = labels[which % len(labels)]
    found = index.search(wanted, limit=10)
    assert not any(map(str.isalnum, wanted)) or wanted in [hit.entity.label for hit in found.hits]


def test_an_index_that_is_missing_or_damaged_is_said_with_a_mend(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="akb build --force"):
        SearchIndex.open(tmp_path)
    (tmp_path / FILE).write_text("nothing of the kind\n" * 100)
    with pytest.raises(UnreadableError, match=r"search\.sqlite"):
        SearchIndex.open(tmp_path)
