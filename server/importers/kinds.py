"""The kinds of files that `akb import` reads: tables, and what other packages add."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..errors import UsageError
from ..extensions import Group, added, of_type
from .tables import Columns, Table, read_table, table_of

TABLE: Final = "table"


@dataclass(frozen=True)
class Importer:
    """Reads files of another kind into rows as tables have them."""

    read: Callable[[Path], Iterable[tuple[int, Mapping[str, str]]]]
    """Yields the rows of a file: the line on which each begins, and its cells by the names of their columns.

    Rows with a `subject` are edges, the others are entities; docs/curation.md has the columns of both. A file that
    cannot be read is a ValueError.
    """


def kinds() -> tuple[str, ...]:
    """Return the kinds of files that are read."""
    of_type(Group.IMPORTERS, Importer)
    return (TABLE, *(name for name in added(Group.IMPORTERS) if name != TABLE))


def read_tables(kind: str, path: Path, columns: Columns) -> list[Table]:
    """Return a file of a kind as tables. Raises UsageError for a file that is not of the kind, and an unknown kind."""
    if kind not in kinds():
        raise UsageError(f"{kind!r} is not a kind of file that can be imported.", f"name one of {', '.join(kinds())}.")
    if kind == TABLE:
        return [read_table(path, columns)]
    importer: Importer = added(Group.IMPORTERS)[kind]
    try:
        rows = [(line, dict(cells)) for line, cells in importer.read(path)]
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read as {kind}: {error}") from error
    edges = [row for row in rows if "subject" in row[1]]
    entities = [row for row in rows if "subject" not in row[1]]
    return [
        table_of(str(path), found, columns, is_of_edges=is_of_edges)
        for found, is_of_edges in ((entities, False), (edges, True))
        if found
    ]
