"""The checksums of a release: the SHA-256 of each of its files, in the form that `sha256sum --check` reads.

The first line, a comment for that program, has the numbers of files and bytes. A release is verified when it is opened,
and one that comes from another machine before that, file by file.
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
_MEND: Final = "run `akb build`, which makes another."
AT_OPENING: Final = 256 << 20
"""How many bytes of a release are hashed when it is opened, which takes about a fifth of a second."""


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
        raise UnreadableError(f"The release {release.name} has no checksums that can be read.", _MEND) from error
    try:
        return parse_checksums(text)
    except ValueError as error:
        raise UnreadableError(f"The checksums of the release {release.name} are damaged: {error}.", _MEND) from error


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


def damages(release: Path, progress: Progress = no_progress, most: int | None = None) -> list[Damage]:
    """Return the files of a release that are missing or differ from their checksums, by their paths.

    With `most`, as many bytes are hashed at most, those of the smallest files first; that files are missing, and that
    any has lost or gained bytes, is found all the same. Raises UnreadableError when the release has no checksums that
    can be read.
    """
    checksums = read_checksums(release)
    sizes = {path: _size_of(release / path) for path in checksums.files}
    has_size = sum(size or 0 for size in sizes.values()) == checksums.size
    wanted = sorted(sizes, key=lambda path: sizes[path] or 0)
    if most is not None and has_size:
        total = 0
        wanted = [path for path in wanted if (total := total + (sizes[path] or 0)) <= most or not sizes[path]]
    found = []
    for number, path in enumerate(wanted, 1):
        if (why := _damage_of(release / path, checksums.files[path])) is not None:
            found.append(Damage(path, why))
        progress("verify", number, len(wanted))
    if not found and not has_size:
        found.append(Damage(FILE, f"its first line says that there are {checksums.size:,} bytes, which is not so"))
    return sorted(found, key=lambda damage: damage.path)


def must_be_whole(release: Path) -> None:
    """Verify a release that is about to be opened, or to be built upon; a large one in part: see `AT_OPENING`.

    Raises UnreadableError, which names what is damaged.
    """
    found = damages(release, most=AT_OPENING)
    if found:
        more = f", and {len(found) - 1} more of its files are damaged" if len(found) > 1 else ""
        raise UnreadableError(
            f"The release {release.name} is damaged: {found[0].path}: {found[0].why}{more}.",
            "run `akb build`, which makes another; `akb verify` lists all that is damaged.",
        )


def _size_of(path: Path) -> int | None:
    """Return the size of a file, or None when it is not there."""
    try:
        return path.stat().st_size
    except OSError:
        return None


def _damage_of(path: Path, digest: str) -> str | None:
    """Return what is wrong with a file, or None."""
    try:
        return None if sha256_of(path) == digest else f"its SHA-256 is not the one in {FILE}"
    except FileNotFoundError:
        return "it is missing"
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
