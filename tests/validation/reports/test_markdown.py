"""The Markdown report, as a reader of GitHub Flavored Markdown renders it."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from server.records.findings import Finding, Report
from server.records.policy import Standing, Verdict
from server.validation.policy import judge
from server.validation.reports.markdown import LONGEST, render
from server.validation.reports.wording import one_line


class Page(HTMLParser):
    """The text of a page, and the tags in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def page(verdict: Verdict) -> Page:
    return Page(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(render(verdict)))


def test_any_text_is_shown_as_it_is(verdicts: st.SearchStrategy[Verdict]) -> None:
    @given(verdicts)
    def holds(verdict: Verdict) -> None:
        shown = page(verdict)
        assert set(shown.tags) <= {
            "h2", "h3", "p", "ul", "li", "strong", "em", "code", "br", "table", "thead", "tbody", "tr", "th", "td",
        }  # fmt: skip
        squeezed = "".join(shown.text.split())
        for judged in verdict.standing(Standing.NEW):
            for text in (judged.finding.message, judged.finding.mend):
                # What stands in backticks is code, and has lost them.
                assert "".join(one_line(text).replace("`", "").split()) in squeezed.replace("`", "")

    holds()


def test_counts_places_and_what_was_mended_are_said(verdict: Verdict) -> None:
    text = page(verdict).text
    assert "akb check failed: 4 new findings (2 violations, 1 warning, 1 info)" in text
    assert "New violations fail the check." in text
    assert "line 9, column 7 · edge:8c1f20aa31 · note-short" in text
    assert "Mended since the baseline" in text
    assert "| violation | 2 | 1 | 1 |" in render(verdict)


def test_nobody_is_called_and_nothing_is_linked(verdict: Verdict) -> None:
    finding = Finding("kb/a.ttl", 1, 1, "a:b", "", "r", 'End it "..."@en, see #12 and https://example.org.', "go.")
    written = render(judge(Report((finding,), 1, 1, 0)))
    assert '"@<!-- -->en' in written
    assert "https:<!-- -->//example.org" in written
    assert "\\#12" in written


def test_a_long_report_is_cut_at_a_finding_and_says_so(verdict: Verdict) -> None:
    one = Finding("kb/a.ttl", 1, 1, "a:b", "", "rule", "A message. " * 10, "a mend.")
    report = Report(tuple(replace(one, line=line) for line in range(1, 1001)), 1, 1, 0)
    written = render(judge(report))
    assert LONGEST - 1000 < len(written) <= LONGEST
    shown = written.count("*Mend:*")
    assert f"\n\n{1000 - shown} entries more: `akb check` shows all of them.\n" in written
    assert "1,000 findings" in written


def test_nothing_found_is_short(clean: Verdict) -> None:
    assert render(clean) == (
        "## akb check passed: no findings\n\nLooked at 4 files, 3 entities, 1 edge. New violations fail the check.\n"
    )
