"""Checks what a change can affect, and finds there what a check of the whole base would find."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from ...errors import UnreadableError
from ...inference.closure import is_local
from ...namespaces import VOCABULARIES
from ...records import Change, Finding, Progress, Report, Stage, no_progress
from ...settings import Settings
from ...turtle.parsing import parse
from ...turtle.reader import Base, Excerpt, Rest, SourceFile, read_base, read_file, read_ontology, union
from ...vocabulary.reading import read_vocabulary
from ..check import ALL_STAGES, Scope, check
from ..lint.circles import upward_properties
from ..rule_files import read_rules
from ..shacl import read_shapes
from ..targets import looks_far
from .index import Block, DamagedError, Index, by_subject, open_index, read_statements, tagged_in
from .surroundings import Surroundings, Ways, surroundings


def check_changed(
    settings: Settings,
    changes: Collection[Change],
    *,
    stages: Collection[Stage] = ALL_STAGES,
    progress: Progress = no_progress,
    today: date | None = None,
) -> Report:
    """Check what some changes can affect: the same findings as a whole check has there.

    Where a change can affect anything (it is one of the ontology or the shapes, or these look farther than to a node's
    neighbours), the whole base is checked, and the report says so. Raises UnreadableError as `check` does.
    """
    empty = Base(settings.root, settings.namespaces, (), (), read_ontology(settings.root))
    part = None if _is_far(empty, changes) else _read_part(empty, settings.state / "checked.sqlite", changes, progress)
    if part is None:
        base = read_base(settings.root, settings.namespaces, progress)
        return check(
            base, read_vocabulary(base.ontology, base.namespaces), stages=stages, progress=progress, today=today
        )
    base, scope = part
    vocabulary = read_vocabulary(base.ontology, base.namespaces)
    return check(base, vocabulary, stages=stages, progress=progress, today=today, scope=scope)


def _is_far(empty: Base, changes: Iterable[Change]) -> bool:
    """Tell whether files changed by which everything is judged, or these judge by what is far from a node."""
    return (
        any(change.path.startswith(("ontology/", "shapes/")) for change in changes)
        or looks_far(union(read_shapes(empty)))
        or not is_local(empty.ontology)
    )


def _read_part(empty: Base, path: Path, changes: Collection[Change], progress: Progress) -> tuple[Base, Scope] | None:
    """Read what changed and what stands around it; None where anything could be affected."""
    for attempt in range(2):
        try:
            with open_index(path, empty.namespaces) as index:
                return _part(empty, index, changes, progress)
        except DamagedError:
            if attempt:
                raise
        except (OSError, sqlite3.OperationalError) as error:
            raise UnreadableError(
                f"{path} cannot be used: {error}.", "let it be written, or name another folder in AKB_STATE."
            ) from error
    raise AssertionError("the second attempt returns or raises")


def _part(empty: Base, index: Index, changes: Collection[Change], progress: Progress) -> tuple[Base, Scope] | None:
    root = empty.root
    index.refresh(root, progress)
    paths = sorted({change.path for change in changes if change.path.startswith("kb/")})
    before = [change.before for change in changes if change.path in paths and change.before is not None]
    if _spreads(index, paths, before):
        return None
    rules, _ = read_rules(empty)
    ways = Ways(
        joins=frozenset(iri for rule in rules for iri in rule.joins),
        upward=frozenset(map(str, upward_properties(empty.ontology))),
    )
    found = surroundings(index, ways, paths, before)
    read = [read_file(root / path, root) for path in paths if (root / path).is_file()]
    base = replace(
        empty,
        files=tuple(one for one in read if isinstance(one, SourceFile)),
        unreadable=_unreadable(root, index),
        excerpts=_excerpts(root, found.blocks.values(), paths),
        rest=Rest(tuple(index.entities()), frozenset(index.tagged())),
    )
    return base, _scope(found, paths)


def _scope(found: Surroundings, paths: Iterable[str]) -> Scope:
    return Scope(frozenset(found.affected), frozenset(paths))


def _spreads(index: Index, paths: list[str], before: list[str]) -> bool:
    """Tell whether a change reaches beyond the neighbours of what it changes.

    It does when it speaks of words of a vocabulary or of logic, or when it gives a property its first text with a
    language, or takes its last: that is what texts without a language are judged by.
    """
    old = [statement for text in before for statement in read_statements(text.encode()) or []]
    new = [statement for path in paths for block in index.of_file(path) for statement in block.statements]
    if any(subject.startswith(tuple(VOCABULARIES.values())) for subject in by_subject([*old, *new])):
        return True
    if index.speaks_of_logic():
        return True
    return bool((tagged_in(old) ^ tagged_in(new)) - index.tagged(without=paths))


def _unreadable(root: Path, index: Index) -> tuple[Finding, ...]:
    read = (read_file(root / path, root) for path in index.unreadable())
    return tuple(one for one in read if isinstance(one, Finding))


def _excerpts(root: Path, blocks: Iterable[Block], without: Collection[str]) -> tuple[Excerpt, ...]:
    """Return what files say according to some blocks, each file once."""
    texts: dict[str, list[str]] = defaultdict(list)
    for block in sorted(blocks, key=lambda block: (block.file, block.subject)):
        if block.file not in without:
            texts[block.file].append(block.text)
    return tuple(Excerpt(file, text := "".join(said), parse(text), root=root) for file, said in texts.items())
