"""The lists of the page classes, filtered, sorted and paged in the index of a release."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final

from ..records.dates import Date
from ..records.lists import Facet, FacetValue, ListedEntity, ListSelection, Order
from ..records.pages import EntityRef
from ..text.forms import folded
from ..text.order import order_key

_COLUMNS: Final = "iri, curie, label, class, definition, status, issued, edges, kind, kind_label"
_IN_COLUMNS: Final = {Facet.STATUS: ("status", "status"), Facet.KIND: ("kind", "kind_label")}
"""The facets that are columns of an entity, and the columns with their labels."""

_ORDERS: Final = {
    Order.EDGES: "edges DESC, id",
    Order.NAME: "place, id",
    Order.NEWEST: "moment IS NULL, moment DESC, id",
    Order.OLDEST: "moment IS NULL, moment, id",
}
"""By what a list is sorted: `id` is the order of how well known entities are; what has no date comes last."""


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
        self,
        class_name: str,
        selection: ListSelection,
        limit: int | None = None,
        offset: int = 0,
        languages: Sequence[str] = (),
    ) -> tuple[ListedEntity, ...]:
        """Return what is selected of the entities in use of a page class, from `offset` on, at most `limit` of them.

        By name, they are in the order of their labels in the first of the `languages` in which they have one.
        """
        where, parameters = _condition(class_name, selection)
        order, tags = _ORDERS[selection.order], tuple(languages) if selection.order is Order.NAME else ()
        if tags:
            own = "(SELECT place FROM place_in WHERE place_in.id = entity.id AND tag = ?)"
            order = f"COALESCE({', '.join((*[own] * len(tags), 'place'))}), id"
        query = (
            f"SELECT {_COLUMNS} FROM entity "  # noqa: S608 - the texts are ours, and values are parameters
            f"WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?"
        )
        values = (*parameters, *tags, -1 if limit is None else limit, offset)
        with self._connection() as connection:
            rows = connection.execute(query, values).fetchall()
        return tuple(map(_listed, rows))

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

    def values(self, class_name: str, selection: ListSelection, most: int) -> dict[Facet, tuple[FacetValue, ...]]:
        """Return the values of each facet of a page class, with how many entities each leaves of a selection.

        Several values of one facet are alternatives, so that those of a facet are counted without its own. Of each
        there are at most so many, the most frequent, and what is chosen; a facet that divides nothing is left out.
        """
        found: dict[Facet, tuple[FacetValue, ...]] = {}
        with self._connection() as connection:
            for facet in Facet:
                chosen, others = selection.chosen(facet), selection.without(facet)
                rows = _counted(connection, class_name, facet, others, most, chosen)
                values = [FacetValue(value, label, count, value in chosen) for value, label, count in rows]
                # What is chosen and leaves nothing is shown too, so that it can be taken away.
                missing = [one for one in chosen if one not in {value.value for value in values}]
                values += [FacetValue(one, self._label(connection, facet, one), 0, is_chosen=True) for one in missing]
                if chosen or len(values) > 1:
                    found[facet] = tuple(_facet_order(values))
        return found

    def has_value(self, class_name: str, facet: Facet, value: str) -> bool:
        """Tell whether an entity of a page class has a value of a facet."""
        query = "SELECT 1 FROM facet_count WHERE class = ? AND facet = ? AND value = ?"
        with self._connection() as connection:
            return connection.execute(query, (class_name, facet.value, value)).fetchone() is not None

    def count_topics(self, class_name: str) -> int:
        """Return how many times the entities of a page class are what others are about."""
        query = (
            "SELECT COALESCE(SUM(count), 0) FROM facet_count "
            "WHERE facet = ? AND value IN (SELECT curie FROM entity WHERE class = ?)"
        )
        with self._connection() as connection:
            [count] = connection.execute(query, (Facet.TOPIC.value, class_name)).fetchone()
        return int(count)

    def tags_of(self, curies: Sequence[str]) -> dict[str, dict[Facet, tuple[FacetValue, ...]]]:
        """Return the values of some entities, by their CURIEs and by facet, without counts."""
        query = (
            "SELECT curie, facet, value, facet.label FROM entity JOIN facet USING (id) "
            "WHERE curie IN (SELECT value FROM json_each(?))"
        )
        with self._connection() as connection:
            rows = map(tuple, connection.execute(query, (json.dumps(curies),)).fetchall())
        found: dict[str, dict[Facet, tuple[FacetValue, ...]]] = {}
        for curie, facet, value, label in sorted(rows, key=lambda row: (order_key(row[3]), row[2])):
            of_one = found.setdefault(curie, {})
            of_one[Facet(facet)] = (*of_one.get(Facet(facet), ()), FacetValue(value, label, 0))
        return found

    def of_curies(self, curies: Sequence[str]) -> tuple[ListedEntity, ...]:
        """Return the entities in use with certain CURIEs, in their order; what there is not is left out."""
        query = f"SELECT {_COLUMNS} FROM entity WHERE curie IN (SELECT value FROM json_each(?))"  # noqa: S608 - names of our own
        with self._connection() as connection:
            rows = connection.execute(query, (json.dumps(curies),)).fetchall()
        found = {one.entity.curie: one for one in map(_listed, rows)}
        return tuple(found[curie] for curie in dict.fromkeys(curies) if curie in found)

    @staticmethod
    def _label(connection: sqlite3.Connection, facet: Facet, value: str) -> str:
        row = connection.execute(
            "SELECT label FROM facet WHERE facet = ? AND value = ? LIMIT 1", (facet.value, value)
        ).fetchone()
        return str(row[0]) if row else value


def _listed(row: sqlite3.Row) -> ListedEntity:
    values = tuple(row)
    return ListedEntity(EntityRef(*values[:5]), *values[5:])


def _counted(
    connection: sqlite3.Connection,
    class_name: str,
    facet: Facet,
    selection: ListSelection,
    most: int,
    chosen: Sequence[str],
) -> list[tuple[str, str, int]]:
    """Return the values of a facet with their labels and counts: the most frequent, and what is chosen."""
    where, parameters = _condition(class_name, selection)
    if facet in _IN_COLUMNS:
        value, label = _IN_COLUMNS[facet]
        query = (
            f"SELECT {value} AS value, {label} AS label, COUNT(*) AS count FROM entity "  # noqa: S608 - names of our own
            f"WHERE {where} AND {value} != '' GROUP BY {value}"
        )
    elif selection.is_all:
        query = "SELECT value, label, count FROM facet_count WHERE class = ? AND facet = ?"
        parameters = [class_name, facet.value]
    else:
        query = (
            "SELECT value, MAX(facet.label), COUNT(*) AS count FROM facet "  # noqa: S608 - names of our own
            f"WHERE facet = ? AND id IN (SELECT id FROM entity WHERE {where}) GROUP BY value"
        )
        parameters = [facet.value, *parameters]
    # Values are few beside entities, but authors may be many.
    query = f"SELECT * FROM ({query}) ORDER BY value IN (SELECT value FROM json_each(?)) DESC, count DESC, 2 LIMIT ?"  # noqa: S608 - likewise
    return [tuple(row) for row in connection.execute(query, (*parameters, json.dumps(chosen), most))]


def _facet_order(values: Iterable[FacetValue]) -> list[FacetValue]:
    """Return values, the most frequent first; chosen ones are among the first that are kept."""
    return sorted(values, key=lambda one: (not one.is_chosen, -one.count, order_key(one.label)))


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
    for facet in dict.fromkeys(name for name, _ in selection.tags):
        chosen = selection.chosen(facet)
        marks = ", ".join("?" * len(chosen))
        conditions.append(f"id IN (SELECT id FROM facet WHERE facet = ? AND value IN ({marks}))")  # noqa: S608 - marks alone
        parameters += [facet.value, *chosen]
    return " AND ".join(conditions), parameters
