"""Loads a release into a remote store, chunk by chunk, so that a killed run resumes where it stopped.

With SPARQL Update, chunks go into staging graphs, which replace those in use in one request at the end: readers see
the previous release, or this one. With the Graph Store Protocol alone they go into the graphs in use.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ..errors import RemoteError, UsageError
from ..locks import locked
from ..namespaces import Namespaces
from ..records.progress import Progress, no_progress
from ..records.releases import ReleaseInfo
from ..settings import Settings
from ..store.remote_store import MARK, RemoteStore
from ..store.remote_writer import GraphStoreWriter, UpdateWriter, Writer
from ..turtle.writer import write_atomically
from .releases import Releases


@dataclass(frozen=True)
class Target:
    """A remote store: its query endpoint, and at least one of its update and Graph Store Protocol endpoints."""

    endpoint: str
    update: str = ""
    graph_store: str = ""
    chunk: int = 1000
    """The number of triples in a request."""
    timeout: int = 300
    """The time limit of a request in seconds."""


@dataclass(frozen=True)
class Published:
    """The outcome of a run: the numbers of triples sent by it, and by the interrupted run before it."""

    info: ReleaseInfo
    triples: int
    sent: int
    before: int


@dataclass(frozen=True)
class _Chunk:
    graph: str
    first: bool
    triples: int
    text: str


def release_graph(namespaces: Namespaces) -> str:
    """Return the IRI of the graph that names the release in a store; it is hidden from queries."""
    return f"{namespaces.graph}release"


def publish(settings: Settings, target: Target, *, force: bool = False, progress: Progress = no_progress) -> Published:
    """Load the current release into a store, unless it is there already; `force` loads all of it again.

    Raises NotFoundError when there is no release, UnreadableError when it is damaged,
    UsageError for a wrong address, and RemoteError when the store fails
    or ends up with another number of triples.
    """
    if not (target.update or target.graph_store):
        raise UsageError("There is no address to write to.", "give --update, or --graph-store, or both.")
    release, _hold, _ = Releases(settings.releases).held_current()
    run = _Run(settings, target, release, progress)
    with locked(run.progress_file.with_suffix(".lock"), _refuse):
        return run.run(force=force)


def _refuse() -> None:
    raise UsageError("Another akb publish into that store is running.", "wait for it to end.")


class _Run:
    """One run of `publish`."""

    def __init__(self, settings: Settings, target: Target, release: Path, progress: Progress) -> None:
        # From disk: there the order of the triples is the same in every run, and memory holds one chunk.
        self._info, namespaces, self._local = Releases(settings.releases).open(release, settings.namespaces, 0)
        self._namespaces = namespaces
        self._target = target
        self._progress = progress
        self._counts = {graph: self._local.count(graph) for graph in namespaces.graphs}
        self._total = sum(self._counts.values())
        self._remote = RemoteStore(
            target.endpoint,
            namespaces.prefixes(),
            namespaces.graphs,
            credentials=settings.credentials,
            timeout=target.timeout,
        )
        self._update = UpdateWriter(target.update, settings.credentials, target.timeout) if target.update else None
        self._writer: Writer = (
            GraphStoreWriter(target.graph_store, settings.credentials, target.timeout)
            if target.graph_store or self._update is None
            else self._update
        )
        self._key = {"release": self._info.name, "target": [target.endpoint, target.update, target.graph_store]}
        name = hashlib.sha256(json.dumps(self._key["target"]).encode()).hexdigest()[:16]
        self.progress_file = settings.state / "publish" / f"{name}.json"

    def run(self, *, force: bool) -> Published:
        if force:
            self._forget()
        elif self._is_there():
            self._forget()
            return Published(self._info, self._total, 0, 0)
        done = self._chunks_done()
        sent = before = 0
        self._progress("publish", 0, self._total)
        if not done and self._update is None:
            # The graphs in use are about to change, and the store no longer holds the release that it names.
            self._writer.replace(release_graph(self._namespaces), self._mark("none"))
        for number, chunk in enumerate(self._chunks()):
            if number < done:
                before += chunk.triples
            else:
                send = self._writer.replace if chunk.first else self._writer.add
                send(self._place(chunk.graph), chunk.text)
                sent += chunk.triples
                self._remember(number + 1)
            self._progress("publish", before + sent, self._total)
        self._finish()
        self._forget()
        return Published(self._info, self._total, sent, before)

    def _finish(self) -> None:
        """Verify that all triples have arrived, and swap the graphs."""
        places = {graph: self._place(graph) for graph, count in self._counts.items() if count}
        self._verify(places)
        marked, mark = release_graph(self._namespaces), self._mark(self._info.name)
        if self._update is not None:
            self._update.swap({graph: places.get(graph) for graph in self._counts}, marked, mark)
            self._verify({graph: graph for graph in places})
            return
        for graph in self._counts.keys() - places.keys():
            self._writer.replace(graph, "")
        self._writer.replace(marked, mark)

    def _mark(self, name: str) -> str:
        return f'<{self._namespaces.base}> <{MARK}> "{name}" .\n'

    def _verify(self, places: dict[str, str]) -> None:
        for graph, place in places.items():
            found = self._remote.count(place)
            if found != self._counts[graph]:
                self._forget()
                raise RemoteError(
                    f"{self._target.endpoint} holds {found:,} triples in {place}, not {self._counts[graph]:,}.",
                    "check that all addresses are of one store, then publish again: it starts from the beginning.",
                )

    def _place(self, graph: str) -> str:
        """Return the staging graph of a graph."""
        return f"{graph}/next" if self._update is not None else graph

    def _is_there(self) -> bool:
        if self._remote.release(release_graph(self._namespaces)) != self._info.name:
            return False
        return all(self._remote.count(graph) == count for graph, count in self._counts.items())

    def _chunks(self) -> Iterator[_Chunk]:
        """Yield the release in chunks, always the same.

        The first of a graph has all its triples with blank nodes, for a blank node in two requests would be two nodes;
        and it replaces what is there, so that to send it twice is to send it once.
        """
        for graph, count in self._counts.items():
            if not count:
                continue
            blank = [line for line, is_blank in self._local.statements(graph) if is_blank]
            rest = (line for line, is_blank in self._local.statements(graph) if not is_blank)
            lines = blank or list(islice(rest, self._target.chunk))
            first = True
            while lines:
                yield _Chunk(graph, first, len(lines), "".join(lines))
                first = False
                lines = list(islice(rest, self._target.chunk))

    def _chunks_done(self) -> int:
        with suppress(OSError, ValueError, KeyError, TypeError):
            state = json.loads(self.progress_file.read_text(encoding="utf-8"))
            if {**self._key, "chunk": self._target.chunk} == {name: state[name] for name in (*self._key, "chunk")}:
                return int(state["done"])
        return 0

    def _remember(self, done: int) -> None:
        state = {**self._key, "chunk": self._target.chunk, "done": done}
        write_atomically(self.progress_file, json.dumps(state) + "\n")

    def _forget(self) -> None:
        self.progress_file.unlink(missing_ok=True)
