"""Numbers that several processes count, read as one."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from server.web.http.counted import FOLDER, Counted


def sums(counted: Counted) -> dict[tuple[str, ...], list[float]]:
    found: dict[tuple[str, ...], list[float]] = {}
    for series, numbers in counted.all():
        found[series] = [a + b for a, b in zip(found.get(series, [0.0] * len(numbers)), numbers, strict=True)]
    return found


def test_a_process_counts_for_itself_where_no_folder_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FOLDER, raising=False)
    counted = Counted()
    assert sums(counted) == {}
    counted.add(("hits", "a"), 1, (0, 1))
    counted.add(("seconds",), 3, (1, 1), (2, 0.5))
    counted.add(("hits", "a"), 1, (0, 1))
    counted.add(("hits", "b"), 1, (0, 1))
    assert sums(counted) == {("hits", "a"): [2], ("seconds",): [0, 1, 0.5], ("hits", "b"): [1]}


def test_processes_that_share_a_folder_see_what_all_have_counted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    late = Counted()
    for process in (1, 2):
        monkeypatch.setattr(os, "getpid", lambda process=process: process)
        counted = Counted()
        counted.add(("hits", f"only in {process}"), 1, (0, 1))
        counted.add(("seconds",), 2, (0, process), (1, 0.25))
    expected = {("hits", "only in 1"): [1], ("hits", "only in 2"): [1], ("seconds",): [3, 0.5]}
    assert sums(counted) == expected
    assert sums(late) == expected, "who has counted nothing yet sees it too"


def test_threads_lose_no_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FOLDER, raising=False)
    counted = Counted()

    def count() -> None:
        for number in range(2000):
            counted.add(("hits", str(number % 5)), 1, (0, 1))

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sums(counted) == {("hits", str(number)): [3200] for number in range(5)}
