"""When each file of a base was last changed, as its repository tells it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from ..errors import UsageError
from .git import GitFailedError, run
from .snapshots import PARTS


def commit_dates(root: Path) -> dict[str, datetime]:
    """Return when each file came to be as it is: the date of the commit, on the branch that is checked out.

    Paths are relative to the root. Left out is what differs from the last commit, or git does not know; without git, or
    outside a repository, that is everything.
    """
    try:
        # What a merge brought counts from the merge: before it, nobody who reads this branch could have seen it.
        log = run(root, "log", "--first-parent", "-m", "--no-renames", "--relative", "--format=%x01%ct",
                  "--name-only", "-z", "--", *PARTS)  # fmt: skip
        changed = run(root, "diff", "--name-only", "--no-renames", "--relative", "-z", "HEAD", "--", *PARTS)
    except (GitFailedError, UsageError):
        return {}
    dates: dict[str, datetime] = {}
    for commit in log.split(b"\x01")[1:]:
        seconds, _, names = commit.partition(b"\0")
        date = datetime.fromtimestamp(int(seconds), UTC)
        for name in names.removeprefix(b"\n").split(b"\0"):
            dates.setdefault(os.fsdecode(name), date)
    dates.pop("", None)
    for name in changed.split(b"\0"):
        dates.pop(os.fsdecode(name), None)
    return dates
