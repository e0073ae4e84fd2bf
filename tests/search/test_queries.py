"""The search on the queries written for it, over the base of this repository, and what docs/search.md says."""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path

import pytest

from docs.search import ALL, BEGIN, END, PAGE, QUERIES, measured, newest, queries
from server.knowledge.finding import Finder, Mode
from server.settings import Settings
from server.similarity.model_files import missing

MOST_OFF = 0.05
"""By how much a figure of the page may be off: the base grows between two measurements."""


@pytest.fixture(scope="module")
def finder(published: Settings) -> Finder:
    """The search over the base of this repository, with the sentence model."""
    if lacking := missing():
        if os.environ.get("CI"):
            pytest.fail(f"{' and '.join(lacking)} must be installed in CI.")
        pytest.skip("the sentence model is not installed")
    return newest(published)


def written() -> dict[str, dict[str, float]]:
    """Return the figures of the page."""
    lines = PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    kinds = [re.sub(r" \(\d+\)", "", cell) for cell in rows[0][1:]]
    return {row[0]: dict(zip(kinds, map(float, row[1:]), strict=True)) for row in rows[2:]}


def test_there_are_enough_queries_of_every_kind(repository: Path) -> None:
    kinds = Counter(query["kind"] for query in queries())
    assert sum(kinds.values()) >= 60
    assert kinds["typo"] >= 10
    assert kinds["paraphrase"] >= 20
    assert {"name", "other name", "identifier"} <= kinds.keys()
    texts = [query["query"] for query in queries()]
    assert len(set(texts)) == len(texts)
    for query in queries():
        name, slug = query["expected"].split(":")
        assert (repository / "kb" / name / f"{slug}.ttl").is_file(), f"{query} in {QUERIES}"


@pytest.mark.slow
def test_the_page_says_what_is_measured_and_the_default_is_what_is_best(finder: Finder) -> None:
    figures = written()
    text, hybrid = measured(finder, Mode.TEXT), measured(finder, Mode.HYBRID)
    for name, found in (("text", text), ("hybrid, MiniLM", hybrid)):
        assert found == pytest.approx(figures[name], abs=MOST_OFF), "run `make search`"
    assert finder.modes[0] is (Mode.HYBRID if hybrid[ALL] > text[ALL] else Mode.TEXT)
    assert figures["hybrid, character TF-IDF"][ALL] <= figures["text"][ALL], "else it should be the default there too"
    assert all(text[kind] > 0.9 for kind in ("name", "other name", "typo", "identifier"))
