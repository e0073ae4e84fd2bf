"""Checks a change that is nowhere written: what `akb check` would find if files had other texts.

The index of the files says what the change can affect, as for a change that is written (`checking.py`); the texts are
put into it, and taken out again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar

from ...errors import UnreadableError
from ...inference.local import is_local
from ...locks import can_write
from ...records.findings import Change, Report, Stage
from ...schema.reading import schema_of
from ...schema.schema import Schema
from ...settings import Settings
from ...texts.shelf import Shelf
from ...turtle.base import Base, with_changes
from ...turtle.reader import empty_base, read_base
from ...turtle.source_files import SourceFile, read_file, read_text
from ..check import ALL_STAGES, Scope, check
from .checking import FILE, part_around
from .index import DamagedError, Index, open_index

T = TypeVar("T")


@dataclass(frozen=True)
class Trial:
    """A base, of which only what is asked for is read, and the index of its files."""

    settings: Settings
    empty: Base
    """The base without the files of `kb/`."""
    schema: Schema
    index: Index
    over: Mapping[str, str] = field(default_factory=dict)
    """Texts that files have in the trial, and have not yet in the folder."""

    def paths_about(self, subjects: Iterable[str]) -> set[str]:
        """Return the paths of the files that describe any of some nodes, by their IRIs."""
        wanted = set(subjects)
        return {block.file for block in self.index.about(wanted) if block.subject in wanted}

    def paths_naming(self, nodes: Iterable[str]) -> set[str]:
        """Return the paths of the files that name any of some nodes, by their IRIs."""
        return {block.file for block in self.index.naming(set(nodes))}

    def read(self, paths: Iterable[str]) -> Base:
        """Return the base with some of its files and no others."""
        root = self.empty.root
        read = (
            read_text(path, self.over[path]) if path in self.over else read_file(root / path, root)
            for path in sorted(set(paths))
        )
        return replace(self.empty, files=tuple(one for one in read if isinstance(one, SourceFile)))

    def check(
        self,
        after: Mapping[str, str | None],
        *,
        stages: Collection[Stage] = ALL_STAGES,
        spares_drafts: bool = False,
    ) -> Report:
        """Check the base as if some files had another text, or, where that is None, were not there.

        The report is about what the change can affect. Where that is anything, the whole base is read and checked.
        """
        return self._check(self._texts(after), after, stages, spares_drafts=spares_drafts)

    def check_without(self, after: Mapping[str, str | None]) -> Report:
        """Check the base as it is, where a change of some files can affect it."""
        return self._check(after, self._texts(after), ALL_STAGES, spares_drafts=False)

    def _texts(self, paths: Collection[str]) -> dict[str, str | None]:
        """Return the texts of some files as they are; None for those that are not there."""
        there = self.read(self.index.ids().keys() & set(paths)).files
        return dict.fromkeys(paths) | {file.path: file.text for file in there}

    def _check(
        self,
        before: Mapping[str, str | None],
        after: Mapping[str, str | None],
        stages: Collection[Stage],
        *,
        spares_drafts: bool,
    ) -> Report:
        part = self._part(before, after)
        texts = {**self.over, **after}
        base, scope = part or (with_changes(read_base(self.empty.root, self.settings.namespaces), texts), None)
        return check(
            base,
            self.schema,
            stages=stages,
            scope=scope,
            engine=self.settings.engine,
            spares_drafts=spares_drafts,
            shelf=self.shelf,
        )

    @cached_property
    def shelf(self) -> Shelf:
        """The texts of the base."""
        return Shelf(self.settings)

    def _part(self, before: Mapping[str, str | None], after: Mapping[str, str | None]) -> tuple[Base, Scope] | None:
        if self.empty.unusable or not is_local(self.empty.ontology):
            return None
        texts = {path: text for path, text in {**self.over, **after}.items() if text is not None}
        with self.index.tried():
            for path, text in after.items():
                self.index.put(path, None if text is None else text.encode())
            return part_around(self.empty, self.index, [Change(path, before[path]) for path in after], texts)


def tried(settings: Settings, work: Callable[[Trial], T], over: Mapping[str, str] | None = None) -> T:
    """Return what some work finds by trials of a base. It may be done again, from the start.

    `over` are texts that files are to have already, by their paths. Raises UnreadableError for an ontology that cannot
    be read.
    """
    empty = empty_base(settings.root, settings.namespaces)
    schema = schema_of(empty)
    # Where nothing can be written, the index is made anew each time.
    path = settings.state / FILE if can_write(settings.state) else None
    for attempt in range(2):
        try:
            with open_index(path, empty.namespaces) as index:
                index.refresh(settings.root)
                with index.tried() if over else nullcontext():
                    for name, text in (over or {}).items():
                        index.put(name, text.encode())
                    return work(Trial(settings, empty, schema, index, over or {}))
        except DamagedError:
            if attempt:
                raise
        except sqlite3.OperationalError as error:
            if attempt or path is None:
                raise UnreadableError(f"The index of the files cannot be used: {error}.", "try it again.") from error
            # It may be another user's.
            path = None
    raise AssertionError("the second attempt returns or raises")
