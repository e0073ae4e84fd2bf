"""What reads a kind of files: the interface of the modules beside it, and of other packages (docs/extending.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ...records.findings import Finding
from ..works import Described, Work

Row = tuple[int, Mapping[str, str]]
"""The line on which a row begins, and its cells by the names of their columns."""


def _nothing(_start: str) -> bool:
    return False


@dataclass(frozen=True)
class Importer:
    """Reads files of a kind."""

    read: Callable[[Path], Iterable[Row | Work | Described | Finding]]
    """Yields what a file has: rows as tables have them, works, and faults of single records.

    Rows with a `subject` are edges, the others are entities; docs/curation.md has the columns of both. Works are
    compared with those of the base and with each other before anything is written (`works.py`); so is what is
    described in fields, where its class is that of works. A file that cannot be read is a ValueError or an AkbError.
    """
    suffixes: tuple[str, ...] = ()
    """The ends of the names of such files, such as `.bib`, for files whose kind nobody named."""
    recognizes: Callable[[str], bool] = _nothing
    """Tells by the beginning of a text whether it is of the kind."""
