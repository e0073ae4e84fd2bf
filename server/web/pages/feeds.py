"""Feeds of changes: of the base, of a class, of an entity, of what names one, of the entities that a query finds.

Which one is meant is in the query of the address. A feed has the newest changes; its archives, each of a fixed number
of changes from the oldest on, have all of them (RFC 5005, section 4).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, request

from ...comparison.reports.text import render as in_text
from ...formats.feeds import atom, json_feed
from ...knowledge.history import Narrowing
from ...records.event_stream import PATH as STREAM
from ...records.feeds import Feed, FeedItem
from ...records.history import Fate, Version
from ...records.sentences import sentence
from ...serialization import ATOM, FEED_FORMATS, HTML, JSON_FEED, Format
from ..current import current_release, current_settings
from ..data.event_stream import stream_of
from ..data.found_entities import found_entities
from ..given.site import FeedsPage
from ..http.caching import Representation
from ..http.languages import page as render
from ..http.links import Link, header
from ..http.negotiation import choose, named
from ..http.origins import site_address
from ..http.parameters import any_of, number, text
from ..http.problems import problem
from ..open_release import OpenRelease
from .changes import classes_of, topic_of
from .differences import change_of, of_version

blueprint = Blueprint("feeds", __name__)

FORMATS: Final = (HTML, *FEED_FORMATS)
_WRITERS: Final[dict[Format, Callable[[Feed], str]]] = {ATOM: atom, JSON_FEED: json_feed}
_PATH: Final = "/feed"
_SIZE: Final = 50
"""Changes in a feed, and in each of its archives."""
_LINES: Final = 30
"""Lines on what changed in one entry."""
_SHOWN: Final = 10
"""Changes on the page about a feed."""
_LONGEST: Final = {"entity": 1_000, "topic": 1_000, "author": 200, "query": 4_000}
"""Characters of the parameters; servers and proxies refuse long addresses."""


@dataclass(frozen=True)
class Selection:
    """Which changes a feed has: those for which all that is said holds."""

    classes: tuple[str, ...] = ()
    entity: str = ""
    topic: str = ""
    author: str = ""
    query: str = ""

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of its address."""
        single = (("entity", self.entity), ("topic", self.topic), ("author", self.author), ("query", self.query))
        return [*(("class", name) for name in self.classes), *((name, value) for name, value in single if value)]

    def title(self) -> str:
        """Say in words which changes these are."""
        parts = [
            f"of the class {' or '.join(self.classes)}" if self.classes else "",
            f"of {self.entity}" if self.entity else "",
            f"of what names {self.topic}" if self.topic else "",
            f"by {self.author}" if self.author else "",
            "of what a query finds" if self.query else "",
        ]
        return " ".join(filter(None, ["Changes", *parts]))


@blueprint.get("/feed")
@blueprint.get("/feed.<extension>")
def feed(extension: str | None = None) -> Response:
    """Return a feed, or say which feeds there are and how to follow them."""
    release = current_release()
    chosen = named(extension, FORMATS) if extension is not None else choose(request, FORMATS)
    if chosen is None:
        return problem(
            404,
            sentence(
                "There is no format .%(extension)s of a feed; there are .html, .atom and .json.", extension=extension
            ),
        )
    selection = _selection(release)
    found = _Changes(release, selection, site_address())
    archive = number("archive", 0, 10**9, 0) if request.args.get("archive") and chosen is not HTML else 0
    response = found.answer(chosen, archive)
    # An archive says where the feed is and which of its formats there are as well.
    links = [
        Link(_address(selection, one), "alternate", (("type", one.media_type),)) for one in FORMATS if one is not chosen
    ]
    hub = _hub()
    if hub and chosen is not HTML:
        links += [Link(found.address(chosen, archive), "self"), Link(hub, "hub")]
    response.headers["Link"] = header(links)
    if extension is None:
        response.vary.add("Accept")
        response.headers["Content-Location"] = _address(selection, chosen)
    return response


