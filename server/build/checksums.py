"""The checksums of a release: the SHA-256 of each of its files, in the form that `sha256sum --check` reads.

The first line, a comment for that program, has the numbers of files and bytes. A server that follows another verifies
every file by its checksum before it serves the release.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..errors import UnreadableError
from ..records.progress import Progress, no_progress

FILE: Final = "checksums"
"""The name of the file, in the folder of the release."""
_HEAD: Final = re.compile(r"# (\d{1,9}) files, (\d{1,18}) bytes")
_LINE: Final = re.compile(r"([0-9a-f]{64})  (.+)")
_PATH: Final = re.compile(r"(?:[0-9A-Za-z_][0-9A-Za-z_.-]{0,99}/){0,3}[0-9A-Za-z_][0-9A-Za-z_.-]{0,99}")
"""The pattern of a path in a release: no part begins with a dot, so none leaves the folder."""
_NAME: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,99}")
_BLOCK: Final = 1 << 20


@dataclass(frozen=True)
class Checksums:
    """The checksums of the files of a release."""

    files: Mapping[str, str]
    """The SHA-256 of each file, in hexadecimal digits, by its path with slashes."""
    size: int
    """Their total size."""


@dataclass(frozen=True)
class Damage:
    """A file that differs from the release as built, with the reason."""

    path: str
    why: str


def is_release_name(name: str) -> bool:
    """Tell whether a name is that of a release, so that it cannot lead outside of the folder of releases."""
    return _NAME.fullmatch(name) is not None


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_checksums(release: Path) -> Checksums:
    """Write the checksums of every file of a finished release; nothing may change in it afterwards."""
    paths = sorted(path for path in release.rglob("*") if path.is_file() and path.name != FILE)
    files = {path.relative_to(release).as_posix(): sha256_of(path) for path in paths}
    found = Checksums(files, sum(path.stat().st_size for path in paths))
    head = f"# {len(files)} files, {found.size} bytes\n"
    lines = "".join(f"{digest}  {path}\n" for path, digest in files.items())
    (release / FILE).write_text(head + lines, encoding="utf-8")
    return found


def read_checksums(release: Path) -> Checksums:
    """Return the checksums of a release on disk.

    Raises UnreadableError when it has none, as a release of an older engine, or when they are damaged.
    """
    try:
        text = (release / FILE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(f"{release} has no checksums.", "run `akb build --force`.") from error
    try:
        return parse_checksums(text)
    except ValueError as error:
        raise UnreadableError(
            f"The checksums of {release} are damaged: {error}.", "run `akb build --force`."
        ) from error


def parse_checksums(text: str) -> Checksums:
    """Parse untrusted checksums. Raises ValueError, with the reason, when they are not those of a release."""
    head, _, rest = text.partition("\n")
    counts = _HEAD.fullmatch(head)
    if counts is None:
        raise ValueError("the first line does not say how many files and bytes there are")
    files: dict[str, str] = {}
    for line in rest.splitlines():
        match = _LINE.fullmatch(line)
        if match is None or _PATH.fullmatch(match[2]) is None or match[2] in files or match[2] == FILE:
            raise ValueError(f"the line {line[:200]!r} is not the checksum of another file in a release")
        files[match[2]] = match[1]
    if len(files) != int(counts[1]):
        raise ValueError(f"there are {len(files)} files, not {counts[1]}")
    return Checksums(files, int(counts[2]))


def damages(release: Path, progress: Progress = no_progress) -> list[Damage]:
    """Return the files of a release that are missing or differ from their checksums, by their paths.

    Raises UnreadableError when the release has no checksums that can be read.
    """
    checksums = read_checksums(release)
    found = []
    for number, (path, digest) in enumerate(checksums.files.items(), 1):
        file = release / path
        try:
            if sha256_of(file) != digest:
                found.append(Damage(path, f"its SHA-256 is not the one in {FILE}"))
        except FileNotFoundError:
            found.append(Damage(path, "it is missing"))
        except OSError as error:
            found.append(Damage(path, f"it cannot be read: {error.strerror}"))
        progress("verify", number, len(checksums.files))
    return found
