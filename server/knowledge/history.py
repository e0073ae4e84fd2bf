"""The history of a base, as a release has it: a file of SQLite that the build writes (`build/chronicle.py`)."""

from __future__ import annotations

import re
import sqlite3
import zlib
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Final, TypedDict, Unpack

from ..errors import NotFoundError, UnreadableError, UsageError
from ..records.history import Commit, Fate, Moment, Version
from ..store.tables import Tables
from ..turtle.statements import is_blank, statements

FILE: Final = "history.sqlite"
"""Its name in the folder of a release."""
FORMAT: Final = 1
"""The number of the form of its tables."""
TABLES: Final = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE commits (number INTEGER PRIMARY KEY, revision TEXT UNIQUE, at TEXT, author TEXT, message TEXT);
CREATE TABLE versions (id INTEGER PRIMARY KEY, "commit" INTEGER, entity TEXT, kind TEXT, ntriples BLOB, hash TEXT);
CREATE INDEX versions_by_entity ON versions (entity, "commit");
CREATE INDEX versions_by_commit ON versions ("commit");
CREATE TABLE terms (id INTEGER PRIMARY KEY, iri TEXT UNIQUE);
CREATE TABLE named (term INTEGER, version INTEGER, is_class INTEGER, PRIMARY KEY (term, version)) WITHOUT ROWID;
CREATE TABLE files (path TEXT PRIMARY KEY, blob TEXT, entity TEXT) WITHOUT ROWID;
"""
"""`named` has what each version names: its classes, and the nodes that are its objects; of a removal, what was named
before. `files` is for the next build: what each file held last, and of which entity."""

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_REVISION: Final = re.compile(r"[0-9a-f]{4,64}", re.IGNORECASE)
_COMMIT: Final = '"commit", revision, at, author, message'
_VERSION: Final = f'SELECT id, {_COMMIT}, entity, kind, ntriples, hash FROM versions JOIN commits ON number = "commit"'  # noqa: S608 - names of our own
_AT_ONCE: Final = 500
"""How many entities, or versions, are asked for at once."""
_MEND: Final = "give a date such as 2026-11-20 or 2026-11-20T12:00:00Z, or the first digits of a commit."


class Narrowing(TypedDict, total=False):
    """Which versions count: all, where nothing is said; an empty value says nothing."""

    classes: Collection[str]
    """Those of entities of these classes, by IRI."""
    entity: str
    """Those of this entity, by its IRI."""
    author: str
    """Those by this author."""
    topic: str
    """Those of the entity with this IRI, or that name it."""
    after: int
    """Those of commits after the one with this number."""
    upto: int
    """Those of commits up to the one with this number."""
    among: Collection[str] | None
    """Those of these entities alone, by IRI; with none, none."""


class History:
    """The history of the base of a release, open for reading; threads may share it."""

    def __init__(self, tables: Tables | None) -> None:
        self._tables = tables
        self.count = 0
        """How many commits changed the base; none where it is in no repository, or nothing was committed."""
        if tables is not None:
            try:
                with tables.connection() as connection:
                    self.count = connection.execute("SELECT COUNT(*) FROM commits").fetchone()[0]
            except sqlite3.Error as error:
                raise UnreadableError(f"{FILE} cannot be read: {error}.", "run `akb build --force`.") from error

    @classmethod
    def open(cls, folder: Path) -> History:
        """Open the history in the folder of a release; it is empty in one that an older engine built."""
        return cls(Tables(folder / FILE) if (folder / FILE).is_file() else None)

    def __bool__(self) -> bool:
        return self.count > 0

    def commits(self, offset: int = 0, size: int = 100) -> list[Commit]:
        """Return up to `size` commits from `offset`, oldest first; empty past the end."""
        rows = self._rows(
            "SELECT number AS \"commit\", revision, at, author, message FROM commits ORDER BY number LIMIT ? OFFSET ?",
            size, offset,
        )  # fmt: skip
        return [_commit(row) for row in rows]

    def latest(self) -> Commit | None:
        """Return the last commit, if there is one."""
        return next(iter(self.commits(max(0, self.count - 1), 1)), None)

    def resolve(self, text: str) -> Commit:
        """Return the commit that a revision, the first digits of one, or a date denotes.

        A date denotes the last commit up to it, a day the last one on it or before (in UTC). Raises UsageError for a
        text that is neither, and for digits that several revisions begin with; NotFoundError for a revision that is not
        in the history, and for a date before it.
        """
        text = text.strip()
        if _DAY.match(text):
            return self.at(_moment(text))
        if not _REVISION.fullmatch(text):
            raise UsageError(f"{text!r} is neither a date nor a commit.", _MEND)
        rows = self._rows(
            "SELECT number AS \"commit\", revision, at, author, message FROM commits "
            "WHERE revision >= ? AND revision < ? ORDER BY revision LIMIT 2",
            text.lower(), f"{text.lower()}g",
        )  # fmt: skip
        if not rows:
            raise NotFoundError(
                f"No commit that changed this base begins with {text}.", "`/changes` lists those that there are."
            )
        if len(rows) > 1:
            raise UsageError(f"Several commits begin with {text}.", "give more of its digits.")
        return _commit(rows[0])

    def at(self, moment: datetime) -> Commit:
        """Return the last commit up to a moment. Raises NotFoundError when the history begins later."""
        rows = self._rows(
            "SELECT number AS \"commit\", revision, at, author, message FROM commits WHERE at <= ? "
            "ORDER BY number DESC LIMIT 1",
            written(moment),
        )  # fmt: skip
        if rows:
            return _commit(rows[0])
        first = next(iter(self.commits(0, 1)), None)
        if first is None:
            raise NotFoundError("This base has no history: it is in no repository, or nothing of it was committed.")
        raise NotFoundError(
            f"The history of this base begins at {written(first.at)}, after {written(moment)}.", "ask for a later date."
        )

    def versions_of(self, entity: str, offset: int = 0, size: int = -1) -> list[Version]:
        """Return the versions of an entity, given by its IRI, oldest first; empty for one that never was."""
        rows = self._rows(f'{_VERSION} WHERE entity = ? ORDER BY "commit" LIMIT ? OFFSET ?', entity, size, offset)
        return [_version(row) for row in rows]

    def moments_of(self, entity: str) -> list[Moment]:
        """Return when an entity came to be as it was each time, oldest first, without what it said."""
        rows = self._rows(f'SELECT {_COMMIT}, kind FROM versions JOIN commits ON number = "commit" WHERE entity = ? '  # noqa: S608 - names of our own
                          'ORDER BY "commit"', entity)  # fmt: skip
        return [Moment(_commit(row), Fate(row["kind"])) for row in rows]

    def before(self, version: Version) -> Version | None:
        """Return the version of the same entity before one, if there is one."""
        rows = self._rows(
            f"{_VERSION} WHERE entity = ? AND id < ? ORDER BY id DESC LIMIT 1", version.entity, version.id
        )
        return _version(rows[0]) if rows else None

    def said_at(self, entities: Collection[str], commit: Commit) -> dict[str, str]:
        """Return what each of some entities said after a commit, by its IRI; left out is what was not there then."""
        said: dict[str, str] = {}
        wanted = sorted(entities)
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            rows = self._rows(
                f'SELECT entity, ntriples FROM versions JOIN (SELECT MAX(id) AS newest FROM versions '  # noqa: S608 - marks alone
                f'WHERE entity IN ({", ".join("?" * len(some))}) AND "commit" <= ? GROUP BY entity) ON id = newest '
                "WHERE kind != ?",
                *some, commit.number, Fate.REMOVED.value,
            )  # fmt: skip
            said |= {row["entity"]: zlib.decompress(row["ntriples"]).decode() for row in rows}
        return said

    def changed_between(self, before: Commit, after: Commit) -> list[str]:
        """Return the IRIs of the entities with a version after the one of two commits and up to the other, sorted."""
        query = 'SELECT DISTINCT entity FROM versions WHERE "commit" > ? AND "commit" <= ? ORDER BY entity'
        return [str(row[0]) for row in self._rows(query, before.number, after.number)]

    def version_at(self, entity: str, commit: Commit) -> Version | None:
        """Return what an entity was after a commit: its last version up to it, if it had been there by then."""
        rows = self._rows(
            f'{_VERSION} WHERE entity = ? AND "commit" <= ? ORDER BY "commit" DESC LIMIT 1', entity, commit.number
        )
        return _version(rows[0]) if rows else None

    def changes(self, offset: int = 0, size: int = 100, **narrowed: Unpack[Narrowing]) -> list[Version]:
        """Return up to `size` versions from `offset`, newest first; empty past the end."""
        condition, given = _condition(narrowed)
        rows = self._rows(f"{_VERSION} WHERE {condition} ORDER BY id DESC LIMIT ? OFFSET ?", *given, size, offset)
        return [_version(row) for row in rows]

    def count_changes(self, **narrowed: Unpack[Narrowing]) -> int:
        """Return how many versions `changes` has in all."""
        condition, given = _condition(narrowed)
        joined = 'versions JOIN commits ON number = "commit"' if narrowed.get("author") else "versions"
        return int(self._rows(f"SELECT COUNT(*) FROM {joined} WHERE {condition}", *given)[0][0])  # noqa: S608 - names of our own

    def authors(self) -> list[str]:
        """Return the names of those who changed the base, in order."""
        return [str(row[0]) for row in self._rows("SELECT DISTINCT author FROM commits ORDER BY author")]

    def state_at(self, revision: str) -> Iterator[str]:
        """Yield what the base said after a commit: the N-Triples of each entity, in the order of their IRIs.

        A triple that two entities' files have comes twice. Raises as `resolve` does.
        """
        number = self.resolve(revision).number
        rows = self._rows(
            "SELECT id, ntriples FROM versions JOIN (SELECT MAX(id) AS newest FROM versions WHERE \"commit\" <= ? "
            "GROUP BY entity) ON id = newest WHERE kind != ? ORDER BY entity",
            number, Fate.REMOVED.value,
        )  # fmt: skip
        for row in rows:
            yield _with_own_blanks(zlib.decompress(row["ntriples"]).decode(), row["id"])

    @cached_property
    def total(self) -> int:
        """How many versions there are; they are numbered from 1, without a gap, in the order in which they came."""
        return int(self._rows("SELECT COALESCE(MAX(id), 0) FROM versions")[0][0]) if self._tables else 0

    def versions_after(self, number: int, size: int) -> list[Version]:
        """Return up to `size` versions from the one after a number, oldest first."""
        return [_version(row) for row in self._rows(f"{_VERSION} WHERE id > ? ORDER BY id LIMIT ?", number, size)]

    def commits_of(self, versions: Collection[int]) -> dict[int, Commit]:
        """Return the commits with which some versions came, by the numbers of these."""
        found: dict[int, Commit] = {}
        wanted = list(versions)
        for start in range(0, len(wanted), _AT_ONCE):
            numbers = wanted[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(numbers))
            rows = self._rows(
                f'SELECT id, {_COMMIT} FROM versions JOIN commits ON number = "commit" WHERE id IN ({marks})',  # noqa: S608 - marks alone
                *numbers,
            )
            found |= {row["id"]: _commit(row) for row in rows}
        return found

    def _rows(self, query: str, *given: object) -> list[sqlite3.Row]:
        if self._tables is None:
            return []
        with self._tables.connection() as connection:
            return connection.execute(query, given).fetchall()


def _with_own_blanks(ntriples: str, version: int) -> str:
    """Return N-Triples with blank nodes that no other version has: canonical labels begin anew in each."""
    if "_:" not in ntriples:
        return ntriples

    def own(term: str) -> str:
        return f"_:v{version}{term[2:]}" if is_blank(term) else term

    return "".join(f"{own(subject)} {predicate} {own(value)} .\n" for subject, predicate, value in statements(ntriples))


def written(moment: datetime) -> str:
    """Return a moment in UTC, to the second, as the tables have it."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        if _DAY.fullmatch(text):
            moment += timedelta(hours=23, minutes=59, seconds=59)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{text!r} is no date.", _MEND) from error


