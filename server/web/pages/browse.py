"""Ways into the base: all classes with what is best known of each, and the map of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask import Blueprint, Response

from ...formats.writing import ref_record, write_csv, write_json
from ...records.lists import ClassSummary, ListedEntity, ListSelection
from ...serialization import CSV, HTML, JSON, MARKDOWN
from ..current import current_release
from ..documents.documents import Document, document
from ..documents.markdown import page_markdown
from ..given.lists import BrowsePage, MapPage
from ..http.languages import page as render
from ..http.signposting import licence_links
from ..open_release import OpenRelease
from ..site import overviews_of

blueprint = Blueprint("browse", __name__)

_FORMATS: Final = (HTML, MARKDOWN, CSV, JSON)
_FIRST: Final = 5
"""Entities that are named of each class."""


@blueprint.get("/browse")
@blueprint.get("/browse.<extension>")
def browse(extension: str | None = None) -> Response:
    """List all classes, with how many entities each has and the best known of them."""
    release = current_release()

    def page() -> BrowsePage:
        return BrowsePage(
            classes=_known(release),
            empty=[one for one in release.classes if not one.count],
            lists=overviews_of(release),
            formats=_FORMATS,
            path="/browse",
        )

    whole = Document(
        "/browse",
        {
            HTML: lambda: render(page()),
            MARKDOWN: lambda: page_markdown("browse", page()),
            CSV: lambda: write_csv(
                ("class", "label", "definition", "count"),
                [(one.name, one.plural, one.definition, one.count) for one in release.classes],
            ),
            JSON: lambda: write_json(
                {
                    "classes": [
                        {
                            "class": one.name,
                            "label": one.plural,
                            "definition": one.definition,
                            "count": one.count,
                            "entities": [ref_record(listed.entity) for listed in first],
                        }
                        for one, first in _known(release)
                    ]
                }
            ),
        },
        links=lambda: licence_links(release),
    )
    return document(whole, extension, release)


@blueprint.get("/map")
def whole_map() -> str:
    """Show the map of the whole base."""
    release = current_release()
    return render(
        MapPage(map=release.map, map_classes=[(term.notation, term.plural) for term in release.schema.page_classes])
    )


def _known(release: OpenRelease) -> list[tuple[ClassSummary, Sequence[ListedEntity]]]:
    lists = release.finder.index.lists
    return [(one, lists.of_class(one.name, ListSelection(), _FIRST)) for one in release.classes if one.count]
