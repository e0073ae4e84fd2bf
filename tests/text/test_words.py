"""The words of texts: what is one, where it is, and that any part that a reader may type leads to it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server.text.forms import composed, folded
from server.text.words import pieces_of, places_of, size_of, sought, words_of

LETTERS = (
    "aZßÉø9İıſﬁ½²Ωςжйعمكىةأשםखि़क्षกำิ່ດ်မကガｶﾞかー漢字々〇𠀀가한ㄱ👩🏽🔬🇩→_-.' "
    "\u0301\u0345\u20e3\u200d\u200b\u200f\ufe0f\u00ad"
)
TEXTS = st.text(st.sampled_from(LETTERS) | st.characters(), max_size=40)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Reward-hacking, 2nd ed.", ["reward", "hacking", "2nd", "ed"]),
        ("Größenwahn der STRASSE", ["grossenwahn", "der", "strasse"]),
        ("Łódź Ørsted Œuvre Þór", ["lodz", "orsted", "oeuvre", "thor"]),
        ("İstanbul ISPARTA ısparta", ["istanbul", "isparta", "isparta"]),
        ("ﬁne ＡＢＣ １２３ ٣", ["fine", "abc", "123", "3"]),
        ("Ἀθῆναι ᾳ Йод", ["αθηναι", "α", "иод"]),
        ("שָׁלוֹם", [folded("שלום")]),
        ("كِتَابٌ مكافأة مكافاه", [folded("كتاب"), "مكافاه", "مكافاه"]),
        ("ガイド ｶﾞｲﾄﾞ がいど か", ["がいど", "がいど", "がいど", "か"]),
        ("क़ लि", ["क़", "लि"]),
        ("AI安全AI", ["ai", "安全", "ai"]),
        ("👩🏽‍🔬 🙂ok", ["👩", "🔬", "🙂", "ok"]),
        ("soft\u00adhyphen zero\u200bwidth \u200fright", ["softhyphen", "zerowidth", "right"]),
        ("x" * 150, ["x" * 64, "x" * 64, "x" * 22]),
        ("!? \x00 _", []),
    ],
)
def test_words_are_folded(text: str, words: list[str]) -> None:
    assert words_of(text) == [unicodedata.normalize("NFC", word) for word in words]


@given(TEXTS)
@example("ｶﾞ ㄱㅏ ½ ᾳ")
@example("\U00040000\u1c24 🙂\u093f \u093fa")
def test_folding_is_one_form_whatever_the_form_of_the_text(text: str) -> None:
    words = words_of(text)
    assert words_of(" ".join(words)) == words, "a folded word is its own folded form"
    for form in ("NFC", "NFD"):
        assert words_of(unicodedata.normalize(form, composed(text))) == words
    assert folded(composed(text)) == folded(text)


@given(TEXTS)
def test_places_are_those_of_the_pieces(text: str) -> None:
    places, pieces = places_of(text), pieces_of(words_of(text))
    assert len(places) == len(pieces)
    for (start, end), piece in zip(places, pieces, strict=True):
        assert piece in folded(composed(text)[start:end])
    assert [start for start, _ in places] == sorted(start for start, _ in places)


def follows(wanted: list[str], pieces: list[str], *, is_beginning: bool) -> bool:
    """Tell whether pieces follow each other somewhere among others, the last one perhaps as a beginning."""
    *first, last = wanted
    for at in range(len(pieces) - len(first)):
        end = pieces[at + len(first)]
        if pieces[at : at + len(first)] == first and (end.startswith(last) if is_beginning else end == last):
            return True
    return False


@given(TEXTS, st.data())
def test_every_part_of_an_unspaced_word_leads_to_it_and_so_do_whole_words(text: str, data: st.DataObject) -> None:
    words = words_of(text)
    if not words:
        return
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    part = words[first : last + 1]
    if size_of(part[-1]):
        part[-1] = part[-1][: data.draw(st.integers(1, len(part[-1])))]
    if size_of(part[0]):
        part[0] = part[0][data.draw(st.integers(0, len(part[0]) - 1)) :]
    if any(unicodedata.category(word[0])[0] == "M" for word in part):
        return  # nobody types a mark without its letter
    wanted, is_beginning = sought(part)
    assert follows(wanted, pieces_of(words), is_beginning=is_beginning)


def test_the_beginning_of_a_spaced_word_leads_to_it() -> None:
    assert sought(words_of("AI align"), is_beginning=True) == (["ai", "align"], True)
    assert sought(words_of("AI align")) == (["ai", "align"], False)


@pytest.mark.usefixtures("in_linear_time")
@pytest.mark.parametrize("letter", ["a", "é", "漢", "ع", "ก", "a\u0301", "👩", "\u200d", "e\u0301\u0323"])
def test_long_texts_are_cut_in_linear_time(letter: str) -> None:
    text = letter * 200_000
    assert len(places_of(text)) == len(pieces_of(words_of(text)))
