"""A release as N-Quads (RDF 1.1 N-Quads), gzipped, in files that a store's bulk loader can read in parallel."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import IO, Final, cast

from ..serialization import N_TRIPLES
from ..store.embedded import Store

PART: Final = 500_000
"""The approximate number of lines of a file: large enough for a loader, small enough for several to have work."""
_EFFORT: Final = 1
"""The level of gzip: a higher one takes twice as long as the loader itself, for a tenth of the size."""


def write_quads(store: Store, graph: str, called: str, folder: Path, part: int = PART) -> tuple[list[Path], int]:
    """Write a named graph of a release into `folder`, by the name `called`; return the files and the number of triples.

    All lines with blank nodes are in one file, for a loader takes those of two files for two nodes.
    """
    parts = _Parts(folder, graph.rpartition("/")[2], called, part)
    try:
        store.write_graph(graph, N_TRIPLES, cast("IO[bytes]", parts))
    finally:
        parts.close()
    return parts.files, parts.count


class _Parts:
    """Converts a stream of N-Triples to N-Quads, in one file after another."""

    def __init__(self, folder: Path, name: str, called: str, part: int) -> None:
        self._folder, self._name, self._part = folder, name, part
        self._end = b" <" + called.encode() + b"> .\n"
        self._rest = b""
        self._lines = 0
        self._file: gzip.GzipFile | None = None
        self._blank: gzip.GzipFile | None = None
        self.files: list[Path] = []
        self.count = 0

    def write(self, data: bytes) -> int:
        """Convert more of the triples."""
        whole, newline, self._rest = (self._rest + data).rpartition(b"\n")
        whole += newline
        self.count += whole.count(b"\n")
        if b"_:" in whole:
            lines = whole.splitlines(keepends=True)
            # A literal may have the same characters: then its line is in that file too, which does no harm.
            blank = b"".join(line for line in lines if b"_:" in line)
            whole = b"".join(line for line in lines if b"_:" not in line)
            self._blank = self._blank or self._new("blank")
            self._blank.write(self._quads(blank))
        if whole:
            if self._file is None or self._lines >= self._part:
                self._rotate()
            assert self._file is not None
            self._file.write(self._quads(whole))
            self._lines += whole.count(b"\n")
        return len(data)

    def flush(self) -> None:
        """Do nothing: the data are flushed at the end."""

    def close(self) -> None:
        """End the files."""
        for file in (self._file, self._blank):
            if file is not None:
                file.close()

    def _rotate(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file, self._lines = self._new(f"{len(self.files):04}"), 0

    def _new(self, ending: str) -> gzip.GzipFile:
        self.files.append(self._folder / f"{self._name}-{ending}.nq.gz")
        return gzip.GzipFile(self.files[-1], "wb", _EFFORT, mtime=0)

    def _quads(self, triples: bytes) -> bytes:
        # In N-Triples a line ends nowhere else: a newline in a literal is escaped.
        return triples.replace(b" .\n", self._end)
