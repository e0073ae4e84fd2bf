"""Answers to questions of which each row is about one entity: only those about what has changed are asked anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, overload

from ..sparql.queries import narrowed
from ..sparql.terms import Row, Value
from ..store.embedded import Store
from .relevance import Changes

_ORDER: Final = re.compile(r"\s+ORDER BY((?: (?:STR\(\?\w+\)|\?\w+))+)\s*\Z")
_KEY: Final = re.compile(r"(STR\()?\?(\w+)")


class Table(Sequence[Row]):
    """Rows that take a fifth of the memory: only their values are held, and of equal texts one.

    A row is made anew each time that it is asked for.
    """

    def __init__(self, rows: Iterable[Row], texts: dict[str, str]) -> None:
        """Take rows, and the texts that are held already, to which those of the rows are added."""
        self._names: dict[str, None] = {}
        self._values: list[tuple[Value | None, ...]] = []
        held = texts.setdefault
        for row in rows:
            if row.keys() != self._names.keys():
                self._names.update(dict.fromkeys(row))
            values = map(row.get, self._names)
            # A text of another kind knows its language.
            self._values.append(tuple([held(one, one) if type(one) is str else one for one in values]))

    def sort(self, names: Sequence[str]) -> bool:
        """Sort the rows by the texts of some variables, if each has a text in every row; tell whether that is so."""
        if not self._values:
            return True
        if not self._names.keys() >= {*names}:
            return False
        places = [list(self._names).index(name) for name in names]
        if not all(len(one) > place and isinstance(one[place], str) for place in places for one in self._values):
            return False
        self._values.sort(key=lambda values: [values[place] for place in places])
        return True

    def __len__(self) -> int:
        return len(self._values)

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...

    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        """Return a row, or a list of rows."""
        if isinstance(place, slice):
            return list(map(self._row, self._values[place]))
        return self._row(self._values[place])

    def __iter__(self) -> Iterator[Row]:
        return map(self._row, self._values)

    def _row(self, values: tuple[Value | None, ...]) -> Row:
        # What no row had before has no value there.
        return {name: value for name, value in zip(self._names, values, strict=False) if value is not None}


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
        self._texts: dict[str, str] = {}
        self.answers: dict[str, Sequence[Row]] = {}
        """The rows of each question that was asked, by its name."""

    @property
    def before(self) -> Before | None:
        """The answers of the build before, if this build starts from its release."""
        return Before(self._known) if self._known else None

    def of(self, name: str, about: str = "entity") -> Sequence[Row]:
        """Return the rows of a question, whose variable `about` says which entity a row is about.

        Rows about one entity are in the order of the question; the order of the entities is arbitrary. Each
        question is asked once in a build.
        """
        if name in self.answers:
            return self.answers[name]
        known, text = self._known.get(name), self._asked(name)
        rows: Sequence[Row]
        if known is None or self._affected is None:
            rows = self._in_order(text, about)
        elif not self._changes.concern(text):
            rows = known
        else:
            # Names of entities are IRIs that the strict reader let through.
            wanted = [f"<{entity}>" for entity in sorted(self._affected)]
            new = self._store.select(narrowed(text, {about: wanted})) if wanted else []
            rows = [*(row for row in known if row[about] not in self._affected), *new]
        self.answers[name] = rows
        return rows

    def _in_order(self, text: str, about: str) -> Table:
        """Return the rows of a question in its order.

        To sort texts takes the engine three times as long as to find them, so it is left to Python where it has the
        same order of them: that of the code points.
        """
        order = _ORDER.search(text)
        keys = _KEY.findall(order[1]) if order else []
        if order and all(is_text or name == about for is_text, name in keys):
            table = Table(self._store.rows(text[: order.start()]), self._texts)
            if table.sort([name for _, name in keys]):
                return table
        return Table(self._store.rows(text), self._texts)


@dataclass(frozen=True)
class Before:
    """The answers of a build to questions over the whole base."""

    rows: Mapping[str, list[Row]]

    def of(self, name: str, about: str = "entity") -> list[Row]:  # noqa: ARG002 - as it is said to `Rows`
        """Return the rows of a question; none when it was not asked."""
        return self.rows.get(name, [])
