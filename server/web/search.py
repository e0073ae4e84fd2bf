"""The search, for people, programs and browsers (OpenSearch 1.1, draft 6), and what it suggests while one types."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode, urljoin

from flask import Blueprint, Response, abort, render_template, request

from ..knowledge.finding import LONGEST, Finder, Mode
from ..knowledge.listing import class_summaries
from ..namespaces import PAGE_CLASSES
from ..search.records import Found
from .current import OpenRelease, current_release
from .description import summary_of
from .documents import Document, document
from .languages import page_of
from .links import Link
from .negotiation import HTML, JSON, Format
from .paging import number, steps
from .plain.search import search_json

room = Blueprint("search", __name__)

_SIZE: Final = 20
_SIZE_AT_MOST: Final = 100
_SUGGESTED: Final = 8
_SUGGESTED_AT_MOST: Final = 50
_SUGGESTIONS: Final = "application/x-suggestions+json"
"""What browsers ask for (OpenSearch Suggestions, 1.0)."""


@dataclass(frozen=True)
class _Asked:
    """What a request asks for, and the address of what it asks for."""

    text: str
    classes: tuple[str, ...]
    statuses: tuple[str, ...]
    mode: Mode
    is_mode_said: bool
    page: int
    size: int

    def address(self, page: int = 1, chosen: Format | None = None, *, text: str = "", is_narrow: bool = True) -> str:
        """Return the path and query of a page, for another text if one is given, without the facets if so wished."""
        query = self.query(page, text=text, is_narrow=is_narrow)
        return "/search" + (f".{chosen.name}" if chosen else "") + (f"?{query}" if query else "")

    def query(self, page: int, *, text: str = "", is_narrow: bool = True) -> str:
        """Return the query part of an address, always in the same order, without what goes unsaid."""
        pairs = [
            *([("q", text or self.text)] if text or self.text else []),
            *(("class", name) for name in self.classes if is_narrow),
            *(("status", name) for name in self.statuses if is_narrow),
            *([("mode", str(self.mode))] if self.is_mode_said else []),
            *([("size", str(self.size))] if self.size != _SIZE else []),
            *([("page", str(page))] if page != 1 else []),
        ]
        return urlencode(pairs)


@room.get("/search")
@room.get("/search.<extension>")
def search(extension: str | None = None) -> Response:
    """Find entities: `q`, narrowed by `class` and `status`, in a `mode`, a `page` of a `size`."""
    release = current_release()
    finder = release.finder
    asked = _asked(finder)
    found = finder.find(
        asked.text,
        asked.mode,
        classes=asked.classes,
        statuses=asked.statuses,
        limit=asked.size,
        offset=(asked.page - 1) * asked.size,
    )
    pages = max(1, -(-found.total // asked.size))
    if asked.page > pages:
        abort(404, f"There is no page {asked.page}; the last one is page {pages}.")
    others = steps(asked.page, pages)
    close = () if found.hits else tuple(one.entity for one in finder.suggest(asked.text))

    def as_json() -> str:
        links = {rel: asked.address(page, JSON) for rel, page in others.items()}
        return search_json(asked.text, asked.mode, found, close, page=asked.page, size=asked.size, steps=links)

    whole = Document(
        "/search",
        {HTML: lambda: _page(release, asked, found, close, others), JSON: as_json},
        query=asked.query(asked.page),
        links=lambda: [Link(asked.address(page), rel) for rel, page in others.items()],
        kept=False,
    )
    return document(whole, extension, release)


@room.get("/search/suggest")
def suggest() -> Response:
    """Return what `q` may become: the text, names, what each is, and addresses (OpenSearch Suggestions, 1.0)."""
    found = current_release().finder.suggest(_text(), number("limit", _SUGGESTED, _SUGGESTED_AT_MOST))
    described = [f"{one.entity.class_name} · {one.entity.label}" for one in found]
    prefix = current_release().namespaces.base
    addresses = [urljoin(request.host_url, one.entity.iri.removeprefix(prefix)) for one in found]
    answer = [_text(), [one.name for one in found], described, addresses]
    return Response(json.dumps(answer, ensure_ascii=False), content_type=_SUGGESTIONS)


@room.get("/opensearch.xml")
def description() -> Response:
    """Tell browsers how to search here."""
    page = render_template("opensearch.xml", summary=summary_of(current_release()), host=request.host_url)
    return Response(page, content_type="application/opensearchdescription+xml")


def _text() -> str:
    """Return what is looked for. Answers 400 for what is longer than any name."""
    text = request.args.get("q", "")
    if len(text) > LONGEST:
        abort(400, f"What is looked for has {len(text):,} characters; there may be {LONGEST}.")
    return text


def _asked(finder: Finder) -> _Asked:
    """Return what the request asks for. Answers 400 for a class, status or mode that there is not."""
    said = _chosen("mode", [str(mode) for mode in Mode])
    if said and Mode(said[0]) not in finder.modes:
        abort(400, "There is no search by meaning here, for want of the model; mode=text needs none.")
    return _Asked(
        _text(),
        classes=_chosen("class", PAGE_CLASSES),
        statuses=_chosen("status", finder.index.statuses),
        mode=Mode(said[0]) if said else finder.modes[0],
        is_mode_said=bool(said),
        page=number("page", 1, 10**6),
        size=number("size", _SIZE, _SIZE_AT_MOST),
    )


def _chosen(name: str, known: Sequence[str]) -> tuple[str, ...]:
    """Return the values of a parameter; an empty one is none."""
    given = dict.fromkeys(value for value in request.args.getlist(name) if value)
    unknown = [value for value in given if value not in known]
    if unknown:
        abort(400, f"There is no {name} {unknown[0][:80]!r}; there are {', '.join(known)}.")
    return tuple(sorted(given))


def _page(release: OpenRelease, asked: _Asked, found: Found, close: Sequence[object], others: dict[str, int]) -> str:
    classes = release.once(("classes",), lambda: class_summaries(release.store))
    plurals = {one.name: one.plural for one in classes}
    facets = {
        "class": [(name, plurals.get(name, name), count, name in asked.classes) for name, count in found.classes],
        "status": [(name, name, count, name in asked.statuses) for name, count in found.statuses],
    }
    return page_of(
        "search.html",
        asked=asked,
        found=found,
        facets=facets,
        close=close,
        classes=classes,
        modes=release.finder.modes,
        page=asked.page,
        pages=max(1, -(-found.total // asked.size)),
        steps={rel: asked.address(page) for rel, page in others.items()},
        text=asked.text,
        longest=LONGEST,
    )
