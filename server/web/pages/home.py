"""The home page, which is the catalogue too, and the small things every site has."""

from __future__ import annotations

import json

from flask import Blueprint, Response, redirect
from werkzeug.wrappers import Response as AnyResponse

from ...serialization import HTML, triples_formats
from ..current import OpenRelease, current_release
from ..data.catalogue import catalogue_description, dataset_for_search_engines
from ..data.example_queries import endpoint_address
from ..documents.documents import Document, document, rdf_writers
from ..given import HomePage
from ..http.links import Link
from ..http.origins import site_address
from ..http.signposting import licence_links
from ..site import everywhere, home_buttons
from .embedding import embedded

blueprint = Blueprint("home", __name__)

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
    # Its words are in English alone: nothing of it depends on who reads.
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
    )
    return given.in_english()


@blueprint.get("/favicon.ico")
def favicon() -> AnyResponse:
    """Redirect browsers that ask by the old name."""
    return redirect(everywhere().icon, 301)


@blueprint.get("/context.jsonld")
def context() -> Response:
    """Return the JSON-LD context of the whole vocabulary."""
    text = json.dumps({"@context": current_release().context}, indent=2, ensure_ascii=False) + "\n"
    return Response(text, content_type="application/ld+json")
