"""Event loops of tests: each in a thread of its own, since that of the tests may have the loop of a browser."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

_RUN = asyncio.run


@pytest.fixture(autouse=True)
def loops_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have `asyncio.run` work in another thread."""

    def run(work: Any) -> Any:
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(_RUN, work).result()

    monkeypatch.setattr(asyncio, "run", run)
