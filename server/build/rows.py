"""Answers to questions of which each row is about one entity: only those about what has changed are asked anew."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from ..sparql.queries import narrowed
from ..sparql.terms import Row
from ..store.embedded import Store
from .relevance import Changes


class Rows:
    """The answers of one build to questions over the whole base, each row of which is about one entity.

    With `affected`, only rows about those entities are queried; the others are those that are `known` of the release
    before. A question that the `changes` do not concern is not asked at all. `asked` returns the text of a question by
    its name.
    """

    def __init__(
        self,
        store: Store,
        known: Mapping[str, list[Row]],
        affected: Collection[str] | None,
        changes: Changes,
        asked: Callable[[str], str],
    ) -> None:
        self._store = store
        self._asked = asked
        self._affected = affected
        self._changes = changes
        self._known = known
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
