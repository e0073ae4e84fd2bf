"""Makes the content of a release in a folder that is not published yet: checks, infers, stores, derives the rest."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ..history.dates import commit_dates, file_histories
from ..history.remotes import remote_of
from ..inference.closure import close
from ..inference.facts import is_silent
from ..knowledge.examples import write_example_queries
from ..knowledge.gaps import gaps_of, write_gaps
from ..knowledge.kept import write_kept
from ..knowledge.languages import other_languages
from ..namespaces import REPEATED
from ..records.candidates import Candidate, Decision, Thresholds
from ..records.findings import Report, Stage
from ..records.pool import Pool
from ..records.progress import Progress
from ..records.releases import ReleaseInfo
from ..review.matches import read_proposals, waiting, write_proposals
from ..review.reading import reviews
from ..schema.generated import context_text
from ..schema.reading import schema_of
from ..search.records import Document
from ..search.writing import FILE as INDEX
from ..search.writing import change_index, write_index
from ..settings import Settings
from ..similarity.building import build as build_similarity
from ..similarity.building import described
from ..similarity.candidates import LABEL_THRESHOLD, find_candidates
from ..similarity.choosing import resolve
from ..similarity.graph import candidate_blocks
from ..similarity.linking import linked
from ..similarity.reading import FOLDER as SIMILARITY
from ..similarity.reading import Similarity
from ..similarity.records import Described, Model
from ..sparql.queries import question
from ..store.embedded import Store
from ..store.prepared import Prepared, write_answers
from ..turtle.base import Base
from ..turtle.loading import load_base
from ..validation.changes.checking import part_around
from ..validation.check import check
from ..validation.consistency import contradiction_findings
from ..validation.locating import Locator
from .answers import answers
from .beside import Beside
from .changed_graphs import ChangedGraphs, hash_of
from .dates import document_dates, entities_named, entity_histories
from .dumps.making import DownloadMaker
from .dumps.parquet import HOW_TO_INSTALL
from .dumps.tabular import Source
from .handover import Handover, Part
from .lifting import GRAPH as LIFTED
from .lifting import is_whole, lifted, view_of
from .lookups import write_lookups
from .map.records import FILE as MAP
from .map.records import write_map
from .map.sketch import drawn, sketch_of
from .rejected import RejectedError
from .releases import Releases
from .relevance import Unchanged
from .rows import Rows
from .searched import searched
from .shapes import shapes_texts
from .sorting import sort_keys
from .sources import (
    Sources,
    can_be_left_out_alone,
    statements_before,
    still_said,
    without,
    without_nodes,
)
from .stages import Stages

STAGES: Final = (Stage.SYNTAX, Stage.SHAPES, Stage.RULES)
"""The stages checked before inference, which finds contradictions itself; lint does not block a release."""


class Making:
    """One build: incremental from the previous release if few files changed, else from all files."""

    def __init__(
        self,
        settings: Settings,
        sources: Sources,
        folder: Path,
        progress: Progress,
        on_note: Callable[[str], None],
        pool: Pool | None,
        beside: Beside,
    ) -> None:
        self._settings = settings
        self._sources = sources
        self._folder = folder
        self._progress = progress
        self._on_note = on_note
        self._pool = pool
        self._beside = beside
        self._namespaces = sources.base.namespaces
        self._schema = schema_of(sources.base)
        self._graph = self._namespaces.graph
        self._stages = Stages(folder, sources.before)
        self._before = sources.before
        """The folder of the release from which this build starts; None for a full build."""
        self._gaps = gaps_of(sources.base, self._schema)
        self._is_lifted = not is_whole(sources.base, self._schema)
        self._graphs = ChangedGraphs(self._namespaces, is_whole=sources.before is None)
        self._asserted_anew = ""
        """The asserted triples that were added or removed, as N-Triples."""
        self._handover = Handover(settings.state, self._before.name if self._before else "")

    def run(self, started: float, mark: str) -> ReleaseInfo:
        """Fill the folder of the release, and close everything that could write to it afterwards."""
        store, left_out = self._changed() or self._whole()
        base = without(self._sources.base, left_out)
        self._infer(store, base)
        if self._is_lifted:
            text = lifted(base, self._schema, self._settings.languages, self._settings.labels)
            stated, repeated = store.new_and_known(text, (f"{self._graph}asserted", f"{self._graph}inferred"))
            self._graphs.replace(store, LIFTED, stated)
            self._graphs.replace(store, REPEATED, repeated)
            store.view = view_of(self._namespaces)
        self._progress("store", 0, 1)
        known = self._handover.known(Part.ROWS)
        rows = Rows(store, known, self._graphs.affected(store), self._graphs.changes, self._asked)
        self._graphs.write_anew(store, "shapes")
        for text in shapes_texts(base):
            store.load_rest(text, f"{self._graph}shapes", (f"{self._graph}asserted", f"{self._graph}ontology"))
        if self._graphs.concern("edge_counts") or self._graphs.concern("sorted_labels"):
            self._graphs.replace(store, "statistics", store.construct(question("edge_counts")) + sort_keys(store))
        near, made, queue = self._derive(store, base, rows)
        store.finish(compact=self._before is None)
        now = datetime.now(UTC)
        downloads = self._begin_downloads(store, now)
        [edges] = store.select(question("count_edges"))
        self._write_lookups(store, base, now)
        asked = Unchanged(store, Prepared(store, self._before), self._graphs.changes) if self._before else store
        found = answers(asked, rows.of, self._schema.roles, self._gaps, queue)
        write_answers(self._folder, found)
        triples = {str(row["part"]): int(row["count"]) for row in found[question("dataset_graphs")]}
        self._handover.leave(Part.ROWS, rows.answers)
        for note in downloads.finish(self._progress).notes:
            self._on_note(f"{note} To have them, {HOW_TO_INSTALL}")
        self._stages.write()
        remote = None if self._settings.project else remote_of(self._settings.root)
        return ReleaseInfo(
            name=f"{now:%Y%m%dT%H%M%S%f}Z-{mark[:8]}",
            built=f"{now:%Y-%m-%dT%H:%M:%SZ}",
            fingerprint=mark,
            entities={str(row["name"]): int(row["count"]) for row in found[question("class_counts")]},
            prefixes=dict(self._namespaces.declared),
            is_lifted=self._is_lifted,
            edges=int(edges["count"]),
            asserted=triples.get(f"{self._graph}asserted", 0),
            inferred=triples.get(f"{self._graph}inferred", 0),
            ontology=triples.get(f"{self._graph}ontology", 0),
            left_out=tuple(sorted(map(self._namespaces.compact, left_out))),
            repository=remote.page if remote else "",
            edit=remote.edit if remote else "",
            embedding=near.full_name if near else "",
            embedded=made,
            seconds=round(time.monotonic() - started, 2),
        )

    def save(self, release: str) -> None:
        """Save what the next build can start from."""
        self._handover.save(release)

    def _asked(self, name: str) -> str:
        """Return the text of a question of `queries/`, or of a gap."""
        gap = next((one for one in self._gaps if name == f"gaps/{one.name}"), None)
        return gap.query if gap else question(name, self._schema.roles)

    def _whole(self) -> tuple[Store, frozenset[str]]:
        """Check everything, and return a store with the asserted triples, and the nodes that are left out of it."""
        self._before, self._handover = None, Handover(self._settings.state, "")
        self._graphs = ChangedGraphs(self._namespaces, is_whole=True)
        self._stages = Stages(self._folder, None)
        base = self._sources.base
        store = Store.create(self._folder / "store", self._namespaces.prefixes())
        load_base(store, base)
        store.compact()
        report = check(
            base,
            self._schema,
            stages=STAGES,
            progress=self._progress,
            engine=self._settings.engine,
            store=store,
            pool=self._pool,
        )
        self._accept(report)
        if report.unfinished:
            kept = without(base, report.unfinished).pieces
            store.clear(f"{self._graph}asserted")
            store.load_ntriples(kept, f"{self._graph}asserted")
        return store, report.unfinished

    def _changed(self) -> tuple[Store, frozenset[str]] | None:
        """Check what has changed and what that can affect, and return the previous release's store with the change.

        Return None when a change can affect anything, or when a full build would be as fast.
        """
        sources = self._sources
        if self._before is None or not sources.is_small_change:
            return None
        empty = replace(sources.base, files=(), unreadable=())
        part = part_around(empty, sources.index, sources.changes)
        if part is None:
            return None
        base, scope = part
        report = check(
            base, self._schema, stages=STAGES, progress=self._progress, engine=self._settings.engine, scope=scope
        )
        self._accept(report)
        info = Releases(self._settings.releases).info(self._before)
        was_left_out = frozenset(map(self._namespaces.expand, info.left_out))
        left_out = (was_left_out - scope.nodes) | report.unfinished
        if left_out != was_left_out and not can_be_left_out_alone(sources, left_out ^ was_left_out):
            return None
        store = Store.copy(self._before / "store", self._folder / "store", self._namespaces.prefixes())
        old = list(statements_before(sources.changes))
        removed = "".join(f"{subject} {predicate} {value} .\n" for subject, predicate, value in old)
        # Triples that another file has too, or that a changed one still has, are added back.
        kept = still_said(sources, {subject for subject, _, _ in old})
        new = "".join(file.ntriples for file in base.files)
        self._graphs.touch(removed + new)
        was = without_nodes(removed, was_left_out)
        self._asserted_anew = self._graphs.replace_lines(store, "asserted", was, without_nodes(kept + new, left_out))
        return store, left_out

    def _infer(self, store: Store, base: Base) -> None:
        self._progress("infer", 0, 1)
        known = self._handover.known_text(Part.INFERRED)
        if known is not None and is_silent(self._asserted_anew, base.axioms):
            self._handover.leave(Part.INFERRED, known)
            self._progress("infer", 1, 1)
            return
        closure = close(base, self._settings.engine, self._pool)
        if closure.note:
            self._on_note(closure.note)
        self._progress("infer", 1, 1)
        if closure.conflicts and self._settings.project:
            self._on_note(f"The data contradict their ontology ({closure.conflicts[0].axiom}), so nothing is inferred.")
        elif closure.conflicts:
            findings = contradiction_findings(closure.conflicts, Locator(base))
            raise RejectedError(Report(tuple(sorted(findings)), len(base.files), 0, 0))
        self._handover.leave(Part.INFERRED, closure.inferred)
        self._graphs.touch(self._graphs.replace(store, "inferred", closure.inferred, known))

    def _derive(self, store: Store, base: Base, rows: Rows) -> tuple[Model | None, int, Mapping[str, Candidate]]:
        """Write the files that pages read in addition to the store, and the graph of candidates.

        Return by what these were measured, how many texts were embedded, and the candidates by their IRIs.
        """
        folder, run = self._folder, self._stages.run
        in_use = self._schema.in_use.values()
        self._index(rows, in_use)
        sketch = sketch_of(rows.of("searched_entities"), rows.of("edge_ends", "subject"), in_use)
        run("map", (sketch,), (MAP,), lambda: write_map(drawn(sketch), folder))
        (folder / "context.jsonld").write_text(context_text(self._schema, self._namespaces), encoding="utf-8")
        write_gaps(folder, self._gaps)
        write_example_queries(folder, base)
        write_kept(folder, base)
        self._progress("store", 1, 1)
        entities = described(rows.of("described"))
        made: list[tuple[Model | None, int]] = []

        def embed() -> None:
            choice, state = self._settings.embedding, self._settings.state
            made.append(build_similarity(entities, choice, folder, state, self._progress, self._pool))

        run("similarity", (resolve(self._settings.embedding), *entities), (SIMILARITY,), embed)
        nearness = Similarity.open(folder)
        queue = self._add_candidates(store, entities, nearness, reviews(base), rows)
        write_proposals(folder, waiting(base, read_proposals(self._settings.state)))
        return *(made[0] if made else (nearness.model if nearness else None, 0)), queue

    def _index(self, rows: Rows, in_use: Collection[str]) -> None:
        """Write the index of the search."""
        documents = searched(rows, in_use)
        marks = {one.entity.iri: hash_of(repr(one)) for one in documents}
        self._handover.leave(Part.DOCUMENTS, marks)

        def index() -> None:
            if not self._changed_index(documents, marks, rows, in_use):
                write_index(documents, self._folder)

        self._stages.run("search", marks.items(), (INDEX,), index)

    def _changed_index(
        self, documents: Sequence[Document], marks: Mapping[str, str], rows: Rows, in_use: Collection[str]
    ) -> bool:
        """Write the index by changing that of the release before, if there is one and little has changed.

        `marks` are the hashes of the documents by the IRIs of their entities.
        """
        was, known = rows.before, self._handover.known(Part.DOCUMENTS)
        if self._before is None or was is None or known.keys() != marks.keys():
            return False
        differing = {iri for iri, mark in marks.items() if known[iri] != mark}
        before = {one.entity.iri: one for one in searched(was, in_use, differing)}
        return change_index(before, documents, self._before, self._folder)

    def _add_candidates(
        self,
        store: Store,
        entities: Sequence[Described],
        nearness: Similarity | None,
        decisions: Sequence[Decision],
        rows: Rows,
    ) -> Mapping[str, Candidate]:
        """Write the pairs that wait for a decision into a graph of their own, and return them by their IRIs."""
        in_use = self._schema.in_use.values()
        around = linked(
            entities,
            rows.of("edge_ends", "subject"),
            rows.of("outside_identifiers"),
            rows.of("stated_classes"),
            in_use,
        )
        thresholds = Thresholds("", None, LABEL_THRESHOLD)
        if nearness:
            thresholds = Thresholds(nearness.model.full_name, nearness.model.threshold, LABEL_THRESHOLD)
        found = find_candidates(around, nearness, decisions)
        blocks = candidate_blocks(found, thresholds, self._namespaces)
        marks = self._graphs.replace_blocks(store, "similarity", blocks, self._handover.known(Part.CANDIDATES))
        self._handover.leave(Part.CANDIDATES, marks)
        return {f"{self._namespaces.candidate}{one.id}": one for one in found}

    def _accept(self, report: Report) -> None:
        """Pass on the notes of a check. Raises RejectedError for a base that does not pass it."""
        for text in report.notes:
            self._on_note(text)
        if report.clean:
            return
        if self._settings.project is None or self._sources.base.unreadable:
            raise RejectedError(report)
        # Data of others are published as they are; what their shapes say of them is for whoever keeps them.
        violations = sum(1 for finding in report.findings if finding.severity == "violation")
        self._on_note(
            f"The data violate the shapes in {violations} place{'s' if violations != 1 else ''}; "
            "`akb check --data` with the same options lists them."
        )

    def _begin_downloads(self, store: Store, now: datetime) -> DownloadMaker:
        return DownloadMaker(
            self._folder,
            Source(self._folder / "store", self._namespaces, self._schema, store.view),
            store,
            self._settings.downloads,
            self._stages,
            before=self._before,
            now=f"{now:%Y-%m-%dT%H:%M:%SZ}",
            changes=self._graphs.difference,
            beside=self._beside,
        )

    def _write_lookups(self, store: Store, base: Base, now: datetime) -> None:
        histories = file_histories(base.root)
        known = self._handover.known(Part.NAMES)
        changed = {change.path for change in self._sources.changes}
        names = entities_named(base, {path: names for path, names in known.items() if path not in changed})
        self._handover.leave(Part.NAMES, names)
        dates = document_dates(base, commit_dates(histories), now, names)
        wordings = other_languages(store, self._namespaces)
        write_lookups(self._folder, dates, entity_histories(base, histories), wordings)
