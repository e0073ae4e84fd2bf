"""The data of a release as those ask them who explain a query: SELECTs within a time, and the names that are in use."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ..errors import AkbError, QueryError
from ..namespaces import Namespaces
from ..sparql.solutions import Solutions
from .finding import Finder

Ask = Callable[[str], Solutions]
"""Answers a SELECT; raises AkbError where it cannot, in time or at all."""


@dataclass
class Data:
    """The data of a release, as they are asked about, and what names there are in them."""

    ask: Ask
    namespaces: Namespaces
    finder: Finder
    classes: Sequence[str]
    """The CURIEs of the classes in use."""
    predicates: Sequence[str]
    """The CURIEs of the properties in use."""
    page_classes: Sequence[str]
    """The CURIEs of the classes with pages of their own."""
    seconds: float
    """How long all may take."""
    started: float = field(default_factory=time.monotonic)
    missed: int = 0
    """How many questions had no answer in time."""

    def rows(self, query: str) -> list[tuple[str, ...]] | None:
        """Return the rows of a SELECT; None where there is no time for it."""
        if time.monotonic() - self.started > self.seconds:
            self.missed += 1
            return None
        try:
            return list(self.ask(query).rows)
        except QueryError:
            # A change may make no query.
            return None
        except AkbError:
            self.missed += 1
            return None

    def short(self, term: str) -> str:
        """Return a term as a query writes it, by its prefix."""
        if term.startswith("<"):
            return self.namespaces.written(term[1:-1])
        text, carets, datatype = term.rpartition("^^")
        return f"{text}{carets}{self.namespaces.written(datatype[1:-1])}" if term.endswith(">") else term
