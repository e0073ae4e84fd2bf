"""The states of a base: one for each commit of the line that is checked out, and which files it changed.

The line is that of the first parents (git-log(1), `--first-parent`): what a merge brought came in with the merge.
Before it, nobody who reads this branch could have seen it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from ..errors import UsageError
from .git import GitFailedError, find_repository, run

HELD: Final = ("kb", "ontology")
"""The folders of a base whose states make up its history."""

_FORMAT: Final = "%x01%H%x00%ct%x00%at%x00%aN%x00%B%x00"
"""The revision, the times of the commit and of its author, the author by `.mailmap`, the message."""
_FIELDS: Final = 5
_FILES: Final = ("100644", "100755")
"""The modes of files; links lead to what is there anyway, and submodules are repositories of their own."""


@dataclass(frozen=True)
class FileState:
    """A file that a commit changed, by its path relative to the base, and what it came to hold."""

    path: str
    blob: str
    """The name of its bytes; empty when it was deleted."""


@dataclass(frozen=True)
class State:
    """A base from one commit to the next."""

    revision: str
    at: datetime
    """When it was committed."""
    written: datetime
    """When its author wrote it."""
    author: str
    message: str
    files: tuple[FileState, ...]
    """The files that are different from the state before."""


def head(root: Path) -> str:
    """Return the revision that is checked out; nothing without git, a repository, or a commit."""
    try:
        find_repository(root)
        return run(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}").decode().strip()
    except (GitFailedError, UsageError):
        return ""


def origin(root: Path) -> str:
    """Return what tells one line of states from another beside their revisions.

    That is where the base lies in its repository, and where a shallow clone is cut off (gitrepository-layout(5)).
    """
    prefix = run(root, "rev-parse", "--show-prefix").strip()
    cut = root / os.fsdecode(run(root, "rev-parse", "--git-path", "shallow").strip())
    return hashlib.sha256(prefix + b"\0" + (cut.read_bytes() if cut.is_file() else b"")).hexdigest()


def follows(root: Path, revision: str, last: str) -> bool:
    """Tell whether a revision is on the line of another one, as the same or as a later one."""
    if revision == last:
        return True
    try:
        later = run(root, "rev-list", "--first-parent", "--parents", revision, f"^{last}").splitlines()
    except GitFailedError:
        # The repository does not know the other one any more.
        return False
    return bool(later) and later[-1].split()[1:2] == [last.encode()]


def newest(root: Path, revision: str) -> str:
    """Return the last revision of a line that changed the base, or nothing."""
    return run(root, "log", "-1", "--first-parent", "--format=%H", revision, "--", *HELD).decode().strip()


def states(root: Path, revision: str, last: str = "") -> Iterator[State]:
    """Yield the states up to a revision, from the one after `last` or from the first, oldest first."""
    log = run(root, "log", "--first-parent", "-m", "--reverse", "--raw", "-z", "--no-renames", "--no-abbrev",
              "--relative", "--encoding=UTF-8", f"--format={_FORMAT}", revision, *([f"^{last}"] if last else []),
              "--", *HELD)  # fmt: skip
    # Each part is taken by its place, so that no message and no path is taken for anything else.
    parts = iter(log.split(b"\0"))
    fields: list[bytes] = []
    files: list[FileState] = []
    for part in parts:
        if part.startswith(b"\x01"):
            if fields:
                yield _state(fields, files)
            fields, files = [part[1:], *islice(parts, _FIELDS - 1)], []
        elif (entry := part.lstrip(b"\n")).startswith(b":"):
            path = next(parts).decode("utf-8", errors="surrogateescape")
            _, mode, _, blob, kind = entry.decode("ascii").split(" ")
            is_there = mode in _FILES and not kind.startswith("D")
            files.append(FileState(path, blob if is_there else ""))
    if fields:
        yield _state(fields, files)


def _state(fields: list[bytes], files: list[FileState]) -> State:
    revision, committed, written, author, message = (field.decode(errors="replace") for field in fields)
    return State(revision, _date(committed), _date(written), author, message.strip(), tuple(files))


def _date(seconds: str) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
