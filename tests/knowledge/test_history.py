"""The history of a base as pages ask for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.errors import NotFoundError, UsageError
from server.knowledge.history import History
from tests.made_history import BEGIN, BEN

BASE = "https://w3id.org/alignment-kb/"
BETA = f"{BASE}concept/beta"


@pytest.fixture
def history(travelled_history: History) -> History:
    return travelled_history


def subjects(history: History, **given: object) -> list[str]:
    return [version.commit.subject for version in history.changes(size=1000, **given)]  # type: ignore[arg-type]


def test_a_commit_is_named_by_its_first_digits_or_a_date(history: History) -> None:
    second = history.commits()[1]
    for text in (second.revision, second.revision[:7].upper(), "2026-01-02", "2026-01-02T12:00:00Z",
                 " 2026-01-02T14:00:00+02:00", "2026-01-03T11:59:59"):  # fmt: skip
        assert history.resolve(text) == second, text


@pytest.mark.parametrize("text", ["", "abc", "yesterday", "2026-13-01", "2026-01-02T25:00", "1", "HEAD", "2026-01-02x"])
def test_what_is_neither_is_refused(history: History, text: str) -> None:
    with pytest.raises(UsageError):
        history.resolve(text)


@pytest.mark.parametrize("text", ["0" * 40, "2025-12-31", "0001-01-01T00:00:00+14:00"])
def test_what_is_not_there_is_not_found(history: History, text: str) -> None:
    if text.startswith("0001"):
        with pytest.raises((NotFoundError, UsageError)):
            history.resolve(text)
    else:
        with pytest.raises(NotFoundError):
            history.resolve(text)


def test_of_two_commits_in_a_second_the_later_one_holds(history: History) -> None:
    found = history.at(BEGIN + timedelta(days=12, seconds=1))
    assert found.subject == "By a clock that is slow"
    epsilon = history.version_at(f"{BASE}concept/epsilon", found)
    assert epsilon is not None
    assert "A small one." in epsilon.ntriples


def test_an_entity_is_what_its_last_version_says(history: History) -> None:
    for number in range(1, history.count + 1):
        commit = history.commits(number - 1, 1)[0]
        found = history.version_at(BETA, commit)
        expected = [one for one in history.versions_of(BETA) if one.commit.number <= number]
        assert found == (expected[-1] if expected else None)


def test_changes_come_newest_first_and_in_parts(history: History) -> None:
    everything = history.changes(size=1000)
    assert everything == [one for start in range(0, len(everything), 7) for one in history.changes(start, 7)]
    assert [one.id for one in everything] == sorted((one.id for one in everything), reverse=True)
    assert history.count_changes() == len(everything)
    assert history.changes(len(everything)) == []


def test_changes_are_narrowed(history: History) -> None:
    assert subjects(history, classes=[f"{BASE}ontology#Paper"]) == [
        "The second paper studies beta and delta",
        "Merge: the second paper",
        "The first paper",
    ]
    assert subjects(history, topic=f"{BASE}concept/delta") == [
        "The last word",
        "The second paper studies beta and delta",
        "Gamma is called delta",
    ]
    assert {version.commit.author for version in history.changes(author=BEN)} == {BEN}
    assert subjects(history, entity=BETA, author=BEN) == ["A better definition of beta"]
    assert history.count_changes(entity=BETA, author=BEN) == 1
    gone = history.changes(classes=[f"{BASE}ontology#Concept"], entity=f"{BASE}concept/gamma")
    assert [one.kind.value for one in gone] == ["removed", "changed", "created"], "a removal is of the class it had"
    assert subjects(history, after=28) == ["The last word"]
    assert subjects(history, upto=2) == ["Two concepts", "Two concepts"]


def test_a_state_is_all_that_the_files_said(history: History) -> None:
    found = {line for text in history.state_at("2026-01-04") for line in text.splitlines()}
    assert {line.split(" ")[0] for line in found if "/ontology#Edge" not in line and "/edge/" not in line} == {
        f"<{BASE}concept/alpha>",
        f"<{BASE}concept/beta>",
        f"<{BASE}paper/first>",
    }


def test_a_release_of_an_older_engine_has_an_empty_history(tmp_path: Path) -> None:
    history = History.open(tmp_path)
    assert not history
    with pytest.raises(NotFoundError, match="no history"):
        history.at(datetime(2026, 1, 1, tzinfo=UTC))
    assert history.latest() is None
    assert list(history.authors()) == []
