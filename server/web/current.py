"""The release that the web serves: opened once, and again when a build has published another."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sqlite3
import threading
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

from flask import Flask, current_app
from werkzeug.routing import BaseConverter, ValidationError

from ..build.dumps.manifest import read_downloads
from ..build.lookups import Lookups
from ..build.map.records import read_map
from ..build.publish import release_graph
from ..build.releases import Hold, Releases
from ..engine import engine_fingerprint
from ..errors import AkbError, RemoteError, UnreadableError, UsageError
from ..federation.federate import Federation
from ..federation.peers import peers_of
from ..formats.raster import TASKS as DRAWING
from ..knowledge.examples import example_queries_in
from ..knowledge.finding import Finder
from ..knowledge.gaps import gaps_in
from ..knowledge.history import History
from ..knowledge.kept import kept_in
from ..knowledge.reconciliation import apart as reconciling
from ..knowledge.searches import searches_of
from ..namespaces import CLASS_SLUG
from ..proposals import apart as proposing
from ..records.releases import ReleaseInfo
from ..records.site import SiteText
from ..review import apart as deciding
from ..review.matches import read_proposals
from ..settings import Settings
from ..store.jobs import Limits
from ..store.prepared import Prepared
from ..store.remote_store import remote_store
from ..store.workers import QueryPool
from .catalogues import ENGLISH, Catalogue, catalogue_of, our_tags
from .http.cache import Cache
from .http.metrics import count_peer_call
from .http.observing import NotAtOnceError
from .http.spool import Files, Spool
from .open_release import OpenRelease
from .past import Past
from .theme import LiveTheme, Theme

_LOG = logging.getLogger("akb.web")

_LOOK = 0.02
"""Seconds between checks for a new release; each check releases the interpreter lock."""
_WORKERS_OF_PAST = 2
"""How many queries over one release of the past run at once."""
_FOR_A_FILE = 10
"""Times what a query may take: the time for a long document, such as a graph, which is written once for all clients."""
_REMOTE_LOOK = 5.0
"""Seconds between checks for a new release in a remote store."""


class Current:
    """Gives access to the current release."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._releases = Releases(settings.releases)
        self._lock = threading.Lock()
        self.cache = Cache(settings.kept_mb << 20)
        self.spool = Spool(settings.spool_mb << 20)
        self._open: OpenRelease | None = None
        self._mark: tuple[int, int] | None = None
        self._remote = remote_store(settings, settings.namespaces)
        self._peers = peers_of(settings)
        self._published = ""
        self._live_theme = LiveTheme(settings.root)
        self.page_languages = self._page_languages()
        """The languages in which pages are offered, the default first."""
        self._look_after = self._trusted_until = 0.0
        self.past = Past(settings, partial(self._opened, is_past=True))
        self.refused = ""
        """Why the newest release is not the one that is served; empty when it is."""
        self._opening: threading.Thread | None = None
        """What opens a new release, or the last one that was opened."""
        self.patience: float | None = None
        """Seconds from when a new release began to be opened for which callers wait for it.

        Then they get the previous one. With None the first caller waits for as long as it takes, and the others not at
        all.
        """
        self._wait_until = 0.0

    @property
    def settings(self) -> Settings:
        """The settings of the server."""
        return self._settings

    @property
    def opened(self) -> OpenRelease | None:
        """The release that is open, if one is; it may be about to be replaced."""
        return self._open

    @property
    def live_theme(self) -> LiveTheme:
        """The theme of the base, reloaded when it changes."""
        return self._live_theme

    @property
    def theme(self) -> Theme:
        """The theme of the base."""
        return self._live_theme.theme

    def catalogue(self, tag: str) -> Catalogue:
        """Return the words of pages in one of these languages, those of the theme before ours."""
        return catalogue_of(tag, self.theme.catalogues.get(tag, b""))

    def _page_languages(self) -> tuple[str, ...]:
        """Return the languages that the settings name. Raises UsageError for one of which there is no catalogue."""
        there = {*our_tags(), *self.theme.catalogues}
        for tag in self._settings.page_languages:
            if tag not in there:
                raise UsageError(
                    f"AKB_PAGE_LANGUAGES names {tag}, of which there is no catalogue.",
                    f"name some of {', '.join(sorted(there))}, or add theme/locales/{tag}.po.",
                )
        return self._settings.page_languages or (ENGLISH,)

    def release(self) -> OpenRelease:
        """Return the current release. Raises NotFoundError when there is none.

        The first caller after a new release has it opened. How long callers wait for that `patience` says: those who
        do not get the previous one.
        """
        before = self._open
        if before is None:
            with self._lock:
                return self._renewed()
        if time.monotonic() < self._trusted_until or not self._may_be_stale():
            return before
        if self._lock.acquire(blocking=False):
            opening = threading.Thread(target=self._renew_beside, daemon=True)
            self._wait_until = time.monotonic() + (self.patience or 0)
            opening.start()
            self._opening = opening
            opening.join(self.patience)
        elif self._opening is not None and (left := self._wait_until - time.monotonic()) > 0:
            # A page asks many times.
            self._opening.join(left)
        # It may have been closed meanwhile.
        return self._open or before

    def at_once(self) -> OpenRelease:
        """Return the current release where that takes no work. Raises NotAtOnceError where it must be opened."""
        before = self._open
        if before is None:
            raise NotAtOnceError
        if time.monotonic() >= self._trusted_until and self._may_be_stale() and not self._lock.locked():
            raise NotAtOnceError
        return before

    def _may_be_stale(self) -> bool:
        now = time.monotonic()
        if self._pointer_mark() != self._mark or self._live_theme.has_changed():
            return True
        if self._remote is not None and now > self._look_after:
            return True
        self._trusted_until = now + _LOOK
        return False

    def _renew_beside(self) -> None:
        """Open a new release in a thread of its own, and release the lock that was taken for it."""
        try:
            self._renewed()
        except Exception:  # noqa: BLE001 - whatever it is, it is logged, and the release before is there
            # Nobody waits for it who could be told, and the next release may be another matter.
            self._mark = self._pointer_mark()
            self.refused = "The newest release cannot be opened, for a reason that the log of the server has."
            _LOG.exception("%s", self.refused)
        finally:
            self._lock.release()

    def _renewed(self) -> OpenRelease:
        """Return the current release, reopened when there is a new one. The caller holds the lock."""
        before, mark = self._open, self._pointer_mark()
        themed = self._live_theme.renew()
        stale = self._remote_has_changed()
        if before is not None and not stale and mark in {None, self._mark}:
            if themed:
                self._open = before = replace(before, theme=self.theme, mark=self._mark_of(before.info))
            return before
        try:
            self._open = self._read(before)
        except AkbError as error:
            if before is None:
                raise
            # The previous release can still be served until the next build.
            self.refused = error.message
        if self.refused:
            assert self._open is not None
            _LOG.error("Still serving the release %s: %s", self._open.info.name, self.refused)
        self._mark = mark
        if before is not None and self._open is not before:
            before.queries.close()
            before.files.close()
        assert self._open is not None
        return self._open

    def _remote_has_changed(self) -> bool:
        """Tell whether another release was published into the remote store, so that cached answers are stale."""
        now = time.monotonic()
        if self._remote is None or now < self._look_after:
            return False
        self._look_after = now + _REMOTE_LOOK
        try:
            found = self._remote.release(release_graph(self._settings.namespaces))
        except RemoteError as error:
            # Cached pages can still be served; a page that needs the store reports the error itself.
            _LOG.warning("%s", error.message)
            return False
        changed, self._published = found != self._published, found
        return changed

    def close(self) -> None:
        """Stop the workers of the open release; the next request opens it again."""
        with self._lock:
            if self._open is not None:
                self._open.queries.close()
                self._open.files.close()
            self._open = None
        self.past.close()

    def _pointer_mark(self) -> tuple[int, int] | None:
        try:
            status = self._releases.pointer.stat()
        except FileNotFoundError:
            return None
        return status.st_ino, status.st_mtime_ns

    def _read(self, before: OpenRelease | None) -> OpenRelease:
        """Open the current release, or the one to serve in its place; that may be `before`, which is open already.

        Raises UnreadableError for one that is whole by its checksums, and cannot be read all the same.
        """
        folder, hold, self.refused = self._releases.held()
        if self.refused and before is not None:
            return before
        try:
            opened = self._opened(folder, hold)
        except (OSError, ValueError, LookupError, sqlite3.Error) as error:
            raise UnreadableError(
                f"The release {folder.name} cannot be read: {error}.", "run `akb build --force`."
            ) from error
        if self._remote is None:
            opened.prepare()
        return opened

    def _opened(self, folder: Path, hold: Hold, *, is_past: bool = False) -> OpenRelease:
        """Open a release; one of the past on disk, with few workers, and not in a remote store, which has but one."""
        in_memory = 0 if is_past or self._remote else self._settings.memory_triples
        info, namespaces, local = self._releases.open(folder, self._settings.namespaces, in_memory)
        remote = None if is_past else remote_store(self._settings, namespaces)
        limits = limits_of(self._settings)
        if is_past:
            limits = replace(limits, workers=min(limits.workers, _WORKERS_OF_PAST))
        else:
            self._remote = remote
        text = (folder / "context.jsonld").read_text(encoding="utf-8")
        finder = Finder.open(folder)
        return OpenRelease(
            info=info,
            # A remote store may hold another release than the one on disk, which the prepared answers belong to.
            store=remote or Prepared(local, folder),
            local=local,
            namespaces=namespaces,
            context=json.loads(text)["@context"],
            federation=Federation(
                self._peers,
                namespaces.prefixes(),
                most_at_once=self._settings.query_workers,
                on_call=count_peer_call,
                searches=searches_of(finder, namespaces),
            ),
            cache=self.cache,
            mark=self._mark_of(info),
            lookups=Lookups(folder),
            proposals=read_proposals(folder),
            finder=finder,
            map=read_map(folder),
            example_templates=example_queries_in(folder),
            kept=kept_in(folder),
            gaps=gaps_in(folder),
            hold=hold,
            said=self._settings.site,
            theme=self.theme,
            history=History.open(folder),
            folder=folder,
            downloads=read_downloads(folder),
            files=Files(self.spool, _FOR_A_FILE * self._settings.query_seconds),
            # It starts processes, so it comes last: nothing after it can fail.
            queries=QueryPool(
                folder / "store",
                namespaces.prefixes(),
                0 if is_past else self._settings.memory_triples,
                limits,
                remote,
                near=None if remote else local,
                tasks={**reconciling.TASKS, **deciding.TASKS, **proposing.TASKS, **DRAWING},
                for_tasks=reconciling.surroundings(namespaces, local.view) | deciding.surroundings(self._settings),
            ),
        )

    def _mark_of(self, info: ReleaseInfo) -> str:
        """Return an identifier of a release, the engine, the theme and the site, for cache keys."""
        said = self._settings.site
        own = [] if said == SiteText() and not self.theme.mark else [hashlib.sha256(repr(said).encode()).hexdigest()]
        return " ".join([info.name, self._published, engine_fingerprint(), *own, self.theme.mark]).rstrip()


