"""When each file of a base came in and was last changed, as its repository tells it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ..errors import UsageError
from .git import GitFailedError, run
from .snapshots import PARTS


@dataclass(frozen=True)
class FileHistory:
    """When a file came in, and when it came to be as it is: the dates of commits on the branch that is checked out."""

    entered: datetime
    changed: datetime | None
    """None for one that differs from the last commit."""
    commits: int
    """How many commits changed it, the first one included."""


def file_histories(root: Path) -> dict[str, FileHistory]:
    """Return the history of each file that git knows, by its path relative to the root.

    A file that was removed and came back is as old as its first coming. Without git, or outside a repository, there
    is none.
    """
    try:
        # What a merge brought counts from the merge: before it, nobody who reads this branch could have seen it.
        log = run(root, "log", "--first-parent", "-m", "--no-renames", "--relative", "--format=%x01%ct",
                  "--name-only", "-z", "--", *PARTS)  # fmt: skip
        changed = run(root, "diff", "--name-only", "--no-renames", "--relative", "-z", "HEAD", "--", *PARTS)
    except (GitFailedError, UsageError):
        return {}
    spans: dict[bytes, list[int]] = {}
    for commit in log.split(b"\x01")[1:]:
        seconds, _, names = commit.partition(b"\0")
        for name in names.removeprefix(b"\n").split(b"\0"):
            span = spans.setdefault(name, [0, int(seconds), 0])
            span[0] = int(seconds)
            span[2] += 1
    spans.pop(b"", None)
    unlike = set(changed.split(b"\0"))
    return {
        os.fsdecode(name): FileHistory(_date(entered), None if name in unlike else _date(last), commits)
        for name, (entered, last, commits) in spans.items()
    }


def _date(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def commit_dates(histories: Mapping[str, FileHistory]) -> dict[str, datetime]:
    """Return when each file came to be as it is; left out is what differs from the last commit."""
    return {path: one.changed for path, one in histories.items() if one.changed}
