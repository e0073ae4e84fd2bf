"""Makes the downloads of a release: those of which the content has changed, the others are shared with the one before.

First the graphs are written as N-Triples, and the tables from the store; digests of these say what is to be made. Where
that is much, processes do it, each of which makes the files of one part.
"""

from __future__ import annotations

import gzip
import os
import shutil
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from io import BufferedWriter, RawIOBase
from pathlib import Path
from typing import IO, Final, cast

from ...namespaces import REPEATED, Namespaces
from ...records.downloads import FORMATS, GZIP, ZIP, Download, Downloads, Scope, in_order
from ...records.progress import Progress, no_progress
from ...schema.schema import Schema
from ...serialization import BIBTEX, CSL, CSV, JSON_LD, MARKDOWN, N_QUADS, N_TRIPLES, RIS, TRIG, TURTLE, Format
from ...store.embedded import Store
from ...store.writing import convert_ntriples
from ..checksums import sha256_of
from ..lifting import GRAPH as LIFTED
from ..pools import local_pool
from ..stages import Stages
from .bibliography import works, write_bibtex, write_csl, write_ris
from .graphs import Triples, used_in, write_classes, write_graphs
from .manifest import FOLDER, read_downloads, write_downloads
from .network import write_graphml
from .parquet import MISSING, can_write, write_parquet
from .sheets import Sheet, sheets, write_csv
from .tables import read_tables, write_tables
from .vault import write_vault

_RDF: Final[Mapping[str, Format]] = {one.name: one for one in (TURTLE, N_TRIPLES, N_QUADS, TRIG, JSON_LD)}
_EFFORT: Final = 6
"""The level of gzip."""
_BUFFER: Final = 1 << 17
"""Bytes that are compressed at a time."""
_MUCH: Final = 2_000_000
"""Triples to be written, in all formats together, from which on processes of their own are worth their start."""
_PART_OF: Final = {"sqlite": "tables", "md": "vault", "graphml": "network"}
"""The parts of the formats that are the only ones of theirs."""
_VERSION: Final = 3
"""Raised when what is written changes, so that nothing is shared with a release that has it otherwise."""


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
    is_last: bool = False
    """Whether it is put together from the files of other parts."""


def possible(formats: Collection[str]) -> tuple[str, ...]:
    """Return those of some formats that can be written here."""
    return tuple(one for one in FORMATS if one in formats and (one != "parquet" or can_write()))


def make_downloads(
    folder: Path,
    source: Source,
    store: Store,
    formats: Collection[str],
    stages: Stages,
    *,
    before: Path | None,
    now: str,
    progress: Progress = no_progress,
) -> Downloads:
    """Make the downloads of a release in its `folder`, and describe them there.

    `store` is its store, open; `before` is the release with which `stages` share.
    """
    wanted = possible(formats)
    notes = (MISSING,) if "parquet" in formats and "parquet" not in wanted else ()
    target, work = folder / FOLDER, folder / ".parts"
    target.mkdir()
    files: list[Download] = []
    if wanted:
        work.mkdir()
        try:
            parts = list(_parts(source, store, wanted, work))
            files = _make(parts, target, stages, before, now, progress)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    made = Downloads(in_order(files), wanted, notes)
    write_downloads(folder, made)
    return made


