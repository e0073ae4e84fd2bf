"""Locators name sections and pages, and are held against where a passage is."""

from __future__ import annotations

import pytest

from server.texts.locators import misplaced, unknown_sections
from server.texts.making import text_of
from server.texts.passages import Passage, Passages
from server.texts.records import Block, SourceText


def text() -> SourceText:
    blocks = [
        Block("Abstract", 1), Block("The abstract says it at once.", page=1),
        Block("Introduction", 1, "1"), Block("The introduction goes on about it.", page=1),
        Block("Threat models", 2, "1.2"), Block("The models of threats are here.", page=2),
        Block("Results", 1, "3"), Block("The results are on this page.", page=2),
        Block("Proofs", 1, "B"), Block("The proofs are at the end.", page=3),
    ]  # fmt: skip
    return text_of("T", blocks, ("11", "12", "13"))


@pytest.mark.parametrize(
    ("locator", "quote", "where"),
    [
        ("Abstract", "The abstract says it at once", ""),
        ("Abstract, sentence 1", "The abstract says it at once", ""),
        ("Section 1", "The models of threats are here", ""),
        ("Section 1.2, Threat models", "The models of threats are here", ""),
        ("\u00a71-2", "The models of threats are here", ""),
        ("Abstract; Section 3", "The results are on this page", ""),
        ("Appendix B", "The proofs are at the end", ""),
        ("p. 12", "The results are on this page", ""),
        ("page 2", "The results are on this page", ""),
        ("p. 900", "The results are on this page", ""),
        ("Figure 3", "The results are on this page", ""),
        ("the closing lines", "The results are on this page", ""),
        ("Section 3", "The models of threats are here", "Section 1.2, Threat models"),
        ("Section 1.1", "The introduction goes on about it", "Section 1, Introduction"),
        ("Results", "The abstract says it at once", "Abstract"),
        ("Appendix B", "The results are on this page", "Section 3, Results"),
        ("p. 13", "The results are on this page", "page 12"),
    ],
)
def test_a_locator_is_right_or_says_something_else(locator: str, quote: str, where: str) -> None:
    found = Passages(text()).find(quote)
    assert isinstance(found, Passage)
    assert misplaced(text(), locator, found) == where


def test_sections_that_a_text_has_not_are_known_where_it_numbers_them() -> None:
    assert unknown_sections(text(), "Sections 1.2 and 4; Appendix C") == ("4", "C")
    assert unknown_sections(text(), "Table 9, page 4") == ()
    bare = text_of("T", [Block("Results", 1), Block("Words.")])
    assert unknown_sections(bare, "Section 9") == ()
