"""What the rest of the engine asks of a store, wherever it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from ..sparql.terms import Row, Value
from .answers import Answer


class Selectable(Protocol):
    """Something that answers a SELECT."""

    def select(self, query: str, bindings: Mapping[str, Value] | None = None) -> list[Row]:
        """Run a SELECT and return its rows; unbound variables are missing from a row."""


class Queryable(Selectable, Protocol):
    """A store that answers: the embedded `Store`, or a `RemoteStore`."""

    def construct(self, query: str, bindings: Mapping[str, Value] | None = None) -> str:
        """Run a CONSTRUCT and return its triples as N-Triples, sorted, without duplicates."""

    def answer(
        self,
        query: str,
        *,
        base: str | None = None,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
    ) -> Answer:
        """Run any query as a client wrote it; a protocol dataset replaces the union of all graphs."""