def _make(
    parts: Sequence[Part], target: Path, stages: Stages, before: Path | None, now: str, progress: Progress
) -> list[Download]:
    """Make the parts that have changed, the largest first, and share the others."""
    known = read_downloads(before).files if before else ()
    names: dict[str, list[Download]] = {}
    for one in known:
        names.setdefault(_part_of(one), []).append(one)
    files: list[Download] = []
    due: list[Part] = []
    for part in parts:
        there = names.get(part.name, [])
        paths = [f"{FOLDER}/{one.name}" for one in there]
        # What is made is made below, all of it together.
        if stages.run(f"download {part.name}", (_VERSION, *part.inputs), paths, partial(due.append, part)):
            continue
        files += there
    due.sort(key=lambda part: -part.weight)
    jobs, last = ([_Job(part, target, now) for part in due if part.is_last is last] for last in (False, True))
    processes = min(len(jobs), os.cpu_count() or 1)
    if processes > 1 and sum(part.weight for part in due) >= _MUCH:
        with local_pool(processes) as pool:
            results = pool.map(_done, jobs, "download", progress)
    else:
        results = []
        for number, job in enumerate(jobs, 1):
            results.append(_done(job))
            progress("download", number, len(jobs))
    results += map(_done, last)
    return [*files, *(one for result in results for one in result)]


@dataclass(frozen=True)
class _Job:
    part: Part
    folder: Path
    now: str


def _done(job: _Job) -> list[Download]:
    return job.part.make(job.folder, job.now)


def _part_of(download: Download) -> str:
    """Return the name of the part to which a download belongs."""
    if download.scope in {Scope.GRAPH, Scope.CLASS} or download.format in _RDF:
        return f"{download.scope}-{download.of}"
    return _PART_OF.get(download.format, download.scope.value)


def _parts(source: Source, store: Store, wanted: Sequence[str], work: Path) -> Iterator[Part]:
    """Yield the parts of the downloads in some formats; what they are made from is written first."""
    names = source.namespaces
    visible = [graph for graph in store.graphs() if graph != f"{names.graph}{REPEATED}"]
    graphs = list(write_graphs(store, visible, work))
    rdf = tuple(one for one in wanted if one in _RDF)
    tables = work / "tables.sqlite"
    # Edges that the data do not have as nodes are in the second of these.
    stated = [one.path for one in graphs if one.graph in {f"{names.graph}asserted", f"{names.graph}{LIFTED}"}]
    write_tables(store, source.schema, names, stated, tables)
    if rdf:
        prefixes = names.prefixes()
        of_graphs = [_rdf_part(Scope.GRAPH, one.name, f"The graph {one.name}", one, rdf, prefixes) for one in graphs]
        yield from of_graphs
        inputs = tuple(text for part in of_graphs for text in part.inputs)
        yield Part(f"{Scope.ALL}-", inputs, partial(_make_whole, tuple(graphs), rdf), 0, is_last=True)
        if whole := next((one for one in graphs if one.graph == f"{names.graph}asserted"), None):
            with _open_tables(tables) as opened:
                plural = dict(opened.execute("SELECT name, plural FROM class").fetchall())
                for one in write_classes(whole, opened, work):
                    yield _rdf_part(Scope.CLASS, one.name, f"{plural[one.name]} and their edges", one, rdf, prefixes)
    digest, weight = sha256_of(tables), sum(one.count for one in graphs)
    kinds: tuple[tuple[str, tuple[str, ...], Callable[..., list[Download]]], ...] = (
        ("tables", ("sqlite",), _make_tables),
        (Scope.TABLE.value, ("csv", "parquet"), _make_sheets),
        ("network", ("graphml",), _make_network),
        (Scope.WORKS.value, ("bib", "ris", "csl"), _make_works),
        ("vault", ("md",), _make_vault),
    )
    for name, formats, make in kinds:
        if chosen := tuple(one for one in wanted if one in formats):
            yield Part(name, (digest, *chosen), partial(make, tables, source, chosen), weight)


@contextmanager
def _open_tables(path: Path) -> Iterator[sqlite3.Connection]:
    tables = read_tables(path)
    try:
        yield tables
    finally:
        tables.close()


def _rdf_part(
    scope: Scope, of: str, title: str, triples: Triples, formats: tuple[str, ...], prefixes: Mapping[str, str]
) -> Part:
    inputs = (*formats, repr(sorted(prefixes.items())), f"{triples.graph} {triples.digest}")
    make = partial(_make_rdf, scope, title, triples, formats, dict(prefixes))
    return Part(f"{scope}-{of}", inputs, make, len(formats) * triples.count)


