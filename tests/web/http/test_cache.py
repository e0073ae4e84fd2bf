"""What a worker keeps in memory: bounded by bytes."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from server.web.http.cache import Cache


def test_a_cached_value_is_made_once() -> None:
    cache, made = Cache(10_000), []

    def make() -> str:
        made.append(1)
        return "text"

    assert [cache.once("key", make) for _ in range(3)] == ["text"] * 3
    assert len(made) == 1
    assert cache.get("another") is None


def test_what_is_used_least_goes_first() -> None:
    cache = Cache(4000)
    for name in "abc":
        cache.put(name, name, 500)
    cache.get("a")
    cache.put("d", "d", 2000)
    assert [name for name in "abcd" if cache.get(name)] == ["a", "d"]


def test_a_value_larger_than_the_cache_is_returned_and_not_cached() -> None:
    cache = Cache(5000)
    cache.put("small", "small", 10)
    assert cache.once("large", lambda: b"x" * 6000) == b"x" * 6000
    assert cache.get("large") is None
    assert cache.get("small") == "small"


def test_no_room_at_all_keeps_nothing() -> None:
    assert Cache(0).once("key", lambda: 7) == 7


def test_an_object_counts_by_its_size() -> None:
    cache = Cache(100_000)
    cache.once("rows", lambda: [("concept:x", "A label")] * 3)
    few = cache.bytes
    cache.once("more", lambda: [(f"concept:{number}", "A label") for number in range(300)])
    assert cache.bytes > 20 * few


@given(st.lists(st.tuples(st.integers(0, 9), st.binary(max_size=3000))))
def test_it_never_holds_more_than_it_may(entries: list[tuple[int, bytes]]) -> None:
    cache = Cache(8000)
    for key, value in entries:
        cache.put(key, value, len(value))
        assert cache.bytes <= 8000


def test_threads_may_share_it() -> None:
    cache, wrong = Cache(3000), []

    def work() -> None:
        for number in range(3000):
            key = number % 17
            if cache.once(key, lambda key=key: f"{key}" * 200) != f"{key}" * 200:
                wrong.append(key)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
