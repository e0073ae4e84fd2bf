"""Writes the index of a release: one SQLite file, with FTS5.

Rows are in the order of how many edges that are no references they have, so that the first matching rows are the best
known ones: a suggestion needs no sorting, which is what keeps it quick.

FTS5 gets the pieces of words that `text.words` makes, and takes them as they are: its own tokenizer for Unicode knows
neither the letters of today nor scripts without blanks. So its tables hold no texts (they are "contentless"; FTS5,
section 4.4.1); what is shown of an entity is beside them.
"""

from __future__ import annotations

import json
import math
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from itertools import repeat
from pathlib import Path
from types import MappingProxyType
from typing import Final

from ..records.dates import moment_of
from ..text.forms import folded
from ..text.order import order_key
from ..text.words import pieces_of, size_of, words_of
from .classes import line_of
from .records import Document
from .words import keys_of

FILE: Final = "search.sqlite"
"""The name of the index in the folder of a release."""

_MOST_CHANGED: Final = 0.1
"""The largest share of changed documents for which an index is updated; with more it is written anew."""

_TEXT: Final = "rowid, label, names, identifiers, definition, notes, around"
_LONGEST_RUN: Final = 12
"""Letters of a run that is among the words of an index: a longer one of a script without blanks is a sentence."""

_NOTHING: Final[Mapping[str, bytes]] = MappingProxyType({})