def limits_of(settings: Settings) -> Limits:
    """Return the limits of public queries from the settings."""
    return Limits(
        seconds=settings.query_seconds,
        memory_bytes=settings.query_memory_mb << 20,
        answer_bytes=settings.answer_mb << 20,
        workers=settings.query_workers,
        queue=settings.query_queue,
        cores=max(1, (os.cpu_count() or 1) // settings.workers),
        characters=settings.query_kb << 10,
    )


class PageClass(BaseConverter):
    """A URL converter that matches the name of a page class of the current release."""

    regex = CLASS_SLUG.pattern

    def to_python(self, value: str) -> str:
        """Return the name. Raises ValidationError for any other name, so that other routes are tried."""
        if value not in current_release().namespaces.classes:
            raise ValidationError
        return value


class Undotted(BaseConverter):
    """A URL converter that matches a name without dots: after a dot comes the format, which may have others."""

    regex = r"[^/.]+"
    part_isolating = True


def current_release() -> OpenRelease:
    """Return the release that the running application serves."""
    return current_application().release()


def current_settings() -> Settings:
    """Return the settings of the running application."""
    return current_application().settings


def current_application() -> Current:
    """Return what the running application serves, which is there before there is a release."""
    return application_of(current_app)


def application_of(app: Flask) -> Current:
    """Return what an application serves, whether it is running or not."""
    current: Current = app.extensions["akb"]
    return current


def edit_address(path: str) -> str:
    """Return the address at which a file of the base is edited, given its path from the root; empty for none.

    The settings come first, then what the build found out from git.
    """
    current = current_application()
    return (current.settings.edit or current.release().info.edit).replace("{path}", path)
