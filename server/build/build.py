"""Builds a release: read, check, infer, store, publish.

Turtle in git is the only source of truth; everything built can be deleted.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from ..errors import UnreadableError, UsageError
from ..full_disks import saying_where
from ..history.states import BaseState
from ..knowledge.kept import FILE as KEPT
from ..locks import locked
from ..records.pool import Pool
from ..records.progress import Progress, no_progress
from ..records.releases import ReleaseInfo
from ..search.writing import FILE as INDEX
from ..settings import Settings
from ..store.prepared import FILE as ANSWERS
from ..validation.changes.index import DamagedError, open_index
from .beside import results, work_beside
from .chronicle import is_current, write_chronicle
from .lookups import FILE as LOOKUPS
from .map.records import FILE as MAP
from .releases import Releases
from .sources import FILE as SOURCES
from .sources import fingerprint_of_all, read_sources, state_of
from .stages import FILE as STAGES_FILE

_MANY: Final = 200
"""Files from which on it is worth while to start a process that reads the history and writes downloads."""


def build(
    settings: Settings,
    *,
    force: bool = False,
    progress: Progress = no_progress,
    on_wait: Callable[[], None] = lambda: None,
    pool: Pool | None = None,
    on_note: Callable[[str], None] = lambda _: None,
    state: BaseState | None = None,
) -> tuple[ReleaseInfo, bool]:
    """Build a release and make it current; return its description, and whether it was built now.

    When nothing has changed since the current release, that one is returned, unless `force` is set. When
    another build of the same base runs, `on_wait` is called and this one waits for its turn. `on_note` is called with
    each note of the check: a sentence for the user on how it was done. The workers of `pool` take parallel work.
    `state` is what the files are known to be; else it is found out. Raises RejectedError, UnreadableError,
    DiskFullError, or UsageError when the embedding that is asked for is not installed; the current release then stays
    as it is.
    """
    with saying_where(settings.state):
        return _build(settings, force, progress, on_wait, pool, on_note, state)


def _build(
    settings: Settings,
    force: bool,
    progress: Progress,
    on_wait: Callable[[], None],
    pool: Pool | None,
    on_note: Callable[[str], None],
    state: BaseState | None,
) -> tuple[ReleaseInfo, bool]:
    # Before anything else is read: the next build then finds what changes meanwhile.
    mark = fingerprint_of_all(settings)
    known = state or state_of(settings)
    if not force and (info := _unchanged(settings, mark, known)):
        return info, False
    with locked(settings.state / "build.lock", on_wait) as waited:
        releases = Releases(settings.releases, settings.kept_releases)
        if waited:
            mark = fingerprint_of_all(settings)
            known = state or state_of(settings)
            # The previous holder of the lock may have built the same release.
            if not force and (info := _unchanged(settings, mark, known)):
                return info, False
        info = _publish(settings, releases, mark, known, force=force, progress=progress, on_note=on_note, pool=pool)
        progress("store", 1, 1)
        return info, True


def _unchanged(settings: Settings, mark: str, state: BaseState) -> ReleaseInfo | None:
    """Return the current release if it was built from files with this fingerprint, and names their commit."""
    releases = Releases(settings.releases)
    release = releases.current()
    # A release of an older engine may lack one of them.
    wanted = (INDEX, MAP, LOOKUPS, ANSWERS, KEPT, STAGES_FILE)
    if release is None or not all((release / file).is_file() for file in wanted):
        return None
    if releases.why_damaged(release):
        return None
    info = releases.info(release)
    is_known = (info.state, info.revision, info.is_clean) == (state.hash, state.revision, state.is_clean)
    # What was committed since is the history of the same files.
    return info if info.fingerprint == mark and is_known and is_current(release, _kept_in(settings)) else None


def _kept_in(settings: Settings) -> Path | None:
    """Return the folder whose repository has the history of a base; None for data that are no base."""
    return None if settings.project else settings.root


def _start_from(releases: Releases, on_note: Callable[[str], None]) -> Path | None:
    """Return the release that a build may start from: the current one, unless it is damaged, which is noted."""
    current = releases.current()
    if current is None or not (why := releases.why_damaged(current)):
        return current
    on_note(f"{why} Everything is built anew.")
    return None


def _publish(
    settings: Settings,
    releases: Releases,
    mark: str,
    state: BaseState,
    *,
    force: bool,
    progress: Progress,
    on_note: Callable[[str], None],
    pool: Pool | None,
) -> ReleaseInfo:
    """Build a release from files with the fingerprint `mark`, and make it the current one.

    A forced build reuses nothing.
    """
    from .dumps.making import load_writers  # noqa: PLC0415 - what makes a release takes long to import
    from .making import Making  # noqa: PLC0415 - and who finds a release made does not need it

    started = time.monotonic()
    path = settings.state / SOURCES
    if force:
        path.unlink(missing_ok=True)
    for attempt in range(2):
        building = releases.begin()
        try:
            with open_index(path, settings.namespaces, is_durable=True) as index, work_beside() as beside:
                current = None if force else _start_from(releases, on_note)
                sources = read_sources(settings, index, current, progress, pool)
                history = (building, current, _kept_in(settings), settings.namespaces)
                is_large = len(sources.base.files) >= _MANY
                begun = beside.begin(write_chronicle, *history) if is_large else None
                if is_large:
                    beside.begin(load_writers)
                work = Making(settings, sources, building, progress, on_note, pool, beside)
                made = work.run(started, mark)
                info = replace(
                    made, state=state.hash, revision=state.revision, committed=state.at, is_clean=state.is_clean
                )
                if note := results([begun], "history", progress)[0] if begun else write_chronicle(*history, progress):
                    on_note(note)
                releases.publish(building, info)
                sources.remember(info.name)
                work.save(info.name)
                return info
        except DamagedError:
            # The index was deleted, and is created again.
            if attempt:
                raise
        except sqlite3.OperationalError as error:
            # An error of input or output is the disk's, and no matter of who may write there.
            is_of_disk = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_IOERR
            raise (UnreadableError if is_of_disk else UsageError)(
                f"{path} cannot be used: {error}.",
                "let it be written, remove it if it is another user's, or name another folder in AKB_STATE.",
            ) from error
        finally:
            shutil.rmtree(building, ignore_errors=True)
    raise AssertionError("the second attempt returns or raises")