_TABLES: Final = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE entity (
  id INTEGER PRIMARY KEY, iri TEXT, curie TEXT, class TEXT, label TEXT, definition TEXT, status TEXT, edges INTEGER,
  renown REAL, cited INTEGER, other_names TEXT, issued TEXT, moment INTEGER, kind TEXT, kind_label TEXT, folded TEXT,
  place BLOB, kinds TEXT
);
CREATE TABLE place_in (tag TEXT, id INTEGER, place BLOB, PRIMARY KEY (tag, id)) WITHOUT ROWID;
CREATE INDEX place_in_of_entity ON place_in (id);
CREATE TABLE said (id INTEGER PRIMARY KEY, names TEXT, identifiers TEXT, notes TEXT, around TEXT);
CREATE TABLE edge (id INTEGER, other INTEGER, PRIMARY KEY (id, other)) WITHOUT ROWID;
CREATE INDEX entity_by_curie ON entity (curie);
CREATE INDEX entity_by_edges ON entity (class, edges DESC, id, status, kind);
CREATE INDEX entity_by_name ON entity (class, place, id);
CREATE INDEX entity_by_date ON entity (class, moment IS NULL, moment, id);
CREATE TABLE facet (
  facet TEXT, value TEXT, id INTEGER, label TEXT, PRIMARY KEY (facet, value, id)
) WITHOUT ROWID;
CREATE INDEX facet_by_entity ON facet (id);
CREATE TABLE facet_count (class TEXT, facet TEXT, value TEXT, label TEXT, count INTEGER);
CREATE INDEX facet_count_by_class ON facet_count (class, facet, count);
CREATE TABLE name (key TEXT, strict_key TEXT, id INTEGER, PRIMARY KEY (key, id, strict_key)) WITHOUT ROWID;
CREATE TABLE word (word TEXT PRIMARY KEY, named INTEGER, count INTEGER) WITHOUT ROWID;
CREATE TABLE suggestion (place INTEGER PRIMARY KEY, name TEXT, others TEXT, id INTEGER);
CREATE INDEX suggestion_by_entity ON suggestion (id, place);
CREATE VIRTUAL TABLE text USING fts5(
  label, names, identifiers, definition, notes, around, content = '', tokenize = 'porter ascii'
);
CREATE VIRTUAL TABLE typed USING fts5(name, others, content = '', tokenize = 'ascii', prefix = '1 2 3 4');
"""


def write_index(documents: Iterable[Document], folder: Path) -> None:
    """Write the index of `documents` into the folder of a release; there must be none yet."""
    ordered = _ordered(documents)
    with closing(sqlite3.connect(folder / FILE)) as index:
        index.executescript(_TABLES)
        counts, rows = _Counts(), _rows(ordered)
        for document in ordered:
            _put(index, rows, document, counts, zip(repeat(None), _suggestions(document)))
        counts.write(index)
        _finish(index)


def change_index(before: Mapping[str, Document], documents: Iterable[Document], source: Path, folder: Path) -> bool:
    """Write the index of `documents` by updating a copy of the index in the folder `source`.

    `before` has those that differ, as they are in that index, by the IRIs of their entities. Return False and write
    nothing if rows would have to move, or if too much has changed.
    """
    with closing(sqlite3.connect(source / FILE)) as index:
        # The table of the order takes longer to read than a small change to write.
        known = dict(index.execute("SELECT label, place FROM entity"))
        placed = [iri for (iri,) in index.execute("SELECT iri FROM entity ORDER BY id")]
    news = _ordered(documents, known)
    if placed != [one.entity.iri for one in news]:
        return False
    changed = [(number, before[new.entity.iri], new) for number, new in enumerate(news, 1) if new.entity.iri in before]
    if len(changed) > _MOST_CHANGED * len(news) or any(len(_names(old)) != len(_names(new)) for _, old, new in changed):
        return False
    shutil.copyfile(source / FILE, folder / FILE)
    with closing(sqlite3.connect(folder / FILE)) as index:
        index.execute("PRAGMA synchronous = OFF")
        counts, rows = _Counts(), _rows(news)
        for number, old, new in changed:
            # Suggestions are offered in the order of their places.
            suggestions = zip(_take(index, number, old, counts), _suggestions(new), strict=True)
            _put(index, rows, new, counts, suggestions, known)
        counts.write(index)
        _finish(index)
    return True


def _ordered(documents: Iterable[Document], known: Mapping[str, bytes] = _NOTHING) -> list[Document]:
    """Return documents in the order of their rows. `known` has the sort keys of some labels."""

    def place(one: Document) -> tuple[int, bytes, str]:
        label = one.entity.label
        return -one.ties, known.get(label) or order_key(label), one.entity.curie

    return sorted(documents, key=place)


def _rows(documents: Iterable[Document]) -> dict[str, int]:
    """Return the row of each entity by its IRI."""
    return {document.entity.iri: number for number, document in enumerate(documents, 1)}


def _put(
    index: sqlite3.Connection,
    rows: Mapping[str, int],
    document: Document,
    counts: _Counts,
    suggestions: Iterable[tuple[int | None, tuple[str, str]]],
    known: Mapping[str, bytes] = _NOTHING,
) -> None:
    """Write one document. `suggestions` has its suggestions with their places; None means the next one."""
    entity, columns, number = document.entity, _columns(document), rows[document.entity.iri]
    index.execute(
        "INSERT INTO entity VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(number, entity.iri, entity.curie, entity.class_name, entity.label, entity.definition),
            *(document.status, document.edge_count, math.log1p(document.ties), document.cited),
            json.dumps(document.names, ensure_ascii=False),
            *(document.issued, moment_of(document.issued), document.kind, document.kind_label, folded(entity.label)),
            known.get(entity.label) or order_key(entity.label),
            line_of(document.classes),
        ),
    )
    index.executemany(
        "INSERT INTO place_in VALUES (?, ?, ?)",
        ((tag, number, order_key(label, tag)) for tag, label in document.labels),
    )
    _, names, identifiers, _, notes, around = columns
    index.execute("INSERT INTO said VALUES (?, ?, ?, ?, ?)", (number, names, identifiers, notes, around))
    index.executemany("INSERT INTO edge VALUES (?, ?)", ((number, rows[iri]) for iri, _ in document.around))
    words = [words_of(column) for column in columns]
    counts.add(document, words)
    index.execute(f"INSERT INTO text ({_TEXT}) VALUES (?, ?, ?, ?, ?, ?, ?)", (number, *map(_pieces, words)))  # noqa: S608 - names of our own
    index.executemany("INSERT INTO name VALUES (?, ?, ?)", ((*key, number) for key in _keys(document)))
    index.executemany(
        "INSERT OR IGNORE INTO facet VALUES (?, ?, ?, ?)", ((*one[:2], number, one[2]) for one in document.facets)
    )
    for place, (name, others) in suggestions:
        row = index.execute("INSERT INTO suggestion VALUES (?, ?, ?, ?)", (place, name, others, number)).lastrowid
        typed = (row, _pieces(words_of(name)), _pieces(words_of(others)) if others else "")
        index.execute("INSERT INTO typed (rowid, name, others) VALUES (?, ?, ?)", typed)


def _take(index: sqlite3.Connection, number: int, document: Document, counts: _Counts) -> list[int]:
    """Take one document out, and return the places of its suggestions. It has to be as it was when it was written."""
    words = [words_of(column) for column in _columns(document)]
    counts.take(document, words)
    # A table without contents has to be told what it had (FTS5, section 6.4).
    index.execute(
        f"INSERT INTO text (text, {_TEXT}) VALUES ('delete', ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - names of our own
        (number, *map(_pieces, words)),
    )
    rows = index.execute("SELECT place, name, others FROM suggestion WHERE id = ? ORDER BY place", (number,)).fetchall()
    for place, name, others in rows:
        typed = (place, _pieces(words_of(name)), _pieces(words_of(others)))
        index.execute("INSERT INTO typed (typed, rowid, name, others) VALUES ('delete', ?, ?, ?)", typed)
    for table in ("entity", "said", "suggestion", "facet", "edge", "place_in"):
        index.execute(f"DELETE FROM {table} WHERE id = ?", (number,))  # noqa: S608 - likewise
    keys = ((*key, number) for key in _keys(document))
    index.executemany("DELETE FROM name WHERE key = ? AND strict_key = ? AND id = ?", keys)
    return [place for place, _, _ in rows]


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
        " · ".join(label for _, label in document.around),
    )


def _keys(document: Document) -> set[tuple[str, str]]:
    """Return the names of a document as whole texts are compared with them: by their words, and with punctuation."""
    curie = document.entity.curie
    names = (document.entity.label, curie, curie.partition(":")[2], *_names(document), *document.identifiers)
    return set(map(keys_of, names))


def _suggestions(document: Document) -> list[tuple[str, str]]:
    """Return the suggestions for a document: its label, also found by its ids, and each other name."""
    ids = " ".join((document.entity.curie, *document.identifiers))
    return [(document.entity.label, ids), *((name, "") for name in _names(document))]


def _pieces(words: Sequence[str]) -> str:
    return " ".join(pieces_of(words))


class _Counts:
    """In how many documents, and in how many names, each word occurs, by how much more or less than before."""

    def __init__(self) -> None:
        self._all, self._named = Counter[str](), Counter[str]()

    def add(self, document: Document, columns: Sequence[Sequence[str]]) -> None:
        """Count the words of a document, which `columns` has: its own, and not those of what it is linked with."""
        self._all.update(set().union(*columns[:-1]))
        self._named.update(_in_names(document, columns))

    def take(self, document: Document, columns: Sequence[Sequence[str]]) -> None:
        """Count them no longer."""
        self._all.subtract(set().union(*columns[:-1]))
        self._named.subtract(_in_names(document, columns))

    def write(self, index: sqlite3.Connection) -> None:
        """Add what was counted to the index."""
        index.executemany(
            "INSERT INTO word VALUES (?1, ?2, ?3)"
            " ON CONFLICT DO UPDATE SET named = named + excluded.named, count = count + excluded.count",
            (
                (word, self._named[word], count)
                for word, count in self._all.items()
                if len(word) <= _LONGEST_RUN or not size_of(word)
            ),
        )
        index.execute("DELETE FROM word WHERE count = 0")


def _in_names(document: Document, columns: Sequence[Sequence[str]]) -> set[str]:
    return set(columns[0]).union(*map(words_of, document.names))


def _finish(index: sqlite3.Connection) -> None:
    index.execute("DELETE FROM facet_count")
    index.execute(
        "INSERT INTO facet_count SELECT class, facet, value, MAX(facet.label), COUNT(*) "
        "FROM facet JOIN entity USING (id) GROUP BY class, facet, value ORDER BY class, facet, value"
    )
    for table in ("text", "typed"):
        index.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608 - two names of our own
    index.commit()
