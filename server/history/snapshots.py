"""The files of a base at one moment: a revision of its repository, or the current state of a folder.

Only what the engine reads counts: of a base `kb/`, `ontology/` and `shapes/`, of any other folder the files that are
called as RDF is and that git does not ignore. A folder is read in its current state: whether a file is committed,
staged, changed or unknown to git makes no difference.
"""

from __future__ import annotations

import hashlib
import os
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Final, Protocol

from ..errors import UsageError
from ..serialization import read_formats
from ..turtle.files import is_passed_over, names_in
from ..turtle.kinds import suffix_of
from ..turtle.limits import bytes_of
from .blobs import read_blobs
from .git import GitFailedError, find_repository, resolve, run
from .ignored import ignored_in

PARTS: Final = ("kb", "ontology", "shapes")
"""The folders of a base that hold what people write."""

_SYMLINK: Final = "120000"
_SUBMODULE: Final = "160000"


@dataclass(frozen=True)
class Extent:
    """Which files of a folder count: those in its parts (all where none is named) that have a name of a kind."""

    parts: tuple[str, ...]
    has: Callable[[str], bool]
    is_base: bool = False


def _is_source(name: str) -> bool:
    return not is_passed_over(name)


def _is_rdf(name: str) -> bool:
    return not is_passed_over(name) and suffix_of(Path(PurePosixPath(name).name)) in read_formats()


BASE: Final = Extent(PARTS, _is_source, is_base=True)
"""What counts of a base."""
ANY_RDF: Final = Extent((), _is_rdf)
"""What counts of any other folder."""


class Snapshot(Protocol):
    """The files of a base at one moment; paths are relative to the base's folder, with forward slashes."""

    @property
    def name(self) -> str:
        """How people call the moment."""

    @property
    def ids(self) -> Mapping[str, str]:
        """The id of each file's bytes: two files with the same id are equal."""

    def read(self, paths: Iterable[str]) -> dict[str, bytes]:
        """Return the bytes of files, all of which are in `ids`; one that cannot be read is left out."""


@dataclass(frozen=True)
class Changes:
    """Which files differ between two snapshots; each is sorted."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    deleted: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.deleted)


@dataclass(frozen=True)
class Revision:
    """A base at a revision of the git repository that its folder lies in. Made by `revision`."""

    name: str
    root: Path
    commit: str
    extent: Extent = BASE

    @cached_property
    def ids(self) -> Mapping[str, str]:
        """The id of each file: the name of its blob. A link is read as the file that it leads to, if that is there."""
        files: dict[str, str] = {}
        links: dict[str, str] = {}
        for entry in run(self.root, "ls-tree", "-r", "-z", self.commit, "--", *self.extent.parts).split(b"\0")[:-1]:
            facts, _, raw_path = entry.partition(b"\t")
            mode, _, blob = facts.decode("ascii").split(" ")
            path = raw_path.decode("utf-8", errors="surrogateescape")
            if mode == _SUBMODULE:
                if not self.extent.is_base:
                    continue
                raise UsageError(
                    f"At {self.name}, {path} is a submodule, whose files its own repository keeps.",
                    "compare two folders instead: `akb diff OLD NEW`.",
                )
            if self.extent.has(path):
                (links if mode == _SYMLINK else files)[path] = blob
        targets = self._blobs(links.values())
        for path, blob in links.items():
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), targets[blob].decode(errors="replace")))
            if target in files:
                files[path] = files[target]
        return files

    def read(self, paths: Iterable[str]) -> dict[str, bytes]:
        """Return the bytes of files."""
        wanted = {path: self.ids[path] for path in paths}
        blobs = self._blobs(wanted.values())
        return {path: blobs[blob] for path, blob in wanted.items()}

    def _blobs(self, names: Iterable[str]) -> dict[str, bytes]:
        return read_blobs(self.root, names, f"at {self.name}")


@dataclass(frozen=True)
class Folder:
    """The current state of a base in a folder, in a repository or not."""

    root: Path
    name: str = "the working tree"
    extent: Extent = BASE

    @cached_property
    def ids(self) -> Mapping[str, str]:
        """The id of each file, as git would name its blob in a repository of the same kind."""
        algorithm = self._algorithm
        found: dict[str, str] = {}
        for part in self.extent.parts or ("",):
            for name in self._files(part):
                if self.extent.has(name) and os.path.isfile(path := f"{self.root}/{name}"):  # noqa: PTH113 - of ten thousand files
                    content = _content(path, self.root)
                    found[name] = (
                        "unreadable"
                        if content is None
                        else hashlib.new(algorithm, b"blob %d\0" % len(content) + content).hexdigest()
                    )
        return found

    def _files(self, part: str) -> Iterator[str]:
        place = self.root / part
        if not place.is_dir():
            yield from (part,) if place.exists() and not self.extent.is_base else ()
        elif self.extent.is_base:
            yield from names_in(self.root, part)
        else:
            left_out = {place / name for name in ignored_in(place)}
            for folder, folders, names in os.walk(place):
                folders[:] = [one for one in folders if one[0] != "." and Path(folder, one) not in left_out]
                paths = (path for name in names if (path := Path(folder, name)) not in left_out)
                yield from (path.relative_to(self.root).as_posix() for path in paths)

    def read(self, paths: Iterable[str]) -> dict[str, bytes]:
        """Return the bytes of files; one that cannot be read is left out."""
        contents = ((path, _content(self.root / path, self.root)) for path in paths)
        return {path: content for path, content in contents if content is not None}

    @property
    def _algorithm(self) -> str:
        try:
            return run(self.root, "rev-parse", "--show-object-format").decode().strip()
        except (GitFailedError, UsageError):
            return "sha1"


def revision(root: Path, name: str, extent: Extent = BASE) -> Revision:
    """Return the base, or the RDF, in the folder `root` as it was at a revision; `A...` is where HEAD branched off A.

    Raises UsageError when the folder is in no repository, or when the repository has no such revision.
    """
    find_repository(root)
    return Revision(name, root, resolve(root, name), extent)


def changes(before: Snapshot, after: Snapshot) -> Changes:
    """Return which files were added, changed and deleted between two snapshots."""
    old, new = before.ids, after.ids
    differing = [path for path in old.keys() & new.keys() if old[path] != new[path]]
    # Git may write other line ends into a working tree than it keeps (core.autocrlf); Turtle is the same with both.
    was, now = before.read(differing), after.read(differing)
    changed = [path for path in differing if _plain(was.get(path)) != _plain(now.get(path))]
    return Changes(
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(sorted(changed)),
        deleted=tuple(sorted(old.keys() - new.keys())),
    )


def _content(path: str | Path, root: Path) -> bytes | None:
    try:
        return bytes_of(path, root)
    except OSError:
        return None


def _plain(content: bytes | None) -> bytes | None:
    return content and content.replace(b"\r\n", b"\n")
