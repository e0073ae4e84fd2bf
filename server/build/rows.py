"""Results that a build saves for the next one, which then computes only what has changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from ..sparql.queries import narrowed
from ..sparql.terms import Row
from ..store.embedded import Store
from ..turtle.writer import write_atomically
from .relevance import Changes

ROWS: Final = "rows"
"""The name under which the rows of questions are saved."""


class Rows:
    """The answers of one build to questions over the whole base, each row of which is about one entity.

    With `affected`, only rows about those entities are queried; the others come from the release `before`. A question
    that the `changes` do not concern is not asked at all. `asked` returns the text of a question by its name.
    """

    def __init__(
        self,
        store: Store,
        state: Path,
        before: str,
        affected: Collection[str] | None,
        changes: Changes,
        asked: Callable[[str], str],
    ) -> None:
        self._store = store
        self._asked = asked
        self._affected = affected
        self._changes = changes
        self._known: dict[str, list[Row]] = {}
        if affected is not None:
            self._known = saved(state, ROWS, before)
        self.answers: dict[str, list[Row]] = {}
        """The rows of each question that was asked, by its name."""

    @property
    def before(self) -> Before | None:
        """The answers of the build before, if this build starts from its release."""
        return Before(self._known) if self._known else None

    def of(self, name: str, about: str = "entity") -> list[Row]:
        """Return the rows of a question, whose variable `about` says which entity a row is about.

        Rows about one entity are in the order of the question; the order of the entities is arbitrary. Each
        question is asked once in a build.
        """
        if name in self.answers:
            return self.answers[name]
        known, text = self._known.get(name), self._asked(name)
        if known is None or self._affected is None:
            rows = self._store.select(text)
        elif not self._changes.concern(text):
            rows = known
        else:
            rows = [row for row in known if row[about] not in self._affected]
            # Names of entities are IRIs that the strict reader let through.
            wanted = [f"<{entity}>" for entity in sorted(self._affected)]
            rows += self._store.select(narrowed(text, {about: wanted})) if wanted else []
        self.answers[name] = rows
        return rows


@dataclass(frozen=True)
class Before:
    """The answers of a build to questions over the whole base."""

    rows: Mapping[str, list[Row]]

    def of(self, name: str, about: str = "entity") -> list[Row]:  # noqa: ARG002 - as it is said to `Rows`
        """Return the rows of a question; none when it was not asked."""
        return self.rows.get(name, [])


def save(state: Path, name: str, release: str, value: Mapping[str, Any]) -> None:
    """Save a JSON object under a name for a release, replacing that of another release."""
    save_text(state, name, release, json.dumps(value, ensure_ascii=False))


def saved(state: Path, name: str, release: str) -> dict[str, Any]:
    """Return the object saved under a name for a release; empty when there is none, or it is damaged."""
    text = saved_text(state, name, release)
    return {} if text is None else dict(json.loads(text))


def saved_text(state: Path, name: str, release: str) -> str | None:
    """Return the text saved under a name for a release, or None when there is none, or it is damaged."""
    try:
        mark, _, text = (state / f"{name}-{release}").read_text(encoding="utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return text if mark == _mark(text) else None


def save_text(state: Path, name: str, release: str, text: str) -> None:
    """Save a text under a name for a release, with its SHA-256 before it, replacing those of other releases."""
    for old in state.glob(f"{name}-*"):
        old.unlink(missing_ok=True)
    write_atomically(state / f"{name}-{release}", f"{_mark(text)}\n{text}")


def _mark(text: str) -> str:
    return sha256(text.encode()).hexdigest()
