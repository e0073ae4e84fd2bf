"""What was asked is remembered, and nobody can change what is remembered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.sparql.terms import Iri
from server.web.export.remembering import Remembering


class Asked:
    """A store that says how often it was asked."""

    def __init__(self) -> None:
        self.count = 0

    def select(self, query: str, bindings: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        self.count += 1
        return [{"query": query, "at": self.count}]

    def construct(self, query: str, bindings: Mapping[str, Any] | None = None) -> str:
        self.count += 1
        return f"{self.count}"


def test_the_same_question_is_asked_once() -> None:
    asked = Asked()
    store = Remembering(asked)  # type: ignore[arg-type] # it has what is called
    rows = store.select("SELECT", {"a": Iri("x:y")})
    rows[0]["at"] = 99
    rows.append({})
    assert store.select("SELECT", {"a": Iri("x:y")}) == [{"query": "SELECT", "at": 1}]
    assert store.construct("CONSTRUCT") == store.construct("CONSTRUCT", {}) == "2"
    assert store.select("SELECT", {"b": Iri("x:y")}) == [{"query": "SELECT", "at": 3}]
    assert asked.count == 3


def test_what_was_asked_long_ago_is_forgotten() -> None:
    asked = Asked()
    store = Remembering(asked)  # type: ignore[arg-type] # likewise
    for number in range(300):
        store.construct(f"{number}")
    assert store.construct("299") == "300"
    assert store.construct("0") == "301"
