"""Keeps what the files of `kb/` say from one check to the next, so that a small change is checked without reading all.

Every file is cut into blocks, the statements about one subject. A block is found by its subject, by each IRI or literal
that it names, and by the keys under which it would be reported as similar to another (`alike.py`). Files are known by a
hash of their bytes. SQLite makes each refresh atomic, and allows one process at a time; an index that is damaged or of
another version is rebuilt.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from itertools import chain, groupby
from pathlib import Path
from typing import Final

from ...locks import make_state
from ...namespaces import Namespaces
from ...records.findings import Change
from ...records.pool import Pool
from ...records.progress import Progress, no_progress
from ...turtle.files import kb_names
from ...turtle.limits import bytes_of
from .blocks import Block
from .entries import ABOUT, ALIKE, LOGIC, NAMING, ReadFile, hash_of, read_files

_FORMAT: Final = "5"
"""The version of the content and form of the index."""
_SCHEMA: Final = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE file (id INTEGER PRIMARY KEY, path TEXT UNIQUE, hash TEXT, readable INTEGER);
CREATE TABLE block (id INTEGER PRIMARY KEY, file INTEGER, subject TEXT, entity INTEGER, text TEXT, sum INTEGER);
CREATE INDEX block_file ON block (file);
CREATE INDEX block_entity ON block (subject) WHERE entity;
CREATE TABLE found (hash INTEGER, block INTEGER, PRIMARY KEY (hash, block)) WITHOUT ROWID;
CREATE INDEX found_block ON found (block);
CREATE TABLE tagged (predicate TEXT, file INTEGER, PRIMARY KEY (predicate, file)) WITHOUT ROWID;
CREATE INDEX tagged_file ON tagged (file);
"""
_NOT_DAMAGED: Final = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_FSYNC,
)
_PART: Final = 1_000_000
"""About how many bytes of files one worker of a pool parses at a time."""
_PARTS: Final = 64
"""How many such parts are in memory at once."""


class DamagedError(Exception):
    """What the index holds is not what was put there."""


