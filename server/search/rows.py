"""Entities of an index by its rows and by their IRIs."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Final

from .records import Ranked

_IRIS: Final = "SELECT id, iri FROM entity WHERE id IN (SELECT value FROM json_each(?))"
_OF_ROWS: Final = "SELECT id, class, status FROM entity WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
_OF_IRIS: Final = "SELECT iri, id, class, status FROM entity WHERE iri IN (SELECT value FROM json_each(?))"


def iris_of(connection: sqlite3.Connection, rows: Sequence[int]) -> dict[int, str]:
    """Return the IRIs of the entities in some rows, by row."""
    return dict(connection.execute(_IRIS, (json.dumps(rows),)).fetchall())


def ranked_by_row(connection: sqlite3.Connection, rows: Sequence[int]) -> list[Ranked]:
    """Return what a ranking has of the entities in some rows, in the order of the rows."""
    return [Ranked(*row) for row in connection.execute(_OF_ROWS, (json.dumps(rows),))]


def ranked_by_iri(connection: sqlite3.Connection, iris: Sequence[str]) -> dict[str, Ranked]:
    """Return what a ranking has of entities, by their IRIs, without those that the index does not have."""
    return {iri: Ranked(*row) for iri, *row in connection.execute(_OF_IRIS, (json.dumps(iris),))}