class _Changes:
    """The changes that a feed has, in the feed itself and in its archives."""

    def __init__(self, release: OpenRelease, selection: Selection, site: str) -> None:
        self._release = release
        self._selection = selection
        self._site = site
        self._narrowed = _narrowed(release, selection)

    @cached_property
    def total(self) -> int:
        """How many there are."""
        return self._release.history.count_changes(**self._narrowed)

    def answer(self, chosen: Format, archive: int) -> Response:
        """Return the feed in a format, one of its archives, or the page about it. Answers 404 for an archive behind."""
        if archive > self.total // _SIZE:
            abort(
                404,
                sentence(
                    "This feed has no archive %(archive)s; it has %(total)s.",
                    archive=archive,
                    total=self.total // _SIZE,
                ),
            )
        write = (
            (lambda: render(self._page())) if chosen is HTML else lambda: _WRITERS[chosen](self.feed(chosen, archive))
        )
        key = (urlencode(self._selection.pairs), str(archive), chosen.name, self._site)
        response = Representation(self._release, _PATH, key, chosen.content_type, write)
        # Two commits may be of one second: by their times a client could miss the later one.
        response.last_modified = datetime.fromisoformat(self._release.info.built)
        return response

    def address(self, chosen: Format, archive: int = 0) -> str:
        """Return the whole address of the feed in a format, or of one of its archives."""
        return self._site + _address(self._selection, chosen, archive).removeprefix("/")

    @cached_property
    def updated(self) -> datetime:
        """When the newest change came; without any, when the release was built."""
        newest = self._release.history.changes(size=1, **self._narrowed)
        return newest[0].commit.at if newest else datetime.fromisoformat(self._release.info.built)

    def feed(self, chosen: Format, archive: int) -> Feed:
        """Return the feed, or one of its archives, which are counted from 1: the first has the oldest changes."""
        last = self.total // _SIZE
        skipped = self.total - archive * _SIZE if archive else 0
        items = self.items(skipped, _SIZE)
        previous = archive - 1 if archive else last
        name = self._release.site.name
        return Feed(
            id=self._release.namespaces.base + _address(self._selection).removeprefix("/"),
            title=f"{name}: {self._selection.title()}" if self._selection.pairs else f"{name}: changes",
            summary=f"What was created, changed and removed in {name}.",
            page=self.address(HTML),
            address=self.address(chosen, archive),
            current=self.address(chosen),
            previous=self.address(chosen, previous) if previous else "",
            next=self.address(chosen, archive + 1) if 0 < archive < last else "",
            updated=items[0].at if items else self.updated,
            items=tuple(items),
            hub="" if archive else _hub(),
        )

    def items(self, skipped: int, size: int) -> list[FeedItem]:
        """Return changes, the newest first, as items of a feed."""
        return [self._item(one) for one in self._release.history.changes(skipped, size, **self._narrowed)]

    def _item(self, version: Version) -> FeedItem:
        change = change_of(self._release, version)
        return FeedItem(
            id=stream_of(self._release).member_of(version).iri,
            title=f"{change.label} ({change.curie}): {version.kind}",
            address=f"{self._site}{change.diff[1:]}" if change.diff else version.entity,
            at=version.commit.at,
            author=version.commit.author,
            fate=version.kind,
            text=_text(self._release, version),
        )

    def _page(self) -> FeedsPage:
        release = self._release
        return FeedsPage(
            title=self._selection.title(),
            selected=self._selection,
            addresses=[(one, self.address(one)) for one in FEED_FORMATS],
            total=self.total,
            items=self.items(0, _SHOWN),
            classes=[(term.notation, term.plural or term.label) for term in release.schema.page_classes],
            address=self._site,
            stream=f"{self._site}{STREAM}",
            stream_total=release.history.total,
            hub=_hub(),
        )


def _text(release: OpenRelease, version: Version) -> str:
    """Return why an entity was changed, and how, in the words of `akb diff`."""
    if version.kind is not Fate.CHANGED:
        return version.commit.message
    _, *lines = in_text(of_version(release, version)).splitlines()
    more = [f"and {len(lines) - _LINES:,} lines more"] if len(lines) > _LINES else []
    return "\n".join([version.commit.message, *lines[:_LINES], *more])


def _narrowed(release: OpenRelease, selection: Selection) -> Narrowing:
    """Return a selection as the history takes it."""
    return {
        "classes": classes_of(release, selection.classes),
        "entity": topic_of(release, selection.entity) if selection.entity else "",
        "topic": topic_of(release, selection.topic) if selection.topic else "",
        "author": selection.author,
        "among": found_entities(release, selection.query) if selection.query else None,
    }


def _selection(release: OpenRelease) -> Selection:
    given = {name: text(name, most).strip() for name, most in _LONGEST.items()}
    return Selection(classes=any_of("class", release.namespaces.classes), **given)


def _address(selection: Selection, chosen: Format | None = None, archive: int = 0) -> str:
    """Return the local address of a feed in a format, or of one of its archives."""
    pairs = [*selection.pairs, *([("archive", str(archive))] if archive else [])]
    return _PATH + (f".{chosen.name}" if chosen else "") + (f"?{urlencode(pairs)}" if pairs else "")


def _hub() -> str:
    return current_settings().hub
