"""The base as tables of one SQLite database, with keys between them, and a full-text index.

It is a download, and what the other tables, the network of entities, the references and the Markdown pages are made
from: each reads its rows in order, so none of them holds the base in memory.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from ...knowledge.dataset import dataset_header
from ...namespaces import AKB, DCTERMS, PROV, Namespaces
from ...records.directions import Direction
from ...records.languages import Text, is_english
from ...records.terms import PropertyTerm
from ...schema.schema import Schema
from ...sparql.queries import question
from ...sparql.terms import Value
from ...store.embedded import Store
from ...turtle.statements import iri_of, literal_of

_TABLES: Final = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE class (
  name TEXT PRIMARY KEY, iri TEXT NOT NULL UNIQUE, label TEXT NOT NULL, plural TEXT NOT NULL, definition TEXT NOT NULL,
  position INTEGER NOT NULL, is_of_works INTEGER NOT NULL
);
CREATE TABLE status (name TEXT PRIMARY KEY, is_in_use INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE predicate (
  id TEXT PRIMARY KEY, iri TEXT NOT NULL UNIQUE, name TEXT NOT NULL, label TEXT NOT NULL, inverse_label TEXT NOT NULL,
  is_symmetric INTEGER NOT NULL
);
CREATE TABLE property (
  id TEXT PRIMARY KEY, iri TEXT NOT NULL UNIQUE, name TEXT NOT NULL, label TEXT NOT NULL, definition TEXT NOT NULL,
  is_many INTEGER NOT NULL, position INTEGER NOT NULL
);
CREATE TABLE entity (
  id TEXT PRIMARY KEY, iri TEXT NOT NULL UNIQUE, class TEXT NOT NULL REFERENCES class (name), label TEXT NOT NULL,
  definition TEXT NOT NULL, status TEXT NOT NULL REFERENCES status (name), edges INTEGER NOT NULL,
  replaced_by TEXT REFERENCES entity (id)
);
CREATE TABLE name (
  entity TEXT NOT NULL REFERENCES entity (id), name TEXT NOT NULL, language TEXT NOT NULL,
  PRIMARY KEY (entity, name, language)
) WITHOUT ROWID;
CREATE TABLE fact (
  entity TEXT NOT NULL REFERENCES entity (id), property TEXT NOT NULL REFERENCES property (id), value TEXT NOT NULL,
  language TEXT NOT NULL, label TEXT NOT NULL, PRIMARY KEY (entity, property, value, language)
) WITHOUT ROWID;
CREATE TABLE edge (
  id TEXT PRIMARY KEY, iri TEXT NOT NULL UNIQUE, subject TEXT NOT NULL REFERENCES entity (id),
  predicate TEXT NOT NULL REFERENCES predicate (id), object TEXT NOT NULL REFERENCES entity (id),
  source TEXT REFERENCES entity (id), status TEXT NOT NULL REFERENCES status (name),
  note TEXT NOT NULL DEFAULT '', locator TEXT NOT NULL DEFAULT '', confidence REAL
);
CREATE TABLE edge_fact (
  edge TEXT NOT NULL REFERENCES edge (id), property TEXT NOT NULL REFERENCES property (id), value TEXT NOT NULL,
  language TEXT NOT NULL, PRIMARY KEY (edge, property, value, language)
) WITHOUT ROWID;
CREATE TABLE claim (entity TEXT PRIMARY KEY REFERENCES entity (id)) WITHOUT ROWID;
CREATE TABLE evidence (
  claim TEXT NOT NULL REFERENCES claim (entity), edge TEXT NOT NULL REFERENCES edge (id),
  stance TEXT NOT NULL CHECK (stance IN ('for', 'against')), "by" TEXT NOT NULL REFERENCES entity (id),
  PRIMARY KEY (claim, edge)
) WITHOUT ROWID;
"""
_INDEXES: Final = """
CREATE INDEX entity_class ON entity (class, id);
CREATE INDEX edge_subject ON edge (subject);
CREATE INDEX edge_object ON edge (object);
CREATE INDEX edge_source ON edge (source);
CREATE INDEX edge_predicate ON edge (predicate);
CREATE INDEX evidence_by ON evidence ("by");
CREATE INDEX fact_value ON fact (property, value);
CREATE VIRTUAL TABLE search USING fts5 (
  id UNINDEXED, label, names, definition, tokenize = "unicode61 remove_diacritics 2"
);
INSERT INTO search SELECT id, label,
  COALESCE((SELECT GROUP_CONCAT(name, '; ') FROM name WHERE entity = id), ''), definition FROM entity ORDER BY id;
"""
_OF_EDGES: Final = {f"{AKB}{name}": name for name in ("note", "locator", "confidence")}
"""The columns of edges that hold the values of properties of the engine's own, in English."""
_ENDS: Final = {
    Direction.IN: (("object", "subject"),),
    Direction.BOTH: (("object", "subject"), ("subject", "object")),
}
"""At which end of an edge a claim may be, and where then is what speaks for it or against it."""


