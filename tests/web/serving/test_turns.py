"""What is usually quick is worked on at once, and of what is dear a few at a time, in turn between clients."""

from __future__ import annotations

import asyncio
import threading
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.waiting import about_to_wait
from server.web.serving.gateway import Answer, Gateway, environment_of_scope
from server.web.serving.turns import AT_A_TIME, DEAR, Kind, Turn, Turns


def kind(path: str, method: str = "GET", prefixes: tuple[str, ...] = ()) -> Kind:
    path, _, query = path.partition("?")
    return Kind.of({"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": method}, prefixes)


def test_kinds_are_told_apart_by_the_shape_of_an_address() -> None:
    page = kind("/concept/one.html")
    assert kind("/concept/other.html") == page
    others = [
        kind("/concept/one.jsonld"),
        kind("/concept.html"),
        kind("/claim/one.html"),
        kind("/concept/one.html?view=all"),
        kind("/concept/one.html", "POST"),
        kind("/concept/one/neighbourhood.html"),
    ]
    assert page not in others
    assert len({*others}) == len(others)


def test_a_prefix_of_the_site_tells_nothing() -> None:
    assert kind("/kb/concept/one.html", prefixes=("/kb", "/kb/en")) == kind("/concept/one.html")
    assert kind("/kbs/concept/one.html", prefixes=("/kb",)) != kind("/concept/one.html")


@given(st.text(max_size=40), st.text(max_size=300))
def test_who_makes_up_a_parameter_does_not_ask_for_what_is_of_a_new_kind(name: str, value: str) -> None:
    assert kind(f"/claim.html?size=1000&{name}={value}") == kind("/claim.html?size=1000")


class Asked:
    """Requests that have begun, in order, of a line whose clock stands still."""

    def __init__(self) -> None:
        self.turns = Turns(clock=lambda: 0.0)
        self.begun: list[Turn] = []

    def ask(self, path: str = "/dear", client: str = "192.0.2.1") -> Turn:
        turn = Turn(kind(path), client, self.begun.append)
        self.turns.take(turn)
        return turn

    def make_dear(self, path: str = "/dear") -> None:
        while not (turn := self.ask(path)).is_dear:
            self.turns.ended(turn, 100 * DEAR)
        self.turns.hand_on(turn)
        self.begun.clear()


def test_what_was_never_asked_for_and_what_is_quick_begins_at_once() -> None:
    asked = Asked()
    turns = [asked.ask() for _ in range(100)]
    assert asked.begun == turns
    for turn in turns:
        asked.turns.ended(turn, 0.9 * DEAR)
    assert asked.ask() in asked.begun


def test_one_slow_request_does_not_make_its_kind_dear() -> None:
    """The first page of a kind has its templates compiled."""
    asked = Asked()
    asked.turns.ended(asked.ask(), 5 * DEAR)
    assert not asked.ask().is_dear


def test_of_what_is_dear_a_few_are_worked_on_at_a_time() -> None:
    asked = Asked()
    asked.make_dear()
    turns = [asked.ask() for _ in range(AT_A_TIME + 2)]
    assert asked.begun == turns[:AT_A_TIME]
    assert asked.ask("/quick") in asked.begun, "it does not wait behind them"
    asked.turns.ended(turns[0], 1.0)
    assert turns[AT_A_TIME] in asked.begun
    assert turns[AT_A_TIME + 1] not in asked.begun


def test_one_that_waits_for_something_else_hands_its_turn_on_once() -> None:
    asked = Asked()
    asked.make_dear()
    turns = [asked.ask() for _ in range(AT_A_TIME + 2)]
    for _ in range(3):
        asked.turns.hand_on(turns[0])
    assert asked.begun == turns[: AT_A_TIME + 1]
    asked.turns.ended(turns[0], 1.0)
    assert asked.begun == turns[: AT_A_TIME + 1], "its turn was another's by then"


def test_the_next_is_one_of_the_client_for_whom_the_least_was_done() -> None:
    asked = Asked()
    asked.make_dear()
    running = [asked.ask(client="192.0.2.1") for _ in range(AT_A_TIME)]
    waiting = [asked.ask(client="192.0.2.1") for _ in range(5)]
    reader = asked.ask(client="198.51.100.2")
    asked.turns.ended(running[0], 1.0)
    assert asked.begun[-1] is reader
    asked.turns.ended(reader, 0.5)
    assert asked.begun[-1] is waiting[0], "among those of one client, who came first"


