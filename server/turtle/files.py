"""Which files a base consists of, and a fingerprint of them all."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from ..namespaces import KEPT
from .limits import bytes_of

KEPT_QUERIES: Final = f"kb/{KEPT}"
"""The folder of the kept queries."""


def kb_files(root: Path) -> Iterator[Path]:
    """Yield every file under `kb/` that should hold statements; hidden files and editors' back-ups are passed over."""
    for name in kb_names(root):
        yield root / name


def kb_names(root: Path) -> Iterator[str]:
    """Yield the paths of these files, relative to the root, with forward slashes."""
    return (name for name in names_in(root) if not is_kept_query(name))


def kept_query_files(root: Path) -> list[Path]:
    """Return the files of the kept queries of a base, sorted."""
    return sorted(path for path in (root / KEPT_QUERIES).glob("*.rq") if not is_passed_over(path.name))


def is_kept_query(name: str) -> bool:
    """Tell whether a path in a base is that of a kept query, which is SPARQL and no statement."""
    return name.startswith(f"{KEPT_QUERIES}/") and name.endswith(".rq")


def names_in(root: Path, folder: str = "kb") -> Iterator[str]:
    """Yield the path of every file under a folder of a base, relative to the root, with forward slashes.

    Whatever else is there, such as a FIFO or a symbolic link, is yielded too: who reads it says what it is.
    """
    with os.scandir(root / folder) as entries:
        for entry in entries:
            name = f"{folder}/{entry.name}"
            if is_passed_over(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from names_in(root, name)
            else:
                yield name


def is_passed_over(name: str) -> bool:
    """Tell whether a path in a base is none of its sources: hidden, or an editor's back-up."""
    return name.endswith("~") or any(part.startswith(".") for part in name.split("/"))


def fingerprint(root: Path, salt: str, *, without_kb: bool = False) -> str:
    """Return a SHA-256 over `salt` and the names and bytes of every file that a build reads; perhaps not of `kb/`."""
    parts = [path for part in ("ontology", "shapes") for path in (root / part).rglob("*") if path.is_file()]
    parts += (root / "examples").glob("*.rq")
    names = [path.relative_to(root).as_posix() for path in parts]
    return fingerprint_of_files(root, names if without_kb else [*names, *names_in(root)], salt)


def fingerprint_of_files(root: Path, names: Iterable[str], salt: str) -> str:
    """Return a SHA-256 over `salt` and the names and bytes of files, whose names are relative to `root`."""
    digest = hashlib.sha256(salt.encode())
    for name in sorted(names):
        digest.update(b"\0" + os.fsencode(name) + b"\0")
        # What cannot be read is a finding of the check.
        with suppress(OSError):
            digest.update(hashlib.sha256(bytes_of(f"{root}/{name}", root)).digest())
    return digest.hexdigest()
