"""The folder of a base: how it is recognized, and how the nearest is found."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from .engine import PACKAGED_BASE
from .errors import UsageError

PARTS: Final = {"ontology/": "ontology/*.ttl", "kb/": "kb"}
"""What a folder must contain to be a base, with a glob pattern: the ontology in files of any name, and `kb/`."""


def is_base(folder: Path) -> bool:
    """Tell whether a folder has the form of a base."""
    return not _missing(folder)


def find_root(start: Path) -> Path:
    """Return the nearest base at `start` or above it, else the one that the installed package carries.

    Raises UsageError when there is none.
    """
    for folder in (start, *start.parents):
        if is_base(folder):
            return folder
    if is_base(PACKAGED_BASE):
        return PACKAGED_BASE
    raise UsageError(
        f"{start} is not in a knowledge base.",
        "go to a folder that holds ontology/, with a .ttl file, and kb/, or name one with --root;"
        " `check`, `diff` and `fmt` take a folder of any RDF with --data.",
    )


def must_be_base(folder: Path) -> Path:
    """Return the full path of the folder of a base. Raises UsageError when it is not one."""
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder.", "name a folder that holds ontology/, with a .ttl file, and kb/.")
    if missing := _missing(folder):
        raise UsageError(
            f"{folder} is not a knowledge base: it has no {' and no '.join(missing)}.",
            "name a folder that holds ontology/, with a .ttl file, and kb/.",
        )
    return folder.resolve()


def _missing(folder: Path) -> list[str]:
    """Return what a folder lacks to be a base."""
    return [part for part, pattern in PARTS.items() if next(folder.glob(pattern), None) is None]
