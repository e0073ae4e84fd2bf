"""The downloads that are RDF: each graph, what it says of the entities of a class, and the whole."""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Final, cast

from ...records.downloads import GZIP, Download, Scope
from ...serialization import JSON_LD, N_QUADS, N_TRIPLES, TRIG, TURTLE, Format
from ...store.writing import convert_ntriples
from .graphs import Triples, used_in
from .writing import described, gzipped

_OPENING, _COMMA, _CLOSING = (gzip.compress(mark, mtime=0) for mark in (b"[", b",", b"]"))
RDF: Final[Mapping[str, Format]] = {one.name: one for one in (TURTLE, N_TRIPLES, N_QUADS, TRIG, JSON_LD)}


def make_triples(
    scope: Scope,
    title: str,
    triples: Triples,
    formats: Sequence[str],
    prefixes: Mapping[str, str],
    folder: Path,
    now: str,
) -> list[Download]:
    """Write the triples of a graph or of a class into a folder, in some formats."""
    used = used_in(triples.path, prefixes)
    turtle = triples.path.with_suffix(".ttl")
    if {"ttl", "trig"} & {*formats}:
        with turtle.open("wb") as file:
            convert_ntriples(triples.path, triples.graph, file, TURTLE, used)
    made = []
    for one in formats:
        path = folder / f"{scope.value}-{triples.name}.{one}.gz"
        if one == "jsonld":
            _write_list(path, lambda output: convert_ntriples(triples.path, triples.graph, output, JSON_LD, used))
        else:
            with gzipped(path) as output:
                if one == "ttl":
                    with turtle.open("rb") as text:
                        shutil.copyfileobj(text, output)
                elif one == "trig":
                    _write_trig(turtle, triples.graph, output)
                else:
                    convert_ntriples(triples.path, triples.graph, output, RDF[one], used)
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


def make_whole(graphs: Sequence[Triples], formats: Sequence[str], folder: Path, now: str) -> list[Download]:
    """Put the files of all graphs together: N-Triples, N-Quads, Turtle and TriG may follow each other.

    So may files of gzip (RFC 1952, section 2.2). No two graphs have a label of a blank node in common.
    """
    made = []
    for one in formats:
        path = folder / f"{Scope.ALL.value}.{one}.gz"
        parts = [folder / f"{Scope.GRAPH.value}-{graph.name}.{one}.gz" for graph in graphs]
        with path.open("wb") as whole:
            if one == "jsonld":
                _join_lists(parts, whole)
            else:
                for part in parts:
                    with part.open("rb") as file:
                        shutil.copyfileobj(file, whole)
        count = sum(graph.count for graph in graphs)
        made.append(_described_rdf(path, "The whole base", one, (Scope.ALL, ""), now, count))
    return made


def _write_list(path: Path, write: Callable[[IO[bytes]], None]) -> None:
    """Write a JSON list into a compressed file, in three members: its brackets, and what is between them."""
    path.write_bytes(_OPENING)
    with gzipped(path) as output:
        between = _Between(output)
        write(cast("IO[bytes]", between))
        between.finish()
    with path.open("ab") as file:
        file.write(_CLOSING)


def _join_lists(parts: Sequence[Path], output: IO[bytes]) -> None:
    """Write the items of JSON lists, each written by `_write_list`, as one list."""
    output.write(_OPENING)
    for number, part in enumerate(parts):
        if number:
            output.write(_COMMA)
        with part.open("rb") as file:
            file.seek(len(_OPENING))
            shutil.copyfileobj(file, output)
        output.seek(-len(_CLOSING), os.SEEK_CUR)
    output.write(_CLOSING)


class _Between:
    """Passes on what is between the brackets of a list."""

    def __init__(self, output: IO[bytes]) -> None:
        self._output = output
        self._held: bytes | None = None

    def write(self, data: bytes) -> int:
        if self._held is None:
            assert data.startswith(b"["), "nothing but a list is written"
            self._held = data[1:]
        else:
            self._output.write(self._held)
            self._held = data
        return len(data)

    def flush(self) -> None:
        """Do nothing: the end is held back."""

    def finish(self) -> None:
        end = (self._held or b"").rstrip()
        assert end.endswith(b"]"), "the list is at its end"
        self._output.write(end[:-1])


def _described_rdf(path: Path, title: str, name: str, of: tuple[Scope, str], now: str, count: int) -> Download:
    chosen = RDF[name]
    kind = (name, chosen.label, chosen.media_type, GZIP)
    return described(path, f"{title} as {chosen.label}", kind, of, now, (count, "statements"))
