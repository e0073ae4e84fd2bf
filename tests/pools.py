"""A pool for tests of work in parts: it runs them here, one by one, as if they came from another machine."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from typing import TypeVar

from server.records.progress import Progress, no_progress

Part = TypeVar("Part")
Result = TypeVar("Result")


class PicklingPool:
    """Runs each part on a copy of it that went through pickle, as did the function; `sizes` has the sizes of all."""

    def __init__(self) -> None:
        self.sizes: list[list[int]] = []

    def map(
        self,
        function: Callable[[Part], Result],
        parts: Sequence[Part],
        stage: str = "parts",
        progress: Progress = no_progress,
    ) -> list[Result]:
        progress(stage, len(parts), len(parts))
        sent = [pickle.dumps((function, part)) for part in parts]
        self.sizes.append([len(one) for one in sent])
        results = []
        for one in sent:
            run, part = pickle.loads(one)
            results.append(pickle.loads(pickle.dumps(run(part))))
        return results
