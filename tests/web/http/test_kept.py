"""What a worker keeps in memory: bounded by bytes."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from server.web.http.kept import Kept


def test_what_is_kept_is_made_once() -> None:
    kept, made = Kept(10_000), []

    def make() -> str:
        made.append(1)
        return "text"

    assert [kept.once("key", make) for _ in range(3)] == ["text"] * 3
    assert len(made) == 1
    assert kept.get("another") is None


def test_what_is_used_least_goes_first() -> None:
    kept = Kept(4000)
    for name in "abc":
        kept.put(name, name, 500)
    kept.get("a")
    kept.put("d", "d", 2000)
    assert [name for name in "abcd" if kept.get(name)] == ["a", "d"]


def test_what_is_larger_than_all_room_is_given_and_not_kept() -> None:
    kept = Kept(5000)
    kept.put("small", "small", 10)
    assert kept.once("large", lambda: b"x" * 6000) == b"x" * 6000
    assert kept.get("large") is None
    assert kept.get("small") == "small"


def test_no_room_at_all_keeps_nothing() -> None:
    assert Kept(0).once("key", lambda: 7) == 7


def test_an_object_counts_by_its_size() -> None:
    kept = Kept(100_000)
    kept.once("rows", lambda: [("concept:x", "A label")] * 3)
    few = kept.bytes
    kept.once("more", lambda: [(f"concept:{number}", "A label") for number in range(300)])
    assert kept.bytes > 20 * few


@given(st.lists(st.tuples(st.integers(0, 9), st.binary(max_size=3000))))
def test_it_never_holds_more_than_it_may(entries: list[tuple[int, bytes]]) -> None:
    kept = Kept(8000)
    for key, value in entries:
        kept.put(key, value, len(value))
        assert kept.bytes <= 8000


def test_threads_may_share_it() -> None:
    kept, wrong = Kept(3000), []

    def work() -> None:
        for number in range(3000):
            key = number % 17
            if kept.once(key, lambda key=key: f"{key}" * 200) != f"{key}" * 200:
                wrong.append(key)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
