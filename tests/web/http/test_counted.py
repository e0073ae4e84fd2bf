"""Numbers that several processes count, read as one."""

from __future__ import annotations

import threading

import pytest

from server.web.http.counted import FILES, Counted, named, new_files


def sums(counted: Counted) -> dict[tuple[str, ...], list[float]]:
    found: dict[tuple[str, ...], list[float]] = {}
    for series, numbers in counted.all():
        found[series] = [a + b for a, b in zip(found.get(series, [0.0] * len(numbers)), numbers, strict=True)]
    return found


def test_a_process_counts_for_itself_where_no_files_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FILES, raising=False)
    counted = Counted()
    assert sums(counted) == {}
    counted.add((("hits", "a"), 1, [(0, 1)]))
    counted.add((("seconds",), 3, [(1, 1), (2, 0.5)]))
    counted.add((("hits", "a"), 1, [(0, 1)]))
    counted.add((("hits", "b"), 1, [(0, 1)]))
    assert sums(counted) == {("hits", "a"): [2], ("seconds",): [0, 1, 0.5], ("hits", "b"): [1]}


def test_processes_that_share_files_see_what_all_have_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    files = new_files(3)
    for number, series in enumerate(("only in 1", "only in 2"), 1):
        monkeypatch.setenv(FILES, named(files, number)[FILES])
        counted = Counted()
        counted.add((("hits", series), 1, [(0, 1)]))
        counted.add((("seconds",), 2, [(0, number), (1, 0.25)]))
    expected = {("hits", "only in 1"): [1], ("hits", "only in 2"): [1], ("seconds",): [3, 0.5]}
    assert sums(counted) == expected
    assert sums(Counted(files, 0)) == expected, "who has counted nothing yet sees it too"


def test_whoever_takes_the_place_of_another_counts_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A counter of Prometheus never goes down."""
    files = new_files(1)
    for _ in range(3):
        counted = Counted(files, 0)
        counted.add((("hits",), 1, [(0, 2)]))
        counted.add((("seconds", "a"), 2, [(1, 0.5)]))
    assert sums(counted) == {("hits",): [6], ("seconds", "a"): [0, 1.5]}


def test_what_does_not_fit_is_not_counted() -> None:
    counted = Counted(new_files(1), 0)
    for number in range(140):
        counted.add((("hits", str(number)), 1000, [(999, 1)]))
    assert len(sums(counted)) == 131


def test_threads_lose_no_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FILES, raising=False)
    counted = Counted()

    def count() -> None:
        for number in range(2000):
            counted.add((("hits", str(number % 5)), 1, [(0, 1)]))

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sums(counted) == {("hits", str(number)): [3200] for number in range(5)}
