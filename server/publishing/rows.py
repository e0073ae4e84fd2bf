"""Rows that a build asked the store for, kept for the build after it, which asks anew only about what has changed."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from ..store.embedded import Row, Store
from ..store.queries import narrowed, question
from ..turtle.writer import write_atomically

_FILE: Final = "rows.json"
"""The rows by the name of their question, in the folder of state; it says of which release."""


class Rows:
    """The answers of one build to questions over the whole base, each row of which is about one entity.

    With `affected`, only rows about those entities are asked for, and the others are those of the release `before`.
    """

    def __init__(self, store: Store, state: Path, before: str, affected: Collection[str] | None) -> None:
        self._store = store
        self._affected = affected
        self._known: dict[str, list[Row]] = {}
        if affected is not None:
            with suppress(OSError, ValueError, KeyError):
                kept = json.loads((state / _FILE).read_text(encoding="utf-8"))
                self._known = kept["rows"] if kept["release"] == before else {}
        self.answers: dict[str, list[Row]] = {}
        """The rows of each question that was asked, by its name."""

    def of(self, name: str, about: str = "entity") -> list[Row]:
        """Return the rows of a question, whose variable `about` says which entity a row is about.

        Rows about one entity stand in the order that the question asks for; those about different ones in any. What was
        asked before in this build is not asked again.
        """
        if name in self.answers:
            return self.answers[name]
        known = self._known.get(name)
        if known is None or self._affected is None:
            rows = self._store.select(question(name))
        else:
            rows = [row for row in known if row[about] not in self._affected]
            # Names of entities are IRIs that the strict reader let through.
            wanted = [f"<{entity}>" for entity in sorted(self._affected)]
            rows += self._store.select(narrowed(question(name), {about: wanted})) if wanted else []
        self.answers[name] = rows
        return rows


def keep_rows(state: Path, release: str, answers: Mapping[str, list[Row]]) -> None:
    """Keep the answers to questions, by their names, as those of a release."""
    write_atomically(state / _FILE, json.dumps({"release": release, "rows": answers}, ensure_ascii=False))


def kept_text(state: Path, name: str, release: str) -> str | None:
    """Return what a build kept under a name with a release, or None when it kept nothing."""
    try:
        return (state / f"{name}-{release}.nt").read_text(encoding="utf-8")
    except OSError:
        return None


def keep_text(state: Path, name: str, release: str, text: str) -> None:
    """Keep a text under a name with a release, in the place of those of other releases."""
    for old in state.glob(f"{name}-*.nt"):
        old.unlink(missing_ok=True)
    write_atomically(state / f"{name}-{release}.nt", text)
