"""A reading list: entities that its address names, as a page to share, as data, as references, and as a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, abort, render_template
from werkzeug.wrappers import Response as AnyResponse

from ...formats.bibliography import bibliography
from ...formats.listing import COLUMNS, OF_WORKS, listing_csv, row_record
from ...formats.wording import human_date
from ...formats.writing import write_json
from ...knowledge.side_by_side import MOST
from ...records.lists import ListedRow
from ...records.sentences import sentence
from ...serialization import BIBTEX, CSL, CSV, HTML, JSON, MARKDOWN, RIS, Format
from ..current import current_release
from ..documents.documents import Document, document
from ..documents.markdown import page_markdown
from ..given.lists import ReadingListPage
from ..http.languages import page as render
from ..http.parameters import text, texts
from ..http.signposting import licence_links
from ..open_release import OpenRelease
from ..pictures.arcs import ListPicture, arcs_of
from ..pictures.files import style, svg
from .listing import reference_of, rows_of
from .named import LONGEST, named

blueprint = Blueprint("reading_list", __name__)

_FORMATS: Final = (HTML, MARKDOWN, CSV, JSON, BIBTEX, RIS, CSL)
_MOST: Final = 100
"""Entities in a list: more make an address too long for some programs."""
_LONGEST_TITLE: Final = 100


@dataclass(frozen=True)
class _Entry:
    """An entity of the list, and the address of the list without it."""

    row: ListedRow
    without: str


@dataclass(frozen=True)
class _Reading:
    """What the request names."""

    title: str
    rows: Sequence[ListedRow]
    unknown: Sequence[str]

    def query(self, *, but: str = "") -> str:
        """Return the query part of the address of the list, without one entity if that is named."""
        ids = [one.listed.entity.curie for one in self.rows]
        title = [("title", self.title)] if self.title else []
        return urlencode([*title, *(("id", curie) for curie in ids if curie != but)])

    def address(self, *, but: str = "") -> str:
        """Return the address of the list, without one entity if that is named."""
        query = self.query(but=but)
        return f"/reading-list?{query}" if query else "/reading-list"

    @property
    def name(self) -> str:
        """What the list is called."""
        return self.title or sentence("Reading list")


@blueprint.get("/reading-list")
@blueprint.get("/reading-list.<extension>")
def reading_list(extension: str | None = None) -> AnyResponse:
    """Show the entities that `id` names, in their order, under a `title`; nothing is kept by the server."""
    release = current_release()
    found = _asked(release)

    def references(chosen: Format) -> str:
        return bibliography([reference_of(release, row) for row in found.rows], chosen)

    def page() -> ReadingListPage:
        return _page(release, found)

    whole = Document(
        "/reading-list",
        {
            HTML: lambda: render(page()),
            MARKDOWN: lambda: page_markdown("reading-list", page()),
            CSV: lambda: listing_csv(found.rows, [*COLUMNS, "kind", *OF_WORKS]),
            JSON: lambda: write_json({"title": found.title or None, "entities": list(map(row_record, found.rows))}),
            **{one: partial(references, one) for one in (BIBTEX, RIS, CSL)},
        },
        query=found.query(),
        links=lambda: licence_links(release),
        # A page names what is unknown too, which its address does not.
        cached=not found.unknown,
    )
    return document(whole, extension, release)


@blueprint.get("/reading-list/picture.svg")
def picture() -> AnyResponse:
    """Return the picture of a reading list: its entities, and which of them are joined."""
    release = current_release()
    found = _asked(release)
    if not found.rows:
        abort(404, sentence("The list is empty, so there is no picture."))

    def write() -> str:
        return render_template("pictures/alone.svg", picture=_picture(release, found), style=style(release))

    return svg(release, f"/reading-list/picture.svg?{found.query()}", write)


def _page(release: OpenRelease, found: _Reading) -> ReadingListPage:
    counts = Counter(row.listed.entity.class_name for row in found.rows)
    query, size = found.query(), len(found.rows)
    ids = urlencode([("id", row.listed.entity.curie) for row in found.rows])
    return ReadingListPage(
        name=found.name,
        title=found.title,
        entries=[_Entry(row, found.address(but=row.listed.entity.curie)) for row in found.rows],
        unknown=found.unknown,
        counts=[(one.label, one.plural, counts[one.name]) for one in release.classes if counts[one.name]],
        is_full=size >= _MOST,
        compare=f"/compare?{ids}" if 2 <= size <= MOST else "",
        drawn=_picture(release, found) if size > 1 else None,
        drawn_at=f"/reading-list/picture.svg?{query}",
        address=found.address(),
        formats=[(one, f"/reading-list.{one.name}?{query}") for one in _FORMATS] if size else [],
    )


def _picture(release: OpenRelease, found: _Reading) -> ListPicture:
    entities = [row.listed.entity for row in found.rows]
    words = {row.listed.entity.iri: human_date(row.listed.issued) for row in found.rows if row.listed.issued}
    return arcs_of(release, found.name, entities, words)


def _asked(release: OpenRelease) -> _Reading:
    """Return what the request names, each entity once. Answers 400 for too many, and for what is no name."""
    typed = texts("id", _MOST, LONGEST)
    lists = release.finder.index.lists
    known = {one.entity.curie: one for one in lists.of_curies(typed)}
    curies, unknown = list[str](), list[str]()
    for one in typed:
        entity = None if one in known else named(release, "id", one).entity
        (unknown if one not in known and entity is None else curies).append(entity.curie if entity else one)
    listed = lists.of_curies(curies)
    there = {one.entity.curie for one in listed}
    unknown += [one for one in curies if one not in there]
    return _Reading(" ".join(text("title", _LONGEST_TITLE).split()), rows_of(release, listed, _MOST), unknown)
