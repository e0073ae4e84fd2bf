"""The difference as a page: whole without any other file, and readable."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from server.comparison.records import Difference
from server.comparison.reports.html import render


class Tags(HTMLParser):
    """The tags of a page, and its text without the style."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not any(name.startswith("on") or name in {"src", "href"} for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_words_that_differ_are_marked(difference: Difference) -> None:
    html = render(difference)
    assert "The first <del>of</del> them." in html
    assert "The first <ins>among</ins> them." in html
    assert '<details open class="merged">' in html
    assert "<title>akb diff: before → after</title>" in html


def test_any_text_is_only_text_and_nothing_is_loaded(differences: st.SearchStrategy[Difference]) -> None:
    @given(differences)
    def holds(difference: Difference) -> None:
        html = render(difference)
        assert not re.search(r"url\(|@import", html.partition("</style>")[0])
        assert Tags(html).tags <= {
            "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "ul", "li", "main", "section",
            "details", "summary", "b", "code", "span", "dl", "div", "dt", "dd", "br", "del", "ins", "p", "footer",
        }  # fmt: skip

    holds()


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_a_browser_it_fits_a_phone_and_can_be_read(
    difference: Difference, browser: Browser, tmp_path: Path, scheme: str
) -> None:
    file = tmp_path / "diff.html"
    file.write_text(render(difference), encoding="utf-8")
    page = browser.new_page(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    assert asked == [file.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator("details").count() >= 5
    ratios = page.evaluate(CONTRAST)
    assert ratios
    assert min(ratios) >= 4.5, "WCAG 2.2, 1.4.3"
    page.close()


CONTRAST = """() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).slice(0, 3)
      .map((c) => c / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!/, 0\\)$|transparent/.test(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  return [...document.querySelectorAll("b, code, span, dd, dt, del, ins, li, h1, p, footer")].map((node) => {
    const [one, other] = [getComputedStyle(node).color, behind(node)].map(light).sort((a, b) => b - a);
    return (one + 0.05) / (other + 0.05);
  });
}"""
