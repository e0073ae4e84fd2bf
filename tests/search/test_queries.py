"""The search on the queries written for it, over the base of this repository, and what docs/search.md says."""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path

import pytest

from docs.search import (
    ALL,
    BEGIN,
    END,
    LATER_BEGIN,
    LATER_END,
    MORE_QUERIES,
    PAGE,
    QUERIES,
    halves,
    measured,
    measured_later,
    newest,
    queries,
)
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
    both = [*queries(), *queries(MORE_QUERIES)]
    texts = [query["query"] for query in both]
    assert len(set(texts)) == len(texts)
    for query in both:
        name, slug = query["expected"].split(":")
        assert (repository / "kb" / name / f"{slug}.ttl").is_file(), f"{query} in {QUERIES}"


@pytest.mark.slow
def test_the_page_says_what_is_measured_and_the_default_is_what_is_best(finder: Finder) -> None:
    figures = written()
    text, hybrid = measured(finder, Mode.TEXT, queries()), measured(finder, Mode.HYBRID, queries())
    for name, found in (("text", text), ("hybrid, MiniLM", hybrid)):
        assert found == pytest.approx(figures[name], abs=MOST_OFF), "run `make search`"
    assert finder.modes[0] is (Mode.HYBRID if hybrid[ALL] > text[ALL] else Mode.TEXT)
    other = figures["hybrid, character TF-IDF"]
    assert any(other[kind] < figures["text"][kind] for kind in other), "else it should be the default there too"
    assert all(text[kind] > 0.9 for kind in ("name", "other name", "typo", "identifier"))


def test_the_later_queries_are_parted_in_two_halves_of_each_kind() -> None:
    tuning, held = halves()
    assert len(tuning) + len(held) == len(queries(MORE_QUERIES)) == 60
    counts = [Counter(query["kind"] for query in half) for half in (tuning, held)]
    assert all(0 <= counts[0][kind] - counts[1][kind] <= 1 for kind in counts[0])


@pytest.mark.slow
def test_the_page_says_what_is_measured_of_the_later_queries(finder: Finder) -> None:
    rows = PAGE.read_text(encoding="utf-8").partition(LATER_BEGIN)[2].partition(LATER_END)[0].splitlines()[2:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    now = {row[0]: (float(row[2]), float(row[4])) for row in cells}
    for name, mode in (("text", Mode.TEXT), ("hybrid, MiniLM", Mode.HYBRID)):
        assert measured_later(finder, mode) == pytest.approx(now[name], abs=MOST_OFF), "run `make search`"


@pytest.mark.slow
@pytest.mark.parametrize("text", ["alignment faking", "alignmnet faking", "aligment fakng"])
def test_the_work_that_a_subject_is_known_by_is_among_the_first_three(text: str, finder: Finder) -> None:
    for mode in finder.modes[:2]:
        first = [hit.entity.curie for hit in finder.find(text, mode, limit=3).hits]
        assert "paper:alignment-faking-in-llms" in first
    suggested = [one.entity.curie for one in finder.suggest(text)[:3]]
    assert suggested == [hit.entity.curie for hit in finder.find(text, Mode.TEXT, limit=3).hits]
