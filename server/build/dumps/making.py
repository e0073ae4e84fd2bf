"""Makes the downloads of a release: those of which the content has changed, the others are shared with the one before.

First the graphs are written as N-Triples, then the tables from the store; digests of these say what is to be made. Each
part is a piece of work for another process, where there is much to be written.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from ...namespaces import REPEATED
from ...records.downloads import FORMATS, Download, Downloads, Scope, in_order
from ...records.progress import Progress, no_progress
from ...serialization import N_TRIPLES
from ...store.embedded import Store
from ..beside import Beside, Piece, results
from ..checksums import sha256_of
from ..lifting import GRAPH as LIFTED
from ..stages import Stages
from .graphs import MOST_SORTED, NONE, Difference, Known, Triples, write_classes, write_graphs
from .manifest import FOLDER, read_downloads, write_downloads
from .parquet import MISSING, can_write, engine
from .rdf import RDF, make_triples, make_whole
from .tables import read_tables, write_tables
from .tabular import Source, make_network, make_sheets, make_tables, make_vault, make_works

_MUCH: Final = 20_000
"""Triples from which on processes of their own are worth their start."""
_PART_OF: Final = {"sqlite": "tables", "csv": "csv", "parquet": "parquet", "md": "vault", "graphml": "network"}
"""The parts of the formats that are the only ones of theirs."""
_VERSION: Final = 4
"""Raised when what is written changes, so that nothing is shared with a release that has it otherwise."""


@dataclass(frozen=True)
class Part:
    """Downloads that are made together, from the same input."""

    name: str
    inputs: tuple[str, ...]
    """What says whether the input is another than before."""
    make: Callable[[Path, str], list[Download]]
    """Makes them in a folder; the second argument is the time that it is."""
    weight: int
    """About how many triples are written."""


def possible(formats: Collection[str]) -> tuple[str, ...]:
    """Return those of some formats that can be written here."""
    return tuple(one for one in FORMATS if one in formats and (one != "parquet" or can_write()))


def load_writers() -> None:
    """Load all that writes downloads, so that a process has it when it is asked for some."""
    if can_write():
        engine()


class DownloadMaker:
    """The downloads of a release, from when they are begun until they are finished.

    The tables and the graphs are begun at once, so that other processes can do them while the build goes on.
    """

    def __init__(
        self,
        folder: Path,
        source: Source,
        store: Store,
        formats: Collection[str],
        stages: Stages,
        *,
        before: Path | None,
        now: str,
        changes: Callable[[str], Difference | None] = lambda _: None,
        beside: Beside | None = None,
    ) -> None:
        """Begin to make the downloads of a release in its `folder`.

        `store` is its store, open; nothing may be written to it any more. `before` is the release with which `stages`
        share; `changes` tells how a graph differs from what it is there, if that is known.
        """
        self._folder, self._source, self._stages, self._now = folder, source, stages, now
        self._formats = possible(formats)
        self._notes = (MISSING,) if "parquet" in formats and "parquet" not in self._formats else ()
        self._rdf = tuple(one for one in self._formats if one in RDF)
        self._target, self._work = folder / FOLDER, folder / ".parts"
        self._target.mkdir()
        self._beside = Beside()
        self._graphs: list[Triples] = []
        self._kept: list[Download] = []
        """What is shared with the release before."""
        self._known: dict[str, list[Download]] = {}
        """The downloads of the release before, by their part."""
        self._of_graphs: list[Piece[list[Download]]] = []
        if not self._formats:
            return
        self._work.mkdir()
        for one in read_downloads(before).files if before else ():
            self._known.setdefault(_part_of(one), []).append(one)
        names = source.namespaces
        visible = [graph for graph in store.graphs() if graph != f"{names.graph}{REPEATED}"]
        known = dict(self._known_of(before, visible, changes)) if before else {}
        self._graphs += write_graphs(store, visible, self._work, known)
        if beside and sum(one.count for one in self._graphs) >= _MUCH:
            self._beside = beside
        # Edges that the data do not have as nodes are in the second of these.
        stated = [one.path for one in self._graphs if one.graph in {f"{names.graph}asserted", f"{names.graph}{LIFTED}"}]
        self._tables = self._work / "tables.sqlite"
        self._digest = self._beside.begin(_tables_of, source, stated, self._tables)
        if self._rdf:
            graphs = [self._triples(Scope.GRAPH, one.name, f"The graph {one.name}", one) for one in self._graphs]
            self._inputs = tuple(text for part in graphs for text in part.inputs)
            self._of_graphs = self._begin(graphs)

    def finish(self, progress: Progress = no_progress) -> Downloads:
        """Make what is left, and describe all of them in the folder of the release."""
        made: list[list[Download]] = [self._kept]
        if self._formats:
            # While another process writes the tables, the graphs can be done here.
            made += results(self._of_graphs, "download", progress)
            digest = self._digest.result()
            whole = next((one for one in self._graphs if one.graph == f"{self._source.namespaces.graph}asserted"), None)
            classes = self._beside.begin(_classes_of, whole, self._tables, self._work) if self._rdf and whole else None
            pieces = self._begin(self._parts_of_tables(digest))
            if classes:
                pieces += self._begin(
                    self._triples(Scope.CLASS, one.name, f"{plural} and their edges", one)
                    for plural, one in classes.result()
                )
            made += results(pieces, "download", progress)
            if self._rdf:
                # It is put together from the files of the graphs.
                make = partial(make_whole, tuple(self._graphs), self._rdf)
                made += results(self._begin([Part(f"{Scope.ALL}-", self._inputs, make, 0)]))
            shutil.rmtree(self._work)
        files = in_order(one for some in made for one in some)
        found = Downloads(files, self._formats, self._notes)
        write_downloads(self._folder, found)
        return found

    def _known_of(
        self, before: Path, graphs: Collection[str], changes: Callable[[str], Difference | None]
    ) -> Iterator[tuple[str, Known]]:
        """Yield what is known of graphs, from their files of N-Triples in the release before."""
        files = {one.of: one for some in self._known.values() for one in some if _is_of_graph(one)}
        # The labels of blank nodes tell the graphs apart by their places.
        if {*files} != {graph.rpartition("/")[2] for graph in graphs}:
            return
        for graph in graphs:
            file, difference = files[graph.rpartition("/")[2]], changes(graph)
            if difference is not None and (difference == NONE or file.count <= MOST_SORTED):
                yield graph, Known(before / FOLDER / file.name, difference)

    def _due(self, parts: Iterable[Part]) -> Iterator[Part]:
        """Yield the parts that are to be made, and share the files of the others."""
        for part in parts:
            there = self._known.get(part.name, [])
            paths = [f"{FOLDER}/{one.name}" for one in there]
            due: list[Part] = []
            # What is made is made later, all of it together.
            self._stages.run(f"download {part.name}", (_VERSION, *part.inputs), paths, partial(due.append, part))
            yield from due
            if not due:
                self._kept += there

    def _begin(self, parts: Iterable[Part]) -> list[Piece[list[Download]]]:
        """Begin what is due of some parts, the largest first."""
        due = sorted(self._due(parts), key=lambda part: -part.weight)
        return [self._beside.begin(part.make, self._target, self._now) for part in due]

    def _triples(self, scope: Scope, of: str, title: str, triples: Triples) -> Part:
        prefixes = self._source.namespaces.prefixes()
        inputs = (*self._rdf, repr(sorted(prefixes.items())), f"{triples.graph} {triples.digest}")
        make = partial(make_triples, scope, title, triples, self._rdf, dict(prefixes))
        return Part(f"{scope}-{of}", inputs, make, len(self._rdf) * triples.count)

    def _parts_of_tables(self, digest: str) -> Iterator[Part]:
        """Yield the parts that are made from the tables, which have this digest."""
        weight = sum(one.count for one in self._graphs)
        kinds: tuple[tuple[str, tuple[str, ...], Callable[..., list[Download]]], ...] = (
            ("tables", ("sqlite",), make_tables),
            ("csv", ("csv",), make_sheets),
            ("parquet", ("parquet",), make_sheets),
            ("network", ("graphml",), make_network),
            (Scope.WORKS.value, ("bib", "ris", "csl"), make_works),
            ("vault", ("md",), make_vault),
        )
        for name, formats, make in kinds:
            if chosen := tuple(one for one in self._formats if one in formats):
                yield Part(name, (digest, *chosen), partial(make, self._tables, self._source, chosen), weight)


def _tables_of(source: Source, stated: Sequence[Path], path: Path) -> str:
    """Write the tables into a file, and return its digest."""
    write_tables(source.open(), source.schema, source.namespaces, stated, path)
    return sha256_of(path)


def _classes_of(whole: Triples, tables: Path, folder: Path) -> list[tuple[str, Triples]]:
    """Divide a graph by classes, and return the name of each class in the plural, and its triples."""
    with read_tables(tables) as opened:
        plural = dict(opened.execute("SELECT name, plural FROM class").fetchall())
        return [(plural[one.name], one) for one in write_classes(whole, opened, folder)]


def _is_of_graph(download: Download) -> bool:
    return download.scope is Scope.GRAPH and download.format == N_TRIPLES.name


def _part_of(download: Download) -> str:
    """Return the name of the part to which a download belongs."""
    if download.scope in {Scope.GRAPH, Scope.CLASS} or download.format in RDF:
        return f"{download.scope}-{download.of}"
    return _PART_OF.get(download.format, download.scope.value)
