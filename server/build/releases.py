"""The releases on disk, and which of them is current.

A release is a folder with a store, a `release.json` and its `checksums`. The file `current` has the name of the one
that is served. A release is built under a hidden name, renamed when it is complete, and becomes current by the
replacement of that one small file: a reader at any moment, or after a crash at any moment, finds a complete release.
"""

from __future__ import annotations

import json
import os
import shutil
import weakref
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import mkdtemp

try:
    import fcntl
except ImportError:  # Windows has no such locks; there only the previous release is retained
    fcntl = None  # type: ignore[assignment]

from ..errors import NotFoundError, UnreadableError
from ..namespaces import Namespaces
from ..records.releases import ReleaseInfo
from ..store.embedded import Store
from ..turtle.writer import write_atomically
from .checksums import write_checksums
from .lifting import view_of

_INFO = "release.json"
_BUILDING = ".building-"
_RETAINED = 2
"""The number of releases retained: the current one, and the previous one, which a slow reader may be opening."""


class Releases:
    """The releases in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pointer = folder / "current"

    def current(self) -> Path | None:
        """Return the folder of the current release, or None when there is none."""
        try:
            release = self.folder / self.pointer.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        return release if (release / _INFO).is_file() else None

    def info(self, release: Path) -> ReleaseInfo:
        """Read the description of a release. Raises UnreadableError when it is damaged."""
        try:
            info = ReleaseInfo(**json.loads((release / _INFO).read_text(encoding="utf-8")))
            return replace(info, left_out=tuple(info.left_out))
        except (OSError, ValueError, TypeError) as error:
            raise UnreadableError(f"{release} is damaged: {error}", "run `akb build --force`.") from error

    def open_current(self, namespaces: Namespaces, memory_triples: int) -> tuple[ReleaseInfo, Namespaces, Store]:
        """Open the current release as `open` does. Raises NotFoundError when there is none."""
        release = self.current()
        if release is None:
            raise self._none()
        return self.open(release, namespaces, memory_triples)

    def open(self, release: Path, namespaces: Namespaces, memory_triples: int) -> tuple[ReleaseInfo, Namespaces, Store]:
        """Open a release for reading; the namespaces that are returned have its classes and prefixes."""
        info = self.info(release)
        own = namespaces.of(info.entities, info.prefixes)
        store = Store.open(release / "store", own.prefixes(), memory_triples)
        store.view = view_of(own) if info.is_lifted else ()
        return info, own, store

    def held(self) -> tuple[Path, Hold]:
        """Return the folder of the current release, and a hold that prevents builds from removing it.

        Raises NotFoundError when there is none.
        """
        while (release := self.current()) is not None:
            # It may be removed just before it is held; then there is a newer one.
            with suppress(FileNotFoundError):
                hold = Hold(release)
                if (release / _INFO).is_file():
                    return release, hold
        raise self._none()

    def _none(self) -> NotFoundError:
        return NotFoundError(f"There is no release in {self.folder}.", "run `akb build`.")

    def begin(self) -> Path:
        """Make the folder in which the next release is built; only one build may run at a time.

        The remains of killed builds are deleted.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        for left in self.folder.glob(".*"):
            _remove(left)
        return Path(mkdtemp(prefix=_BUILDING, dir=self.folder))

    def publish(self, building: Path, info: ReleaseInfo) -> Path:
        """Make a finished folder the current release."""
        (building / _INFO).write_text(json.dumps(asdict(info), indent=2) + "\n", encoding="utf-8")
        write_checksums(building)
        return self.place(building, info)

    def place(self, building: Path, info: ReleaseInfo) -> Path:
        """Make a complete folder, such as one that was received, the current release."""
        building.chmod(0o755)
        for path in building.rglob("*"):
            if path.is_file():
                _sync(path)
        release = building.rename(self.folder / info.name)
        _sync(self.folder)
        write_atomically(self.pointer, info.name + "\n")
        _sync(self.folder)
        self._prune(release)
        return release

    def _prune(self, current: Path) -> None:
        others = (path for path in self.folder.iterdir() if path.is_dir() and path != current)
        finished = [path for path in others if (path / _INFO).is_file() and path.name[0] != "."]
        newest_first = sorted(finished, key=lambda path: path.name, reverse=True)
        for old in filter(_is_free, newest_first[_RETAINED - 1 :]):
            # Hidden first: if this process is killed half-way, the next build deletes the rest.
            _remove(old.rename(self.folder / f"{_BUILDING}{old.name}"))


class Hold:
    """Prevents the removal of a release as long as the object exists; the hold of a killed process is released."""

    def __init__(self, release: Path) -> None:
        handle = os.open(release / _INFO, os.O_RDONLY)
        weakref.finalize(self, os.close, handle)
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_SH)


def _is_free(release: Path) -> bool:
    """Tell whether nobody holds a release."""
    if fcntl is None:
        return True
    with (release / _INFO).open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    # Without this a power failure could preserve the pointer and lose its target.
    with suppress(PermissionError):  # a folder cannot be opened this way on Windows
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
