"""What is staged in a repository, which is what the next commit will hold, as files of its own."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from ..errors import UsageError
from .git import GitFailedError, find_repository, run


@contextmanager
def staged_copy(folder: Path, places: Iterable[Path]) -> Iterator[tuple[Path, Path]]:
    """Write what is staged of some places; yield the top folder of the repository and a folder in its place.

    That lasts as long as the context. In a hook, what is staged is what git is about to commit (githooks(5)). Raises
    UsageError outside a repository, for a place outside it, and where a conflict is not settled or nothing is staged.
    """
    top = find_repository(folder).resolve()
    names = []
    for place in places:
        if not (path := place.resolve()).is_relative_to(top):
            raise UsageError(f"{place} is not in the repository {top}.", "leave --staged out, or name another place.")
        names.append(path.relative_to(top).as_posix())
    index = _index_of_hook(top)
    with TemporaryDirectory(prefix="akb-staged-") as copy:
        try:
            if run(top, "ls-files", "-z", "--unmerged", "--", *names, index=index):
                raise UsageError("A conflict is not settled, so that nothing of it is staged.", "settle it first.")
            listed = run(top, "ls-files", "-z", "--cached", "--", *names, index=index)
            if not listed:
                where = ", ".join(names)
                raise UsageError(f"Nothing of {where} is staged or committed.", "stage files with `git add`.")
            run(top, "checkout-index", "-z", "--stdin", f"--prefix={copy}/", given=listed, index=index)
        except GitFailedError as error:
            raise UsageError(f"git cannot write out what is staged: {error.reason}") from error
        yield top, Path(copy).resolve()


def _index_of_hook(top: Path) -> Path | None:
    """Return the index that git prepared for the hook that runs this, if it is one of the same repository."""
    named = os.environ.get("GIT_INDEX_FILE")
    if not named:
        return None
    index = (top / named).resolve()
    git_folder = Path(os.fsdecode(run(top, "rev-parse", "--absolute-git-dir").rstrip(b"\n"))).resolve()
    return index if index.is_relative_to(git_folder) else None
