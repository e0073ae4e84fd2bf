"""A store for which another one answers: the base of those that answer some questions themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from ..sparql.terms import Row, Value
from .answers import Answer
from .interface import Queryable


class Forwarding:
    """Passes every question on to a store, which is made when it is asked for the first time."""

    def __init__(self, make: Callable[[], Queryable]) -> None:
        self._make = make

    @cached_property
    def _store(self) -> Queryable:
        return self._make()

    def select(self, query: str, bindings: Mapping[str, Value] | None = None) -> list[Row]:
        """Run a SELECT and return its rows; unbound variables are missing from a row."""
        return self._store.select(query, bindings)

    def construct(self, query: str, bindings: Mapping[str, Value] | None = None) -> str:
        """Run a CONSTRUCT and return its triples as N-Triples, sorted, without duplicates."""
        return self._store.construct(query, bindings)

    def answer(
        self,
        query: str,
        *,
        base: str | None = None,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
    ) -> Answer:
        """Run any query as a client wrote it; a protocol dataset replaces the union of all graphs."""
        return self._store.answer(query, base=base, default_graphs=default_graphs, named_graphs=named_graphs)
