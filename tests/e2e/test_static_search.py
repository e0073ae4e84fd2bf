"""The search in the browser finds what the server finds by words: the labelled queries of docs/search.md in both."""

from __future__ import annotations

import shutil
from pathlib import Path
from statistics import mean

import pytest

from docs.search import MORE_QUERIES, newest, queries
from server.knowledge.finding import Mode
from server.settings import Settings
from server.web.export.searching import search_files
from tests.e2e.browsing import Windows, file_server

pytestmark = pytest.mark.slow

DEPTH = 100
ALIKE = ("name", "other name", "identifier", "class word", "author")
"""Kinds of queries that need neither corrections nor stems, which the server knows more of."""
FIND = """
async (texts) => {
  const found = [];
  for (const text of texts) {
    const { ids } = await staticSite.find(text);
    found.push((await Promise.all(ids.slice(0, 100).map(staticSite.entity))).map(({ curie }) => curie));
  }
  return found;
}
"""


def test_the_browser_ranks_as_the_server_does_by_words(
    published: Settings, repository: Path, tmp_path: Path, windows: Windows
) -> None:
    finder = newest(published)
    index = finder.index
    made = search_files(index.entries(), lambda iri: f"{iri}.html", {}, index.statuses, index.class_names)
    for path, content in made:
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    (tmp_path / "static/site").mkdir(parents=True)
    shutil.copy(repository / "server/web/static/site/site.js", tmp_path / "static/site")
    (tmp_path / "index.html").write_text('<script src="static/site/site.js"></script>', encoding="utf-8")
    asked = [*queries(), *queries(MORE_QUERIES)]
    with file_server(tmp_path) as address:
        page = windows.open(address)
        page.goto(address)
        in_browser = page.evaluate(FIND, [query["query"] for query in asked])
    on_server = [
        [hit.entity.curie for hit in finder.find(query["query"], Mode.TEXT, limit=DEPTH).hits] for query in asked
    ]
    others = [
        (query["query"], browser[:2], server[:2])
        for query, browser, server in zip(asked, in_browser, on_server, strict=True)
        if query["kind"] in ALIKE and browser[:1] != server[:1]
    ]
    # A tie, or the stem of a word, may decide otherwise here and there.
    assert len(others) <= 0.05 * sum(query["kind"] in ALIKE for query in asked), others

    def rank(found: list[list[str]]) -> float:
        pairs = zip(asked, found, strict=True)
        return mean(1 / (one.index(query["expected"]) + 1) if query["expected"] in one else 0 for query, one in pairs)

    assert rank(in_browser) > rank(on_server) - 0.05
