"""The search by words, by meaning, and by both."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.build.releases import Releases
from server.errors import UsageError
from server.knowledge.finding import Finder, Mode
from server.settings import Settings


@pytest.fixture(scope="module")
def finder(settings: Settings) -> Finder:
    """The search over the small base, which is built with character TF-IDF."""
    release = Releases(settings.releases).current()
    assert release is not None
    return Finder.open(release)


def ids(finder: Finder, text: str, mode: Mode, limit: int = 100) -> list[str]:
    return [hit.entity.curie for hit in finder.find(text, mode, limit=limit).hits]


def test_words_are_the_default_where_meaning_was_measured_to_be_no_help(finder: Finder) -> None:
    assert finder.modes == (Mode.TEXT, Mode.HYBRID, Mode.SEMANTIC)
    assert finder.find("faking") == finder.find("faking", Mode.TEXT)


def test_by_meaning_what_has_no_such_word_is_found_too(finder: Finder) -> None:
    assert ids(finder, "antisycophantic", Mode.TEXT) == []
    assert ids(finder, "antisycophantic", Mode.SEMANTIC)[0] == "concept:sycophancy-in-llms"
    [hit] = finder.find("antisycophantic", Mode.HYBRID, limit=1).hits
    assert (hit.entity.curie, hit.field) == ("concept:sycophancy-in-llms", "meaning")


def test_what_has_the_text_for_a_name_stays_first(finder: Finder) -> None:
    for text in ("compliance gap", "rlhf", "2412.14093", "alignmnt faking"):
        assert ids(finder, text, Mode.HYBRID)[0] == ids(finder, text, Mode.TEXT)[0]


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("text", ["", "  ", "\x00", "?"])
def test_without_words_nothing_is_found(text: str, mode: Mode, finder: Finder) -> None:
    assert finder.find(text, mode).total == 0


def test_facets_and_pages_hold_for_every_mode(finder: Finder) -> None:
    for mode in Mode:
        every = finder.find("faking of alignment", mode, limit=1000)
        assert every.total == len(every.hits) == sum(count for _, count in every.classes) > 3
        some = finder.find("faking of alignment", mode, classes=["concept"], limit=1000)
        assert {hit.entity.class_name for hit in some.hits} == {"concept"}
        assert finder.find("faking of alignment", mode, limit=2, offset=1).hits == every.hits[1:3]


def test_without_an_embedding_there_are_words_alone(finder: Finder) -> None:
    bare = Finder(finder.index, None)
    assert bare.modes == (Mode.TEXT,)
    assert bare.find("faking").total > 3
    with pytest.raises(UsageError, match="mode semantic needs an embedding"):
        bare.find("faking", Mode.SEMANTIC)


def test_a_release_without_vectors_can_be_searched(tmp_path: Path, finder: Finder, settings: Settings) -> None:
    release = Releases(settings.releases).current()
    assert release is not None
    (tmp_path / "search.sqlite").write_bytes((release / "search.sqlite").read_bytes())
    assert Finder.open(tmp_path).modes == (Mode.TEXT,)
