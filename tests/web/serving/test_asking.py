"""Queries that the event loop asks: each ends once, with its own answer, however the others come and go."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterator

import pytest

from server.settings import Settings
from server.store.jobs import Job, Limits
from server.store.workers import QueryPool
from server.web.serving import asking
from server.web.serving.asking import Asking
from tests.made import NAMESPACES

FORMATS = {"solutions": "csv", "boolean": "json"}
SLOW = "{{ SELECT (COUNT(*) AS ?c) {{ ?a akb:status ?b . ?d akb:status ?e }} }} BIND({0} AS ?n)"
"""Takes some milliseconds."""


@pytest.fixture(scope="module")
def pool(settings: Settings) -> Iterator[QueryPool]:
    release = settings.releases / (settings.releases / "current").read_text().strip()
    limits = Limits(seconds=60, workers=3, queue=20, cores=2)
    pool = QueryPool(release / "store", NAMESPACES.prefixes(), settings.memory_triples, limits)
    yield pool
    pool.close()


@pytest.mark.parametrize("long", [0.05, 0.002, 0.0005, 0.0])
def test_each_ends_once_with_its_own_answer(long: float, pool: QueryPool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Turns come from threads while those who wait lose their patience: the same query must not be asked twice."""
    monkeypatch.setattr(asking, "LONG_SECONDS", long)
    monkeypatch.setattr(asking, "_PATIENCE", 2 * long)
    chance = random.Random(7)
    ended: Counter[int] = Counter()
    answers: dict[int, str] = {}
    in_the_loop: list[int] = []

    async def ask(number: int) -> None:
        await asyncio.sleep(chance.uniform(0, 0.1))
        pattern = SLOW.format(number) if chance.random() < 0.3 else f"BIND({number} AS ?n)"
        begun = pool.begin(Job(f"SELECT ?n {{ {pattern} }}", FORMATS))
        done = asyncio.Event()

        def end() -> None:
            ended[number] += 1
            done.set()

        Asking(begun, end).start()
        await done.wait()
        if begun.outcome is not None:
            in_the_loop.append(number)
        # Twenty may wait, and some of these had no place in the loop.
        answers[number] = (await asyncio.to_thread(begun.finish)).text()

    async def main() -> None:
        for start in range(0, 160, 16):
            async with asyncio.TaskGroup() as group:
                for number in range(start, start + 16):
                    group.create_task(ask(number))
        # What would be called too often is called by now.
        await asyncio.sleep(0.1)

    pool.run(Job("ASK {}", FORMATS))
    asyncio.run(main())
    assert answers == {number: f"n\r\n{number}\r\n" for number in range(160)}
    assert set(ended.values()) == {1}
    assert (pool.places.running, pool.places.waiting) == (0, 0)
    assert in_the_loop or not long
