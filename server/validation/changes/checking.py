"""Checks what a change can affect, and finds there what a check of the whole base would find."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Final

from ...errors import UnreadableError
from ...history.snapshots import Revision
from ...history.snapshots import changes as changes_between
from ...inference.local import is_local
from ...locks import can_write
from ...namespaces import VOCABULARIES
from ...records.engines import Shacl
from ...records.findings import Change, Finding, Report, Stage
from ...records.progress import Progress, no_progress
from ...schema.reading import schema_of
from ...schema.schema import Schema
from ...settings import Settings
from ...texts.shelf import Shelf
from ...turtle.base import Base, Excerpt, IndexedFile, Rest
from ...turtle.files import is_kept_query, kept_query_files, names_in
from ...turtle.limits import bytes_of
from ...turtle.reader import empty_base, read_base
from ...turtle.source_files import SourceFile, read_file, read_text
from ..check import ALL_STAGES, Scope, check
from ..engines.results import MAX_DEPTH
from ..lint.added import added_rules
from ..lint.circles import upward_properties
from ..lint.findings import held_to_a_language
from ..rule_files import read_rules
from ..targets import looks_far
from .blocks import Block, by_subject, read_statements, tagged_in
from .entries import MEASURES
from .index import DamagedError, Index, blob_id, open_index
from .surroundings import Surroundings, Ways, surroundings

FILE: Final = "checked.sqlite"
"""The index of the files as the last check of a change saw them, in the folder of state."""
IN_MEMORY: Final = 1_000_000_000
"""About how many characters of N-Triples of a base are in memory while it is built."""


def check_changed(
    settings: Settings,
    since: Revision | Collection[Change],
    *,
    stages: Collection[Stage] = ALL_STAGES,
    progress: Progress = no_progress,
    today: date | None = None,
    spares_drafts: bool = True,
    shacl: Shacl = Shacl.V1_0,
    strict: bool = False,
    language: str = "",
    max_depth: int = MAX_DEPTH,
) -> Report:
    """Check what changes can affect, those that are given or all since a revision: as a whole check finds it there.

    Where a change can affect anything (it is one of the ontology or the shapes, or these look farther than to a node's
    neighbours), the whole base is checked, and the report says so. The other options and errors are those of `check`.
    """
    part = read_part(settings, since, progress)
    base, scope = part or (read_base(settings.root, settings.namespaces, progress, is_tolerant=True), None)
    schema = schema_of(base)
    return check(
        base,
        schema,
        stages=stages,
        progress=progress,
        today=today,
        scope=scope,
        engine=settings.engine,
        spares_drafts=spares_drafts,
        shacl=shacl,
        strict=strict,
        language=language,
        max_depth=max_depth,
        shelf=Shelf(settings),
    )


def read_part(
    settings: Settings, since: Revision | Collection[Change], progress: Progress = no_progress
) -> tuple[Base, Scope] | None:
    """Read what changed and its surroundings; return None where anything could be affected."""
    empty = empty_base(settings.root, settings.namespaces, is_tolerant=True)
    if empty.unusable or not is_local(empty.ontology):
        return None
    # To check is to read: where nothing can be written, the index is made anew each time.
    path = settings.state / FILE if can_write(settings.state) else None
    for attempt in range(2):
        try:
            with open_index(path, empty.namespaces) as index:
                return part_around(empty, index, _refresh(index, empty.root, since, progress))
        except DamagedError:
            if attempt:
                raise
        except (OSError, sqlite3.OperationalError) as error:
            if attempt or path is None:
                raise UnreadableError(f"The files that changed cannot be read: {error}.", "try it again.") from error
            # It may be another user's.
            path = None
    raise AssertionError("the second attempt returns or raises")


def _refresh(index: Index, root: Path, since: Revision | Collection[Change], progress: Progress) -> Collection[Change]:
    """Bring the index in line with the files, and return the changes."""
    if not isinstance(since, Revision):
        index.refresh(root, progress)
        return since
    algorithm = "sha1" if len(since.commit) == 40 else "sha256"
    index.refresh(root, progress, algorithm)
    found = changes_between(since, _Tree(root, index, algorithm))
    before = since.read((*found.changed, *found.deleted))
    return [
        *(Change(path, None) for path in found.added),
        *(Change(path, content.decode(errors="replace")) for path, content in before.items()),
    ]


@dataclass(frozen=True)
class _Tree:
    """The current files, with their ids in the index."""

    root: Path
    index: Index
    algorithm: str
    name: str = "the working tree"

    @cached_property
    def ids(self) -> Mapping[str, str]:
        """The id of each file."""
        kept = (path.relative_to(self.root).as_posix() for path in kept_query_files(self.root))
        others = [*names_in(self.root, "ontology"), *names_in(self.root, "shapes"), *kept]
        contents = self.read(others)
        return self.index.ids() | {path: blob_id(content, self.algorithm) for path, content in contents.items()}

    def read(self, paths: Iterable[str]) -> dict[str, bytes]:
        """Return the bytes of files; one that cannot be read is left out."""
        found = {}
        for path in paths:
            with suppress(OSError):
                found[path] = bytes_of(self.root / path, self.root)
        return found


def indexed_base(empty: Base, index: Index) -> Base:
    """Return a base with every file as an index has it, which saves parsing it again.

    What its files say is in memory up to IN_MEMORY; the rest is read from the index whenever it is asked for, as long
    as that is open.
    """
    return replace(empty, files=tuple(_files(empty.root, index)), unreadable=_unreadable(empty.root, index))


def _files(root: Path, index: Index) -> Iterator[Excerpt]:
    room, last = IN_MEMORY, None
    for path, text in index.texts():
        yield Excerpt(path, text, text, root=root)
        room -= len(text)
        if room < 0:
            last = path
            break
    for path, file in index.files_after(last) if last is not None else ():
        yield IndexedFile(path, root, partial(index.text, file))


def part_around(
    empty: Base, index: Index, changes: Collection[Change], texts: Mapping[str, str] | None = None
) -> tuple[Base, Scope] | None:
    """Return what changed and its surroundings, of a base without files and the index of its files.

    `texts` are those of files that are in the index and not yet in the folder.
    Return None where anything could be affected, whatever contradicts itself left aside.
    """
    root = empty.root
    shapes = empty.shapes
    # What a rule of another package looks at is not known.
    if looks_far(shapes) or added_rules():
        return None
    held = held_to_a_language(shapes)
    # What queries say has no effect on what is said of an entity.
    kept = {change.path for change in changes if is_kept_query(change.path)}
    changes = [change for change in changes if change.path not in kept]
    paths = sorted({change.path for change in changes if change.path.startswith("kb/")})
    before = {change.path: change.before for change in changes if change.before is not None}
    if len(paths) < len(changes) or _spreads(index, paths, before.values(), held):
        return None
    rules, _ = read_rules(empty)
    ways = Ways(
        joins=frozenset(iri for rule in rules for iri in rule.joins),
        upward=frozenset(map(str, upward_properties(empty.ontology))),
    )
    if not ways.joins.isdisjoint({*index.tagged(), *_not_looked_up(schema_of(empty))}):
        return None
    found = surroundings(index, ways, paths, before)
    texts = texts or {}
    known = index.ids()
    read = [
        read_text(path, texts[path]) if path in texts else read_file(root / path, root)
        for path in paths
        if path in known
    ]
    base = replace(
        empty,
        files=tuple(one for one in read if isinstance(one, SourceFile)),
        unreadable=_unreadable(root, index),
        excerpts=_excerpts(root, found.blocks.values(), paths, texts),
        rest=Rest(tuple(index.entities()), frozenset(index.tagged())),
    )
    return base, _scope(found, [*paths, *kept])


def _not_looked_up(schema: Schema) -> Iterator[str]:
    """Yield the properties by whose values the index finds nothing."""
    for iri, term in schema.properties.items():
        if term.values == "text" or not MEASURES.isdisjoint(term.datatypes):
            yield iri


def _scope(found: Surroundings, paths: Iterable[str]) -> Scope:
    return Scope(frozenset(found.affected), frozenset(paths))


def _spreads(index: Index, paths: list[str], before: Iterable[str], held: Collection[str]) -> bool:
    """Tell whether a change reaches beyond the neighbours of what it changes.

    It does when it speaks of words of a vocabulary or of logic, or when it gives a property its first text with a
    language, or takes its last: that is what texts without a language are judged by, unless a shape has `held` them to
    one.
    """
    old = [statement for text in before for statement in read_statements(text.encode()) or []]
    new = [statement for path in paths for block in index.of_file(path) for statement in block.statements]
    if any(subject.startswith(tuple(VOCABULARIES.values())) for subject in by_subject([*old, *new])):
        return True
    if index.speaks_of_logic():
        return True
    return bool((tagged_in(old) ^ tagged_in(new)) - index.tagged(without=paths) - set(held))


def _unreadable(root: Path, index: Index) -> tuple[Finding, ...]:
    read = (read_file(root / path, root) for path in index.unreadable())
    return tuple(one for one in read if isinstance(one, Finding))


def _excerpts(
    root: Path, blocks: Iterable[Block], without: Collection[str], whole: Mapping[str, str]
) -> tuple[Excerpt, ...]:
    """Return what files say according to some blocks, each file once; some have another text than in the folder."""
    texts: dict[str, list[str]] = defaultdict(list)
    for block in sorted(blocks, key=lambda block: (block.file, block.subject)):
        if block.file not in without:
            texts[block.file].append(block.text)
    return tuple(
        Excerpt(file, text := "".join(said), text, root=root, whole=whole.get(file)) for file, said in texts.items()
    )
