"""A store that remembers what it was asked last: the formats of a document ask the same, one after the other."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from ...sparql.terms import Row, Value
from ...store.forwarding import Forwarding
from ...store.interface import Queryable

T = TypeVar("T")

_MOST: Final = 256
"""How many answers are remembered."""


class Remembering(Forwarding):
    """Answers like another store, over data that do not change; for one thread.

    What clients ask may have a long answer, and is not remembered.
    """

    def __init__(self, store: Queryable) -> None:
        super().__init__(lambda: store)
        self._answers: OrderedDict[object, object] = OrderedDict()

    def select(self, query: str, bindings: Mapping[str, Value] | None = None) -> list[Row]:
        """Run a SELECT and return its rows, which the caller may change."""
        rows = self._once(query, bindings, lambda: self._store.select(query, bindings))
        return [row.copy() for row in rows]

    def construct(self, query: str, bindings: Mapping[str, Value] | None = None) -> str:
        """Run a CONSTRUCT and return its triples as N-Triples."""
        return self._once(query, bindings, lambda: self._store.construct(query, bindings))

    def _once(self, query: str, bindings: Mapping[str, Value] | None, ask: Callable[[], T]) -> T:
        # An IRI and a text may be equal, and are not the same.
        key = query, tuple((name, type(value), value) for name, value in sorted((bindings or {}).items()))
        if key in self._answers:
            self._answers.move_to_end(key)
        else:
            self._answers[key] = ask()
            if len(self._answers) > _MOST:
                self._answers.popitem(last=False)
        return self._answers[key]  # type: ignore[return-value] # what `ask` returned