class Index:
    """What the files say. It is in step with them after `refresh`."""

    def __init__(self, database: sqlite3.Connection, namespaces: Namespaces) -> None:
        self._database = database
        self.namespaces = namespaces

    def refresh(self, root: Path, progress: Progress = no_progress, algorithm: str = "sha1") -> None:
        """Bring the index in line with the files of a base, whose bytes are hashed as git does it."""
        self.begin()
        self.update(root, progress, algorithm)
        self.commit()

    def begin(self) -> None:
        """Start a transaction, after that of whoever has one; what is not committed is forgotten at the end."""
        self._database.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Keep what was done since `begin`."""
        self._database.execute("COMMIT")

    def put(self, path: str, content: bytes | None) -> None:
        """Take in what a file would say, or that it would not be there, within a transaction."""
        row = self._database.execute("SELECT id FROM file WHERE path = ?", (path,)).fetchone()
        if row is not None:
            self._forget(row[0])
        if content is not None:
            [read] = read_files(self.namespaces, [(path, content)])
            self.insert(path, "", read)

    @contextmanager
    def tried(self) -> Iterator[None]:
        """Forget at the end what was `put` meanwhile; others wait so long. It may be done within another."""
        is_within = self._database.in_transaction
        self._database.execute("SAVEPOINT tried" if is_within else "BEGIN IMMEDIATE")
        try:
            yield
        finally:
            self._database.execute("ROLLBACK TO tried" if is_within else "ROLLBACK")
            if is_within:
                self._database.execute("RELEASE tried")

    def update(
        self, root: Path, progress: Progress = no_progress, algorithm: str = "sha1", pool: Pool | None = None
    ) -> list[Change]:
        """Do what `refresh` does within a transaction, and return what changed; texts before are N-Triples.

        With a `pool`, files are parsed by its workers where there are enough of them to share out.
        """
        known = {path: (file, mark) for file, path, mark in self._database.execute("SELECT id, path, hash FROM file")}
        present = sorted(kb_names(root))
        gone = sorted(known.keys() - set(present))
        changes = [Change(path, self.text(known[path][0])) for path in gone]
        for path in gone:
            self._forget(known[path][0])
        adding = _Adding(self, pool)
        for done, name in enumerate(present):
            content = _bytes(f"{root}/{name}", root)
            mark = blob_id(content, algorithm)
            file, old = known.get(name, (None, ""))
            if old != mark:
                changes.append(Change(name, self.text(file) if file is not None else None))
                if file is not None:
                    self._forget(file)
                adding.add(name, mark, content)
            progress("read", done, len(present))
        adding.finish()
        progress("read", len(present), len(present))
        return changes

    def note(self, name: str) -> str:
        """Return what was noted under a name, or nothing."""
        found = self._database.execute("SELECT value FROM meta WHERE name = ?", (f"note {name}",)).fetchone()
        return str(found[0]) if found else ""

    def write_note(self, name: str, value: str) -> None:
        """Note something under a name, in the place of what was noted before."""
        self._database.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (f"note {name}", value))

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield each file that could be read, in the order of their paths, with what it says as N-Triples.

        Raises DamagedError as everything that reads blocks does.
        """
        rows = self._database.execute(
            "SELECT path, text, sum FROM file LEFT JOIN block ON block.file = file.id WHERE readable"
            " ORDER BY path, block.id"
        )
        for path, group in groupby(rows, key=lambda row: str(row[0])):
            yield path, "".join(_intact(text, mark) for _, text, mark in group if text is not None)

    def files_after(self, path: str) -> Iterator[tuple[str, int]]:
        """Yield each file that could be read and whose path comes after another, in their order, with its number."""
        query = "SELECT path, id FROM file WHERE readable AND path > ? ORDER BY path"
        yield from self._database.execute(query, (path,))

    def ids(self) -> dict[str, str]:
        """Return the id of each file's bytes: the name that git gives its blob."""
        return dict(self._database.execute("SELECT path, hash FROM file"))

    def of_file(self, path: str) -> list[Block]:
        """Return the blocks of a file."""
        return list(self._blocks("SELECT block.id FROM block JOIN file ON file.id = file WHERE path = ?", [(path,)]))

    def about(self, subjects: Iterable[str]) -> list[Block]:
        """Return the blocks about any of some nodes; perhaps a few more, as of everything that follows."""
        return list(self._found(ABOUT, subjects))

    def naming(self, terms: Iterable[str]) -> list[Block]:
        """Return the blocks that name any of some IRIs, or of some literals, as an object."""
        return list(self._found(NAMING, terms))

    def alike(self, keys: Iterable[str]) -> list[Block]:
        """Return the blocks that share any of some keys."""
        return list(self._found(ALIKE, keys))

    def speaks_of_logic(self) -> bool:
        """Tell whether any file says what only an ontology should say, such as that two things are the same."""
        return any(self._found(LOGIC, [""]))

    def entities(self) -> list[str]:
        """Return the IRIs of all entities."""
        return [row[0] for row in self._database.execute("SELECT subject FROM block WHERE entity")]

    def unreadable(self) -> list[str]:
        """Return the paths of the files that could not be read."""
        return [row[0] for row in self._database.execute("SELECT path FROM file WHERE NOT readable ORDER BY path")]

    def tagged(self, without: Collection[str] = ()) -> set[str]:
        """Return the properties some value of which carries a language, in any file but some."""
        skipped = self._ids(without)
        rows = self._database.execute("SELECT DISTINCT predicate FROM tagged").fetchall()
        if not skipped:
            return {predicate for (predicate,) in rows}
        query = "SELECT file FROM tagged WHERE predicate = ? LIMIT ?"
        return {
            predicate
            for (predicate,) in rows
            if any(file not in skipped for (file,) in self._database.execute(query, (predicate, len(skipped) + 1)))
        }

    def _ids(self, paths: Collection[str]) -> set[int]:
        query = "SELECT id FROM file WHERE path = ?"
        return {row[0] for path in paths for row in self._database.execute(query, (path,))}

    def _found(self, kind: str, terms: Iterable[str]) -> Iterator[Block]:
        query = "SELECT DISTINCT block FROM found WHERE hash = ?"
        return self._blocks(query, [(hash_of(kind + term),) for term in set(terms)])

    def _blocks(self, query: str, values: Iterable[tuple[int | str]]) -> Iterator[Block]:
        ids = {row[0] for value in values for row in self._database.execute(query, value)}
        read = "SELECT path, subject, text, sum FROM block JOIN file ON file.id = file WHERE block.id = ?"
        for number in sorted(ids):
            row = self._database.execute(read, (number,)).fetchone()
            if row is None:
                raise DamagedError
            yield Block(row[0], row[1], _intact(*row[2:]))

    def text(self, file: int) -> str:
        """Return what a file, given by its number, says as N-Triples."""
        rows = self._database.execute("SELECT text, sum FROM block WHERE file = ? ORDER BY id", (file,)).fetchall()
        return "".join(_intact(text, mark) for text, mark in rows)

    def _forget(self, file: int) -> None:
        self._database.execute("DELETE FROM found WHERE block IN (SELECT id FROM block WHERE file = ?)", (file,))
        for table, column in (("block", "file"), ("tagged", "file"), ("file", "id")):
            self._database.execute(f"DELETE FROM {table} WHERE {column} = ?", (file,))  # noqa: S608 - names of our own

    def insert(self, path: str, mark: str, read: ReadFile) -> None:
        """Take in what a file says, which is not known yet."""
        file = self._database.execute(
            "INSERT INTO file (path, hash, readable) VALUES (?, ?, ?)", (path, mark, read.is_readable)
        ).lastrowid
        for subject, entity, text, entries in read.blocks:
            block = self._database.execute(
                "INSERT INTO block (file, subject, entity, text, sum) VALUES (?, ?, ?, ?, ?)",
                (file, subject, entity, text, zlib.crc32(text.encode())),
            ).lastrowid
            self._database.executemany(
                "INSERT OR IGNORE INTO found VALUES (?, ?)", [(entry, block) for entry in entries]
            )
        self._database.executemany(
            "INSERT INTO tagged VALUES (?, ?)", [(predicate, file) for predicate in sorted(read.tagged)]
        )