def test_what_is_dear_is_quick_again_when_it_was_quick_for_a_time() -> None:
    asked = Asked()
    asked.make_dear()
    for _ in range(100):
        turn = asked.ask()
        if not turn.is_dear:
            break
        asked.turns.ended(turn, 0.0)
    assert not turn.is_dear


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=60))
def test_every_request_begins_once_and_never_more_than_a_few_dear_ones_at_a_time(
    plan: list[tuple[int, bool]],
) -> None:
    asked = Asked()
    asked.make_dear()
    ended: set[int] = set()
    turns = []
    for client, ends in plan:
        turns.append(asked.ask(client=f"192.0.2.{client}"))
        if ends and (running := [one for one in asked.begun if id(one) not in ended]):
            ended.add(id(running[0]))
            asked.turns.ended(running[0], 100 * DEAR)
        assert len(asked.begun) - len(ended) <= AT_A_TIME
    while running := [one for one in asked.begun if id(one) not in ended]:
        ended.add(id(running[0]))
        asked.turns.ended(running[0], 100 * DEAR)
    assert sorted(map(id, asked.begun)) == sorted(map(id, turns))


def environment(path: str, *, gone: bool = False) -> dict[str, Any]:
    scope = {
        "method": "GET",
        "raw_path": path.encode(),
        "query_string": b"",
        "server": ("kb.example", 80),
        "client": ("192.0.2.1", 5),
        "http_version": "1.1",
        "headers": [],
        "akb.connection": SimpleNamespace(gone=gone),
    }
    return environment_of_scope(scope)


def dear_gateway(application: Any) -> Gateway:
    """Return a gateway with many threads that has been told that everything under /dear is dear."""
    gateway = Gateway(application, threads=10, waiting=5000, body_bytes=100, bodies_bytes=100)
    for _ in range(20):
        gateway._turns.ended(Turn(kind("/dear"), "", lambda _: None), 100 * DEAR)
    return gateway


async def answered(gateway: Gateway, environ: dict[str, Any]) -> Answer:
    answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
    gateway.answer(environ, answer.set_result)
    return await answer


@pytest.mark.parametrize("waits", [False, True])
def test_a_query_in_a_process_of_its_own_keeps_no_other_dear_request_from_its_turn(waits: bool) -> None:
    """The application begins with as many as may run, and waits until all have begun: only `waits` lets all begin."""
    every = AT_A_TIME + 2
    begun = threading.Semaphore(0)
    enough = threading.Event()

    def application(_: object, start: Any) -> list[bytes]:
        begun.release()
        if waits:
            about_to_wait()
        enough.wait(60)
        start("200 OK", [])
        return [b"it"]

    async def ask() -> int:
        gateway = dear_gateway(application)
        asked = [asyncio.ensure_future(answered(gateway, environment("/dear"))) for _ in range(every)]
        for _ in range(every if waits else AT_A_TIME):
            await asyncio.to_thread(begun.acquire)
        await asyncio.sleep(0)
        more = begun.acquire(blocking=False)
        enough.set()
        assert [answer.status for answer in await asyncio.gather(*asked)] == [200] * every
        return int(more)

    assert asyncio.run(ask()) == 0


def test_nobody_works_for_a_client_that_has_gone() -> None:
    worked = []

    def application(_: object, start: Any) -> list[bytes]:
        worked.append(1)
        start("200 OK", [])
        return [b"it"]

    async def ask() -> list[int]:
        gateway = dear_gateway(application)
        gone = [await answered(gateway, environment("/dear", gone=True)) for _ in range(AT_A_TIME + 1)]
        there = await answered(gateway, environment("/dear"))
        return [answer.status for answer in (*gone, there)]

    assert asyncio.run(ask()) == [*[503] * (AT_A_TIME + 1), 200]
    assert worked == [1]


def test_a_long_line_of_clients_that_have_gone_is_passed_over() -> None:
    """As many as wait, one after the other, and not each within the one before."""
    enough = threading.Event()

    def application(_: object, start: Any) -> list[bytes]:
        enough.wait(60)
        start("200 OK", [])
        return [b"it"]

    async def ask() -> list[int]:
        gateway = dear_gateway(application)
        there = [asyncio.ensure_future(answered(gateway, environment("/dear"))) for _ in range(AT_A_TIME)]
        await asyncio.sleep(0)
        gone = [asyncio.ensure_future(answered(gateway, environment("/dear", gone=True))) for _ in range(3000)]
        last = asyncio.ensure_future(answered(gateway, environment("/dear")))
        await asyncio.sleep(0)
        enough.set()
        return [answer.status for answer in await asyncio.gather(*there, *gone, last)]

    assert asyncio.run(ask()) == [*[200] * AT_A_TIME, *[503] * 3000, 200]
