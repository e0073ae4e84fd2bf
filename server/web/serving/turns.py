"""Whose turn it is: what is usually quick is worked on at once, and of what is dear a few at a time.

The threads of a worker share one interpreter, so that ten dear requests at a time make each of them ten times as slow,
and a page that takes a hundredth of a second as well. What a request will cost is not known, but what others of its
kind took is: the seconds that a thread computed for them. A request whose kind is dear waits in line, where those of
the client for whom the least of that was done lately come first. One that waits for something else, such as a query in
a process of its own, hands its turn on.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..http.fairness import Fairness

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

AT_A_TIME: Final = 2
"""How many dear requests a worker works on at a time."""
DEAR: Final = 0.1
"""Seconds of computing: a kind of request that takes longer, on average, is dear."""
_WEIGHT: Final = 0.125
"""The part of the last request in the average, which begins at nothing."""
_MOST_KINDS: Final = 2_000
"""Kinds whose cost is remembered: those of our routes and classes are far fewer, others are made up by strangers."""
_LONGEST: Final = 50
"""Characters of a segment that tell kinds apart."""
_FORGOTTEN: Final = 6.0
"""Seconds of dear work for one client that are forgotten in a minute."""


@dataclass(frozen=True)
class Kind:
    """Requests that are taken to cost the same.

    The parameters of a query do not tell them apart: else whoever makes one up would ask for what is of a new kind.
    """

    method: str
    first: str
    """The first segment of the path, below a prefix of the site."""
    segments: int
    ending: str
    """That of a representation, such as `html`."""
    has_query: bool

    @classmethod
    def of(cls, environ: WSGIEnvironment, prefixes: Collection[str] = ()) -> Kind:
        """Return the kind of a request to a site that is under some prefixes."""
        path: str = environ["PATH_INFO"]
        prefix = max((one for one in prefixes if path.startswith(f"{one}/")), key=len, default="")
        segments = path[len(prefix) :].strip("/").split("/")
        ending = segments[-1].rpartition(".")[2] if "." in segments[-1] else ""
        first = segments[0].removesuffix(f".{ending}") if ending else segments[0]
        return cls(
            environ["REQUEST_METHOD"],
            first[:_LONGEST],
            len(segments),
            ending[:_LONGEST],
            bool(environ["QUERY_STRING"]),
        )


@dataclass(eq=False)
class Turn:
    """A request that is worked on, or waits for that."""

    kind: Kind
    client: str
    """Who asks for it, by whatever tells clients apart."""
    begin: Callable[[Turn], object]
    """Has it worked on; it is called in the event loop."""
    is_dear: bool = False
    is_counted: bool = False
    """Whether it is one of those that may be worked on at a time."""


class Turns:
    """The costs of kinds of requests, and the line of those that are dear. All of it is done in the event loop."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._costs: OrderedDict[Kind, float] = OrderedDict()
        self._done_for = Fairness(_FORGOTTEN, clock=clock)
        self._line: list[Turn] = []
        self._running = 0

    def take(self, turn: Turn) -> None:
        """Begin with a request: at once where it is quick or few others are dear, else when its turn has come.

        One whose kind was never asked for is taken to be quick.
        """
        turn.is_dear = self.is_dear(turn.kind)
        if turn.is_dear:
            self._line.append(turn)
            self._go_on()
        else:
            turn.begin(turn)

    def is_dear(self, kind: Kind) -> bool:
        """Tell whether requests of a kind take long, on average."""
        return self._costs.get(kind, 0.0) > DEAR

    def hand_on(self, turn: Turn) -> None:
        """Let another begin: this one waits for something, or has ended."""
        if turn.is_counted:
            turn.is_counted = False
            self._running -= 1
            self._go_on()

    def ended(self, turn: Turn, seconds: float) -> None:
        """Take note of what a request cost, and let another begin."""
        before = self._costs.pop(turn.kind, 0.0)
        self._costs[turn.kind] = before + (seconds - before) * _WEIGHT
        if len(self._costs) > _MOST_KINDS:
            self._costs.popitem(last=False)
        if turn.is_dear:
            self._done_for.charge(turn.client, seconds)
        self.hand_on(turn)

    def _go_on(self) -> None:
        while self._line and self._running < AT_A_TIME:
            turn = max(self._line, key=lambda one: self._done_for.left(one.client))
            self._line.remove(turn)
            turn.is_counted = True
            self._running += 1
            turn.begin(turn)
