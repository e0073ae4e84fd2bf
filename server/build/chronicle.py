"""Writes the history of a base into a release, from that of the release before where its line of commits goes on.

It has every commit that changed `kb/` or the ontology, and of each entity a version for each commit after which its
file says something else: how a file is written makes none. A file that could not be read after a commit stands for what
it said before. Each blob is parsed once.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from ..errors import UnreadableError
from ..history.blobs import read_blobs
from ..history.revisions import State, follows, head, newest, origin, states
from ..knowledge.history import FILE, FORMAT, TABLES, written
from ..namespaces import AKB, AKBV, RDF, Namespaces
from ..records.findings import Finding
from ..records.history import Fate
from ..records.progress import Progress, no_progress
from ..store.canonical import canonical
from ..turtle.files import is_passed_over
from ..turtle.source_files import entity_of, read_content
from ..turtle.statements import Statement, iri_of, is_iri, statements
from .stages import share

_AT_ONCE: Final = 2_000
"""How many files are read from the repository at once, or a few more."""
_TYPE: Final = f"<{RDF}type>"
_EDGE: Final = f"<{AKB}Edge>"
_OF_ENGINE: Final = (f"<{AKB}", f"<{AKBV}")


def write_chronicle(
    folder: Path,
    before: Path | None,
    root: Path | None,
    namespaces: Namespaces,
    progress: Progress = no_progress,
) -> str:
    """Write the history of the base at `root` into the folder of a release, which must not have one yet.

    `before` is a release to go on from; its file is shared where nothing was committed since. Without a repository, or
    with nothing committed, the history is empty; so it is for data that are no base, which have no root. So it is where
    the repository lacks what it should have: the note that is returned says so, and is empty otherwise.
    """
    revision = head(root) if root else ""
    try:
        _write(folder, before, root, namespaces, revision, progress)
    except UnreadableError as error:
        (folder / FILE).unlink(missing_ok=True)
        _write(folder, None, root, namespaces, "", progress)
        return f"{error.message} This release has no history."
    return ""


def is_current(release: Path, root: Path | None) -> bool:
    """Tell whether the history in a release has every commit of the line that is checked out.

    Where git does not say what that is, such as to another user, there is nothing newer.
    """
    known = _about(release / FILE)
    revision = head(root) if root and known else ""
    if known is None or not root or not revision or revision == known.get("head"):
        return known is not None
    return (known.get("origin"), known.get("newest")) == (origin(root), newest(root, revision))


def _write(
    folder: Path, before: Path | None, root: Path | None, namespaces: Namespaces, revision: str, progress: Progress
) -> None:
    about = {
        "format": str(FORMAT),
        "base": namespaces.base,
        "origin": origin(root) if root and revision else "",
        "head": revision,
        "newest": newest(root, revision) if root and revision else "",
    }
    known = (_about(before / FILE) if before else None) or {}
    last = known.get("head", "")
    is_alike = all(known.get(key) == about[key] for key in ("format", "base", "origin"))
    goes_on = root is not None and bool(revision and last) and is_alike and follows(root, revision, last)
    if before and known == about:
        share(before / FILE, folder / FILE)
        return
    with closing(sqlite3.connect(folder / FILE)) as tables:
        tables.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        if before and goes_on:
            with closing(
                sqlite3.connect(f"{(before / FILE).absolute().as_uri()}?mode=ro&immutable=1", uri=True)
            ) as old:
                old.backup(tables)
        else:
            tables.executescript(TABLES)
        if root and revision:
            _Writer(tables, root, namespaces, progress).add(list(states(root, revision, last if goes_on else "")))
        tables.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", about.items())
        tables.commit()


def _about(path: Path) -> dict[str, str] | None:
    """Return what a history says of itself, or None where there is none that can be read."""
    if not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as tables:
            return dict(tables.execute("SELECT name, value FROM about"))
    except sqlite3.Error:
        return None


class _Unit(NamedTuple):
    """What a file says, and of which entity; the N-Triples are canonical."""

    entity: str
    ntriples: str
    named: dict[str, bool]
    """The IRIs that it names, and whether each is a class of the entity; of the engine's only those."""


