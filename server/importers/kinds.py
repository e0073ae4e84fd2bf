"""The one registry of the kinds of files that `akb import` reads: our own, and what other packages add."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Final

from ..errors import AkbError, UsageError
from ..extensions import Group, added, of_type
from ..records.findings import Finding
from .files import decoded_start
from .readers.interface import Importer, Row
from .tables import DELIMITERS, Columns, Table, read_table, table_of
from .works import Described, Work

__all__ = ["KINDS", "TABLE", "Importer", "Records", "importer_of", "kind_of_file", "kinds", "read_records"]

TABLE: Final = "table"
KINDS: Final[Mapping[str, str]] = {
    "bibtex": "bibtex:BIBTEX",
    "ris": "ris:RIS",
    "zotero": "zotero:ZOTERO",
    "zotero-rdf": "zotero_rdf:ZOTERO_RDF",
    "arxiv": "arxiv:ARXIV",
    "crossref": "crossref:CROSSREF",
    "datacite": "datacite:DATACITE",
    "openalex": "openalex:OPENALEX",
    "semantic-scholar": "semantic_scholar:SEMANTIC_SCHOLAR",
    "csl": "csl:CSL",
    "notes": "notes:NOTES",
    "rdf": "rdf:RDF_FILES",
}
"""Our own kinds beside tables, and where each is, in the order in which files are tried."""
_SHARED: Final = frozenset((".json", ".xml", ".rdf", ".txt", ""))
"""The ends of names that files of several kinds have."""
_START: Final = 1 << 16


@dataclass
class Records:
    """What files have."""

    tables: list[Table] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)
    described: list[Described] = field(default_factory=list)
    faults: list[Finding] = field(default_factory=list)

    def add(self, other: Records) -> None:
        """Take in what another file has."""
        self.tables += other.tables
        self.works += other.works
        self.described += other.described
        self.faults += other.faults


def kinds() -> tuple[str, ...]:
    """Return the kinds of files that are read: our own, and those that other packages add."""
    of_type(Group.IMPORTERS, Importer)
    own = (TABLE, *KINDS)
    return (*own, *(name for name in added(Group.IMPORTERS) if name not in own))


@cache
def importer_of(kind: str) -> Importer:
    """Return what reads a kind, but for tables, which need the columns of the base."""
    if kind in KINDS:
        module, _, name = KINDS[kind].partition(":")
        found = getattr(import_module(f"{__package__}.readers.{module}"), name)
    else:
        found = added(Group.IMPORTERS)[kind]
    assert isinstance(found, Importer), "kinds() looked at those of others"
    return found


def kind_of_file(path: Path) -> str:
    """Return the kind of a file, by the end of its name where that is of one kind, else by its beginning.

    Raises UsageError where nobody knows it.
    """
    suffix = path.suffix.lower()
    known = [name for name in kinds() if name != TABLE]
    if suffix in DELIMITERS:
        return TABLE
    if path.is_dir():
        return "notes"
    by_name = next((name for name in known if suffix in importer_of(name).suffixes), "")
    if by_name and suffix not in _SHARED:
        return by_name
    start = decoded_start(path, _START)
    if found := next((name for name in known if importer_of(name).recognizes(start)), by_name):
        return found
    raise UsageError(
        f"{path} is of no kind that is known by its name or its beginning.",
        f"say which it is, as in `akb import bibtex FILE`: {', '.join(kinds())}.",
    )


def read_records(kind: str, path: Path, columns: Columns, using: Importer | None = None) -> Records:
    """Return what a file of a kind has; with `using`, read by that importer.

    Raises UsageError for a file that is not of the kind, and for an unknown kind.
    """
    if kind not in kinds():
        raise UsageError(f"{kind!r} is not a kind of file that can be imported.", f"name one of {', '.join(kinds())}.")
    if kind == TABLE:
        return Records(tables=[read_table(path, columns)])
    found = Records()
    rows: list[Row] = []
    try:
        for one in (using or importer_of(kind)).read(path):
            if isinstance(one, Work):
                found.works.append(one)
            elif isinstance(one, Described):
                found.described.append(one)
            elif isinstance(one, Finding):
                found.faults.append(one)
            else:
                rows.append((one[0], dict(one[1])))
    except AkbError:
        raise
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read as {kind}: {error}") from error
    if not (rows or found.works or found.described or found.faults):
        raise UsageError(f"{path} has no records of the kind {kind}.", "name a file that has some.")
    found.tables = [
        table_of(str(path), some, columns, is_of_edges=is_of_edges)
        for is_of_edges in (False, True)
        if (some := [row for row in rows if ("subject" in row[1]) is is_of_edges])
    ]
    return found
