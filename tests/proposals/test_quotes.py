"""A quote is found where a reader would find it, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.proposals.quotes import once, parted, quote_findings
from server.proposals.records import Evidence, Part
from server.records.findings import Finding

WORDS = st.text(alphabet="abcdefgé", min_size=2, max_size=9)


def found(text: str, quote: str, locator: str = "p. 1") -> list[Finding | Evidence]:
    fields = {"text": (text,), "locator": (locator,), "quote": (quote,)}
    return [*quote_findings(Part(1, "edge", {name: values for name, values in fields.items() if values[0]}), quote, "")]


@given(st.lists(WORDS, min_size=8, max_size=40), st.data())
def test_a_part_of_a_text_is_in_it_however_it_is_set(words: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(words) - 7))
    end = data.draw(st.integers(start + 7, len(words)))
    blanks = st.sampled_from([" ", "\n", "  ", " \u2013 ", "\u00a0", ", \u201c"])
    text = "".join(word + data.draw(blanks) for word in words)
    quote = " ".join(text.split())
    cut = " ".join(quote.split()[start:end]).upper().replace("\u2013", "-").replace("\u201c", '"')
    if len(cut) >= 12:
        [evidence] = found(text, cut)
        assert isinstance(evidence, Evidence), evidence


@given(st.lists(WORDS, min_size=8, max_size=40))
def test_what_has_another_word_is_not(words: list[str]) -> None:
    text = " ".join(words)
    [fault] = found(text, f"{text} zzz")
    assert isinstance(fault, Finding)
    assert fault.rule == "quote-not-in-text"


@pytest.mark.parametrize(
    ("text", "quote", "is_there"),
    [
        ("Models fake align-\nment in tests of it.", "Models fake alignment in tests", True),
        ("A well-known effect of training is this.", "a well-known effect of training", True),
        ("First this, then a lot, at last that.", "First this … at last that", True),
        ("First this, then a lot, at last that.", "at last that [...] First this", False),
        ("It doesn\u2019t stop when it is told to.", "It doesn't stop when it is told", True),
        ("It does not stop when it is told to.", "It doesn't stop when it is told", False),
        (
            "\u6a21\u578b\u5728\u8bc4\u4f30\u65f6\u9690\u85cf\u5176\u771f\u5b9e\u80fd\u529b\u4ee5\u514d\u88ab\u4fee\u6539",
            "\u5728\u8bc4\u4f30\u65f6\u9690\u85cf\u5176\u771f\u5b9e\u80fd\u529b\u4ee5\u514d",
            True,
        ),
    ],
)
def test_what_readers_take_for_the_same_is_the_same(text: str, quote: str, is_there: bool) -> None:
    [one] = found(text, quote)
    assert isinstance(one, Evidence) is is_there


def test_the_nearest_words_are_offered() -> None:
    [fault] = found(
        "Models hide what they can do when they are watched.", "models hide what they could do when watched"
    )
    assert isinstance(fault, Finding)
    assert "models hide what they can do" in fault.mend


def test_of_a_long_text_only_what_is_around_the_quote_goes_on() -> None:
    [evidence] = found(f"{'before ' * 999}here is the very quote{' after' * 999}", "here is the very quote")
    assert isinstance(evidence, Evidence)
    assert evidence.passage.count("here is the very quote") == 1
    assert len(evidence.passage) < 600


@pytest.mark.parametrize(
    ("passage", "quote", "marked"),
    [
        ("They saw (the crew turned in circles).", "the crew turned in circles", "the crew turned in circles"),
        ("They saw (the crew turned in circles).", "the crew turned in circles).", "the crew turned in circles)."),
        ("It grew to 5%, and on.", "grew to 5%", "grew to 5%,"),
        ("Nothing of it.", "the crew", ""),
    ],
)
def test_what_is_marked_in_a_passage_is_the_quote_alone(passage: str, quote: str, marked: str) -> None:
    before, found_, after = parted(passage, quote)
    assert (found_, f"{before}{found_}{after}") == (marked, passage)


def test_a_passage_on_which_several_parts_rest_is_shown_once() -> None:
    one = {"quote": "the boats", "passage": "We saw the boats.", "source": "paper:x", "locator": "Abstract"}
    shown = once([{**one, "part": 2}, {**one, "part": 1}, {**one, "part": 3, "locator": "Section 1"}])
    assert [parts for _, parts in shown] == [(1, 2), (3,)]
