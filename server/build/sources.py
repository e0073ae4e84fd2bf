"""The files of a base as the index of the last build has them, and the changes since."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Final

from ..engine import engine_fingerprint
from ..history.ignored import ignored_in
from ..history.states import BaseState, state_now
from ..namespaces import AKB, Namespaces
from ..records.findings import Change
from ..records.pool import Pool
from ..records.progress import Progress
from ..review.matches import fingerprint_of
from ..settings import Project, Settings
from ..similarity.choosing import resolve
from ..turtle.base import Base
from ..turtle.defaults import usage_of
from ..turtle.files import fingerprint, fingerprint_of_files
from ..turtle.project_files import files_in, rules_in
from ..turtle.projects import Reading, read_project
from ..turtle.reader import empty_base, page_class_names, read_core, with_defaults
from ..turtle.source_files import SourceFile
from ..turtle.statements import Statement, iri_of, statements
from ..validation.changes.checking import indexed_base
from ..validation.changes.index import Index
from .dumps.making import possible

FILE: Final = "built.sqlite"
"""The index of the files of the current release, in the folder of state."""
_RELEASE, _RECIPE = "release", "recipe"
_MOST_CHANGED: Final = 0.1
"""The largest share of changed files for an incremental build; with more a full build is faster."""
_ENDS: Final = frozenset(f"<{AKB}{end}>" for end in ("subject", "object"))


@dataclass(frozen=True)
class Sources:
    """The files of a base as a build reads them."""

    base: Base
    index: Index
    recipe: str
    changes: tuple[Change, ...]
    """The changes since the release `before`."""
    before: Path | None
    """The current release, if it was built from the files in the index in the same way; else None."""

    @property
    def is_small_change(self) -> bool:
        """Whether a build can start from the previous release."""
        return self.before is not None and len(self.changes) <= max(20, _MOST_CHANGED * len(self.base.files))

    def remember(self, release: str) -> None:
        """Save what was read as the sources of a release, once it is published."""
        self.index.write_note(_RELEASE, release)
        self.index.write_note(_RECIPE, self.recipe)
        self.index.commit()


def read_sources(
    settings: Settings, index: Index, current: Path | None, progress: Progress, pool: Pool | None = None
) -> Sources:
    """Read the files of a base through an index, which parses those it does not know, with a pool if there is one.

    Raises UnreadableError for a bad file of the ontology.
    """
    recipe = recipe_of(settings)
    index.begin()
    if settings.project:
        return Sources(_base_of(settings.project, settings.namespaces, progress), index, recipe, (), None)
    is_known = current is not None and (index.note(_RELEASE), index.note(_RECIPE)) == (current.name, recipe)
    changes = index.update(settings.root, progress, pool=pool)
    empty = empty_base(settings.root, settings.namespaces)
    return Sources(indexed_base(empty, index), index, recipe, tuple(changes), current if is_known else None)


def _base_of(project: Project, namespaces: Namespaces, progress: Progress) -> Base:
    """Read data in another form than ours, with defaults for their terms."""
    base = read_project(project.data, project.shapes, project.ontology, progress, Reading(ignored=ignored_in))
    usage = usage_of(statement for file in base.files for statement in file.statements)
    ontology = with_defaults((read_core(), *base.ontology_files), namespaces, usage)
    declared = {prefix: namespace for prefix, namespace in base.namespaces.declared if prefix}
    return replace(base, namespaces=namespaces.of(page_class_names(ontology), declared), ontology_files=ontology)


def fingerprint_of_all(settings: Settings) -> str:
    """Return a hash over all that a build reads."""
    if settings.project:
        return fingerprint_of_files(settings.root, _names(settings.project, settings.root), _about(settings))
    return fingerprint(settings.root, _about(settings))


def state_of(settings: Settings) -> BaseState:
    """Return the state of the files: see `history/states.py`. That of data in another form is of no commit."""
    if settings.project:
        return BaseState(fingerprint_of_files(settings.root, _names(settings.project, settings.root), ""))
    return state_now(settings.root)


def _names(project: Project, root: Path) -> list[str]:
    """Return the names of the files of data in another form."""
    places = (project.data, project.ontology)
    files = [path for place in places if place for path in files_in(place, ignored_in)]
    if project.shapes:
        files += [*files_in(project.shapes, ignored_in, rules_do=True), *rules_in(project.shapes)]
    return [os.path.relpath(path, root) for path in files]


def recipe_of(settings: Settings) -> str:
    """Return a hash over everything that a build reads except the files of `kb/`."""
    if settings.project:
        return fingerprint_of_all(settings)
    return fingerprint(settings.root, _about(settings), without_kb=True)


def _about(settings: Settings) -> str:
    # Proposed matches with other bases are not in these files, but shown by the release.
    proposed = fingerprint_of(settings.state)
    said = (settings.namespaces.base, *settings.languages, *settings.labels, resolve(settings.embedding))
    return " ".join((engine_fingerprint(), *said, *possible(settings.downloads), proposed))


def without(base: Base, left_out: Collection[str]) -> Base:
    """Return a base without some nodes: their statements, their edges, and the triples that lead to them."""
    if not left_out:
        return base
    return replace(base, files=tuple(_file_without(file, left_out) for file in base.files))


def _file_without(file: SourceFile, left_out: Collection[str]) -> SourceFile:
    kept = without_nodes(file.ntriples, left_out)
    return file if kept == file.ntriples else SourceFile(file.path, kept, kept, is_rewritten=True)


def without_nodes(ntriples: str, left_out: Collection[str]) -> str:
    """Return N-Triples without some nodes and their edges."""
    gone = {f"<{node}>" for node in left_out}
    if not any(node in ntriples for node in gone):
        return ntriples
    said = list(statements(ntriples))
    gone |= {subject for subject, predicate, value in said if predicate in _ENDS and value in gone}
    return "".join(f"{s} {p} {o} .\n" for s, p, o in said if s not in gone and o not in gone)


def can_be_left_out_alone(sources: Sources, nodes: Iterable[str]) -> bool:
    """Tell whether only changed files mention some nodes, so that leaving them out affects no other file."""
    changed = {change.path for change in sources.changes}
    around = chain(sources.index.about(nodes), sources.index.naming(nodes))
    return all(block.file in changed for block in around)


def statements_before(changes: Iterable[Change]) -> Iterator[Statement]:
    """Yield the previous content of changed files."""
    for change in changes:
        yield from statements(change.before or "")


def still_said(sources: Sources, subjects: Iterable[str]) -> str:
    """Return as N-Triples what the files currently state about some subjects."""
    return "".join(block.text for block in sources.index.about(map(iri_of, subjects)))
