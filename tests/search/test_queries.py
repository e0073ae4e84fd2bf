"""The search on the queries written for it, over the base of this repository, and what docs/search.md says.

By meaning the whole base is searched in a nightly run only, since its vectors take half of its build; in each run the
small one is.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable
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
    Query,
    halves,
    measured,
    measured_later,
    newest,
    queries,
)
from server.build.build import build
from server.knowledge.finding import Finder, Mode
from server.settings import Settings, read_settings
from server.similarity.model_files import missing
from tests.thorough import nightly

MOST_OFF = 0.05
"""By how much a figure of the page may be off: the base grows between two measurements."""


LITTLE = 0.01
"""A gain that is not worth the longer time of a search by meaning."""


@pytest.fixture(scope="module")
def finder(published: Settings) -> Finder:
    """The search over the base of this repository; in a nightly run, with the sentence model."""
    return newest(published)


@pytest.fixture(scope="module")
def by_meaning(make_base: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Finder:
    """The search over the small base, with the sentence model."""
    if lacking := missing():
        if os.environ.get("CI"):
            pytest.fail(f"{' and '.join(lacking)} must be installed in CI.")
        pytest.skip("the sentence model is not installed")
    folder = tmp_path_factory.mktemp("meaning")
    environment = {"AKB_STATE": str(folder / "state"), "AKB_EMBEDDING": "minilm"}
    settings = read_settings(environment, root=make_base(folder / "base"))
    build(settings)
    return newest(settings)


def of_small_base(repository: Path) -> list[Query]:
    """Return the queries that mean an entity of the small base."""
    folder = repository / "tests" / "base" / "kb"
    both = [*queries(), *queries(MORE_QUERIES)]
    return [query for query in both if (folder / f"{query['expected'].replace(':', '/')}.ttl").is_file()]


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
def test_the_page_says_what_is_measured(finder: Finder) -> None:
    figures = written()
    text = measured(finder, Mode.TEXT, queries())
    assert text == pytest.approx(figures["text"], abs=MOST_OFF), "run `make search`"
    other = figures["hybrid, character TF-IDF"]
    assert other[ALL] < figures["text"][ALL] + LITTLE, "else it should be the default there too"
    assert all(text[kind] > 0.9 for kind in ("name", "other name", "typo", "identifier"))


@pytest.mark.slow
def test_the_default_is_what_is_best_on_the_page(by_meaning: Finder) -> None:
    figures = written()
    is_better = figures["hybrid, MiniLM"][ALL] > figures["text"][ALL]
    assert by_meaning.modes[0] is (Mode.HYBRID if is_better else Mode.TEXT)


@pytest.mark.slow
def test_by_meaning_more_is_found_in_a_small_base(by_meaning: Finder, repository: Path) -> None:
    asked = of_small_base(repository)
    assert len(asked) > 25
    text, hybrid = (measured(by_meaning, mode, asked) for mode in (Mode.TEXT, Mode.HYBRID))
    assert hybrid["paraphrase"] > text["paraphrase"]
    assert hybrid[ALL] > text[ALL]


@nightly
@pytest.mark.slow
def test_the_page_says_what_is_measured_by_meaning(finder: Finder) -> None:
    """In each run, the two tests above hold the default and the gain."""
    hybrid = measured(finder, Mode.HYBRID, queries())
    assert hybrid == pytest.approx(written()["hybrid, MiniLM"], abs=MOST_OFF), "run `make search`"
    assert finder.modes[0] is (Mode.HYBRID if hybrid[ALL] > measured(finder, Mode.TEXT, queries())[ALL] else Mode.TEXT)


def test_the_later_queries_are_parted_in_two_halves_of_each_kind() -> None:
    tuning, held = halves()
    assert len(tuning) + len(held) == len(queries(MORE_QUERIES)) == 60
    counts = [Counter(query["kind"] for query in half) for half in (tuning, held)]
    assert all(0 <= counts[0][kind] - counts[1][kind] <= 1 for kind in counts[0])


def later_written() -> dict[str, tuple[float, float]]:
    """Return the figures of the later queries on the page."""
    rows = PAGE.read_text(encoding="utf-8").partition(LATER_BEGIN)[2].partition(LATER_END)[0].splitlines()[2:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    return {row[0]: (float(row[2]), float(row[4])) for row in cells}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "mode"), [("text", Mode.TEXT), pytest.param("hybrid, MiniLM", Mode.HYBRID, marks=nightly)]
)
def test_the_page_says_what_is_measured_of_the_later_queries(name: str, mode: Mode, finder: Finder) -> None:
    """By meaning in a nightly run; see the small base above."""
    assert measured_later(finder, mode) == pytest.approx(later_written()[name], abs=MOST_OFF), "run `make search`"


@pytest.mark.slow
@pytest.mark.parametrize("text", ["alignment faking", "alignmnet faking", "aligment fakng"])
def test_the_work_that_a_subject_is_known_by_is_among_the_first_three(
    text: str, finder: Finder, by_meaning: Finder
) -> None:
    for searched, mode in [(one, mode) for one in (finder, by_meaning) for mode in one.modes[:2]]:
        first = [hit.entity.curie for hit in searched.find(text, mode, limit=3).hits]
        assert "paper:alignment-faking-in-llms" in first
    suggested = [one.entity.curie for one in finder.suggest(text)[:3]]
    assert suggested == [hit.entity.curie for hit in finder.find(text, Mode.TEXT, limit=3).hits]
