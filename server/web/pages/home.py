"""The home page, which is the catalogue too, and the small things every site has."""

from __future__ import annotations

import json
from typing import Final

from flask import Blueprint, Response, redirect
from werkzeug.wrappers import Response as AnyResponse

from ...records.history import Change, Fate, Version
from ...records.lists import ListedEntity, ListSelection
from ...serialization import HTML, triples_formats
from ..current import current_release
from ..data.catalogue import catalogue_description, dataset_for_search_engines
from ..data.example_queries import endpoint_address
from ..documents.documents import Document, document, rdf_writers
from ..given.site import HomePage
from ..http.languages import page as render
from ..http.links import Link
from ..http.origins import site_address
from ..http.signposting import licence_links
from ..open_release import OpenRelease
from ..site import everywhere, home_buttons
from .differences import change_of, path_of_page
from .embedding import embedded

blueprint = Blueprint("home", __name__)

_NEWS: Final = 5
"""How many of what is new, and of what is changed, are on the page."""
_LOOKED_AT: Final = 200
"""Versions among which these are looked for."""
_TOPICS: Final = 12
_CATALOGUE = "https://schema.org/DataCatalog"


@blueprint.get("/")
@blueprint.get("/catalogue")
@blueprint.get("/catalogue.<extension>")
def home(extension: str | None = None) -> Response:
    """Show what the base is to people, and to programs the catalogue of its data."""
    release = current_release()
    whole = Document(
        "/catalogue",
        {
            HTML: lambda: _page(release),
            **rdf_writers(
                release,
                lambda: catalogue_description(release, endpoint_address()),
                first=release.namespaces.base,
            ),
        },
        about=release.namespaces.base,
        # RFC 8631, section 4: what describes the interface to programs, and to people.
        links=lambda: [
            Link(_CATALOGUE, "type"),
            Link("/openapi.json", "service-desc"),
            Link("/openapi", "service-doc"),
            *licence_links(release),
        ],
        cached=False,
        names_site=True,
    )
    return document(whole, extension, release)


def _page(release: OpenRelease) -> str:
    given = HomePage(
        classes=release.classes,
        info=release.info,
        map=release.map,
        map_classes=[(term.notation, term.plural) for term in release.schema.page_classes],
        buttons=home_buttons(release),
        example=release.examples.entity,
        example_class=next((term.curie for term in release.schema.navigation), "owl:Thing"),
        address=site_address(),
        data=embedded(dataset_for_search_engines(release, endpoint_address())),
        formats=triples_formats(),
        news=release.once(("news",), lambda: _news(release)),
        topics=_topics(release),
    )
    return render(given)


def _news(release: OpenRelease) -> list[Change]:
    """Return what was added last, and what was changed, each entity once; the newest first."""
    found: dict[Fate, list[Version]] = {Fate.CREATED: [], Fate.CHANGED: []}
    seen = set()
    for version in release.history.changes(0, _LOOKED_AT):
        is_shown = version.kind in found and path_of_page(release, version.entity)
        if version.entity not in seen and is_shown and len(found[version.kind]) < _NEWS:
            found[version.kind].append(version)
        seen.add(version.entity)
    newest = sorted((one for some in found.values() for one in some), key=lambda one: one.id, reverse=True)
    return [change_of(release, one) for one in newest]


def _topics(release: OpenRelease) -> tuple[ListedEntity, ...]:
    """Return the best connected entities of the class that is most often what others are about."""
    lists = release.finder.index.lists
    counted = release.once(("topics",), lambda: {name: lists.count_topics(name) for name in release.namespaces.classes})
    best = max(counted, key=lambda name: counted[name], default="")
    return lists.of_class(best, ListSelection(), _TOPICS) if best and counted[best] else ()


@blueprint.get("/favicon.ico")
def favicon() -> AnyResponse:
    """Redirect browsers that ask by the old name."""
    return redirect(everywhere().icon, 301)


@blueprint.get("/context.jsonld")
def context() -> Response:
    """Return the JSON-LD context of the whole vocabulary."""
    text = json.dumps({"@context": current_release().context}, indent=2, ensure_ascii=False) + "\n"
    return Response(text, content_type="application/ld+json")
