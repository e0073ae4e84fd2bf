"""The lists of the page classes, filtered, sorted and paged in the index of a release."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final

from ..records.dates import Date
from ..records.lists import ListedEntity, ListSelection, Order
from ..records.pages import EntityRef
from ..text.forms import folded

_ORDERS: Final = {
    Order.EDGES: "id",
    Order.NAME: "place, id",
    Order.NEWEST: "moment IS NULL, moment DESC, id",
    Order.OLDEST: "moment IS NULL, moment, id",
}
"""By what a list is sorted: `id` is the order of the edge counts, and what has no date comes last among dates."""


@dataclass(frozen=True)
class Facets:
    """By what the list of a class can be narrowed."""

    statuses: tuple[str, ...]
    """Sorted, as kinds are."""
    kinds: tuple[tuple[str, str], ...]
    """Of each its name and its label."""
    has_dates: bool


class Lists:
    """The lists in an index, open for reading; threads may share it."""

    def __init__(self, connection: Callable[[], AbstractContextManager[sqlite3.Connection]]) -> None:
        self._connection = connection

    def of_class(
        self, class_name: str, selection: ListSelection, limit: int | None = None, offset: int = 0
    ) -> tuple[ListedEntity, ...]:
        """Return what is selected of the entities in use of a page class, from `offset` on, at most `limit` of them."""
        where, parameters = _condition(class_name, selection)
        query = (
            "SELECT iri, curie, label, class, definition, status, issued, edges, kind, kind_label FROM entity "  # noqa: S608 - the texts are ours, and values are parameters
            f"WHERE {where} ORDER BY {_ORDERS[selection.order]} LIMIT ? OFFSET ?"
        )
        with self._connection() as connection:
            rows = connection.execute(query, (*parameters, -1 if limit is None else limit, offset)).fetchall()
        return tuple(ListedEntity(EntityRef(*row[:5]), *row[5:]) for row in map(tuple, rows))

    def count(self, class_name: str, selection: ListSelection) -> int:
        """Return how many entities are selected of a page class."""
        where, parameters = _condition(class_name, selection)
        with self._connection() as connection:
            [count] = connection.execute(f"SELECT COUNT(*) FROM entity WHERE {where}", parameters).fetchone()  # noqa: S608 - likewise
        return int(count)

    def facets(self, class_name: str) -> Facets:
        """Return by what the list of a page class can be narrowed."""
        with self._connection() as connection:

            def distinct(columns: str) -> list[tuple[str, ...]]:
                query = f"SELECT DISTINCT {columns} FROM entity WHERE class = ?"  # noqa: S608 - names of our own
                return sorted(map(tuple, connection.execute(query, (class_name,))))

            dated = connection.execute(
                "SELECT 1 FROM entity WHERE class = ? AND (moment IS NULL) = 0 LIMIT 1", (class_name,)
            )
            return Facets(
                tuple(status for (status,) in distinct("status")),
                tuple((kind, label) for kind, label in distinct("kind, kind_label") if kind),
                dated.fetchone() is not None,
            )


def _condition(class_name: str, selection: ListSelection) -> tuple[str, list[str | int]]:
    """Return what must hold of a row, and the values of its parameters."""
    conditions, parameters = ["class = ?"], list[str | int]([class_name])
    for column, values in (("status", selection.statuses), ("kind", selection.kinds)):
        if values:
            conditions.append(f"{column} IN ({', '.join('?' * len(values))})")
            parameters += values
    if selection.since is not None:
        conditions.append("moment >= ?")
        parameters.append(Date(selection.since).moment)
    if selection.until is not None:
        conditions.append("moment < ?")
        parameters.append(Date(selection.until + 1).moment)
    if selection.words:
        conditions.append("instr(folded, ?) > 0")
        parameters.append(folded(selection.words))
    return " AND ".join(conditions), parameters
