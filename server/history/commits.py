"""Commits some files of a base, and nothing else that waits in its repository."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from ..errors import UsageError
from .git import GitFailedError, find_repository, run


def uncommitted(root: Path, folder: str = "kb") -> list[str]:
    """Return what differs from the last commit in a folder of a base, as `git status` lists it.

    Raises UsageError when the base is in no repository.
    """
    find_repository(root)
    listed = run(root, "status", "--porcelain", "--untracked-files=all", "--", folder).decode(errors="replace")
    return [line[3:] for line in listed.splitlines()]


def author(root: Path) -> str:
    """Return the name under which git would commit, or nothing."""
    try:
        return run(root, "config", "user.name").decode(errors="replace").strip()
    except (GitFailedError, UsageError):
        return ""


def commit(root: Path, paths: Collection[str], message: str) -> str:
    """Commit the files at some paths, as they are, and return the short name of the commit.

    Raises UsageError when git refuses, as it does without a name to commit under.
    """
    try:
        run(root, "add", "--", *sorted(paths))
        run(root, "commit", "--quiet", "--file=-", "--", *sorted(paths), given=message.encode())
        return run(root, "rev-parse", "--short", "HEAD").decode().strip()
    except GitFailedError as error:
        raise UsageError(
            f"git does not commit: {error.reason}", "the files are written: fix that, and commit them yourself."
        ) from error
