"""Any script is found by any part that a reader would type, by the search and by suggestions alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from server.records.pages import EntityRef
from server.search.index import SearchIndex
from server.search.records import Document
from server.search.writing import change_index, write_index
from server.text.words import size_of, words_of

NAMES = {
    "tampering": (
        "Ledger tampering",
        *("奖励篡改行为", "報酬改ざん行為", "पुरस्कार हेरफेर", "การบิดเบือนรางวัล", "보상조작을", "التلاعب بالمكافأة"),
        *("Manipulação de recompensa", "Größenwahn der Straße", "ディープラーニング", "השלום הגדול", "ការលួងលោម"),
    ),
    "cpp": ("C++", "Programming in C++"),
    "c": ("C", "C (language)"),
    "fstar": ("F*",),
    "plus": ("++",),
    "lab": (
        "👩🏽‍🔬 laboratory",
        "AI安全研究所AI",
        "Łódź",
        "İstanbul",
        "Đà Nẵng",
        "Ｗｉｄｅ",
        "cafe\u0301",
        "zero\u200bwidth",
    ),
    "long": ("Pneumono" + "ultra" * 40, "漢字" * 100),
}


def document(slug: str, names: Sequence[str], **more: tuple[str, ...]) -> Document:
    """Return a document about a concept."""
    ref = EntityRef(f"https://kb.example/concept/{slug}", f"concept:{slug}", names[0], "concept", f"About {slug}.")
    return Document(ref, "active", 0, names=tuple(names[1:]), **more)


DOCUMENTS = [document(slug, names) for slug, names in NAMES.items()]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    folder = tmp_path_factory.mktemp("scripts")
    write_index(DOCUMENTS, folder)
    return SearchIndex.open(folder)


def found(index: SearchIndex, text: str) -> list[str]:
    return [hit.entity.curie.partition(":")[2] for hit in index.search(text, limit=100).hits]


def offered(index: SearchIndex, text: str) -> list[str]:
    return [one.entity.curie.partition(":")[2] for one in index.suggest(text, 100)]


TYPED = {
    "tampering": [
        *("篡改", "行為", "奖", "为", "改ざん", "ラーニング", "らーにんぐ", "ﾃﾞｨｰﾌﾟ", "조작", "보", "을", "हेरफेर", "हेर"),
        *("مكافأة", "مكافاة", "المكافأه", "שלום", "שָׁלוֹם", "גדול", "บิดเบือน", "รางวัล", "លួង"),
        *("Strasse", "STRASSE", "manipulacao", "grossen"),
    ],
    "lab": [
        *("👩", "🔬", "👩‍🔬", "安全", "AI安全", "所AI", "lodz", "ŁÓDŹ", "istanbul", "ISTANBUL", "da nang", "wide"),
        *("café", "CAFE", "zerowidth", "zero\u200dwidth", "\u200fwide\u200e"),
    ],
    "long": ["pneumonoultra", "字漢字", "字" + "漢字" * 50],
    "cpp": ["C++", "c++", "\uff23\uff0b\uff0b"],
    "c": ["C", "c"],
    "fstar": ["F*", "f*"],
    "plus": ["++"],
}


@pytest.mark.parametrize(("slug", "text"), [(slug, text) for slug, texts in TYPED.items() for text in texts])
def test_what_a_reader_types_is_found_first_and_suggested(slug: str, text: str, index: SearchIndex) -> None:
    assert found(index, text)[0] == slug
    assert slug in offered(index, text)


@pytest.mark.parametrize("part", ["Wahn", "wahn", "strass"])
def test_the_inner_part_of_a_compound_is_found_where_no_word_is_like_it(part: str, index: SearchIndex) -> None:
    assert found(index, part) == ["tampering"]


def test_what_was_looked_for_is_marked(index: SearchIndex) -> None:
    def marks(text: str) -> list[str]:
        [hit] = [one for one in index.search(text).hits if one.entity.curie == "concept:tampering"]
        assert hit.field == "names"
        return [piece.text for piece in hit.snippet if piece.is_match]

    assert marks("篡改") == ["篡改"]
    assert marks("改ざん") == ["改ざん"]
    assert marks("مكافأة") == ["مكافأة"]
    assert marks("strasse") == ["Straße"]
    assert marks("らーにんぐ") == ["ラーニング"]
    assert marks("บิดเบือน รางวัล") == ["บิดเบือน", "รางวัล"]


@given(st.data())
def test_any_part_of_a_name_leads_to_it(index: SearchIndex, data: st.DataObject) -> None:
    slug = data.draw(st.sampled_from(sorted(NAMES.keys() - {"plus"})))
    word = data.draw(st.sampled_from([word for name in NAMES[slug] for word in words_of(name)]))
    start = data.draw(st.integers(0, len(word) - 1)) if size_of(word) else 0
    end = data.draw(st.integers(start + 1, len(word)))
    part = word[start:end]
    assume(unicodedata.category(part[0])[0] != "M")
    if size_of(word) or part == word:
        assert slug in found(index, part)
    assert slug in offered(index, part)


@given(st.data())
def test_what_is_suggested_is_found(index: SearchIndex, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([name for names in NAMES.values() for name in names]))
    start = data.draw(st.integers(0, len(name) - 1))
    typed = name[start : data.draw(st.integers(start + 1, len(name)))]
    assert set(offered(index, typed)) <= set(found(index, typed))
    form = data.draw(st.sampled_from(["NFC", "NFD"]))
    assert found(index, unicodedata.normalize(form, typed)) == found(index, unicodedata.normalize("NFC", typed))


def test_a_changed_index_is_the_one_that_is_written_anew(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir(), new.mkdir()
    more = [document(f"other-{place}", (f"Zz {place}",)) for place in range(60)]
    write_index([*DOCUMENTS, *more], old)
    changed = [document("tampering", ("Ledger tampering", "篡改篡改", *NAMES["tampering"][2:]), notes=("行為的记录",))]
    before = {DOCUMENTS[0].entity.iri: DOCUMENTS[0]}
    assert change_index(before, [*changed, *DOCUMENTS[1:], *more], old, new)
    whole = tmp_path / "whole"
    whole.mkdir()
    write_index([*changed, *DOCUMENTS[1:], *more], whole)
    one, other = SearchIndex.open(new), SearchIndex.open(whole)
    for text in ("奖励", "篡改", "篡改篡改", "记录", "조작", "ledger", "zz", "tampring"):
        assert one.search(text, limit=100) == other.search(text, limit=100)
        assert one.suggest(text) == other.suggest(text)
    assert found(one, "奖励") == []
