"""Writes the index of a release: one SQLite file, with FTS5.

Rows are in the order of their edge counts, so that the first matching rows are the best known ones: a suggestion
needs no sorting, which is what keeps it quick.
"""

from __future__ import annotations

import json
import math
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from itertools import repeat
from pathlib import Path
from typing import Final

from ..records.dates import moment_of
from .records import Document
from .words import key_of, plain, words_of

FILE: Final = "search.sqlite"
"""The name of the index in the folder of a release."""

_RENOWN: Final = 0.1
"""By how much of itself a match counts more for each factor of e in the number of edges."""

_MOST_CHANGED: Final = 0.1
"""The largest share of changed documents for which an index is updated; with more it is written anew."""

_TABLES: Final = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE entity (
  id INTEGER PRIMARY KEY, iri TEXT, curie TEXT, class TEXT, label TEXT, definition TEXT, status TEXT, edges INTEGER,
  renown REAL, names TEXT, issued TEXT, moment INTEGER, kind TEXT, kind_label TEXT, lower TEXT, folded TEXT
);
CREATE INDEX entity_by_edges ON entity (class, id, status, kind);
CREATE INDEX entity_by_name ON entity (class, folded, id);
CREATE INDEX entity_by_date ON entity (class, moment IS NULL, moment, id);
CREATE TABLE name (key TEXT, id INTEGER, PRIMARY KEY (key, id)) WITHOUT ROWID;
CREATE TABLE word (word TEXT PRIMARY KEY, named INTEGER, count INTEGER) WITHOUT ROWID;
CREATE VIRTUAL TABLE text USING fts5(
  label, names, identifiers, definition, notes, tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE typed USING fts5(
  name, others, id UNINDEXED, tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3 4'
);
"""


def write_index(documents: Iterable[Document], folder: Path) -> None:
    """Write the index of `documents` into the folder of a release; there must be none yet."""
    ordered = _ordered(documents)
    with closing(sqlite3.connect(folder / FILE)) as index:
        index.executescript(_TABLES)
        for number, document in enumerate(ordered, 1):
            rows = _typed(number, document)
            _put(index, number, document, zip(repeat(None), rows))
        _count_words(index, ordered, [])
        _finish(index)


def change_index(before: Iterable[Document], documents: Iterable[Document], source: Path, folder: Path) -> bool:
    """Write the index of `documents` by updating a copy of the index of `before`, which is in the folder `source`.

    Return False and write nothing if rows would have to move, or if too much has changed.
    """
    olds, news = _ordered(before), _ordered(documents)
    if [one.entity.iri for one in olds] != [one.entity.iri for one in news]:
        return False
    changed = [(number, *pair) for number, pair in enumerate(zip(olds, news, strict=True), 1) if pair[0] != pair[1]]
    if len(changed) > _MOST_CHANGED * len(news) or any(len(_names(old)) != len(_names(new)) for _, old, new in changed):
        return False
    shutil.copyfile(source / FILE, folder / FILE)
    with closing(sqlite3.connect(folder / FILE)) as index:
        index.execute("PRAGMA synchronous = OFF")
        for number, old, new in changed:
            index.execute("DELETE FROM entity WHERE id = ?", (number,))
            index.execute("DELETE FROM text WHERE rowid = ?", (number,))
            index.executemany("DELETE FROM name WHERE key = ? AND id = ?", ((key, number) for key in _keys(old)))
            # Suggestions are offered in the order of their row ids.
            places = [row[0] for row in index.execute("SELECT rowid FROM typed WHERE id = ? ORDER BY rowid", (number,))]
            index.executemany("DELETE FROM typed WHERE rowid = ?", ((place,) for place in places))
            _put(index, number, new, zip(places, _typed(number, new), strict=True))
        _count_words(index, [new for _, _, new in changed], [old for _, old, _ in changed])
        _finish(index)
    return True


def _ordered(documents: Iterable[Document]) -> list[Document]:
    return sorted(documents, key=lambda one: (-one.edge_count, one.entity.label.casefold(), one.entity.curie))


def _put(
    index: sqlite3.Connection, number: int, document: Document, typed: Iterable[tuple[int | None, tuple[object, ...]]]
) -> None:
    """Write one document. `typed` has its rows of suggestions with their row ids; None means the next id."""
    entity = document.entity
    index.execute(
        "INSERT INTO entity VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(number, entity.iri, entity.curie, entity.class_name, entity.label, entity.definition),
            *(document.status, document.edge_count, 1 + _RENOWN * math.log1p(document.edge_count)),
            json.dumps(document.names, ensure_ascii=False),
            *(document.issued, moment_of(document.issued), document.kind, document.kind_label),
            *(entity.label.lower(), entity.label.casefold()),
        ),
    )
    index.execute(
        "INSERT INTO text (rowid, label, names, identifiers, definition, notes) VALUES (?, ?, ?, ?, ?, ?)",
        (number, *_columns(document)),
    )
    index.executemany("INSERT INTO name VALUES (?, ?)", ((key, number) for key in _keys(document)))
    index.executemany(
        "INSERT INTO typed (rowid, name, others, id) VALUES (?, ?, ?, ?)", ((place, *row) for place, row in typed)
    )


def _names(document: Document) -> tuple[str, ...]:
    """Return all names of a document except its label."""
    return (*document.names, *document.former)


def _columns(document: Document) -> tuple[str, ...]:
    """Return the texts of a document, in the order of the columns of `text`."""
    return (
        document.entity.label,
        " · ".join(_names(document)),
        " · ".join((document.entity.curie, *document.identifiers)),
        document.entity.definition,
        " ".join(document.notes),
    )


def _keys(document: Document) -> set[str]:
    """Return the normalized names of a document, for searches whose whole text is one of them."""
    curie = document.entity.curie
    names = (document.entity.label, curie, curie.partition(":")[2], *_names(document), *document.identifiers)
    return {key_of(name) for name in names}


def _typed(number: int, document: Document) -> list[tuple[object, ...]]:
    """Return the suggestions for a document: its label, also found by its ids, and each other name."""
    ids = " ".join((document.entity.curie, *document.identifiers))
    return [(document.entity.label, ids, number), *((name, "", number) for name in _names(document))]


def _count_words(index: sqlite3.Connection, added: Sequence[Document], removed: Sequence[Document]) -> None:
    """Update in how many documents, and in how many names, each word occurs."""
    counts, named = Counter[str](), Counter[str]()
    for documents, count, count_named in (
        (added, counts.update, named.update),
        (removed, counts.subtract, named.subtract),
    ):
        for document in documents:
            count(_plain_words(*_columns(document)))
            count_named(_plain_words(document.entity.label, *document.names))
    index.executemany(
        "INSERT INTO word VALUES (?1, ?2, ?3)"
        " ON CONFLICT DO UPDATE SET named = named + excluded.named, count = count + excluded.count",
        ((word, named[word], count) for word, count in counts.items()),
    )
    index.execute("DELETE FROM word WHERE count = 0")


def _finish(index: sqlite3.Connection) -> None:
    for table in ("text", "typed"):
        index.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608 - two names of our own
    index.commit()


def _plain_words(*texts: str) -> set[str]:
    return {plain(word) for text in texts for word in words_of(text)}
