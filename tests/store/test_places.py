"""Places: who may run a query now, and whose turn is next."""

from __future__ import annotations

import pytest

from server.errors import BusyError
from server.store.jobs import Limits
from server.store.places import Place, Places
from server.store.process import LONG_SECONDS


class Clock:
    """A clock that is moved by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


class Line:
    """Places, and who was woken so far."""

    def __init__(self, workers: int, queue: int, cores: int) -> None:
        self.clock = Clock()
        self.places = Places(Limits(workers=workers, queue=queue), cores, self.clock)
        self.woken: list[str] = []

    def enter(self, name: str, client: str = "") -> Place:
        return self.places.enter(client, lambda: self.woken.append(name))


def test_one_waits_for_new_ones_alone_and_not_for_long() -> None:
    line = Line(workers=2, queue=1, cores=1)
    first = line.enter("first")
    assert first.runs
    second = line.enter("second")
    assert not second.runs, "a new one runs on the only processor"
    line.clock.now += LONG_SECONDS
    assert line.places.hurry(second), "it was no short one, and a worker is free"
    assert second.runs
    assert line.woken == [], "who hurries knows"
    line.clock.now += LONG_SECONDS
    assert not line.enter("third").runs
    with pytest.raises(BusyError, match="2 queries run and 1 wait"):
        line.enter("fourth")


def test_what_runs_for_long_is_no_reason_to_wait() -> None:
    line = Line(workers=2, queue=0, cores=1)
    line.enter("long")
    line.clock.now += 3600
    assert line.enter("next").runs


def test_a_turn_comes_once_and_so_does_the_word_of_it() -> None:
    """Whoever is woken has not begun by itself, and the other way round: else one query would be asked twice."""
    line = Line(workers=1, queue=5, cores=1)
    first, second, third = (line.enter(name) for name in ("first", "second", "third"))
    line.places.leave(first, None)
    assert (second.runs, line.woken) == (True, ["second"])
    assert not line.places.hurry(second), "it was woken for that"
    assert not line.places.withdraw(second), "it is no longer in the line"
    assert line.places.withdraw(third)
    assert not line.places.hurry(third), "it has left"
    line.places.leave(second, None)
    assert line.woken == ["second"]
    assert (line.places.running, line.places.waiting) == (0, 0)


def test_one_client_leaves_a_place_and_half_of_the_line_to_others() -> None:
    line = Line(workers=3, queue=4, cores=3)
    greedy = [line.enter(f"greedy {number}", "greedy") for number in range(4)]
    assert [one.runs for one in greedy] == [True, True, False, False]
    with pytest.raises(BusyError, match="of yours wait"):
        line.enter("greedy 4", "greedy")
    modest = line.enter("modest", "modest")
    assert modest.runs
    line.enter("other", "other")
    line.places.leave(modest, None)
    assert line.woken == ["other"], "the greedy one has all places but one"
    line.places.leave(greedy[0], None)
    assert line.woken == ["other", "greedy 2"], "who has waited for the longest of those with the fewest"


def test_the_next_is_who_runs_the_fewest() -> None:
    line = Line(workers=4, queue=4, cores=4)
    first, _, _, _ = (line.enter("", client) for client in ("a", "a", "b", "c"))
    for client in ("a", "d", "c"):
        line.enter(client, client)
    line.places.leave(first, None)
    assert line.woken == ["d"]
