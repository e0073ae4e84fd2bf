"""What a base is at one moment: the hash of what it holds, and the commit that this is, if it is one.

What people write in `kb/` and `ontology/` makes up the state: the same files have the same hash in a working tree and
at a revision, whatever else changed, on whatever machine.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ..errors import UsageError
from .git import GitFailedError, find_repository, run
from .revisions import HELD
from .snapshots import BASE, Extent, Folder, Revision, changes


@dataclass(frozen=True)
class BaseState:
    """The state of a base."""

    hash: str
    """SHA-256 over its files; see `hash_of`."""
    revision: str = ""
    """The last commit of the line that is checked out which changed these files; empty where there is none."""
    at: str = ""
    """When that was committed, as an xsd:dateTime in UTC."""
    is_clean: bool = False
    """Whether the files are as that commit has them."""


def hash_of(ids: Mapping[str, str]) -> str:
    """Return the hash of files from the ids of their bytes.

    It is SHA-256 over what `git ls-tree -r --format='%(objectname) %(path)' REVISION -- kb ontology` prints.
    """
    lines = sorted((os.fsencode(path), blob.encode()) for path, blob in ids.items())
    return hashlib.sha256(b"".join(b"%b %b\n" % (blob, path) for path, blob in lines)).hexdigest()


def state_at(root: Path, revision: str) -> BaseState:
    """Return the state at a commit, which may not have changed it. Raises UsageError where it has no such commit."""
    try:
        last = run(root, "log", "-1", "--first-parent", "--format=%H %ct", revision, "--", *HELD).decode().split()
    except GitFailedError as error:
        raise UsageError(f"git has no commit {revision}: {error.reason}", "`git log` says what there is.") from error
    found = hash_of(Revision(revision, root, revision, _EXTENT).ids)
    return BaseState(found, last[0], _date(last[1]), is_clean=True) if last else BaseState(found)


def state_now(root: Path) -> BaseState:
    """Return the state of the files in a folder, in a repository or not."""
    folder = Folder(root, extent=_EXTENT)
    try:
        find_repository(root)
        committed = state_at(root, "HEAD")
        listed = run(root, "status", "--porcelain", "--untracked-files=all", "--ignored", "--", *HELD)
    except (GitFailedError, UsageError):
        return BaseState(hash_of(folder.ids))
    if not committed.revision:
        return BaseState(hash_of(folder.ids))
    # Of a large base git looks at the times of files alone, and most builds find nothing changed.
    if not listed or not changes(Revision("HEAD", root, "HEAD", _EXTENT), folder):
        return committed
    return BaseState(hash_of(folder.ids), committed.revision, committed.at)


_EXTENT: Final = Extent(HELD, BASE.has, is_base=True)


def _date(seconds: str) -> str:
    return f"{datetime.fromtimestamp(int(seconds), UTC):%Y-%m-%dT%H:%M:%SZ}"
