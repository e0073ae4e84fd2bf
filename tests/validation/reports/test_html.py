"""The HTML report: one file that needs nothing else, in which any text is only text."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from server.records.policy import Verdict
from server.validation.reports.html import render

VOID = {"meta", "input"}


class Tags(HTMLParser):
    """The tags of a page with their attributes; fails when they are not nested as they should be."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen[tag] += 1
        self.attributes |= {name for name, _ in attrs}
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_any_text_is_only_text(verdicts: st.SearchStrategy[Verdict]) -> None:
    @given(verdicts)
    def holds(verdict: Verdict) -> None:
        page = Tags(render(verdict))
        assert page.seen["li"] == len(verdict.judged) + len(verdict.mended)
        assert page.attributes <= {"lang", "charset", "name", "content", "class", "type", "id", "checked"}
        for judged in verdict.judged:
            assert judged.finding.message.replace("`", "").replace("\r", "\n").split() == [] or all(
                word in page.text.replace("`", "") for word in judged.finding.mend.replace("`", "").split()
            )

    holds()


def test_it_needs_no_script_no_other_file_and_no_host(verdict: Verdict) -> None:
    written = render(verdict)
    assert not re.search(r"<script|<link|<img|src=|href=|url\(|@import|//[a-z]", written.replace("</", "<"))


def test_known_waived_and_mended_findings_have_their_parts(verdict: Verdict, clean: Verdict) -> None:
    written = render(verdict)
    parts = re.findall(r"<h2>(.*?)</h2>", written)
    assert parts == ["Known, from the baseline", "Waived", "Mended since the baseline"]
    assert "Waived: The note is a quote." in written
    assert "<code>akb new</code>" in written
    assert "<h2>" not in render(clean)
    assert "<fieldset>" not in render(clean)


@pytest.mark.slow
def test_in_a_browser_it_filters_by_severity_without_scripts_and_fits_a_phone(
    verdict: Verdict, browser: Browser, tmp_path: Path
) -> None:
    page_file = tmp_path / "report.html"
    page_file.write_text(render(verdict), encoding="utf-8")
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 700})
    page = context.new_page()
    page.goto(page_file.as_uri())
    visible = lambda: page.locator("li:visible").count()  # noqa: E731 - a name for what is asked three times
    assert visible() == 7
    page.get_by_label("warning").check()
    assert visible() == 1
    assert page.locator("h2:visible").count() == 0, "a part with nothing to show is not shown"
    page.get_by_label("violation").check()
    assert visible() == 4
    page.get_by_label("all").check()
    assert visible() == 7
    for element in page.locator("body *:visible").all():
        box = element.bounding_box()
        assert box is None or box["x"] + box["width"] <= 360
    context.close()
