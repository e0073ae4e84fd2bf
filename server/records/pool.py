"""Where work in parts is done: the one interface, whether the parts go to this machine or to many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from .progress import Progress, no_progress

Part = TypeVar("Part")
Result = TypeVar("Result")


class Pool(Protocol):
    """Workers that each run a function on one part at a time.

    A function is one of this package, by its name: pure, since a part whose worker died is done once more elsewhere.
    Parts and results can be pickled, and a part brings all that its function needs: workers share no files.
    """

    def map(
        self,
        function: Callable[[Part], Result],
        parts: Sequence[Part],
        stage: str = "parts",
        progress: Progress = no_progress,
    ) -> list[Result]:
        """Return the result of each part, in the order of the parts.

        What the function raises for a part is raised here. Raises RemoteError when the workers fail.
        """
        ...
