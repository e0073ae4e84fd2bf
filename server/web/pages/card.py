"""The card of an entity: a few lines on it for those who only come across it, as a small document of its own.

Pages show it beside links (`static/cards.js`), reconciliation shows it in a frame.
"""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from ...knowledge.reconciliation.matching import named_entities, shown_types
from ...knowledge.reconciliation.records import Named
from ...knowledge.weights import weights_of
from ...records.languages import english_first
from ...records.pages import EntityRef
from ...serialization import HTML
from ..current import current_release
from ..given.entities import CardPage
from ..http.caching import Representation
from ..http.languages import page as render
from ..open_release import OpenRelease
from .entities import EntityReader, instead

blueprint = Blueprint("card", __name__)


@blueprint.get("/<page_class:name>/<slug>/card")
def card(name: str, slug: str) -> AnyResponse:
    """Return the card of an entity."""
    return card_at(name, slug, "card", CardPage)


def card_at(name: str, slug: str, last: str, template: type[CardPage], policy: str = "") -> AnyResponse:
    """Return the card of an entity by one of its templates, at the path that ends in `last`.

    `policy` is its Content-Security-Policy, where it has one of its own.
    """
    release = current_release()
    moved = instead(EntityReader(release, name, slug), f"/{last}")
    if moved is not None:
        return moved
    iri, path = release.iri_of(name, slug), f"/{name}/{slug}/{last}"

    def write() -> str:
        return card_page(release, named_entities(release.store, [iri])[iri], template)

    response = Representation(release, path, (HTML.name,), HTML.content_type, write)
    if policy:
        response.headers["Content-Security-Policy"] = policy
    return response


def card_page(release: OpenRelease, entity: Named, template: type[CardPage]) -> str:
    """Return what the card of an entity tells, by one of its templates."""
    weights = weights_of(release.store, release.namespaces, release.schema, [entity.iri])
    classes = [release.schema.classes[iri] for iri in shown_types(release.schema, entity)]
    mentioned = EntityRef(entity.iri, entity.curie, entity.label, classes[-1].notation, entity.definition)
    return render(template(mentioned, english_first(entity.names), classes, entity.edges, weights.get(entity.iri)))
