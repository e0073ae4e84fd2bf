"""Lookup tables of pages in one SQLite file of a release: dates, histories, and texts in other languages.

No worker loads it into memory: the file is mapped, and the operating system caches what is read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ..errors import UnreadableError
from ..history.dates import FileHistory
from ..records.languages import OtherLanguages, Wording
from ..records.pages import History
from ..store.tables import Tables
from .dates import ALL

FILE: Final = "lookups.sqlite"
"""Its name in the folder of a release."""

_TABLES: Final = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE date (path TEXT PRIMARY KEY, changed INTEGER) WITHOUT ROWID;
CREATE TABLE history (path TEXT PRIMARY KEY, entered INTEGER, changed INTEGER, commits INTEGER) WITHOUT ROWID;
CREATE TABLE wording (curie TEXT, what TEXT, tag TEXT, words TEXT, PRIMARY KEY (curie, what, tag)) WITHOUT ROWID;
CREATE TABLE language (tag TEXT PRIMARY KEY) WITHOUT ROWID;
"""


def write_lookups(
    folder: Path,
    dates: Mapping[str, datetime],
    histories: Mapping[str, FileHistory],
    wordings: Iterable[Wording],
) -> None:
    """Write the file into the folder of a release, which must not have one yet.

    Keys of dates and histories are paths without a slash in front, and ALL; see `dates.py`.
    """
    with closing(sqlite3.connect(folder / FILE)) as tables:
        tables.executescript(_TABLES)
        rows = sorted((path, int(date.timestamp())) for path, date in dates.items())
        tables.executemany("INSERT INTO date VALUES (?, ?)", rows)
        tables.executemany(
            "INSERT INTO history VALUES (?, ?, ?, ?)",
            (
                (path, int(one.entered.timestamp()), int(one.changed.timestamp()) if one.changed else None, one.commits)
                for path, one in sorted(histories.items())
            ),
        )
        tables.executemany("INSERT OR REPLACE INTO wording VALUES (?, ?, ?, ?)", wordings)
        tables.execute("INSERT INTO language SELECT DISTINCT tag FROM wording")
        tables.commit()


class Lookups:
    """The lookups of a release, open for reading; threads may share them."""

    def __init__(self, folder: Path) -> None:
        self._tables = Tables(folder / FILE)
        try:
            with self._tables.connection() as tables:
                tags = [row["tag"] for row in tables.execute("SELECT tag FROM language ORDER BY tag")]
                self._newest: int = tables.execute("SELECT changed FROM date WHERE path = ?", (ALL,)).fetchone()[0]
        except (sqlite3.Error, TypeError) as error:
            raise UnreadableError(f"{folder / FILE} cannot be read: {error}.", "run `akb build --force`.") from error
        self.languages = OtherLanguages(tuple(tags), self._words)
        """The texts of the base in languages other than English."""

    def modified(self, path: str) -> datetime:
        """Return when a document was last changed, by the path of its subject.

        Without a date of its own, that is when anything was last changed.
        """
        with self._tables.connection() as tables:
            row = tables.execute("SELECT changed FROM date WHERE path = ?", (path,)).fetchone()
        return datetime.fromtimestamp(row["changed"] if row else self._newest, UTC)

    def history(self, path: str) -> History | None:
        """Return when an entity was added and last changed, by its path; None where git does not know its file."""
        with self._tables.connection() as tables:
            row = tables.execute("SELECT entered, changed, commits FROM history WHERE path = ?", (path,)).fetchone()
        if row is None:
            return None
        changed = None if row["changed"] is None else datetime.fromtimestamp(row["changed"], UTC)
        return History(datetime.fromtimestamp(row["entered"], UTC), changed, row["commits"])

    def _words(self, curie: str, what: str) -> Mapping[str, str]:
        with self._tables.connection() as tables:
            rows = tables.execute("SELECT tag, words FROM wording WHERE curie = ? AND what = ?", (curie, what))
            return {row["tag"]: row["words"] for row in rows}
