"""The search, for people, programs and browsers (OpenSearch 1.1, draft 6), and what it suggests while one types."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from flask import Blueprint, Response, abort, render_template

from ...formats.search import search_json
from ...knowledge.finding import LONGEST, Mode
from ...knowledge.weights import weights_of
from ...records.evidence import Weight
from ...records.pages import EntityRef
from ...records.sentences import sentence
from ...search.records import Found
from ...serialization import HTML, JSON, MARKDOWN
from ..current import current_release
from ..documents.documents import Document, document
from ..documents.markdown import search_markdown
from ..given.lists import SearchPage
from ..http.languages import page as render
from ..http.origins import site_address
from ..http.paging import Pages, asked_pages
from ..http.parameters import any_of, number, one_of, text
from ..open_release import OpenRelease

blueprint = Blueprint("search", __name__)

_SIZE: Final = 20
_SIZE_AT_MOST: Final = 100
_SUGGESTED: Final = 8
_SUGGESTED_AT_MOST: Final = 50
_SUGGESTIONS: Final = "application/x-suggestions+json"
"""What browsers ask for (OpenSearch Suggestions, 1.0)."""


@dataclass(frozen=True)
class _Asked:
    """What a request looks for."""

    text: str
    classes: tuple[str, ...]
    statuses: tuple[str, ...]
    mode: Mode
    is_mode_said: bool

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The same as parameters of an address, without what goes unsaid."""
        return (
            *([("q", self.text)] if self.text else []),
            *(("class", name) for name in self.classes),
            *(("status", name) for name in self.statuses),
            *([("mode", str(self.mode))] if self.is_mode_said else []),
        )


@blueprint.get("/search")
@blueprint.get("/search.<extension>")
def search(extension: str | None = None) -> Response:
    """Find entities: `q`, narrowed by `class` and `status`, in a `mode`, a `page` of a `size`."""
    release = current_release()
    finder = release.finder
    asked = _asked(release)
    pages = asked_pages("/search", _SIZE, _SIZE_AT_MOST, asked.pairs)
    found = finder.find(
        asked.text,
        asked.mode,
        classes=asked.classes,
        statuses=asked.statuses,
        limit=pages.size,
        offset=pages.skipped,
    )
    pages = pages.of(found.total)
    close = () if found.hits else tuple(one.entity for one in finder.suggest(asked.text))
    whole = Document(
        pages.path,
        {
            HTML: lambda: _page(release, asked, found, close, pages),
            MARKDOWN: lambda: search_markdown(asked.text, found, close, pages),
            JSON: lambda: search_json(
                asked.text,
                asked.mode,
                found,
                close,
                {"page": pages.page, "size": pages.size, **pages.json_steps()},
                _weights(release, found),
            ),
        },
        query=pages.query(),
        links=pages.links,
        cached=False,
    )
    return document(whole, extension, release)


@blueprint.get("/search/suggest")
def suggest() -> Response:
    """Return what `q` may become: the text, names, what each is, and addresses (OpenSearch Suggestions, 1.0)."""
    release = current_release()
    found = release.finder.suggest(text("q", LONGEST), number("limit", _SUGGESTED, _SUGGESTED_AT_MOST))
    described = [f"{one.entity.class_name} · {one.entity.label}" for one in found]
    addresses = [site_address() + release.path_of(one.entity.iri)[1:] for one in found]
    answer = [text("q", LONGEST), [one.name for one in found], described, addresses]
    return Response(json.dumps(answer, ensure_ascii=False), content_type=_SUGGESTIONS)


@blueprint.get("/opensearch.xml")
def description() -> Response:
    """Tell browsers how to search here."""
    page = render_template("opensearch.xml", host=site_address())
    return Response(page, content_type="application/opensearchdescription+xml")


def _asked(release: OpenRelease) -> _Asked:
    """Return what the request asks for. Answers 400 for a class, status or mode that there is not."""
    finder = release.finder
    said = one_of("mode", [str(mode) for mode in Mode])
    if said and Mode(said) not in finder.modes:
        abort(400, sentence("There is no search by meaning here, as the model is missing; mode=text needs none."))
    return _Asked(
        text("q", LONGEST),
        classes=any_of("class", release.namespaces.classes),
        statuses=any_of("status", finder.index.statuses),
        mode=Mode(said) if said else finder.modes[0],
        is_mode_said=bool(said),
    )


def _weights(release: OpenRelease, found: Found) -> dict[str, Weight]:
    """Return what speaks for and against what was found, by IRI."""
    iris = [hit.entity.iri for hit in found.hits]
    return weights_of(release.store, release.namespaces, release.schema, iris)


def _page(release: OpenRelease, asked: _Asked, found: Found, close: Sequence[EntityRef], pages: Pages) -> str:
    classes = release.classes
    plurals = {one.name: one.plural for one in classes}
    facets = {
        "class": [(name, plurals.get(name, name), count, name in asked.classes) for name, count in found.classes],
        "status": [(name, name, count, name in asked.statuses) for name, count in found.statuses],
    }

    def address_of(other: _Asked) -> str:
        return replace(pages, selected=other.pairs).address(1)

    given = SearchPage(
        asked=asked,
        found=found,
        facets=facets,
        close=close,
        classes=classes,
        modes=release.finder.modes,
        meant=address_of(replace(asked, text=found.meant)),
        unfiltered=address_of(replace(asked, classes=(), statuses=())),
        pages=pages,
        steps=pages.steps(),
        formats=pages.formats([MARKDOWN, JSON]),
        text=asked.text,
        longest=LONGEST,
        weights=_weights(release, found),
    )
    return render(given)
