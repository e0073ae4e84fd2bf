"""A change of files as a patch that `git apply` takes."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from .records import FileChanges

_MODE = "100644"


def patch_text(changes: FileChanges) -> str:
    """Return a change as a unified diff with the headers of git (git-diff(1), "Generating patch text with -p")."""
    return "".join(line for path in sorted(changes.after) for line in _of_file(changes, path))


def _of_file(changes: FileChanges, path: str) -> Iterator[str]:
    before, after = changes.before.get(path), changes.after[path]
    yield f"diff --git a/{path} b/{path}\n"
    if before is None:
        yield f"new file mode {_MODE}\n"
    old = f"a/{path}" if before is not None else "/dev/null"
    # Only a line feed ends a line in a patch; Python knows other ends.
    lines = [[f"{line}\n" for line in text.split("\n")[:-1]] + _rest(text) for text in (before or "", after)]
    for line in unified_diff(lines[0], lines[1], old, f"b/{path}", n=3):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _rest(text: str) -> list[str]:
    last = text.rpartition("\n")[2]
    return [last] if last else []