class _Said(NamedTuple):
    """A value that is stated of something; subject and property are IRIs."""

    subject: str
    property: str
    value: str
    language: str
    """Empty for English, and for what is in no language."""
    is_iri: bool


def write_tables(store: Store, schema: Schema, namespaces: Namespaces, stated: Sequence[Path], path: Path) -> None:
    """Write what a release says of entities and of what joins them into a new file.

    `stated` are the graphs that state it, as files of N-Triples.
    """
    with closing(sqlite3.connect(path)) as tables:
        tables.executescript(_TABLES)
        _Writing(tables, store, schema, namespaces, stated).run()
        tables.executescript(_INDEXES)
        tables.commit()


@contextmanager
def read_tables(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the tables for reading, as long as the block runs."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as tables:
        tables.row_factory = sqlite3.Row
        yield tables


class _Writing:
    """Fills the tables, one after the other; what is said twice is written once."""

    def __init__(
        self, tables: sqlite3.Connection, store: Store, schema: Schema, namespaces: Namespaces, stated: Sequence[Path]
    ) -> None:
        self._tables, self._store, self._schema, self._namespaces = tables, store, schema, namespaces
        self._stated = stated
        properties = schema.properties | schema.borrowed
        self._facts = dict(schema.facts)
        self._edge_facts = {iri: term for iri, term in schema.edge_facts.items() if iri != f"{AKB}status"}
        for iri, found in (
            (f"{DCTERMS}source", self._facts),
            (f"{DCTERMS}source", self._edge_facts),
            (f"{AKB}consultedAt", self._edge_facts),
            (f"{PROV}generatedAtTime", self._edge_facts),
        ):
            if iri in properties:
                found[iri] = properties[iri]

    def run(self) -> None:
        """Fill them."""
        self._write_terms()
        self._write_entities()
        self._write_edges()
        self._write_claims()
        self._tables.execute(
            "DELETE FROM property WHERE id NOT IN (SELECT property FROM fact UNION SELECT property FROM edge_fact)"
        )
        self._tables.execute("DELETE FROM predicate WHERE id NOT IN (SELECT predicate FROM edge)")
        self._tables.execute("DROP TABLE temp.written")
        self._tables.execute("DROP TABLE temp.code")

    def _insert(self, table: str, rows: Iterable[Sequence[object]], columns: int) -> None:
        marks = ", ".join("?" * columns)
        self._tables.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", rows)  # noqa: S608 - names of ours

    def _write_terms(self) -> None:
        schema = self._schema
        header = dataset_header(self._store, self._namespaces.dataset)
        about = {
            "title": header.title or "Knowledge base",
            "description": header.description,
            "base": self._namespaces.base,
            "dataset": header.iri or self._namespaces.dataset,
            "licence": " ".join(licence.iri for licence in header.licences),
        }
        self._insert("about", about.items(), 2)
        self._insert(
            "class",
            (
                (one.notation, one.iri, one.label, one.plural, one.definition, at, one.iri in schema.works)
                for at, one in enumerate(schema.page_classes)
            ),
            7,
        )
        self._insert("status", ((name, True) for name in schema.in_use.values()), 2)
        self._insert("predicate", map(self._predicate, schema.predicates.values()), 6)
        properties = dict.fromkeys([*self._facts.values(), *self._edge_facts.values()])
        self._insert(
            "property",
            (
                (one.curie, one.iri, one.key, one.name or one.label, one.definition, schema.is_many(one.iri), at)
                for at, one in enumerate(properties)
            ),
            7,
        )

    def _predicate(self, term: PropertyTerm) -> tuple[object, ...]:
        inverse = self._schema.properties.get(term.inverse)
        symmetric = "symmetric" in term.traits
        return term.curie, term.iri, term.notation, term.label, inverse.label if inverse else term.label, symmetric

    def _write_entities(self) -> None:
        # The rows come in any order, and a class that is first by its name counts, as on pages.
        self._tables.execute("CREATE TEMP TABLE written (iri, id, class, label, definition, status, edges, successor)")
        names = ("entity", "id", "class", "label", "definition", "status", "count", "successor")
        self._insert("temp.written", self._rows("dump_entities", names), 8)
        self._tables.execute("CREATE TEMP TABLE code (iri PRIMARY KEY, id, label)")
        self._insert("temp.code", self._rows("dump_codes", ("code", "id", "label")), 3)
        self._tables.execute("INSERT OR IGNORE INTO status SELECT DISTINCT status, 0 FROM temp.written ORDER BY 1")
        self._tables.execute(
            """INSERT OR IGNORE INTO entity SELECT id, iri, class, COALESCE(label, id),
            COALESCE(definition, ''), status, COALESCE(edges, 0), NULL FROM temp.written
            WHERE class IN (SELECT name FROM class) ORDER BY id, class, label, definition, status"""
        )
        self._tables.execute(
            """UPDATE entity SET replaced_by =
            (SELECT id FROM entity AS other WHERE other.iri IN
              (SELECT successor FROM temp.written WHERE written.iri = entity.iri))
            WHERE iri IN (SELECT iri FROM temp.written WHERE successor IS NOT NULL)"""
        )
        self._write_linked(
            "INSERT OR IGNORE INTO name SELECT id, ?, ? FROM entity WHERE iri = ? AND NOT (label = ? AND '' = ?)",
            (
                (row["name"], language := _language(row["name"]), row["entity"], row["name"], language)
                for row in self._store.rows(question("dump_names"))
            ),
        )
        self._write_linked(
            """INSERT OR IGNORE INTO fact SELECT entity.id, property.id, COALESCE(other.id, code.id, ?3), ?4,
            COALESCE(other.label, code.label, '') FROM entity JOIN property ON property.iri = ?2
            LEFT JOIN entity AS other ON ?5 AND other.iri = ?3
            LEFT JOIN temp.code AS code ON ?5 AND code.iri = ?3 WHERE entity.iri = ?1""",
            self._said(self._facts),
        )

    def _write_edges(self) -> None:
        names = ("edge", "subject", "predicate", "object", "source", "status")
        compact = self._namespaces.compact
        rows = (
            (compact(str(edge)), edge, predicate, source, status, subject, object_)
            for edge, subject, predicate, object_, source, status in self._rows("dump_edges", names)
        )
        self._tables.execute("CREATE TEMP TABLE joined (id, iri, predicate, source, status, subject, object)")
        self._insert("temp.joined", rows, 7)
        self._tables.execute("INSERT OR IGNORE INTO status SELECT DISTINCT status, 0 FROM temp.joined ORDER BY 1")
        self._tables.execute(
            """INSERT OR IGNORE INTO edge (id, iri, subject, predicate, object, source, status)
            SELECT joined.id, joined.iri, subject.id, predicate.id, object.id,
              (SELECT id FROM entity WHERE iri = joined.source), joined.status
            FROM temp.joined AS joined JOIN entity AS subject ON subject.iri = joined.subject
            JOIN predicate ON predicate.iri = joined.predicate JOIN entity AS object ON object.iri = joined.object
            ORDER BY joined.id, joined.source"""
        )
        self._tables.execute("DROP TABLE temp.joined")
        self._write_linked(
            """INSERT OR IGNORE INTO edge_fact SELECT edge.id, property.id, COALESCE(code.id, ?3), ?4
            FROM edge JOIN property ON property.iri = ?2
            LEFT JOIN temp.code AS code ON ?5 AND code.iri = ?3 WHERE edge.iri = ?1""",
            self._without_columns(self._said((*_OF_EDGES, *self._edge_facts))),
        )

    def _without_columns(self, values: Iterable[_Said]) -> Iterator[_Said]:
        """Yield the values of edges that are facts of theirs, and write those that have columns."""
        for said in values:
            column = _OF_EDGES.get(said.property)
            if column and not said.language:
                self._tables.execute(f"UPDATE edge SET {column} = ? WHERE iri = ?", (said.value, said.subject))  # noqa: S608 - of ours
            elif said.property in self._edge_facts:
                yield said

    def _said(self, properties: Iterable[str]) -> Iterator[_Said]:
        """Yield what is stated of entities and edges by certain properties, but for values without names."""
        wanted = {f"<{iri}>".encode(): iri for iri in properties}
        for path in self._stated:
            with path.open("rb") as lines:
                for line in lines:
                    subject, predicate, value = line[:-3].split(b" ", 2)
                    if predicate in wanted and subject[:1] == b"<" and value[:2] != b"_:":
                        term = value.decode()
                        literal = literal_of(term)
                        text, language = (literal.text, literal.language) if literal else (iri_of(term), "")
                        # English goes without saying.
                        language = "" if is_english(language) else language
                        yield _Said(iri_of(subject.decode()), wanted[predicate], text, language, literal is None)

    def _write_claims(self) -> None:
        rows = self._store.rows(question("dump_claims", self._schema.roles))
        self._write_linked(
            "INSERT OR IGNORE INTO claim SELECT id FROM entity WHERE iri = ?", ((row["entity"],) for row in rows)
        )
        for section in self._schema.sections:
            for way in section.ways if section.stance in {"for", "against"} else ():
                for claim, other in _ENDS.get(way.direction, ()):
                    self._tables.execute(
                        f"""INSERT OR IGNORE INTO evidence SELECT edge.{claim}, edge.id, ?, edge.{other}
                        FROM edge JOIN claim ON claim.entity = edge.{claim}
                        JOIN predicate ON predicate.id = edge.predicate
                        WHERE predicate.iri = ? ORDER BY edge.id""",  # noqa: S608 - names of columns of ours
                        (section.stance, way.predicate),
                    )

    def _write_linked(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        self._tables.executemany(statement, rows)

    def _rows(self, name: str, columns: Sequence[str]) -> Iterator[tuple[Value | None, ...]]:
        for row in self._store.rows(question(name)):
            yield tuple(row.get(column) for column in columns)


def _language(value: object) -> str:
    return value.language if isinstance(value, Text) else ""