def _intact(text: str, mark: int) -> str:
    """Return the text of a block whose checksum is `mark`. Raises DamagedError for another."""
    if zlib.crc32(text.encode()) != mark:
        raise DamagedError
    return text


class _Adding:
    """Files on their way into an index: parsed here one by one, or by a pool in parts."""

    def __init__(self, index: Index, pool: Pool | None) -> None:
        self._index, self._pool = index, pool
        self._parts: list[list[tuple[str, bytes]]] = [[]]
        self._marks: list[str] = []
        self._bytes = 0

    def add(self, path: str, mark: str, content: bytes) -> None:
        if self._pool is None:
            [read] = read_files(self._index.namespaces, [(path, content)])
            self._index.insert(path, mark, read)
            return
        if self._bytes > _PART:
            if len(self._parts) == _PARTS:
                self.finish()
            else:
                self._parts.append([])
            self._bytes = 0
        self._parts[-1].append((path, content))
        self._marks.append(mark)
        self._bytes += len(content)

    def finish(self) -> None:
        """Parse what waits, and take it in, in the order in which it came."""
        read = partial(read_files, self._index.namespaces)
        # What makes one part alone is parsed here as quickly as it is sent.
        if self._pool is not None and len(self._parts) > 1:
            found = self._pool.map(read, self._parts)
        else:
            found = [read(part) for part in self._parts]
        names = (path for part in self._parts for path, _ in part)
        for path, mark, one in zip(names, self._marks, chain.from_iterable(found), strict=True):
            self._index.insert(path, mark, one)
        self._parts, self._marks = [[]], []


@contextmanager
def open_index(path: Path | None, namespaces: Namespaces, *, is_durable: bool = False) -> Iterator[Index]:
    """Open the index in a file, or an empty one where there is none that can be used; in memory for None.

    One that `is_durable` holds what was committed even when the machine stops; another may have lost some of it.
    Raises DamagedError when damage shows only in use: the file is gone by then, and a second attempt starts anew.
    """
    if path is not None:
        make_state(path.parent)
    kind = f"{_FORMAT} {namespaces.base}"
    try:
        with closing(_connect(path, kind, is_durable)) as database:
            yield Index(database, namespaces)
    except (sqlite3.DatabaseError, DamagedError) as error:
        # That it cannot be written says nothing of what it holds.
        if isinstance(error, sqlite3.OperationalError) and getattr(error, "sqlite_errorcode", None) in _NOT_DAMAGED:
            raise
        if path is not None:
            path.unlink(missing_ok=True)
        raise DamagedError from error


def _connect(path: Path | None, kind: str, is_durable: bool) -> sqlite3.Connection:
    """Open a database of a kind; one of another kind, or none at all, gives way to an empty one."""
    database = sqlite3.connect(path or ":memory:", isolation_level=None, timeout=600)
    try:
        # What a killed process leaves is rolled back in any case.
        database.execute(f"PRAGMA synchronous = {'FULL' if is_durable else 'OFF'}")
        database.execute("PRAGMA cell_size_check = ON")
        database.execute("BEGIN IMMEDIATE")
        tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        found = None
        if "meta" in tables:
            found = database.execute("SELECT value FROM meta WHERE name = 'kind'").fetchone()
        if found != (kind,):
            for table in tables:
                database.execute(f'DROP TABLE "{table}"')
            for statement in filter(str.strip, _SCHEMA.split(";")):
                database.execute(statement)
            database.execute("INSERT INTO meta VALUES ('kind', ?)", (kind,))
        database.execute("COMMIT")
    except BaseException:
        database.close()
        raise
    return database


def blob_id(content: bytes, algorithm: str) -> str:
    """Return the name that git gives some bytes, in a repository of some kind."""
    return hashlib.new(algorithm, b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _bytes(path: str, root: Path) -> bytes:
    with suppress(OSError):
        return bytes_of(path, root)
    return b"\xff"
