"""A budget for each client in work, not in requests; 429 by RFC 6585, section 4."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.settings import Settings
from server.web.http.fairness import BURST_MINUTES, Fairness, refused
from server.web.http.metering import Meter
from server.web.http.observing import CACHED

ONE, OTHER = "192.0.2.1", "198.51.100.2"


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_client_may_take_its_share_for_as_long_as_it_likes(clock: Clock) -> None:
    fairness = Fairness(30, clock=clock)
    for _ in range(10_000):
        assert fairness.admit(ONE) is None
        fairness.charge(ONE, 0.4)
        clock.now += 1


def test_who_takes_more_waits_until_there_is_a_second_of_work_again(clock: Clock) -> None:
    fairness = Fairness(30, clock=clock)
    fairness.charge(ONE, 30 * BURST_MINUTES + 4)
    wait = fairness.admit(ONE)
    assert wait == pytest.approx((4 + 1) / 0.5)
    assert fairness.admit(OTHER) is None, "another client does not notice"
    clock.now += wait
    assert fairness.admit(ONE) is None
    fairness.charge(ONE, 0.9)
    assert fairness.admit(ONE) is None


def test_nobody_waits_for_longer_than_it_takes_to_pay_off_a_whole_bucket(clock: Clock) -> None:
    fairness = Fairness(30, clock=clock)
    fairness.charge(ONE, 10**9)
    wait = fairness.admit(ONE)
    assert wait == pytest.approx(60 * BURST_MINUTES + 2)


def test_without_a_limit_nobody_is_a_client(clock: Clock) -> None:
    fairness = Fairness(0, clock=clock)
    client = fairness.client(ONE)
    fairness.charge(client, 10**9)
    assert fairness.admit(client) is None
    assert len(fairness) == 0


@given(st.lists(st.tuples(st.integers(0, 40), st.floats(0, 500), st.floats(0, 60)), max_size=200))
def test_what_is_remembered_has_a_bound_and_a_client_is_never_owed_more_than_its_bucket(
    events: list[tuple[int, float, float]],
) -> None:
    clock = Clock()
    fairness = Fairness(60, clock=clock, most_clients=10)
    for name, seconds, pause in events:
        clock.now += pause
        fairness.charge(str(name), seconds)
        assert len(fairness) <= 10
        wait = fairness.admit(str(name))
        assert wait is None or 0 < wait <= 60 * BURST_MINUTES + 2
    # Whoever has rested for long enough is as good as new.
    clock.now += 2 * 60 * BURST_MINUTES + 1
    for name, _, _ in events:
        assert fairness.admit(str(name)) is None


def test_buckets_that_are_full_again_are_forgotten(clock: Clock) -> None:
    fairness = Fairness(60, clock=clock)
    for number in range(1000):
        fairness.charge(f"c{number}", 1)
        clock.now += 10
    assert len(fairness) < 10


@pytest.mark.parametrize(
    ("addresses", "client"),
    [
        (["192.0.2.7"], "192.0.2.7/32"),
        (["::ffff:192.0.2.7"], "192.0.2.7/32"),
        (["2001:db8:1:2::1", "2001:db8:1:2:ffff::"], "2001:db8:1:2::/64"),
        (["fe80::1%eth0"], "fe80::/64"),
        # On this machine are the operator, or a proxy that the settings do not name.
        (["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1", "", "no address"], ""),
    ],
)
def test_a_client_is_a_network(addresses: list[str], client: str) -> None:
    assert {Fairness(1).client(address) for address in addresses} == {client}
    assert Fairness(1, ipv4_bits=24).client("192.0.2.7") == "192.0.2.0/24"
    assert Fairness(1, ipv6_bits=48).client("2001:db8:1:2::1") == "2001:db8:1::/48"


def test_the_settings_divide_the_allowance_among_the_web_workers(settings: Settings) -> None:
    whole, part = (Fairness.configured(replace(settings, client_seconds=40, workers=workers)) for workers in (1, 4))
    for fairness, seconds in ((whole, 40 * BURST_MINUTES), (part, 10 * BURST_MINUTES)):
        fairness.charge(ONE, seconds - 1)
        assert fairness.admit(ONE) is None
        fairness.charge(ONE, 1.1)
        assert fairness.admit(ONE) is not None


def test_a_refusal_is_a_problem_for_programs_and_a_page_for_people() -> None:
    """RFC 9457, section 3; RFC 9110, section 10.2.3."""
    _, headers, body = refused(2.1, "application/json")
    named = dict(headers)
    assert (named["Content-Type"], named["Retry-After"]) == ("application/problem+json", "3")
    assert (named["Cache-Control"], named["Vary"]) == ("no-store", "Accept")
    problem = json.loads(body)
    assert (problem["status"], problem["title"]) == (429, "Too Many Requests")
    assert "wait 3 seconds" in problem["mend"]
    _, headers, page = refused(2.1, "text/html,application/xhtml+xml")
    assert dict(headers)["Content-Type"] == "text/html; charset=utf-8"
    assert b"<h1>Too Many Requests</h1>" in page
    assert int(dict(headers)["Content-Length"]) == len(page)


class Working:
    """An application that is as much work as its path says, by the clock of the test."""

    def __init__(self, fairness: Fairness) -> None:
        self.meter = Meter(self.answer, fairness)

    def answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if "cached" in environ["PATH_INFO"]:
            environ[CACHED] = True
        sum(range(300_000))
        start_response("200 OK", [])
        return [b"done"]

    def get(self, path: str, address: str, **environ: str) -> str:
        said: list[str] = []
        asked = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "REMOTE_ADDR": address, **environ}
        b"".join(self.meter(asked, lambda status, headers: said.append(status)))  # type: ignore[arg-type]
        return said[0][:3]


def test_work_is_charged_and_what_comes_from_the_cache_is_not(clock: Clock) -> None:
    # A bucket of a thousandth of a second, which the clock of the test never fills again.
    working = Working(Fairness(0.001 / BURST_MINUTES, clock=clock))
    assert [working.get("/cached", ONE) for _ in range(50)] == ["200"] * 50
    assert [working.get("/page", ONE) for _ in range(3)] == ["200", "429", "429"]
    assert working.get("/cached", ONE) == "429"
    assert [working.get(path, ONE) for path in ("/healthz", "/readyz", "/robots.txt", "/static/a.css")] == ["200"] * 4
    assert working.get("/page", OTHER) == "200"
    assert [working.get("/page", "127.0.0.1") for _ in range(3)] == ["200"] * 3