def _make_rdf(
    scope: Scope,
    title: str,
    triples: Triples,
    formats: Sequence[str],
    prefixes: Mapping[str, str],
    folder: Path,
    now: str,
) -> list[Download]:
    used = used_in(triples.path, prefixes)
    turtle = triples.path.with_suffix(".ttl")
    if {"ttl", "trig"} & {*formats}:
        with turtle.open("wb") as output:
            convert_ntriples(triples.path, triples.graph, output, TURTLE, used)
    made = []
    for one in formats:
        path = folder / f"{scope.value}-{triples.name}.{one}.gz"
        with _gzipped(path) as output:
            if one == "ttl":
                with turtle.open("rb") as text:
                    shutil.copyfileobj(text, output)
            elif one == "trig":
                _write_trig(turtle, triples.graph, output)
            else:
                convert_ntriples(triples.path, triples.graph, output, _RDF[one], used)
        made.append(_described_rdf(path, title, one, (scope, triples.name), now, triples.count))
    return made


def _write_trig(turtle: Path, graph: str, output: IO[bytes]) -> None:
    """Write Turtle that begins with its prefixes as TriG with one named graph (RDF 1.1 TriG, section 2.2)."""
    with turtle.open("rb") as lines:
        line = lines.readline()
        while line.startswith(b"@prefix "):
            output.write(line)
            line = lines.readline()
        output.write(b"<" + graph.encode() + b"> {\n" + line)
        shutil.copyfileobj(lines, output)
        output.write(b"}\n")


def _make_whole(graphs: Sequence[Triples], formats: Sequence[str], folder: Path, now: str) -> list[Download]:
    """Put the files of all graphs together: N-Triples, N-Quads, Turtle and TriG may follow each other.

    So may files of gzip (RFC 1952, section 2.2). No two graphs have a label of a blank node in common.
    """
    made = []
    for one in formats:
        path = folder / f"{Scope.ALL.value}.{one}.gz"
        parts = [folder / f"{Scope.GRAPH.value}-{graph.name}.{one}.gz" for graph in graphs]
        if one == "jsonld":
            with _gzipped(path) as output:
                _write_lists_as_one(parts, output)
        else:
            with path.open("wb") as whole:
                for part in parts:
                    with part.open("rb") as file:
                        shutil.copyfileobj(file, whole)
        count = sum(graph.count for graph in graphs)
        made.append(_described_rdf(path, "The whole base", one, (Scope.ALL, ""), now, count))
    return made


def _write_lists_as_one(parts: Sequence[Path], output: IO[bytes]) -> None:
    """Write the items of JSON lists, each the whole of a file, as one list."""
    for number, part in enumerate(parts):
        output.write(b"," if number else b"[")
        with gzip.open(part) as file:
            assert file.read(1) == b"[", part
            held = b""
            while some := file.read(_BUFFER):
                output.write(held)
                held = some
            output.write(held.rstrip().removesuffix(b"]"))
    output.write(b"]")


def _described_rdf(path: Path, title: str, name: str, of: tuple[Scope, str], now: str, count: int) -> Download:
    chosen = _RDF[name]
    kind = (name, chosen.label, chosen.media_type, GZIP)
    return _described(path, f"{title} as {chosen.label}", kind, of, now, (count, "statements"))


def _make_tables(tables: Path, _source: Source, _formats: Sequence[str], folder: Path, now: str) -> list[Download]:
    path = folder / "base.sqlite"
    shutil.copyfile(tables, path)
    with _open_tables(tables) as opened:
        [(count,)] = opened.execute("SELECT (SELECT COUNT(*) FROM entity) + (SELECT COUNT(*) FROM edge)")
    kind = ("sqlite", "SQLite", "application/vnd.sqlite3", "")
    return [
        _described(path, "Everything in tables, as SQLite", kind, (Scope.ALL, ""), now, (count, "entities and edges"))
    ]


