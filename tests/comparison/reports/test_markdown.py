"""The comment on a pull request, as a reader of GitHub Flavored Markdown renders it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from server.comparison.records import Difference
from server.comparison.reports.markdown import render
from server.validation.reports.markdown import LONGEST
from tests.comparison.samples import differ, edge, entity

VOID = {"br", "hr", "img"}


class Page(HTMLParser):
    """The text of a page, its tags, its rows, and whether every element ends where it should."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: set[str] = set()
        self.rows: list[list[str]] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert not self._open, self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in VOID:
            self._open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag == "td":
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if "td" in self._open:
            self.rows[-1][-1] += data


def page(difference: Difference) -> Page:
    return Page(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(render(difference)))


def test_the_first_line_sums_up(difference: Difference) -> None:
    text = render(difference)
    assert text.startswith("**1 entity added, 1 removed, 1 renamed, 1 merged, 1 retired, 1 changed; 1 edge added,")
    assert text.splitlines()[1] == ""


def test_each_node_is_folded_with_a_table(difference: Difference) -> None:
    shown = page(difference)
    assert ["skos:definition", "The first of them.", "The first among them."] in shown.rows
    assert ["akb:extends concept:z akb:confidence", "0.7", "0.8"] in shown.rows
    assert ["akb:requires concept:a", "", "New here. (paper:p, active)"] in shown.rows
    assert "renamed concept:z Delta (was concept:d, 1 reference follows)" in shown.text
    assert "<del>of</del>" in render(difference)
    assert "<details><summary>" in render(difference)


def test_few_changes_are_unfolded() -> None:
    assert "<details open>" in render(differ("", entity("concept:a", "Alpha")))


def test_any_text_is_only_text(differences: st.SearchStrategy[Difference]) -> None:
    @given(differences)
    def holds(difference: Difference) -> None:
        shown = page(difference)
        assert shown.tags <= {
            "p", "strong", "b", "code", "details", "summary", "h3", "ul", "li",
            "table", "thead", "tbody", "tr", "th", "td", "del", "ins",
        }  # fmt: skip
        assert {len(row) for row in shown.rows} <= {0, 3}
        for line in render(difference).splitlines():
            # Outside code GitHub would call whoever is named behind an @.
            assert not re.search(r"@\w", re.sub(r"(`+)(?!`).*?[^`]\1(?!`)", "", line)), line

    holds()


@pytest.mark.parametrize(("count", "is_whole"), [(1, True), (20, True), (1000, False)])
def test_it_fits_a_comment_and_is_cut_between_rows(count: int, is_whole: bool) -> None:
    """A comment on GitHub may have 65,536 characters."""
    entities = "".join(entity(f"concept:n{at}", f"Number {at} @|`<b>", "Long. " * 200) for at in range(count))
    edges = "".join(edge("concept:n0", "akb:extends", f"concept:m{at}", note="Note | " * 80) for at in range(count))
    for text in (entities, edges):
        comment = render(differ("", text))
        assert len(comment) < LONGEST
        shown = page(differ("", text))
        assert {len(row) for row in shown.rows} <= {0, 3}
        assert ("did not fit" in shown.text) == (not is_whole)
        assert ("akb diff before after --format html=diff.html shows all of it" in shown.text) == (not is_whole)
        assert is_whole or len(comment) > LONGEST * 0.8, "the room is used"


def test_one_enormous_value_fits_too() -> None:
    for text in ("word " * 200_000, "@" * 200_000, "<" * 200_000):
        comment = render(differ(entity("concept:a", "Alpha", "x"), entity("concept:a", "Alpha", text)))
        assert len(comment) < LONGEST
        assert "skos:definition" in comment
