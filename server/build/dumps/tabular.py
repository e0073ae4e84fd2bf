"""The downloads that are made from the tables: these themselves, sheets, the network, references and the vault."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from ...formats.bibliography import write_references
from ...namespaces import Namespaces
from ...records.downloads import GZIP, ZIP, Download, Scope
from ...schema.schema import Schema
from ...serialization import BIBTEX, CSL, CSV, MARKDOWN, RIS
from ...store.embedded import Store
from .bibliography import works
from .network import write_graphml
from .parquet import write_parquet
from .sheets import Sheet, sheets, write_csv
from .tables import read_tables
from .vault import write_vault
from .writing import described, gzipped

_REFERENCES: Final = {"bib": BIBTEX, "ris": RIS, "csl": CSL}


@dataclass(frozen=True)
class Source:
    """The release of which downloads are made; processes are given it."""

    store: Path
    """The folder of its store."""
    namespaces: Namespaces
    schema: Schema
    view: tuple[str, ...]
    """The graphs that questions of ours see."""

    def open(self) -> Store:
        """Open the store for reading."""
        store = Store.open(self.store, self.namespaces.prefixes(), 0)
        store.view = self.view
        return store


def make_tables(tables: Path, _source: Source, _formats: Sequence[str], folder: Path, now: str) -> list[Download]:
    """Put the tables themselves into a folder."""
    path = folder / "base.sqlite"
    shutil.copyfile(tables, path)
    with read_tables(tables) as opened:
        [(count,)] = opened.execute("SELECT (SELECT COUNT(*) FROM entity) + (SELECT COUNT(*) FROM edge)")
    kind = ("sqlite", "SQLite", "application/vnd.sqlite3", "")
    return [
        described(path, "Everything in tables, as SQLite", kind, (Scope.ALL, ""), now, (count, "entities and edges"))
    ]


def make_sheets(tables: Path, _source: Source, formats: Sequence[str], folder: Path, now: str) -> list[Download]:
    """Write each sheet into a folder, in some formats."""
    made = []
    kinds: Mapping[str, tuple[str, str, Callable[[Sheet, Path], int]]] = {
        "csv": (CSV.label, CSV.media_type, write_csv),
        "parquet": ("Parquet", "application/vnd.apache.parquet", write_parquet),
    }
    with read_tables(tables) as opened:
        for sheet in sheets(opened):
            for one in formats:
                label, media_type, write = kinds[one]
                path = folder / f"{sheet.name}.{one}"
                count = write(sheet, path)
                kind = (one, label, media_type, "")
                title, of = f"{sheet.title} as {label}", (Scope.TABLE, sheet.name)
                made.append(replace(described(path, title, kind, of, now, (count, "rows")), columns=sheet.columns))
    return made


def make_network(tables: Path, _source: Source, _formats: Sequence[str], folder: Path, now: str) -> list[Download]:
    """Write the network into a folder."""
    path = folder / "base.graphml.gz"
    with read_tables(tables) as opened, gzipped(path) as output:
        count = write_graphml(opened, output)
    kind = ("graphml", "GraphML", "application/graphml+xml", GZIP)
    title = "The network of entities and edges as GraphML"
    return [described(path, title, kind, (Scope.ALL, ""), now, (count, "nodes and edges"))]


def make_works(tables: Path, source: Source, formats: Sequence[str], folder: Path, now: str) -> list[Download]:
    """Write the references to all works into a folder, in some formats; without works there is none."""
    chosen = {one: kind for one, kind in _REFERENCES.items() if one in formats}
    with read_tables(tables) as opened, ExitStack() as stack:
        if not opened.execute("SELECT 1 FROM class WHERE is_of_works").fetchone():
            return []
        paths = {one: folder / f"works.{kind.name}" for one, kind in chosen.items()}
        outputs = {chosen[one]: stack.enter_context(path.open("wb")) for one, path in paths.items()}
        count = write_references(works(opened, source.open(), source.schema), outputs)
    made = []
    for one, kind in chosen.items():
        title, about = f"References to all works as {kind.label}", (one, kind.label, kind.media_type, "")
        made.append(described(paths[one], title, about, (Scope.WORKS, ""), now, (count, "references")))
    return made


def make_vault(tables: Path, _source: Source, _formats: Sequence[str], folder: Path, now: str) -> list[Download]:
    """Write the vault into a folder."""
    path = folder / "pages.zip"
    with read_tables(tables) as opened:
        count = write_vault(opened, path)
    kind = ("md", MARKDOWN.label, MARKDOWN.media_type, ZIP)
    return [
        described(path, "All pages as Markdown, a vault for Obsidian", kind, (Scope.ALL, ""), now, (count, "pages"))
    ]
