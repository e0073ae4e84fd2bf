"""The releases on disk, and which of them is current.

A release is a folder with a store, a `release.json` and its `checksums`. The file `current` has the name of the one
that is served. A release is built under a hidden name, renamed when it is complete, and becomes current by the
replacement of that one small file: a reader at any moment, or after a crash at any moment, finds a complete release.
What has been damaged since, by a disk or by a hand, is found by the checksums before a release is opened or built upon;
then the newest other one whose files are as built takes its place.
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
from typing import Final, NamedTuple

try:
    import fcntl
except ImportError:  # Windows has no such locks; there only the previous release is retained
    fcntl = None  # type: ignore[assignment]

from ..errors import NotFoundError, UnreadableError
from ..namespaces import Namespaces
from ..records.releases import ReleaseInfo
from ..store.embedded import Store
from ..turtle.writer import write_atomically
from .checksums import is_release_name, must_be_whole, write_checksums
from .lifting import view_of

ON_DISK: Final = 0
"""As the most triples that are copied into memory: for who asks little, and would wait longer for the copy."""
_INFO = "release.json"
_BUILDING = ".building-"
USUAL = 1
"""How many releases are retained beside the current one: the previous one, which a slow reader may be opening."""


class Releases:
    """The releases in one folder."""

    def __init__(self, folder: Path, retained: int = USUAL) -> None:
        """Take the folder, and how many releases are retained in it beside the current one."""
        self.folder = folder
        self._retained = retained
        self.pointer = folder / "current"
        self._known: dict[tuple[str, int], str] = {}
        """What is wrong with each release that was verified, by its name and inode; empty for one that is whole."""

    def current(self) -> Path | None:
        """Return the folder of the current release, or None when there is none, or when `current` is damaged."""
        try:
            name = self.pointer.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return None
        release = self.folder / name
        return release if is_release_name(name) and (release / _INFO).is_file() else None

    def why_damaged(self, release: Path) -> str:
        """Return what is wrong with the files of a release, or nothing when they are as built.

        What is verified at opening of a large one is said in `checksums.py`. An object looks at a release once.
        """
        try:
            key = release.name, release.stat().st_ino
            if key not in self._known:
                must_be_whole(release)
        except OSError as error:
            return f"The release {release.name} cannot be read: {error.strerror}."
        except UnreadableError as error:
            self._known[key] = error.message
        return self._known.setdefault(key, "")

    def info(self, release: Path) -> ReleaseInfo:
        """Read the description of a release. Raises UnreadableError when it is damaged."""
        try:
            info = ReleaseInfo(**json.loads((release / _INFO).read_text(encoding="utf-8")))
            return replace(info, left_out=tuple(info.left_out))
        except (OSError, ValueError, TypeError) as error:
            raise UnreadableError(f"{release} is damaged: {error}", "run `akb build --force`.") from error

    def open_current(self, namespaces: Namespaces, memory_triples: int) -> tuple[ReleaseInfo, Namespaces, Store]:
        """Open the release that `held` returns as `open` does. Raises as both do."""
        release, _hold, _ = self.held()
        return self.open(release, namespaces, memory_triples)

    def open(self, release: Path, namespaces: Namespaces, memory_triples: int) -> tuple[ReleaseInfo, Namespaces, Store]:
        """Open a release for reading; the namespaces that are returned have its classes and prefixes."""
        info = self.info(release)
        own = namespaces.of(info.entities, info.prefixes)
        store = Store.open(release / "store", own.prefixes(), memory_triples)
        store.view = view_of(own) if info.is_lifted else ()
        return info, own, store

    def held(self) -> Held:
        """Return the release to read, with a hold that prevents builds from removing it.

        It is the current one; when that is damaged, or the file `current` is, it is the newest other one that is whole.
        Raises NotFoundError when there is none, and UnreadableError when all are damaged.
        """
        refused = ""
        while (current := self.current()) is not None:
            if (hold := hold_of(current)) is None:
                # It was removed a moment ago: there is a newer one.
                continue
            if refused := self.why_damaged(current):
                break
            return Held(current, hold, "")
        for release in self.all():
            if release != current and not self.why_damaged(release) and (hold := hold_of(release)):
                return Held(release, hold, refused or f"{self.pointer} is missing, or names no release.")
        if refused:
            raise UnreadableError(refused, "run `akb build`, which makes another.")
        raise NotFoundError(f"There is no release in {self.folder}.", "run `akb build`.")

    def held_current(self) -> Held:
        """Return the current release as `held` does, and no other in its place: raises UnreadableError when damaged."""
        held = self.held()
        if held.refused:
            raise UnreadableError(held.refused, "run `akb build`, which makes another.")
        return held

    def all(self) -> list[Path]:
        """Return the folders of the releases, the newest first; some may be damaged."""
        return sorted(self.folder.glob("[!.]*/"), key=lambda path: path.name, reverse=True)

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
            # What is shared with another release was written to the disk with that one.
            if path.is_file() and path.stat().st_nlink == 1:
                _sync(path)
        release = self.folder / info.name
        if release.exists():
            # It was damaged, and has come again.
            _remove(release.rename(self.folder / f"{_BUILDING}{release.name}"))
        building.rename(release)
        _sync(self.folder)
        write_atomically(self.pointer, info.name + "\n")
        _sync(self.folder)
        self._prune(release)
        return release

    def _prune(self, current: Path) -> None:
        retained = 0
        for old in self.all():
            if old == current or (retained < self._retained and not self.why_damaged(old)):
                retained += old != current
            elif _is_free(old):
                # Hidden first: if this process is killed half-way, the next build deletes the rest.
                _remove(old.rename(self.folder / f"{_BUILDING}{old.name}"))


class Held(NamedTuple):
    """A release to read, what holds it, and why it is not the current one; nothing is said when it is."""

    release: Path
    hold: Hold
    refused: str


class Hold:
    """Prevents the removal of a release as long as the object exists; the hold of a killed process is released."""

    def __init__(self, release: Path) -> None:
        handle = os.open(release / _INFO, os.O_RDONLY)
        weakref.finalize(self, os.close, handle)
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_SH)


def hold_of(release: Path) -> Hold | None:
    """Return a hold of a release, or None when it has been removed."""
    try:
        hold = Hold(release)
    except FileNotFoundError:
        return None
    return hold if (release / _INFO).is_file() else None


def _is_free(release: Path) -> bool:
    """Tell whether nobody holds a release."""
    if fcntl is None:
        return True
    try:
        with (release / _INFO).open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except FileNotFoundError:
        return True
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
