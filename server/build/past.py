"""The states of the past that can be asked: kept releases, and others that are built when somebody asks for them.

Such a build runs in a process of its own (`rebuilding.py`), one at a time for all web workers, within seconds an hour,
a number of states and disk space that the settings say. What it makes lies in the folder of state, apart from the
releases, and is a release like any other; of these, those that were asked for last remain.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from ..engine import engine_fingerprint
from ..errors import AkbError, BusyError, NotFoundError
from ..history.git import find_repository
from ..history.states import state_at
from ..locks import can_write
from ..records.moments import BaseMoment
from ..records.releases import ReleaseInfo
from ..settings import Settings
from .releases import Held, Releases, hold_of

FOLDER: Final = "past"
"""The folder of such states in that of state."""
AN_HOUR: Final = 3600
_LEAST: Final = 5
"""Seconds: with less left of the hour, no build is begun."""


class BeingBuiltError(BusyError):
    """A state of the past is being built, or waits for that; it can be asked after `retry_after` seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message, f"send it again in {retry_after:,} seconds.")
        self.retry_after = retry_after


class PastStates:
    """The states of the past of one base. Threads and processes may have one each."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._kept = Releases(settings.releases)
        self.folder = settings.state / FOLDER
        self._made = Releases(self.folder / "releases")
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def kept(self) -> Iterator[tuple[Path, ReleaseInfo]]:
        """Yield the releases that can be asked, the newest first: those kept, then those built for who asked."""
        for releases in (self._kept, self._made):
            for folder in releases.all():
                with suppress(AkbError):
                    yield folder, releases.info(folder)

    def find(self, moment: BaseMoment, unreadable: Collection[Path] = ()) -> Held:
        """Return the release of a moment, held; none of those that are `unreadable`.

        Raises BeingBuiltError where it is being built, which may begin now, and NotFoundError where it cannot be had.
        """
        if (held := self._found(moment, unreadable)) is not None:
            return held
        self._begin(moment)
        raise self._being_built(moment)

    def wait(self) -> int | None:
        """Wait for the end of the build that this object began, and return its exit code; None where it began none."""
        return self._process.wait() if self._process is not None else None

    def close(self) -> None:
        """End the build that this object began, if it runs."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            _reap(process)

    def _found(self, moment: BaseMoment, unreadable: Collection[Path]) -> Held | None:
        for folder, info in self.kept():
            if folder in unreadable:
                continue
            releases = self._made if folder.parent == self._made.folder else self._kept
            if moment.is_of(info) and not releases.why_damaged(folder) and (hold := hold_of(folder)):
                if releases is self._made:
                    # What is asked for last remains the longest.
                    with suppress(OSError):
                        os.utime(folder)
                return Held(folder, hold, "")
        return None

    def _begin(self, moment: BaseMoment) -> None:
        """Begin a build where none runs.

        Raises NotFoundError where there can be none, and BeingBuiltError where there can be none now.
        """
        settings = self._settings
        why = self._why_not(moment)
        if why:
            raise NotFoundError(f"The state of {moment.name} is not kept here, and {why}.", self._mend())
        if failed := self._failure(moment):
            raise NotFoundError(f"The state of {moment.name} cannot be built: {failed}", self._mend())
        with self._lock:
            if self.is_building():
                return
            left, again = self._left()
            if left < _LEAST:
                raise BeingBuiltError(
                    f"The state of {moment.name} is not kept here, and the builds of this hour took "
                    f"{settings.past_seconds - left:,.0f} of {settings.past_seconds:,} seconds.",
                    again,
                )
            if self._process is not None:
                _reap(self._process)
            environment = os.environ | {
                "AKB_BASE": settings.namespaces.base,
                "AKB_EMBEDDING": settings.embedding,
                "AKB_ENGINE": settings.engine.value,
            }
            # -P: the current folder may hold another `server`.
            command = [sys.executable, "-P", "-m", "server.build.rebuilding", str(settings.root), str(self.folder)]
            limits = [str(int(left)), str(settings.past_states), str(settings.past_mb)]
            self._process = subprocess.Popen(  # noqa: S603 - a list, no shell; the revision is one of the history
                [*command, moment.revision, *limits],
                # The build ends when the other end of this is closed, by this process or by its death.
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
            )

    def is_building(self) -> bool:
        """Tell whether a build of a state runs, of any process."""
        if self._process is not None and self._process.poll() is None:
            return True
        lock = FileLock(self.folder / "build.lock")
        try:
            lock.acquire(blocking=False)
        except Timeout:
            return True
        except OSError:
            return False
        lock.release()
        return False

    def _why_not(self, moment: BaseMoment) -> str:
        """Return why a state is not built, in words that follow "and"; nothing where it can be."""
        settings = self._settings
        if not moment.revision:
            return "no commit has it"
        if not settings.past_seconds:
            return "this server builds none"
        if settings.project or settings.follow or not _is_there(settings.root, moment.revision):
            return "this server has no repository to build it from"
        if not can_write(self.folder):
            return "this server has no place to build it"
        if (size := _size_of_current(self._kept)) > settings.past_mb << 20:
            return f"a state takes about {size >> 20:,} MB, of which this server has {settings.past_mb:,}"
        return ""

    def _mend(self) -> str:
        names = dict.fromkeys(info.revision[:12] for _, info in self.kept() if info.is_clean)
        return f"ask for one that is kept: {', '.join([*names][:10])}." if names else ""

    def _left(self) -> tuple[float, int]:
        """Return how many seconds builds may still take in this hour, and in how many there is time for another."""
        now = time.time()
        spent = [(start, took) for start, took in read_spent(self.folder) if start > now - AN_HOUR]
        left = self._settings.past_seconds - sum(took for _, took in spent)
        return left, max(1, int(spent[0][0] + AN_HOUR - now)) if spent else 1

    def _failure(self, moment: BaseMoment) -> str:
        """Return why a state could not be built by this engine, or nothing."""
        try:
            found = json.loads((self.folder / "failed" / moment.revision).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return ""
        if found.get("engine") != engine_fingerprint() or found.get("seconds", AN_HOUR) < self._settings.past_seconds:
            return ""
        return str(found["why"])

    def _being_built(self, moment: BaseMoment) -> BeingBuiltError:
        current = self._kept.current()
        seconds = 2.0
        with suppress(AkbError):
            seconds += self._kept.info(current).seconds if current else 0
        return BeingBuiltError(f"The state of {moment.name} is being built.", min(60, round(seconds)))


def read_spent(folder: Path) -> list[tuple[float, float]]:
    """Return when builds of the last hours began, and how many seconds they took, the oldest first."""
    try:
        return [(float(start), float(took)) for start, took in json.loads((folder / "spent.json").read_bytes())]
    except (OSError, ValueError, TypeError):
        return []


def make_room(folder: Path, states: int, most: int) -> None:
    """Remove states that nobody asks for any more until there are at most so many, in at most so many bytes."""
    found = sorted(Releases(folder / "releases").all(), key=lambda path: path.stat().st_mtime, reverse=True)
    total = 0
    for number, release in enumerate(found):
        total += size_of(release)
        # The newest was just built for somebody.
        if number and (number >= states or total > most):
            shutil.rmtree(release, ignore_errors=True)


def size_of(folder: Path) -> int:
    """Return how many bytes the files in a folder take."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _reap(process: subprocess.Popen[bytes]) -> None:
    """Wait for a process that ends, and close the pipe to it."""
    process.wait()
    if process.stdin is not None:
        process.stdin.close()


def _is_there(root: Path, revision: str) -> bool:
    """Tell whether the repository of a base has a commit."""
    try:
        find_repository(root)
        state_at(root, revision)
    except AkbError:
        return False
    return True


def _size_of_current(releases: Releases) -> int:
    current = releases.current()
    return size_of(current) if current else 0
