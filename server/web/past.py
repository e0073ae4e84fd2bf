"""The past of the base that is served: which moment a request means, and its release, open for queries."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ..build.past import PastStates
from ..build.releases import Hold
from ..errors import NotFoundError, QueryError, UnreadableError, UsageError
from ..knowledge.history import History
from ..records.moments import BaseMoment
from ..records.releases import ReleaseInfo
from ..records.sentences import sentence
from ..settings import Settings
from .open_release import OpenRelease

_MOST_OPEN: Final = 2
"""How many releases of the past are open in a web worker at a time; the one asked the longest ago is closed."""
_STATE: Final = re.compile("[0-9a-f]{64}")
_REVISION: Final = re.compile("[0-9a-f]{4,64}")


class Past:
    """The past of one base. Threads may share it."""

    def __init__(self, settings: Settings, open_release: Callable[[Path, Hold], OpenRelease]) -> None:
        """Take what opens the release in a folder."""
        self._states = PastStates(settings)
        self._open_release = open_release
        self._open: OrderedDict[Path, OpenRelease] = OrderedDict()
        self._unreadable: set[Path] = set()
        self._lock = threading.Lock()

    def moment(self, current: OpenRelease, asked: str) -> BaseMoment:
        """Return the moment that a revision, the first digits of one, a date or a hash of a state denotes.

        Raises QueryError for what is none of these, and NotFoundError where there is no such moment.
        """
        asked = asked.strip()
        history = current.history
        if _STATE.fullmatch(asked.lower()) and (found := self._kept(lambda info: info.state == asked.lower())):
            return found
        try:
            if history:
                return self._known(current, BaseMoment(*_of_commit(history, asked)))
            if _REVISION.fullmatch(asked.lower()):
                is_meant = self._kept(lambda info: info.is_clean and info.revision.startswith(asked.lower()))
                if is_meant is None:
                    raise NotFoundError(
                        sentence("No release of the revision %(asked)s is kept here.", asked=asked), self._mend()
                    )
                return is_meant
            when = datetime.fromisoformat(asked if len(asked) > len("2026-11-20") else f"{asked}T23:59:59")
        except UsageError as error:
            raise QueryError(error.message, error.mend) from error
        except ValueError as error:
            raise QueryError(
                f"{asked[:80]!r} is neither a date nor a commit.",
                "give a date such as 2026-11-20 or 2026-11-20T12:00:00Z, or the first digits of a commit.",
            ) from error
        return self.moment_at(current, when.replace(tzinfo=when.tzinfo or UTC))

    def moment_at(self, current: OpenRelease, when: datetime) -> BaseMoment:
        """Return the last moment up to a time (RFC 7089, section 4.5.3). Raises NotFoundError before the first."""
        if not current.info.is_clean and when >= _built(current.info):
            return moment_of(current.info)
        if history := current.history:
            commit = history.at(when)
            return self._known(current, BaseMoment(commit.at, commit.revision))
        before = [moment for _, moment in self._moments() if moment.at <= when]
        if not before:
            raise NotFoundError(
                sentence("No release of %(when)s or before is kept here.", when=f"{when:%Y-%m-%d %H:%M}"), self._mend()
            )
        return max(before, key=lambda moment: moment.at)

    def release(self, current: OpenRelease, moment: BaseMoment) -> OpenRelease:
        """Return the release of a moment, open for queries.

        Raises BeingBuiltError where it is being built, which may begin now, and NotFoundError where it cannot be had.
        """
        if moment.is_of(current.info):
            return current
        while True:
            folder, hold, _ = self._states.find(moment, self._unreadable)
            with self._lock:
                if (opened := self._open.get(folder)) is None:
                    try:
                        opened = self._open[folder] = self._open_release(folder, hold)
                    except (OSError, ValueError, LookupError, sqlite3.Error, UnreadableError):
                        # An engine of before built it, in another form.
                        self._unreadable.add(folder)
                        continue
                self._open.move_to_end(folder)
                while len(self._open) > _MOST_OPEN:
                    _close(self._open.popitem(last=False)[1])
                return opened

    def wait(self) -> int | None:
        """Wait for a build that was begun here, and return its exit code; None where none was."""
        return self._states.wait()

    def close(self) -> None:
        """Close what is open, and end a build that was begun here."""
        with self._lock:
            while self._open:
                _close(self._open.popitem()[1])
        self._states.close()

    def _known(self, current: OpenRelease, moment: BaseMoment) -> BaseMoment:
        """Return a moment with the hash of its state where a release says it."""
        if moment.is_of(current.info):
            return replace(moment, state=current.info.state)
        return moment

    def _kept(self, wanted: Callable[[ReleaseInfo], bool]) -> BaseMoment | None:
        return next((moment for info, moment in self._moments() if wanted(info)), None)

    def _moments(self) -> Iterator[tuple[ReleaseInfo, BaseMoment]]:
        """Yield the releases that can be asked, with the moments of which they are."""
        for _, info in self._states.kept():
            if info.state:
                yield info, moment_of(info)

    def _mend(self) -> str:
        with suppress(ValueError):
            first = min(moment.at for _, moment in self._moments())
            return f"the first that is kept is of {first:%Y-%m-%dT%H:%M:%SZ}."
        return ""


def moment_of(info: ReleaseInfo) -> BaseMoment:
    """Return the moment of which a release is."""
    if info.is_clean:
        return BaseMoment(datetime.fromisoformat(info.committed), info.revision, info.state)
    return BaseMoment(_built(info), "", info.state)


def _of_commit(history: History, asked: str) -> tuple[datetime, str]:
    commit = history.resolve(asked)
    return commit.at, commit.revision


def _built(info: ReleaseInfo) -> datetime:
    return datetime.fromisoformat(info.built)


def _close(release: OpenRelease) -> None:
    release.queries.close()
    release.files.close()
