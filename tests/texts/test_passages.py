"""Quotes are found word by word or nearly, and what a text does not say is not found in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.texts.making import text_of
from server.texts.passages import Missing, Passage, Passages
from server.texts.records import Block
from tests.texts.marked import altered_quotes, marked_texts, true_quotes


def passages_of(*paragraphs: str, pages: tuple[str, ...] = ()) -> Passages:
    blocks = [Block("Results", 1, "2"), *(Block(one, page=1 if pages else 0) for one in paragraphs)]
    return Passages(text_of("A title", blocks, pages))


def test_of_a_hundred_true_quotes_99_are_found() -> None:
    missed = [one for one in true_quotes() if not isinstance(one.text.passages.find(one.quote), Passage)]
    assert len(true_quotes()) == 100
    assert len(missed) <= 1, missed


def test_of_a_hundred_altered_quotes_99_are_not_found() -> None:
    passed = [one for one in altered_quotes() if isinstance(one.text.passages.find(one.quote), Passage)]
    assert len(altered_quotes()) == 100
    assert len(passed) <= 1, passed


def test_a_quote_of_one_text_is_in_no_other() -> None:
    quote = "The second asking flips 38% of correct answers."
    found = {text.name for text in marked_texts() if isinstance(text.passages.find(quote), Passage)}
    assert found == {"02-asking-twice"}


@pytest.mark.parametrize(
    "quote",
    [
        "the EFFICIENT   models\nbehave", "e\ufb03cient models be-\nhave", "\u201cefficient models behave\u201d",
        "efficient models \u2026 in twelve settings", "efficient models [...] settings (Roe, 2020)",
        "[t]he efficient models behave well in 12 settings", "the efficient models behave well in 12 settings.",
    ],
)  # fmt: skip
def test_what_is_no_difference_does_not_count(quote: str) -> None:
    found = passages_of("So the efficient models behave well [3, 4] in 12 settings. Not more.").find(quote)
    assert isinstance(found, Passage)
    assert found.text.startswith("So the efficient")


@pytest.mark.parametrize(
    ("written", "quoted"),
    [
        ("It rose by 1.4% in 1,200 runs of all", "It rose by 14% in 1,200 runs of all"),
        ("It rose by 1.4% in 1,200 runs of all", "It rose by 1.4 in 1,200 runs of all"),
        ("the change was -0.3 in the whole set", "the change was 0.3 in the whole set"),
        ("Models that lie are caught at once here", "Models that lie are not caught at once here"),
        ("it increases the rate of all failures here", "it decreases the rate of all failures here"),
        ("the aligned models are safe in this case", "the unaligned models are safe in this case"),
        ("five of the models failed in every test", "four of the models failed in every test"),
        ("reward models fail when the policy moves", "reward models fail where the policy moves"),
        ("models fail in some of the hard tests", "models fail in some [other] of the easy tests"),
    ],
)
def test_a_changed_word_or_number_is_no_quote(written: str, quoted: str) -> None:
    found = passages_of(f"We saw that {written}. And more of it.").find(quoted)
    assert isinstance(found, Missing)
    assert found.nearest


def test_another_spelling_is_nearly_a_quote_unless_the_text_has_the_word() -> None:
    text = passages_of("The behaviour of the organised models was recorded twice in that room.")
    found = text.find("the behavior of the organized models was recorded twice in that room")
    assert isinstance(found, Missing), "two slips in eleven words are too many"
    found = text.find("the behavior of the organised models was recorded twice in that room")
    assert isinstance(found, Passage)
    assert not found.is_exact
    text = passages_of("The trail ends there, as they wrote.", "A trial though ends somewhere through the wood.")
    assert isinstance(text.find("A trial through ends somewhere through the wood"), Missing)


def test_letters_that_a_pdf_lost_are_not_missed() -> None:
    quote = "the first efficient model is difficult to find in this set"
    lost = "We say that the rst e cient model is di cult to nd in this set of many."
    assert isinstance(passages_of(lost, pages=("1",)).find(quote), Passage)
    assert isinstance(passages_of(lost).find(quote), Missing), "only PDFs lose them"


def test_a_quote_goes_over_sentences_paragraphs_and_what_floats_between_them() -> None:
    blocks = [
        Block("R", 1, "1"),
        Block("The first ends here. The second goes", joins=((0, 1), (21, 2)), page=1),
        Block("Table 1: things.", kind="caption"),
        Block("on over the page."),
    ]
    found = Passages(text_of("T", blocks, ("1", "2"))).find("ends here. The second goes on over the page")
    assert isinstance(found, Passage)
    assert [spot.sentence.page for spot in found.spots] == [1, 2, 0]


def test_an_ellipsis_does_not_reach_over_a_whole_text() -> None:
    between = " ".join(f"Word{number} is one." for number in range(200))
    text = passages_of(f"It begins with these words. {between} It ends with those words.")
    assert isinstance(text.find("It begins with these words \u2026 ends with those words"), Missing)


@given(st.text(max_size=200))
def test_any_text_can_be_looked_for(quote: str) -> None:
    assert isinstance(passages_of("One sentence is here. And another one is there.").find(quote), Passage | Missing)


def test_a_long_text_is_searched_in_linear_time(in_linear_time: None) -> None:
    text = passages_of(*("a b c d e f g h a b c d " * 40 for _ in range(300)))
    assert isinstance(text.find("a b c d " * 30 + "x"), Missing)
