"""The files of a source: one file, a folder, or an archive, and nothing outside of it.

LaTeX names other files. They are looked for among those that were given, by their names there; a name that leads
elsewhere (`..`, an absolute path, a symbolic link out of the folder) is one that is not there.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tarfile
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Final

from ..errors import UnreadableError, UsageError

MOST_FILES: Final = 2_000
MOST_MEGABYTES: Final = 64
"""Of all files together, unpacked."""
_WANTED: Final = frozenset({".tex", ".ltx", ".latex", ".bbl"})
"""The names of files of an archive or a folder that are read; pictures are not."""
_BLOCK: Final = 1 << 20
_MOST_MEMBERS: Final = 10 * MOST_FILES


@dataclass(frozen=True)
class Files:
    """The files of a source, by their paths in it, and the one that was named (or is all there is)."""

    main: str
    contents: Mapping[str, bytes]

    def find(self, name: str, suffixes: tuple[str, ...] = ("", ".tex")) -> str | None:
        """Return the path of a file that another one names; None for one that was not given."""
        parts: list[str] = []
        for part in PurePosixPath(name.replace("\\", "/")).parts:
            if part == "/" or (part == ".." and not parts):
                return None
            if part == "..":
                parts.pop()
            elif part != ".":
                parts.append(part)
        found = "/".join(parts)
        return next((found + suffix for suffix in suffixes if found + suffix in self.contents), None)

    @property
    def sha256(self) -> str:
        """The hash of the file; of several, that of the lines `<hash> <path>` of each, in the order of their paths."""
        if len(self.contents) == 1:
            return hashlib.sha256(next(iter(self.contents.values()))).hexdigest()
        lines = (f"{hashlib.sha256(data).hexdigest()} {name}\n" for name, data in sorted(self.contents.items()))
        return hashlib.sha256("".join(lines).encode()).hexdigest()


def read_files(path: Path) -> Files:
    """Read a file, an archive (tar, tar.gz, zip), a packed file (gz), or the LaTeX of a folder.

    Of a file of LaTeX, those beside and below it come too. Raises UnreadableError and UsageError.
    """
    if path.is_dir():
        return Files("", _folder(path))
    data = _file(path, path.parent)
    if data[:2] == b"\x1f\x8b":
        name = path.name.removesuffix(".gz")
        unpacked = _unpacked(data, path)
        return _archive(unpacked, path) or Files(name, {name: unpacked})
    if archive := _archive(data, path):
        return archive
    if path.suffix.lower() in _WANTED:
        return Files(path.name, {**_folder(path.parent), path.name: data})
    return Files(path.name, {path.name: data})


def _file(path: Path, root: Path) -> bytes:
    try:
        if not path.is_file():
            what = "no file" if path.exists() else "not there"
            raise UsageError(f"{path} is {what}.", "name a file, an archive, or a folder with LaTeX.")
        if path.is_symlink() and not path.resolve().is_relative_to(root.resolve()):
            # Whoever names a link means what it leads to; that is the file that was given.
            path = path.resolve()
        with path.open("rb") as file:
            data = file.read((MOST_MEGABYTES << 20) + 1)
    except OSError as error:
        raise UnreadableError(f"{path} cannot be read: {error.strerror}.", "name another file.") from error
    _must_fit(len(data), path)
    return data


def _folder(folder: Path) -> dict[str, bytes]:
    """Return the LaTeX of a folder, without what links lead to outside of it."""
    found: dict[str, bytes] = {}
    top, size = folder.resolve(), 0
    for place, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if path.suffix.lower() not in _WANTED or not path.is_file() or not path.resolve().is_relative_to(top):
                continue
            if len(found) == MOST_FILES:
                raise UsageError(f"{folder} has more than {MOST_FILES:,} files of LaTeX.", "name a smaller folder.")
            try:
                data = path.read_bytes()
            except OSError:
                continue  # it is missed where something names it
            size += len(data)
            _must_fit(size, folder)
            found[path.relative_to(folder).as_posix()] = data
    return found


def _archive(data: bytes, path: Path) -> Files | None:
    """Return the LaTeX of an archive; None for what is none."""
    try:
        if data[:4] == b"PK\x03\x04":
            found = _members_of_zip(data, path)
        elif data[257:262] == b"ustar":
            found = _members_of_tar(data, path)
        else:
            return None
    except (tarfile.TarError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        raise UnreadableError(f"{path} is a damaged archive: {error}.", "fetch it again.") from error
    if not found:
        raise UsageError(f"{path} has no LaTeX in it.", "name an archive with .tex files, or the file itself.")
    return Files("", found)


def _members_of_zip(data: bytes, path: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for one in packed.infolist()[:_MOST_MEMBERS]:
            if name := _wanted(one.filename):
                with packed.open(one) as member:
                    found[name] = member.read((MOST_MEGABYTES << 20) + 1)
                _must_fit(sum(map(len, found.values())), path)
    return found


def _members_of_tar(data: bytes, path: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as tar:
        for one in islice(tar, _MOST_MEMBERS):
            member = tar.extractfile(one) if one.isfile() and _wanted(one.name) else None
            if member is not None:
                found[_wanted(one.name)] = member.read()
                _must_fit(sum(map(len, found.values())), path)
    return found


def _wanted(name: str) -> str:
    """Return the path of a member of an archive that is read; empty for others, and for paths that lead out of it."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or path.suffix.lower() not in _WANTED:
        return ""
    return path.as_posix()


def _unpacked(data: bytes, path: Path) -> bytes:
    parts, size = [], 0
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            while part := packed.read(_BLOCK):
                size += len(part)
                _must_fit(size, path)
                parts.append(part)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableError(f"{path} is damaged: {error}.", "fetch it again.") from error
    return b"".join(parts)


def _must_fit(size: int, path: Path) -> None:
    if size > MOST_MEGABYTES << 20:
        raise UsageError(f"{path} has more than {MOST_MEGABYTES} MB of text.", "name the text alone.")
