"""Turns tables of entities and edges into files of `kb/`: all of them, or, when anything is wrong, none.

What is there already is left as it is, so that a table can be imported again, and grow.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from rdflib import DCTERMS, PROV, RDF, XSD, Graph, Literal, URIRef
from rdflib.term import Node

from ..errors import AkbError
from ..namespaces import SLUG
from ..records.findings import Finding, Severity, Stage
from ..records.progress import Progress, no_progress
from ..schema.schema import Schema
from ..turtle.authoring import slug_of
from ..turtle.base import Base
from ..turtle.edges import CODES, VOCAB, free_edge_iri, match_plain_triple
from ..turtle.source_files import SourceFile, read_text
from ..turtle.writer import canonical, first_comment, write_atomically
from ..validation.check import check
from .cells import CellReader, Terms, cell_readers
from .tables import Row, Table

_STAGES: Final = (Stage.SYNTAX, Stage.SHAPES, Stage.RULES)


@dataclass
class Plan:
    """What an import would write, or why it cannot."""

    files: dict[str, str] = field(default_factory=dict)
    """Path, relative to the root, to the new text of each file that would be new or would change."""
    created: int = 0
    """How many of them would be new."""
    entities: int = 0
    """How many rows of entities the tables have."""
    edges: int = 0
    """How many rows of edges the tables have."""
    faults: list[Finding] = field(default_factory=list)


def plan_import(
    base: Base,
    schema: Schema,
    tables: Iterable[Table],
    *,
    update: bool = False,
    spares_drafts: bool = False,
    progress: Progress = no_progress,
) -> Plan:
    """Work out what the files of `kb/` become when the tables are added to them. Nothing is written.

    Entities come before edges, so that an edge of one table may end at an entity of another. A cell that says
    something else than the base does is a fault; with `update`, the base follows the table. What would not pass
    the check of the base is a fault too, at the row that it comes from; with `spares_drafts`, a draft may lack what
    `akb check` warns of.
    """
    return _Importer(base, schema, update, spares_drafts, progress).run(list(tables))


def write_plan(base: Base, plan: Plan, progress: Progress = no_progress) -> None:
    """Write the files of a plan. After a kill in the middle, the same import writes the rest."""
    for done, (path, text) in enumerate(plan.files.items(), 1):
        write_atomically(base.root / path, text)
        progress("write", done, len(plan.files))


class _Importer:
    def __init__(
        self,
        base: Base,
        schema: Schema,
        update: bool,
        spares_drafts: bool,
        progress: Progress,
    ) -> None:
        self.base = base
        self.schema = schema
        self.update = update
        self.spares_drafts = spares_drafts
        self.progress = progress
        self.entity_cells, self.edge_cells = cell_readers(schema)
        self.plan = Plan()
        self.sources = {file.path: file for file in base.files}
        self.homes: dict[Node, str] = {
            node: file.path for file in base.files for node in file.graph.subjects(DCTERMS.identifier)
        }
        self.types: dict[Node, str] = {
            node: str(file.graph.value(node, RDF.type))
            for file in base.files
            for node in file.graph.subjects(DCTERMS.identifier)
        }
        self.graphs: dict[str, Graph] = {}
        """The graphs of the files that the tables touch."""
        self.new_edges: dict[URIRef, Graph] = {}
        """The graph of each edge that the tables add, by the IRI of the edge."""
        self.rows: dict[str, Row] = {}
        """The row that last spoke of an entity or an edge, by CURIE."""

    def run(self, tables: list[Table]) -> Plan:
        plan = self.plan
        plan.faults += [fault for table in tables for fault in table.faults]
        entities = [row for table in tables if not table.is_of_edges for row in table.rows]
        edges = [row for table in tables if table.is_of_edges for row in table.rows]
        plan.entities, plan.edges = len(entities), len(edges)
        for done, row in enumerate(entities, 1):
            self._entity(row)
            self.progress("entities", done, len(entities))
        for done, row in enumerate(edges, 1):
            self._edge(row)
            self.progress("edges", done, len(edges))
        if not plan.faults:
            self._write_texts()
        if plan.files and not plan.faults:
            self._check()
        plan.faults.sort()
        return plan

    def _entity(self, row: Row) -> None:
        name, label = row.get("class"), row.get("label")
        slug = row.get("slug") or slug_of(label)
        if not SLUG.fullmatch(slug):
            column, mend = ("slug", "use") if row.get("slug") else ("label", "give a slug of")
            self._fault(
                row, column, f"{slug!r} cannot be a slug.", f"{mend} lower-case letters, digits, single hyphens."
            )
            return
        focus = f"{name}:{slug}"
        try:
            class_iri = URIRef(self.schema.class_for(name, row.get("type")))
        except AkbError as error:
            self._fault(row, "type" if "not a class under" in error.message else "class", error.message, error.mend)
            return
        terms, faults = self.entity_cells.terms(row, focus)
        self.plan.faults += faults
        node = URIRef(self.base.namespaces.entity(name, slug))
        path = self.homes.setdefault(node, f"kb/{name}/{slug}.ttl")
        graph = self._graph(path, row, focus)
        if (node, DCTERMS.identifier, None) not in graph:
            if not label:
                self._fault(row, "label", "The entity is new and has no label.", "give its name.", focus)
            self.types[node] = str(class_iri)
            new: Terms = [(DCTERMS.identifier, Literal(focus)), (RDF.type, class_iri)]
            terms = [*self._with_defaults(terms, [(VOCAB.status, CODES.draft)]), *new]
        elif row.get("type"):
            terms.append((RDF.type, class_iri))
        self._merge(graph, node, terms, row, focus, self.entity_cells)

    def _edge(self, row: Row) -> None:
        ends = [row.get(column) for column in ("subject", "predicate", "object")]
        for column, cell in zip(("subject", "predicate", "object"), ends, strict=True):
            if not cell:
                self._fault(row, column, f"The edge has no {column}.", "fill in the cell.")
                return
        known = [self._known(row, column) for column in ("subject", "object", "assertedIn")]
        if None in known:
            return
        try:
            subject, predicate, object_ = (
                URIRef(iri) for iri in self.schema.oriented(ends[0], ends[1], ends[2], self.base.namespaces)
            )
        except AkbError as error:
            self._fault(row, "predicate", error.message, error.mend)
            return
        if not self._fits(row, subject, predicate, object_):
            return
        node = free_edge_iri(self._graph_of, self.base.namespaces, subject, predicate, object_, known[2] or "")
        focus = self.base.namespaces.compact(node)
        terms, faults = self.edge_cells.terms(row, focus)
        self.plan.faults += faults
        graph = self._graph(self.homes[subject], row, focus)
        if (node, RDF.type, None) not in graph:
            now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
            terms += [
                (RDF.type, VOCAB.Edge),
                (VOCAB.subject, subject),
                (VOCAB.predicate, predicate),
                (VOCAB.object, object_),
                (PROV.generatedAtTime, Literal(now, datatype=XSD.dateTime)),
            ]
            terms += [(VOCAB.assertedIn, URIRef(known[2]))] if known[2] else []
            terms = self._with_defaults(terms, [(VOCAB.status, CODES.draft), (VOCAB.agentType, CODES.human)])
            self.new_edges[node] = graph
        self._merge(graph, node, terms, row, focus, self.edge_cells)
        match_plain_triple(graph, (subject, predicate, object_), self.schema.in_use)

    def _graph_of(self, edge: URIRef) -> Graph:
        """Return a graph that has what is said of an edge."""
        return self.new_edges.get(edge, self.base.asserted)

    def _fits(self, row: Row, subject: URIRef, predicate: URIRef, object_: URIRef) -> bool:
        """Tell whether the ends are of the classes that the predicate joins; a fault says so when they are not."""
        term = self.schema.properties[str(predicate)]
        for end, wanted in ((subject, term.domain), (object_, term.range)):
            if not self.schema.is_under(self.types[end], wanted):
                compact = self.base.namespaces.compact
                classes = f"from {compact(term.domain)} to {compact(term.range)}"
                message = f"{term.curie} goes {classes}, and {compact(end)} is {compact(self.types[end])}."
                self._fault(row, "predicate", message, "swap the ends, or choose another of docs/ontology.md.")
                return False
        return True

    def _known(self, row: Row, column: str) -> str | None:
        """Return the IRI that a cell names, an empty text for an empty cell, or None when it is not in the base."""
        curie = row.get(column)
        if not curie:
            return ""
        try:
            iri = self.base.namespaces.expand(curie)
        except KeyError:
            self._fault(row, column, f"{curie!r} is not a CURIE.", "write it as prefix:name.")
            return None
        if URIRef(iri) not in self.homes:
            self._fault(
                row,
                column,
                f"{curie} is in neither the base nor the tables.",
                "check the spelling, or add a row for it to a table of entities.",
            )
            return None
        return iri

    def _graph(self, path: str, row: Row, focus: str) -> Graph:
        if path not in self.graphs:
            graph = Graph(bind_namespaces="none")
            source = self.sources.get(path)
            if source is not None:
                graph += source.graph
                line = first_comment(source.text)
                if line:
                    message = f"{path}:{line} has a comment, which would be lost."
                    self._fault(row, "", message, "delete the comment first.", focus)
            elif (self.base.root / path).exists():
                self._fault(row, "", f"{path} is there and cannot be read.", "fix it first: see `akb check`.", focus)
            self.graphs[path] = graph
        return self.graphs[path]

    def _merge(self, graph: Graph, node: URIRef, terms: Terms, row: Row, focus: str, cells: CellReader) -> None:
        self.rows[focus] = row
        for property_, value in terms:
            there = set(graph.objects(node, property_))
            if not there or self.schema.is_many(str(property_)):
                graph.add((node, property_, value))
            elif not any(_same(value, old) for old in there):
                if self.update:
                    graph.set((node, property_, value))
                    continue
                column = next(c for c in row.cells if cells.property_of(c) == property_)
                old = self.base.namespaces.compact(str(next(iter(there))))
                message = f"The base, or a row above, has another {column}: {old!r}."
                self._fault(row, column, message, "make the two agree, or use --update to follow the table.", focus)

    @staticmethod
    def _with_defaults(terms: Terms, defaults: Terms) -> Terms:
        given = {property_ for property_, _ in terms}
        return [*terms, *((property_, value) for property_, value in defaults if property_ not in given)]

    def _write_texts(self) -> None:
        for path, graph in sorted(self.graphs.items()):
            source = self.sources.get(path)
            if source is None or set(graph) != set(source.graph):
                self.plan.files[path] = canonical(graph, self.base.namespaces)
                self.plan.created += source is None

    def _check(self) -> None:
        """Refuse what would not pass the check, at the row that speaks of it."""
        files = self.sources | {path: _written(path, text) for path, text in self.plan.files.items()}
        after = replace(self.base, files=tuple(files[path] for path in sorted(files)))
        report = check(after, self.schema, stages=_STAGES, progress=self.progress, spares_drafts=self.spares_drafts)
        self.plan.faults += _at_rows(report.findings, self.rows)

    def _fault(self, row: Row, column: str, message: str, mend: str, focus: str = "") -> None:
        self.plan.faults.append(row.fault(column, message, mend, focus))


def _written(path: str, text: str) -> SourceFile:
    read = read_text(path, text)
    assert isinstance(read, SourceFile), "it was written by us"
    return read


def _at_rows(findings: Collection[Finding], rows: dict[str, Row]) -> list[Finding]:
    return [
        replace(finding, file=rows[finding.focus].file, line=rows[finding.focus].line, column=0)
        for finding in findings
        if finding.severity is Severity.VIOLATION and finding.focus in rows
    ]


def _same(value: Node, old: Node) -> bool:
    """Tell whether two values are one: 0.9 and 0.90 are."""
    if isinstance(value, Literal) and isinstance(old, Literal) and value.datatype == old.datatype == XSD.decimal:
        return bool(value.value == old.value)
    return value == old
