"""Graphs, and what they say of the entities of each class, as files of N-Triples, and these in other formats.

Equal content becomes equal bytes, so that the digest of the N-Triples says whether anything made of them has to be made
anew.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path
from types import MappingProxyType
from typing import IO, Final, NamedTuple, cast

from ...serialization import N_TRIPLES
from ...store.canonical import canonical
from ...store.embedded import Store

MOST_SORTED: Final = 200_000
"""Triples of a graph that is written in canonical form: a larger one keeps the order and the labels of the build."""
_AT_ONCE: Final = 1 << 20
"""Bytes that are copied at a time."""
_BLANK: Final = re.compile(r"^_:c14n(?=\d)|(?<= )_:c14n(?=\d+ \.$)", re.MULTILINE)
"""The beginning of a label of RDFC-1.0, as a subject or an object; in a literal it is neither at the start nor last."""


@dataclass(frozen=True)
class Triples:
    """Some triples of a graph in a file of N-Triples."""

    name: str
    """The name of the graph or of the class."""
    graph: str
    """The IRI of the graph."""
    path: Path
    digest: str
    """Equal for equal triples."""
    count: int


class Difference(NamedTuple):
    """How a graph differs from what it was: the triples that are no longer there, and new ones, as N-Triples."""

    removed: str = ""
    added: str = ""


NONE: Final = Difference()


class Known(NamedTuple):
    """What a graph was in the release before, and how it differs from that."""

    path: Path
    """Its triples, as this module wrote them, compressed."""
    difference: Difference
    """Where there is one, the graph is one that is sorted."""


def write_graphs(
    store: Store, graphs: Iterable[str], folder: Path, known: Mapping[str, Known] = MappingProxyType({})
) -> Iterator[Triples]:
    """Write each graph that has triples into a file of its own. What is `known` of one is not read from the store."""
    for place, graph in enumerate(graphs):
        name = graph.rpartition("/")[2]
        path = folder / f"graph-{name}.nt"
        output = _known(known[graph], path) if graph in known else None
        if output is None:
            with _Hashed(path) as output:
                store.write_graph(graph, N_TRIPLES, cast("IO[bytes]", output))
            if 0 < output.lines <= MOST_SORTED:
                output = _written(path, _renamed(path.read_text(encoding="utf-8"), f"g{place}n"))
        if output.lines:
            yield Triples(name, graph, path, output.digest, output.lines)


def _known(known: Known, path: Path) -> _Hashed | None:
    """Write a graph from what is known of it; None where that takes to know more."""
    if known.difference == NONE:
        with gzip.open(known.path) as packed, _Hashed(path) as output:
            shutil.copyfileobj(packed, output, _AT_ONCE)
        return output
    with gzip.open(known.path, "rt", encoding="utf-8", newline="\n") as packed:
        lines, removed, added = ({*text.split("\n")} - {""} for text in (packed.read(), *known.difference))
    # Labels of blank nodes depend on what is said of them.
    if "_:" in "".join(known.difference) or not removed <= lines or added & lines:
        return None
    return _written(path, "".join(f"{line}\n" for line in sorted(lines - removed | added)))


def _written(path: Path, text: str) -> _Hashed:
    with _Hashed(path) as output:
        output.write(text.encode())
    return output


def _renamed(ntriples: str, label: str) -> str:
    """Return the triples of a graph in canonical form, its blank nodes under labels that no other graph has.

    A build gives blank nodes labels of its own; without this the same state would be other bytes in each.
    """
    return _BLANK.sub(f"_:{label}", canonical(ntriples))


def write_classes(whole: Triples, tables: sqlite3.Connection, folder: Path) -> Iterator[Triples]:
    """Divide a graph by the page classes of its entities; an edge goes with the entity from which it starts.

    What is said of a node without a name goes with what names it.
    """
    names = [str(name) for (name,) in tables.execute("SELECT name FROM class ORDER BY position")]
    owners = _Owners(tables)
    nested = _nested(whole.path)
    with ExitStack() as stack:
        outputs = {name: stack.enter_context(_Hashed(folder / f"class-{name}.nt")) for name in names}
        last, of_last = b"", ""
        with whole.path.open("rb") as lines:
            for line in lines:
                subject = line[: line.index(b" ")]
                if subject != last:
                    last, of_last = subject, owners.of(nested.get(subject, subject))
                if of_last:
                    outputs[of_last].write(line)
    for name, output in outputs.items():
        if output.lines:
            yield Triples(name, whole.graph, folder / f"class-{name}.nt", output.digest, output.lines)


def used_in(path: Path, prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return those prefixes that a file of N-Triples has a use for: a writer tries each of them on each IRI."""
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as text:
        return {prefix: iri for prefix, iri in prefixes.items() if text.find(f"<{iri}".encode()) >= 0}


def _nested(path: Path) -> dict[bytes, bytes]:
    """Return, for each blank node, the node with a name that leads to it."""
    parents: dict[bytes, bytes] = {}
    with path.open("rb") as lines:
        for line in lines:
            if line.startswith(b"_:") or b" _:" in line:
                subject, _, value = line[:-3].split(b" ", 2)
                if value.startswith(b"_:"):
                    parents.setdefault(value, subject)
    found = {}
    for node, parent in parents.items():
        seen, at = {node}, parent
        while at.startswith(b"_:") and at in parents and at not in seen:
            seen.add(at)
            at = parents[at]
        found[node] = at
    return found


class _Owners:
    """Tells to which class a subject belongs, whose triples follow each other, so that it is asked once for each."""

    def __init__(self, tables: sqlite3.Connection) -> None:
        self._tables = tables

    def of(self, subject: bytes) -> str:
        iri = subject[1:-1].decode()
        for query in (
            "SELECT class FROM entity WHERE iri = ?",
            "SELECT class FROM edge JOIN entity ON entity.id = edge.subject WHERE edge.iri = ?",
        ):
            if row := self._tables.execute(query, (iri,)).fetchone():
                return str(row[0])
        return ""


class _Hashed:
    """A new file of lines that are counted and hashed as they are written."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._hash = hashlib.sha256()
        self.lines = 0

    def __enter__(self) -> _Hashed:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def digest(self) -> str:
        """The SHA-256 of what was written."""
        return self._hash.hexdigest()

    def write(self, data: bytes) -> int:
        """Write some lines."""
        self._hash.update(data)
        # In N-Triples a line ends nowhere else: a newline in a literal is escaped.
        self.lines += data.count(b"\n")
        return self._file.write(data)

    def flush(self) -> None:
        """Do nothing: the file is flushed at its end."""