def _make_sheets(tables: Path, _source: Source, formats: Sequence[str], folder: Path, now: str) -> list[Download]:
    made = []
    kinds: Mapping[str, tuple[str, str, Callable[[Sheet, Path], int]]] = {
        "csv": (CSV.label, CSV.media_type, write_csv),
        "parquet": ("Parquet", "application/vnd.apache.parquet", write_parquet),
    }
    with _open_tables(tables) as opened:
        for sheet in sheets(opened):
            for one in formats:
                label, media_type, write = kinds[one]
                path = folder / f"{sheet.name}.{one}"
                count = write(sheet, path)
                kind = (one, label, media_type, "")
                described = _described(
                    path, f"{sheet.title} as {label}", kind, (Scope.TABLE, sheet.name), now, (count, "rows")
                )
                made.append(replace(described, columns=sheet.columns))
    return made


def _make_network(tables: Path, _source: Source, _formats: Sequence[str], folder: Path, now: str) -> list[Download]:
    path = folder / "base.graphml.gz"
    with _open_tables(tables) as opened, _gzipped(path) as output:
        count = write_graphml(opened, output)
    kind = ("graphml", "GraphML", "application/graphml+xml", GZIP)
    title = "The network of entities and edges as GraphML"
    return [_described(path, title, kind, (Scope.ALL, ""), now, (count, "nodes and edges"))]


def _make_works(tables: Path, source: Source, formats: Sequence[str], folder: Path, now: str) -> list[Download]:
    writers = {"bib": (BIBTEX, write_bibtex), "ris": (RIS, write_ris), "csl": (CSL, write_csl)}
    made = []
    store = source.open()
    with _open_tables(tables) as opened:
        if not opened.execute("SELECT 1 FROM class WHERE is_of_works").fetchone():
            return []
        for one in formats:
            chosen, write = writers[one]
            path = folder / f"works.{chosen.name}"
            with path.open("wb") as output:
                count = write(works(opened, store, source.schema), output)
            kind = (one, chosen.label, chosen.media_type, "")
            title = f"References to all works as {chosen.label}"
            made.append(_described(path, title, kind, (Scope.WORKS, ""), now, (count, "references")))
    return made


def _make_vault(tables: Path, _source: Source, _formats: Sequence[str], folder: Path, now: str) -> list[Download]:
    path = folder / "pages.zip"
    with _open_tables(tables) as opened:
        count = write_vault(opened, path)
    kind = ("md", MARKDOWN.label, MARKDOWN.media_type, ZIP)
    return [
        _described(path, "All pages as Markdown, a vault for Obsidian", kind, (Scope.ALL, ""), now, (count, "pages"))
    ]


def _described(
    path: Path,
    title: str,
    kind: tuple[str, str, str, str],
    about: tuple[Scope, str],
    now: str,
    amount: tuple[int, str],
) -> Download:
    """Describe a file: `kind` is its format, what that is called, its media type, and what it is packed with."""
    name, label, media_type, compression = kind
    return Download(
        name=path.name,
        title=title,
        format=name,
        label=label,
        scope=about[0],
        of=about[1],
        media_type=media_type,
        compression=compression,
        size=path.stat().st_size,
        sha256=sha256_of(path),
        made=now,
        count=amount[0],
        unit=amount[1],
    )


@contextmanager
def _gzipped(path: Path) -> Iterator[IO[bytes]]:
    """Write a compressed file: equal content becomes equal bytes, since neither its name nor the time are in it."""
    with (
        path.open("wb") as file,
        gzip.GzipFile("", "wb", _EFFORT, file, mtime=0) as packed,
        # Writers of formats write a term at a time.
        BufferedWriter(cast("RawIOBase", packed), _BUFFER) as output,
    ):
        yield output
