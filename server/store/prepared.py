"""Answers to questions over a whole base, which a build asks once and a release holds in an SQLite file."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Final

from ..errors import UnreadableError
from ..sparql.terms import Row, Value
from .forwarding import Forwarding
from .interface import Queryable
from .tables import Tables

FILE: Final = "answers.sqlite"
"""Its name in the folder of a release."""

_TABLES: Final = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE question (key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE answer (key TEXT, place INTEGER, row TEXT, PRIMARY KEY (key, place)) WITHOUT ROWID;
"""
_PAGE: Final = re.compile(r"(?s)(?P<whole>.*?)\s*\bLIMIT (?P<limit>\d+)(?:\s+OFFSET (?P<offset>\d+))?\s*")


def write_answers(folder: Path, answers: Mapping[str, Sequence[Row]]) -> None:
    """Write the rows of questions, by the text of each, into the folder of a release; there must be no file yet.

    Rows must hold numbers, IRIs and English texts only: that a text is in another language would be lost.
    """
    with closing(sqlite3.connect(folder / FILE)) as tables:
        tables.executescript(_TABLES)
        for key, rows in sorted((_key(text), rows) for text, rows in answers.items()):
            tables.execute("INSERT INTO question VALUES (?)", (key,))
            lines = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
            tables.executemany("INSERT INTO answer VALUES (?, ?, ?)", ((key, *one) for one in enumerate(lines)))
        tables.commit()


class Prepared(Forwarding):
    """A store that looks up what a build asked already, and asks another store the rest; threads may share it."""

    def __init__(self, store: Queryable, folder: Path) -> None:
        """Take a store, and the folder of the release that it holds. Raises UnreadableError for a damaged file."""
        super().__init__(lambda: store)
        self._tables = Tables(folder / FILE)
        try:
            with self._tables.connection() as tables:
                self._known = frozenset(row["key"] for row in tables.execute("SELECT key FROM question"))
        except sqlite3.Error as error:
            raise UnreadableError(f"{folder / FILE} cannot be read: {error}.", "run `akb build --force`.") from error

    def select(self, query: str, bindings: Mapping[str, Value] | None = None) -> list[Row]:
        """Run a SELECT and return its rows; unbound variables are missing from a row.

        A query that was prepared is looked up by its text, or a part of its rows where LIMIT and OFFSET follow it.
        """
        if not bindings:
            if (rows := self.known(query)) is not None:
                return rows
            page = _PAGE.fullmatch(query)
            if page and (key := _key(page["whole"])) in self._known:
                return self._rows(key, int(page["limit"]), int(page["offset"] or 0))
        return super().select(query, bindings)

    def known(self, query: str) -> list[Row] | None:
        """Return the rows of a query that was prepared, by its text; None for another."""
        return self._rows(key) if (key := _key(query)) in self._known else None

    def _rows(self, key: str, limit: int = -1, offset: int = 0) -> list[Row]:
        query = "SELECT row FROM answer WHERE key = ? AND place >= ? ORDER BY place LIMIT ?"
        with self._tables.connection() as tables:
            return [json.loads(row["row"]) for row in tables.execute(query, (key, offset, limit))]


def _key(text: str) -> str:
    return sha256(text.strip().encode()).hexdigest()
