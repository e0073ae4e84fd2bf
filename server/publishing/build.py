"""Builds a release: read, check, infer, store, publish.

Turtle in git is the only source of truth; everything built can be thrown away.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from ..engine import engine_version
from ..errors import BuildError
from ..history.dates import commit_dates, file_histories
from ..inference.closure import close
from ..knowledge.languages import other_languages
from ..knowledge.mapping import map_of
from ..knowledge.searched import searched
from ..mapping.records import FILE as MAP
from ..mapping.records import write_map
from ..namespaces import Namespaces
from ..records.findings import Report, Stage
from ..records.progress import Progress, no_progress
from ..records.releases import ReleaseInfo
from ..review.matches import fingerprint_of, read_proposals, waiting, write_proposals
from ..review.reading import reviews
from ..search.writing import FILE as INDEX
from ..search.writing import write_index
from ..settings import Settings
from ..similarity.building import build as build_similarity
from ..similarity.building import described
from ..similarity.candidates import LABEL_THRESHOLD, find_candidates
from ..similarity.embedding import resolve
from ..similarity.graph import candidates_turtle
from ..similarity.placing import placed
from ..similarity.reading import Similarity
from ..similarity.records import Decision, Described, Yardstick
from ..store.embedded import Store
from ..store.queries import question
from ..turtle.reader import Base, fingerprint, read_base
from ..validation.check import check
from ..validation.consistency import contradiction_findings
from ..validation.locating import Locator
from ..vocabulary.generated import context_text
from ..vocabulary.reading import read_vocabulary
from .dates import document_dates, entity_histories
from .releases import DATES, HISTORY, LANGUAGES, Releases
from .shapes import shapes_texts

STAGES: Final = (Stage.SYNTAX, Stage.SHAPES, Stage.RULES)
"""What is checked before a build infers; that shows the contradictions, and lint does not keep a release back."""


class RejectedError(BuildError):
    """The base did not pass the check; `report` says why."""

    def __init__(self, report: Report) -> None:
        violations = sum(1 for finding in report.findings if finding.severity == "violation")
        super().__init__(
            f"The base has {violations} violation{'s' if violations != 1 else ''}; no release was made.",
            "mend what the findings say, then build again.",
        )
        self.report = report


def build(
    settings: Settings,
    *,
    force: bool = False,
    progress: Progress = no_progress,
    on_wait: Callable[[], None] = lambda: None,
    on_note: Callable[[str], None] = lambda _: None,
) -> tuple[ReleaseInfo, bool]:
    """Make a release and publish it; return what it is, and whether it was made now.

    When nothing has changed since the current release, that one is returned, unless `force` is set. When
    another build of the same base runs, `on_wait` is called and this one waits for its turn. `on_note` is called with
    each note of the check: a sentence on how it was done that a user should know.
    Raises RejectedError, UnreadableError, or UsageError when the embedding that is asked for is not installed; the
    current release then stays as it is.
    """
    started = time.monotonic()
    if not force and (info := _unchanged(settings)):
        return info, False
    settings.releases.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.state / "build.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        on_wait()
        lock.acquire()
    try:
        releases = Releases(settings.releases)
        # Whoever held the lock may have built what we were about to.
        if not force and (info := _unchanged(settings)):
            return info, False
        building = releases.begin()
        try:
            info = _fill(settings, building, started, progress, on_note)
            releases.publish(building, info)
        finally:
            shutil.rmtree(building, ignore_errors=True)
        progress("store", 1, 1)
        return info, True
    finally:
        lock.release()


def _unchanged(settings: Settings) -> ReleaseInfo | None:
    """Return the current release when it was made from the very files that are there now."""
    releases = Releases(settings.releases)
    release = releases.current()
    # A release of an older engine may lack one of them.
    if release is None or not all((release / file).is_file() for file in (INDEX, MAP, LANGUAGES)):
        return None
    info = releases.info(release)
    return info if info.fingerprint == _fingerprint(settings) else None


def _fingerprint(settings: Settings) -> str:
    # What other bases may call the same waits outside of the files, and is shown by the release.
    proposed = fingerprint_of(settings.state)
    about = f"{engine_version()} {settings.namespaces.base} {resolve(settings.embedding)} {proposed}"
    return fingerprint(settings.root, about)


def _fill(
    settings: Settings, folder: Path, started: float, progress: Progress, on_note: Callable[[str], None]
) -> ReleaseInfo:
    mark = _fingerprint(settings)
    base = read_base(settings.root, settings.namespaces, progress)
    vocabulary = read_vocabulary(base.ontology, base.namespaces)
    report = check(base, vocabulary, stages=STAGES, progress=progress, engine=settings.engine)
    for text in report.notes:
        on_note(text)
    if not report.clean:
        raise RejectedError(report)
    progress("infer", 0, 1)
    closure = close(base)
    progress("infer", 1, 1)
    if closure.conflicts:
        findings = contradiction_findings(closure.conflicts, Locator(base))
        raise RejectedError(replace(report, findings=tuple(sorted(findings))))
    progress("store", 0, 1)
    store = _store(base, closure.inferred.serialize(format="nt"), folder / "store")
    write_index(searched(store), folder)
    write_map(map_of(store), folder)
    languages = other_languages(store, base.namespaces)
    (folder / LANGUAGES).write_text(json.dumps(languages.words, ensure_ascii=False) + "\n", encoding="utf-8")
    progress("store", 1, 1)
    entities = described(store.select(question("described")))
    near, made = build_similarity(entities, settings.embedding, folder, settings.state, progress)
    _add_candidates(store, base.namespaces, entities, Similarity.open(folder), reviews(base))
    store.finish()
    write_proposals(folder, waiting(base, read_proposals(settings.state)))
    (folder / "context.jsonld").write_text(context_text(vocabulary, base.namespaces), encoding="utf-8")
    graph = base.namespaces.graph
    counts = {str(row["name"]): int(row["count"]) for row in store.select(question("class_counts"))}
    now = datetime.now(UTC)
    histories = file_histories(base.root)
    dates = document_dates(base, commit_dates(histories), now)
    (folder / DATES).write_text(json.dumps({path: int(date.timestamp()) for path, date in dates.items()}) + "\n")
    (folder / HISTORY).write_text(json.dumps(entity_histories(base, histories)) + "\n")
    return ReleaseInfo(
        name=f"{now:%Y%m%dT%H%M%S%f}Z-{mark[:8]}",
        built=f"{now:%Y-%m-%dT%H:%M:%SZ}",
        fingerprint=mark,
        entities=counts,
        edges=report.edges,
        asserted=store.count(f"{graph}asserted"),
        inferred=store.count(f"{graph}inferred"),
        ontology=store.count(f"{graph}ontology"),
        embedding=near.full_name if near else "",
        embedded=made,
        seconds=round(time.monotonic() - started, 2),
    )


def _store(base: Base, inferred: str, folder: Path) -> Store:
    """Write the named graphs; they share no triple, for the union would count a shared one twice."""
    graph = base.namespaces.graph
    store = Store.create(folder, base.namespaces.prefixes())
    for file in base.files:
        store.load(file.text, f"{graph}asserted")
    for file in base.ontology_files:
        store.load(file.text, f"{graph}ontology")
    for text in shapes_texts(base):
        store.load(text, f"{graph}shapes")
    store.load(inferred, f"{graph}inferred")
    store.load(store.construct(question("edge_counts")), f"{graph}statistics")
    return store


def _add_candidates(
    store: Store,
    namespaces: Namespaces,
    entities: Sequence[Described],
    nearness: Similarity | None,
    decisions: Iterable[Decision],
) -> None:
    """Write the pairs that wait for a decision into a graph of their own."""
    around = placed(entities, store.select(question("edge_ends")), store.select(question("outside_identifiers")))
    yardstick = Yardstick("", None, LABEL_THRESHOLD)
    if nearness:
        yardstick = Yardstick(nearness.model.full_name, nearness.model.threshold, LABEL_THRESHOLD)
    candidates = find_candidates(around, nearness, decisions)
    store.load(candidates_turtle(candidates, yardstick, namespaces), f"{namespaces.graph}similarity")
