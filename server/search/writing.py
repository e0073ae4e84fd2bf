"""Writes the index of a release: one SQLite file, with FTS5.

Rows stand in the order of their edge counts, so that the first rows that fit are the best known ones: a suggestion
needs no sorting, which is what keeps it quick.
"""

from __future__ import annotations

import json
import math
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Final

from .records import Document
from .words import key_of, plain, words_of

FILE: Final = "search.sqlite"
"""The name of the index in the folder of a release."""

_RENOWN: Final = 0.1
"""By how much of itself a match counts more for each factor of e in the number of edges."""

_TABLES: Final = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE entity (
  id INTEGER PRIMARY KEY, iri TEXT, curie TEXT, class TEXT, label TEXT, definition TEXT, status TEXT, edges INTEGER,
  renown REAL, names TEXT, issued TEXT, kind TEXT, kind_label TEXT, lower TEXT, folded TEXT
);
CREATE INDEX entity_by_edges ON entity (class, id, status, kind);
CREATE INDEX entity_by_name ON entity (class, folded, id);
CREATE INDEX entity_by_date ON entity (class, issued = '', issued, id);
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
    ordered = sorted(documents, key=lambda one: (-one.edge_count, one.entity.label.casefold(), one.entity.curie))
    with closing(sqlite3.connect(folder / FILE)) as index:
        index.executescript(_TABLES)
        counts: Counter[str] = Counter()
        named: set[str] = set()
        for number, document in enumerate(ordered, 1):
            counts.update(_put(index, number, document))
            named.update(_plain_words(document.entity.label, *document.names))
        index.executemany("INSERT INTO word VALUES (?, ?, ?)", ((word, word in named, counts[word]) for word in counts))
        for table in ("text", "typed"):
            index.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608 - two names of our own
        index.commit()
        index.execute("PRAGMA optimize")


def _put(index: sqlite3.Connection, number: int, document: Document) -> set[str]:
    """Write one document, and return its words."""
    entity = document.entity
    local = entity.curie.partition(":")[2]
    other_names = (*document.names, *document.former)
    columns = (
        entity.label,
        " · ".join(other_names),
        " · ".join((entity.curie, *document.identifiers)),
        entity.definition,
        " ".join(document.notes),
    )
    index.execute(
        "INSERT INTO entity VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(number, entity.iri, entity.curie, entity.class_name, entity.label, entity.definition),
            *(document.status, document.edge_count, 1 + _RENOWN * math.log1p(document.edge_count)),
            json.dumps(document.names, ensure_ascii=False),
            *(document.issued, document.kind, document.kind_label, entity.label.lower(), entity.label.casefold()),
        ),
    )
    index.execute(
        "INSERT INTO text (rowid, label, names, identifiers, definition, notes) VALUES (?, ?, ?, ?, ?, ?)",
        (number, *columns),
    )
    keys = {key_of(name) for name in (entity.label, entity.curie, local, *other_names, *document.identifiers)}
    index.executemany("INSERT INTO name VALUES (?, ?)", ((key, number) for key in keys))
    # The id of it and of others leads to its label; each other name is offered as such.
    rows = [(entity.label, " ".join((entity.curie, *document.identifiers)), number)]
    rows += [(name, "", number) for name in other_names]
    index.executemany("INSERT INTO typed (name, others, id) VALUES (?, ?, ?)", rows)
    return _plain_words(*columns)


def _plain_words(*texts: str) -> set[str]:
    return {plain(word) for text in texts for word in words_of(text)}
