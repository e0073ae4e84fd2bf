"""What git ignores in a folder, in a repository or not (gitignore(5))."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from ..errors import UsageError
from .git import GitFailedError, run

_LIST: Final = ("ls-files", "-z", "--others", "--ignored", "--directory", "--exclude-standard")


def ignored_in(folder: Path) -> frozenset[str]:
    """Return what git ignores in a folder: paths relative to it, folders with a slash at their end.

    What git tracks is not ignored, whatever `.gitignore` says. In a folder outside every repository the files
    `.gitignore` in it and below hold. A folder that is ignored itself has nothing that is: who names it means it. Where
    there is no git, nothing is ignored.
    """
    inside = any((one / ".git").exists() for one in (folder, *folder.absolute().parents))
    if not inside and next(folder.rglob(".gitignore"), None) is None:
        return frozenset()  # without asking git, which takes a process
    try:
        listed = run(folder, *_LIST)
    except UsageError:
        return frozenset()
    except GitFailedError:
        listed = _outside(folder)
    names = frozenset(os.fsdecode(name) for name in listed.split(b"\0") if name)
    return frozenset() if "./" in names else names


def _outside(folder: Path) -> bytes:
    with TemporaryDirectory() as empty:
        try:
            run(folder, "init", "--quiet", "--bare", empty)
            return run(folder, f"--git-dir={empty}", "--work-tree=.", *_LIST)
        except GitFailedError:
            return b""
