"""A question in words, and the query that was written for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Understood:
    """Some words of a question, and what they were taken for."""

    words: str
    term: str
    """A term as the query writes it, or the text that is searched for."""
    kind: str
    """`class`, `property`, `entity`, `text`, `year`, or the word for what is done, such as `count`."""


@dataclass(frozen=True, slots=True)
class Written:
    """The query for a question. It is shown, and run by nobody but who asked."""

    words: str
    query: str
    """Empty where nothing was understood."""
    understood: tuple[Understood, ...]
    by: str
    """`templates`, or the name of the model that wrote it."""
    notes: tuple[str, ...] = ()
