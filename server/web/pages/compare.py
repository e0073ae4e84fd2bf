"""Entities side by side: what they share, how they are joined, and where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response as AnyResponse

from ...formats.side_by_side import side_by_side_csv, side_by_side_json
from ...knowledge.entity import stated
from ...knowledge.side_by_side import MOST, side_by_side
from ...records.pages import EntityRef
from ...records.sentences import sentence
from ...records.side_by_side import SideBySide
from ...serialization import CSV, HTML, JSON, MARKDOWN
from ..current import current_release
from ..documents.documents import Document, document
from ..documents.markdown import side_by_side_markdown
from ..given.lists import ComparePage
from ..http.languages import page as render
from ..http.negotiation import asks_for_page
from ..http.parameters import texts
from ..http.problems import problem
from ..open_release import OpenRelease
from .named import LONGEST, Named, named

blueprint = Blueprint("compare", __name__)

_FORMATS: Final = (HTML, MARKDOWN, CSV, JSON)
_NAMED_AT_MOST: Final = 30
"""More than can be compared are shown, so that one can take some away; a request with more is refused."""


@dataclass(frozen=True)
class _Chosen(Named):
    """An entity that the request names, and the address of the page without it."""

    without: str = ""


@blueprint.get("/compare")
@blueprint.get("/compare.<extension>")
def compare(extension: str | None = None) -> AnyResponse:
    """Compare two to five entities: what they share, and where they differ; with fewer, a page that asks for them."""
    release = current_release()
    chosen = _chosen(release)
    known = [one.entity for one in chosen if one.entity]
    unknown = next((one for one in chosen if one.is_unknown), None)
    if not 2 <= len(known) <= MOST or unknown:
        if not asks_for_page(request, extension, _FORMATS):
            if unknown:
                detail = f"No entity, or more than one, is known by {unknown.typed!r}."
                return problem(
                    404,
                    detail,
                    sentence("give a CURIE such as %(curie)s.", curie=release.examples.curie),
                    unknown.close,
                )
            abort(
                400,
                sentence(
                    "Name two to %(most)s entities: ?id= and &id= with a CURIE, another identifier or a name.",
                    most=MOST,
                ),
            )
        status = 404 if unknown else 400 if len(known) > MOST else 200
        page = _page(release, chosen, None)
        whole = Document("/compare", {HTML: lambda: page}, query=_query(chosen), status=status, cached=False)
        return document(whole, extension, release)
    return document(_document(release, chosen, known), extension, release)


def _document(release: OpenRelease, chosen: Sequence[_Chosen], known: Sequence[EntityRef]) -> Document:
    def find() -> SideBySide:
        entities = [stated(release.store, one.iri) for one in known]
        return side_by_side(release.store, release.schema, release.namespaces, entities)

    return Document(
        "/compare",
        {
            HTML: lambda: _page(release, chosen, find()),
            MARKDOWN: lambda: side_by_side_markdown(find()),
            CSV: lambda: side_by_side_csv(find()),
            JSON: lambda: side_by_side_json(find()),
        },
        query=_query(chosen),
    )


def _page(release: OpenRelease, chosen: Sequence[_Chosen], found: SideBySide | None) -> str:
    examples, query = release.examples, _query(chosen)
    pair = [one for one in (examples.entity, examples.other) if one]
    given = ComparePage(
        named=chosen,
        found=found,
        most=MOST,
        is_full=len(chosen) >= MOST,
        example=_address([one.curie for one in pair]) if len(pair) > 1 else "",
        formats=[(one, f"/compare.{one.name}?{query}") for one in _FORMATS] if found else [],
    )
    return render(given)


def _chosen(release: OpenRelease) -> list[_Chosen]:
    """Return what the request names, each entity once. Answers 400 for what is longer than any name."""
    found: dict[str, Named] = {}
    for typed in texts("id", _NAMED_AT_MOST, LONGEST):
        one = named(release, "id", typed)
        found.setdefault(one.written, one)
    return [
        _Chosen(one.name, one.typed, one.entity, one.close, _address([other for other in found if other != written]))
        for written, one in found.items()
    ]


def _query(chosen: Sequence[Named]) -> str:
    return urlencode([("id", one.written) for one in chosen])


def _address(curies: Sequence[str]) -> str:
    return f"/compare?{urlencode([('id', curie) for curie in curies])}" if curies else "/compare"