def _condition(narrowed: Narrowing) -> tuple[str, list[object]]:
    parts, given = ["1"], list[object]()
    if classes := narrowed.get("classes"):
        marks = ", ".join("?" * len(classes))
        parts.append(
            f"id IN (SELECT version FROM named JOIN terms ON terms.id = term WHERE is_class AND iri IN ({marks}))"  # noqa: S608 - marks alone
        )
        given += sorted(classes)
    if (among := narrowed.get("among")) is not None:
        parts.append(f"entity IN ({', '.join('?' * len(among))})")
        given += sorted(among)
    if topic := narrowed.get("topic"):
        parts.append("(entity = ? OR id IN (SELECT version FROM named JOIN terms ON terms.id = term WHERE iri = ?))")
        given += [topic, topic]
    for column, value in (("entity = ?", narrowed.get("entity")), ("author = ?", narrowed.get("author"))):
        if value:
            parts.append(column)
            given.append(value)
    for column, number in (('"commit" > ?', narrowed.get("after")), ('"commit" <= ?', narrowed.get("upto"))):
        if number:
            parts.append(column)
            given.append(number)
    return " AND ".join(parts), given


def _commit(row: sqlite3.Row) -> Commit:
    return Commit(row["commit"], row["revision"], datetime.fromisoformat(row["at"]), row["author"], row["message"])


def _version(row: sqlite3.Row) -> Version:
    text = zlib.decompress(row["ntriples"]).decode() if row["ntriples"] else ""
    return Version(row["id"], _commit(row), row["entity"], Fate(row["kind"]), text, row["hash"])
