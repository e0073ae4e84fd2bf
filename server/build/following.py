"""Follows the releases of another machine: fetches each, verifies it, and makes it the current one here.

Only files that match their checksums are served. Fetched files are stored by their checksums until a release is
complete, so an interrupted transfer resumes where it stopped, and files shared with a local release are not fetched
again. A damaged or invalid release is refused, and the previous one stays current.
"""

from __future__ import annotations

import logging
import os
import shutil
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

from ..errors import AkbError, NotFoundError, UnreadableError
from ..full_disks import saying_where
from ..locks import locked
from ..records.progress import Progress, no_progress
from ..records.releases import ReleaseInfo
from ..settings import Settings
from ..store.embedded import Store
from .checksums import FILE, Checksums, is_release_name, parse_checksums, read_checksums, sha256_of
from .releases import Releases
from .remote_releases import Source, source_of

_LOG = logging.getLogger("akb.follow")
_LARGEST_NAME: Final = 1000
_LARGEST_LISTING: Final = 1 << 24
"""The largest size of a listing of checksums, in bytes."""
_NEEDED: Final = ("release.json", "context.jsonld", "store/CURRENT")
"""Files that every release has."""
_ROUNDS: Final = 3
"""How many releases in a row may be removed at the source while they are fetched."""


class Follower:
    """Follows the source named by the settings."""

    def __init__(self, settings: Settings, source: Source | None = None) -> None:
        self._settings = settings
        self._source = source or source_of(settings.follow)
        self._releases = Releases(settings.releases, settings.kept_releases)
        self._incoming = settings.releases.parent / "incoming"
        self._lock = settings.releases.parent / "follow.lock"

    def take(self, progress: Progress = no_progress) -> ReleaseInfo | None:
        """Make the current release of the source the current one here; return it, or None when it is already.

        Raises NotFoundError when there is no release, RemoteError when the source does not answer or sends too much,
        DiskFullError,
        and UnreadableError when what it sends is damaged or no release of this base.
        """
        try:
            with saying_where(self._settings.releases.parent):
                return self._take(progress)
        except OSError as error:
            raise UnreadableError(
                f"The release of {self._source.shown} cannot be written: {error.strerror or error}.",
                f"free some space, and make sure that {self._settings.releases.parent} can be written.",
            ) from error

    def _take(self, progress: Progress) -> ReleaseInfo | None:
        with locked(self._lock):
            self._incoming.mkdir(parents=True, exist_ok=True)
            for _ in range(_ROUNDS):
                name = self._name()
                current = self._releases.current()
                if current is not None and current.name == name and not self._releases.why_damaged(current):
                    return None
                try:
                    return self._receive(name, progress)
                except NotFoundError:
                    # A build removes the release before the previous one: then there is a newer one to fetch.
                    if self._name() == name:
                        raise
            raise NotFoundError(f"{self._source.shown} publishes faster than its releases can be fetched.")

    def run(self, stopped: threading.Event) -> None:
        """Fetch each release until `stopped` is set; an error is logged once, and the current release stays."""
        before = ""
        while not stopped.wait(self._settings.follow_seconds):
            try:
                info = self.take()
            except AkbError as error:
                if error.message != before:
                    _LOG.error("Still serving the previous release: %s", error.message)
                before = error.message
                continue
            before = ""
            if info is not None:
                _LOG.info("Release %s is here, from %s", info.name, self._source.shown)

    def _name(self) -> str:
        name = self._source.read("current", _LARGEST_NAME).decode("utf-8", "replace").strip()
        if not is_release_name(name):
            raise self._refused(f"`current` does not name a release: {name[:60]!r}")
        return name

    def _receive(self, name: str, progress: Progress) -> ReleaseInfo:
        listing = self._source.read(f"{name}/{FILE}", _LARGEST_LISTING)
        try:
            wanted = parse_checksums(listing.decode("utf-8"))
        except ValueError as error:
            raise self._refused(f"the checksums of {name} are no such: {error}") from error
        if lacking := [path for path in _NEEDED if path not in wanted.files]:
            raise self._refused(f"{name} has no {' and no '.join(lacking)}")
        self._must_fit(name, wanted)
        self._gather(name, wanted, progress)
        building = self._releases.begin()
        try:
            for path, digest in wanted.files.items():
                (building / path).parent.mkdir(parents=True, exist_ok=True)
                _link(self._incoming / digest, building / path)
            (building / FILE).write_bytes(listing)
            info = self._must_be_ours(name, building)
            self._releases.place(building, info)
        finally:
            shutil.rmtree(building, ignore_errors=True)
        shutil.rmtree(self._incoming, ignore_errors=True)
        return info

    def _must_fit(self, name: str, wanted: Checksums) -> None:
        if wanted.size > self._settings.follow_mb << 20:
            raise self._refused(
                f"{name} has {wanted.size:,} bytes", "raise AKB_FOLLOW_MB, if a release may be so large."
            )
        here = self._here()
        known = [here.get(digest, self._incoming / digest) for digest in wanted.files.values()]
        lacking = wanted.size - sum(path.stat().st_size for path in known if path.is_file())
        free = shutil.disk_usage(self._incoming).free
        if lacking > free:
            raise self._refused(
                f"of {name} {lacking:,} bytes are missing, and the disk has {free:,} left",
                f"free some space in {self._incoming}.",
            )

    def _gather(self, name: str, wanted: Checksums, progress: Progress) -> None:
        """Collect every file in the incoming folder under its checksum, from a local release or from the source."""
        here = self._here()
        done = 0
        progress("follow", 0, wanted.size)
        for path, digest in wanted.files.items():
            file = self._incoming / digest
            known = here.get(digest)
            if not file.exists() and known is not None and _is(known, digest):
                _link(known, file)
            if not file.exists():
                self._fetch(name, path, digest, wanted.size, partial(_tell, progress, done, wanted.size))
            done += file.stat().st_size
            if done > wanted.size:
                raise self._refused(f"{name} has more bytes than its checksums say")
            progress("follow", done, wanted.size)

    def _fetch(self, name: str, path: str, digest: str, most: int, on_bytes: Callable[[int], None]) -> None:
        part = self._incoming / f"{digest}.part"
        went_on = part.exists()
        self._source.fetch(f"{name}/{path}", part, most, on_bytes)
        if not _is(part, digest) and went_on:
            # The partial file may have been of other content.
            part.unlink()
            self._source.fetch(f"{name}/{path}", part, most, on_bytes)
        if not _is(part, digest):
            part.unlink()
            raise self._refused(f"{name}/{path} does not have its checksum")
        part.rename(self._incoming / digest)

    def _here(self) -> dict[str, Path]:
        """Return the files of the local releases, by their checksums."""
        found: dict[str, Path] = {}
        for release in self._releases.folder.glob("[!.]*/"):
            with suppress(UnreadableError):
                found |= {digest: release / path for path, digest in read_checksums(release).files.items()}
        return found

    def _must_be_ours(self, name: str, building: Path) -> ReleaseInfo:
        """Return the description of a release, after a check that it can be served here."""
        base = self._settings.namespaces.base
        try:
            info = self._releases.info(building)
            Store.open(building / "store", {}, 0)
            context = (building / "context.jsonld").read_text(encoding="utf-8")
        except (UnreadableError, OSError, ValueError) as error:
            raise self._refused(f"{name} cannot be read: another version of akb may have made it") from error
        if info.name != name:
            raise self._refused(f"{name} calls itself {info.name[:100]!r}")
        if f'"{base}' not in context:
            raise self._refused(f"{name} is not of the base {base}", "set AKB_BASE to the one that it was built with.")
        return info

    def _refused(
        self, why: str, mend: str = "make sure that the source is intact: run `akb verify` there."
    ) -> UnreadableError:
        return UnreadableError(f"The release of {self._source.shown} is refused: {why}.", mend)


def _tell(progress: Progress, before: int, size: int, done: int) -> None:
    progress("follow", min(before + done, size), size)


def _is(path: Path, digest: str) -> bool:
    try:
        return sha256_of(path) == digest
    except OSError:
        return False


def _link(path: Path, to: Path) -> None:
    """Hard-link a file, or copy it where the file system has no hard links."""
    try:
        os.link(path, to)
    except OSError:
        shutil.copyfile(path, to)
