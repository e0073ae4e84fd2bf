"""What is missing in the base, for those who would add to it: a list of gaps, and each gap in pages."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response

from ...formats.gaps import gap_csv, gap_json, gaps_csv, gaps_json
from ...knowledge.gaps import gap_count, gap_named, gap_page
from ...records.gaps import Gap, GapPage
from ...serialization import CSV, HTML, JSON, MARKDOWN
from ..current import current_release
from ..documents.documents import Document, document
from ..documents.markdown import gap_markdown, gaps_markdown
from ..given.overviews import GapsPage, OneGapPage
from ..http.languages import page as render
from ..http.links import Link
from ..http.paging import Pages, asked_pages
from ..http.signposting import licence_links
from ..open_release import OpenRelease
from .counts import query_address

blueprint = Blueprint("gaps", __name__)

_FORMATS: Final = (HTML, MARKDOWN, CSV, JSON)
_SIZE: Final = 50
_SIZE_AT_MOST: Final = 1000


@blueprint.get("/gaps")
@blueprint.get("/gaps.<extension>")
def every_gap(extension: str | None = None) -> Response:
    """List the gaps, and how much each holds."""
    release = current_release()

    def counts() -> list[tuple[Gap, int]]:
        return release.once(("gaps",), lambda: [(gap, gap_count(release.store, gap)) for gap in release.gaps])

    whole = Document(
        "/gaps",
        {
            HTML: lambda: render(
                GapsPage(
                    counts=[(gap, count, query_address(gap.counting)) for gap, count in counts()],
                    formats=_FORMATS,
                    path="/gaps",
                )
            ),
            MARKDOWN: lambda: gaps_markdown(counts()),
            JSON: lambda: gaps_json(counts()),
            CSV: lambda: gaps_csv(counts()),
        },
        links=lambda: [*(Link(f"/gaps/{gap.name}", "item") for gap in release.gaps), *licence_links(release)],
    )
    return document(whole, extension, release)


@blueprint.get("/gaps/<name>")
@blueprint.get("/gaps/<undotted:name>.<extension>")
def one_gap(name: str, extension: str | None = None) -> Response:
    """Return a page of what lacks something, what that is, and what to do about it."""
    release = current_release()
    gap = gap_named(release.gaps, name)
    asked = asked_pages(f"/gaps/{name}", _SIZE, _SIZE_AT_MOST)
    key = ("gap", asked.address())
    found = release.once(key, lambda: gap_page(release.store, release.namespaces, gap, asked.size, asked.skipped))
    return document(_document(release, found, asked.of(found.total)), extension, release)


def _document(release: OpenRelease, found: GapPage, pages: Pages) -> Document:
    return Document(
        pages.path,
        {
            HTML: lambda: render(
                OneGapPage(
                    found=found,
                    mend=found.gap.mend,
                    query=query_address(found.gap.query),
                    counting=query_address(found.gap.counting),
                    pages=pages,
                    steps=pages.steps(HTML),
                    formats=pages.formats(_FORMATS),
                )
            ),
            MARKDOWN: lambda: gap_markdown(found, pages),
            JSON: lambda: gap_json(found, pages.record()),
            CSV: lambda: gap_csv(found),
        },
        query=pages.query(),
        links=lambda: [*pages.links(), Link("/gaps", "collection"), *licence_links(release)],
    )
