"""Every address with what it takes and its formats: a page for people, OpenAPI for programs."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, current_app

from ...formats.writing import write_json
from ...serialization import HTML, JSON
from ..current import current_release
from ..data.openapi import described, grouped, operations
from ..data.snippets import QUERY, entity_snippets, query_snippets
from ..documents.documents import Document, document
from ..given.site import ApiPage
from ..http.languages import page as render
from ..http.links import Link
from ..http.origins import site_address
from ..open_release import OpenRelease

blueprint = Blueprint("api", __name__)

_PATH = "/openapi"


@blueprint.get("/openapi")
@blueprint.get("/openapi.<extension>")
def api(extension: str | None = None) -> Response:
    """Describe every address: what it takes, and in which formats it answers."""
    release = current_release()
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    whole = Document(
        _PATH,
        {
            HTML: lambda: _page(app, release),
            JSON: lambda: write_json(described(app, release, site_address())),
        },
        links=lambda: [Link(f"{_PATH}.json", "service-desc"), Link("/docs/api", "service-doc")],
        cached=False,
    )
    return document(whole, extension, release)


def _page(app: Flask, release: OpenRelease) -> str:
    site, entity = site_address(), release.examples.entity
    return render(
        ApiPage(
            groups=grouped([*operations(app, release)]),
            snippets=entity_snippets(site + release.path_of(entity.iri)[1:]) if entity else (),
            queries=query_snippets(f"{site}sparql", QUERY % entity.iri) if entity else (),
            example=entity,
        )
    )