@dataclass
class _Writer:
    """Adds states to the tables of a history."""

    tables: sqlite3.Connection
    root: Path
    namespaces: Namespaces
    progress: Progress
    _files: dict[str, tuple[str, str]] = field(default_factory=dict)
    """The blob and the entity of each file of the last state."""
    _paths: dict[str, set[str]] = field(default_factory=dict)
    """The files of each entity."""
    _last: dict[str, tuple[int, str]] = field(default_factory=dict)
    """The number and the hash of the last version of each entity; no hash when it was removed."""
    _terms: dict[str, int] = field(default_factory=dict)
    _units: dict[tuple[str, str], _Unit | None] = field(default_factory=dict)
    """What files say, by their path and blob: of those that were read at once."""

    def add(self, new: list[State]) -> None:
        """Add states, oldest first."""
        for path, blob, entity in self.tables.execute("SELECT path, blob, entity FROM files"):
            self._know(path, blob, entity)
        self._last = {
            entity: (number, hashed)
            for entity, number, hashed in self.tables.execute(
                "SELECT entity, MAX(id), hash FROM versions GROUP BY entity"
            )
        }
        self._terms = dict(self.tables.execute("SELECT iri, id FROM terms"))
        [[number, at]] = self.tables.execute("SELECT COALESCE(MAX(number), 0), COALESCE(MAX(at), '') FROM commits")
        done = 0
        for some in _parts(new):
            self._read((one.path, one.blob) for state in some for one in state.files if one.blob)
            for state in some:
                number += 1
                # Clocks differ, and commits are rewritten: a state begins no sooner than the one before it.
                at = max(at, written(state.at))
                commit = (number, state.revision, at, _plain(state.author), _plain(state.message))
                self.tables.execute("INSERT INTO commits VALUES (?, ?, ?, ?, ?)", commit)
                self._add(number, state)
                done += 1
                self.progress("history", done, len(new))

    def _add(self, number: int, state: State) -> None:
        touched: set[str] = set()
        for path, blob in ((one.path, one.blob) for one in state.files if _counts(one.path)):
            was = self._files.get(path)
            unit = self._unit(path, blob) if blob else None
            if blob and unit is None:
                continue
            if was is not None:
                touched.add(was[1])
                self._paths[was[1]].discard(path)
                del self._files[path]
                self.tables.execute("DELETE FROM files WHERE path = ?", (path,))
            if unit is not None:
                touched.add(unit.entity)
                self._know(path, blob, unit.entity)
                self.tables.execute("INSERT INTO files VALUES (?, ?, ?)", (path, blob, unit.entity))
        for entity in sorted(touched):
            self._add_version(number, entity)

    def _know(self, path: str, blob: str, entity: str) -> None:
        self._files[path] = blob, entity
        self._paths.setdefault(entity, set()).add(path)

    def _add_version(self, number: int, entity: str) -> None:
        before, hash_before = self._last.get(entity, (0, ""))
        paths = sorted(self._paths.get(entity, ()))
        units = [unit for path in paths if (unit := self._unit(path, self._files[path][0]))]
        text = units[0].ntriples if len(units) == 1 else canonical("".join(unit.ntriples for unit in units))
        hashed = hashlib.sha256(text.encode()).hexdigest() if text else ""
        if hashed == hash_before:
            return
        kind = Fate.REMOVED if not text else Fate.CHANGED if hash_before else Fate.CREATED
        packed = zlib.compress(text.encode()) if text else b""
        row = self.tables.execute(
            'INSERT INTO versions ("commit", entity, kind, ntriples, hash) VALUES (?, ?, ?, ?, ?)',
            (number, entity, kind.value, packed, hashed),
        )
        version = row.lastrowid or 0
        self._last[entity] = version, hashed
        if text:
            all_named: dict[str, bool] = {}
            for unit in units:
                all_named |= {iri: is_class or all_named.get(iri, False) for iri, is_class in unit.named.items()}
            named = ((self._term(iri), version, is_class) for iri, is_class in all_named.items())
            self.tables.executemany("INSERT INTO named VALUES (?, ?, ?)", named)
        else:
            self.tables.execute(
                "INSERT INTO named SELECT term, ?, is_class FROM named WHERE version = ?", (version, before)
            )

    def _term(self, iri: str) -> int:
        if iri not in self._terms:
            self._terms[iri] = self.tables.execute("INSERT INTO terms (iri) VALUES (?)", (iri,)).lastrowid or 0
        return self._terms[iri]

    def _unit(self, path: str, blob: str) -> _Unit | None:
        if (path, blob) not in self._units:
            self._parse(((path, blob),))
        return self._units[path, blob]

    def _read(self, files: Iterable[tuple[str, str]]) -> None:
        self._units.clear()
        self._parse({file: None for file in files if _counts(file[0])})

    def _parse(self, files: Iterable[tuple[str, str]]) -> None:
        wanted = list(files)
        contents = read_blobs(self.root, (blob for _, blob in wanted), "of its history")
        for path, blob in wanted:
            self._units[path, blob] = _unit_of(path, contents[blob], self.namespaces)


def _parts(new: list[State]) -> Iterator[list[State]]:
    """Yield the states in parts with about as many files as are read at once."""
    part: list[State] = []
    size = 0
    for state in new:
        part.append(state)
        size += len(state.files)
        if size >= _AT_ONCE:
            yield part
            part, size = [], 0
    yield part


def _counts(path: str) -> bool:
    return path.startswith("kb/") and path.endswith(".ttl") and not is_passed_over(path)


def _unit_of(path: str, content: bytes, namespaces: Namespaces) -> _Unit | None:
    """Return what a file says and of which entity; None for one that cannot be read or says nothing."""
    file = read_content(path, content)
    if isinstance(file, Finding):
        return None
    said = list(statements(file.ntriples))
    if not said:
        return None
    entity = _entity(path, said, namespaces)
    return _Unit(entity, canonical(file.ntriples), _named(entity, said))


def _entity(path: str, said: list[Statement], namespaces: Namespaces) -> str:
    """Return the IRI of the entity of a file: the one that it is called after, else the first that is no edge."""
    name, _, slug = entity_of(path).partition(":")
    subjects = dict.fromkeys(subject for subject, _, _ in said if is_iri(subject))
    own = f"<{namespaces.entity(name, slug)}>"
    if own in subjects:
        return own[1:-1]
    edges = {subject for subject, predicate, value in said if (predicate, value) == (_TYPE, _EDGE)}
    first = next((subject for subject in subjects if subject not in edges), own)
    return iri_of(first)


def _named(entity: str, said: list[Statement]) -> dict[str, bool]:
    named: dict[str, bool] = {}
    for subject, predicate, value in said:
        is_class = predicate == _TYPE and subject == f"<{entity}>"
        if is_iri(value) and (is_class or (predicate != _TYPE and not value.startswith(_OF_ENGINE))):
            named[value[1:-1]] = is_class or named.get(value[1:-1], False)
    named.pop(entity, None)
    return named


def _plain(text: str) -> str:
    """Return a text as UTF-8 can carry it."""
    return text.encode("utf-8", "replace").decode()
