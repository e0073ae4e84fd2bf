"""A topic, an organization, a person or any other entity, with all that is joined to it by class and year."""

from __future__ import annotations

from typing import Final

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from ...formats.by_year import by_year_csv, by_year_json
from ...knowledge.by_year import by_year
from ...records.by_year import ByYear
from ...serialization import CSV, HTML, JSON, MARKDOWN
from ..current import current_release
from ..documents.documents import Document, document
from ..documents.markdown import page_markdown
from ..given.lists import ByYearPage
from ..http.languages import page as render
from ..http.signposting import licence_links
from .entities import EntityReader, instead

blueprint = Blueprint("by_year", __name__)

_FORMATS: Final = (HTML, MARKDOWN, CSV, JSON)
_MOST: Final = 500
"""Entities of a class; the list of the class has all."""


@blueprint.get("/<page_class:name>/<slug>/by-year")
@blueprint.get("/<page_class:name>/<slug>/by-year.<extension>")
def of_entity(name: str, slug: str, extension: str | None = None) -> AnyResponse:
    """List what is joined to an entity, class by class, the newest first: works, claims, people, questions, systems."""
    release = current_release()
    entity = EntityReader(release, name, slug)
    moved = instead(entity, "/by-year" + (f".{extension}" if extension else ""))
    if moved is not None:
        return moved
    path = f"{entity.path}/by-year"

    def find() -> ByYear:
        return by_year(release.finder.index.lists, release.schema.page_classes, entity.page, _MOST)

    def page() -> ByYearPage:
        return ByYearPage(found=find(), path=path, formats=_FORMATS, above=entity.path)

    whole = Document(
        path,
        {
            HTML: lambda: render(page()),
            MARKDOWN: lambda: page_markdown("by-year", page()),
            CSV: lambda: by_year_csv(find()),
            JSON: lambda: by_year_json(find()),
        },
        links=lambda: licence_links(release),
    )
    return document(whole, extension, release)
