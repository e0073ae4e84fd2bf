"""The release that the web serves: opened once, and opened anew when a build has published another."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar, cast

from flask import current_app

from ..errors import RemoteError
from ..federation.federate import Federation
from ..federation.peers import peers_of
from ..namespaces import Namespaces
from ..publishing.publish import release_graph
from ..publishing.releases import Releases
from ..records import ReleaseInfo
from ..settings import Settings
from ..store.embedded import Store
from ..store.interface import Queryable
from ..store.queries import question
from ..store.remote_store import remote_store
from ..store.workers import Limits, QueryPool
from ..turtle.parsing import parse
from ..vocabulary.reading import Vocabulary, read_vocabulary
from .representations import Context

T = TypeVar("T")

_LOG = logging.getLogger("akb.web")


@dataclass
class OpenRelease:
    """A release, open for reading, and what has been worked out from it."""

    info: ReleaseInfo
    store: Queryable
    local: Store
    """The release on disk, from which whole graphs are written; it answers too when no other store is set."""
    namespaces: Namespaces
    context: Context
    queries: QueryPool
    federation: Federation
    _kept: dict[tuple[str, ...], object] = field(default_factory=dict)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The ontology of the release."""
        return read_vocabulary(parse(self.store.construct(question("ontology")), "nt"), self.namespaces)

    def once(self, key: tuple[str, ...], make: Callable[[], T]) -> T:
        """Return what `make` returned for this key before, or keep and return what it returns now.

        A release never changes, so nothing made from it grows stale; the oldest go when there are many.
        """
        if key not in self._kept:
            while len(self._kept) >= _KEPT_AT_MOST:
                self._kept.pop(next(iter(self._kept)), None)
            self._kept[key] = make()
        return cast("T", self._kept[key])


_KEPT_AT_MOST = 4096
_REMOTE_LOOK = 5.0
"""Seconds between two looks at which release a remote store holds."""


class Current:
    """Hands out the current release."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._releases = Releases(settings.releases)
        self._lock = threading.Lock()
        self._open: OpenRelease | None = None
        self._mark: tuple[int, int] | None = None
        self._remote = remote_store(settings)
        self._federation = Federation(
            peers_of(settings), settings.namespaces.prefixes(), most_at_once=settings.query_workers
        )
        self._published = ""
        self._look_after = 0.0

    def release(self) -> OpenRelease:
        """Return the current release. Raises NotFoundError when nothing was ever built."""
        mark = self._pointer_mark()
        stale = self._remote_has_changed()
        if self._open is None or stale or (mark is not None and mark != self._mark):
            with self._lock:
                if self._open is None or stale or mark != self._mark:
                    before = self._open
                    self._open, self._mark = self._read(), mark
                    if before is not None:
                        before.queries.close()
        return self._open

    def _remote_has_changed(self) -> bool:
        """Tell whether another release was published into the remote store, so that what was kept of it is stale."""
        now = time.monotonic()
        if self._remote is None or now < self._look_after:
            return False
        self._look_after = now + _REMOTE_LOOK
        try:
            found = self._remote.release(release_graph(self._settings.namespaces))
        except RemoteError as error:
            # What is kept can still be shown; a page that needs the store says itself that it does not answer.
            _LOG.warning("%s", error.message)
            return False
        changed, self._published = found != self._published, found
        return changed

    def close(self) -> None:
        """Stop the workers of the release that is open; the next request opens it anew."""
        with self._lock:
            if self._open is not None:
                self._open.queries.close()
            self._open = None

    def _pointer_mark(self) -> tuple[int, int] | None:
        try:
            status = self._releases.pointer.stat()
        except FileNotFoundError:
            return None
        return status.st_ino, status.st_mtime_ns

    def _read(self) -> OpenRelease:
        namespaces = self._settings.namespaces
        in_memory = 0 if self._remote else self._settings.memory_triples
        info, local = self._releases.open_current(namespaces, in_memory)
        folder = self._releases.folder / info.name
        text = (folder / "context.jsonld").read_text(encoding="utf-8")
        pool = QueryPool(
            folder / "store",
            namespaces.prefixes(),
            self._settings.memory_triples,
            limits_of(self._settings),
            self._remote,
        )
        return OpenRelease(
            info, self._remote or local, local, namespaces, json.loads(text)["@context"], pool, self._federation
        )


def limits_of(settings: Settings) -> Limits:
    """Return the limits of public queries that the settings name."""
    return Limits(
        seconds=settings.query_seconds,
        memory_bytes=settings.query_memory_mb << 20,
        answer_bytes=settings.answer_mb << 20,
        workers=settings.query_workers,
        queue=settings.query_queue,
    )


def current_release() -> OpenRelease:
    """Return the release that the running application serves."""
    current: Current = current_app.extensions["akb"]
    return current.release()
