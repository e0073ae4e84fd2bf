"""References to all works of a base that are in use, for programs that keep them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Final

from ...formats.bibliography import keyed
from ...knowledge.citations import citations
from ...records.citations import Citation
from ...schema.schema import Schema
from ...store.interface import Queryable

_TOGETHER: Final = 500
"""How many works are asked for, and held, at a time."""


def works(tables: sqlite3.Connection, store: Queryable, schema: Schema) -> Iterator[tuple[str, Citation]]:
    """Yield a reference to each work in use with a key that no other has, in the order of their identifiers."""
    yield from keyed(_works(tables, store, schema))


def _works(tables: sqlite3.Connection, store: Queryable, schema: Schema) -> Iterator[Citation]:
    classes = [name for (name,) in tables.execute("SELECT name FROM class WHERE is_of_works ORDER BY position")]
    for class_name in classes:
        found = tables.execute("SELECT iri FROM entity WHERE class = ? ORDER BY id", (class_name,))
        while rows := found.fetchmany(_TOGETHER):
            iris = [str(iri) for (iri,) in rows]
            known = citations(store, schema, class_name, iris)
            yield from (known[iri] for iri in iris if iri in known)
