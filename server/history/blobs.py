"""The bytes of files as a repository keeps them (git-cat-file(1))."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..errors import UnreadableError
from .git import GitFailedError, run


def read_blobs(folder: Path, names: Iterable[str], where: str) -> dict[str, bytes]:
    """Return the bytes of blobs, given by their names, all by one `git cat-file --batch`.

    `where` says in an error what they are files of. Raises UnreadableError when the repository lacks one.
    """
    distinct = sorted(set(names))
    if not distinct:
        return {}
    try:
        answer = run(folder, "cat-file", "--batch", given="".join(f"{name}\n" for name in distinct).encode())
    except GitFailedError as error:
        raise UnreadableError(f"git cannot read the files {where}: {error.reason}") from error
    blobs: dict[str, bytes] = {}
    start = 0
    for name in distinct:
        # <name> blob <size>\n<bytes>\n, or <name> missing\n
        end = answer.index(b"\n", start)
        head = answer[start:end].split(b" ")
        if len(head) != 3:
            raise UnreadableError(
                f"The repository lacks a file {where}: object {name}.", "run `git fetch` or `git fsck`."
            )
        size = int(head[2])
        blobs[name] = answer[end + 1 : end + 1 + size]
        start = end + 1 + size + 1
    return blobs
