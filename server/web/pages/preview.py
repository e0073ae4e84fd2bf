"""The pictures that other sites show beside links to pages: one of each entity, and one of the site."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from ..current import current_release
from ..http.caching import Representation
from ..open_release import OpenRelease
from ..pictures.preview import Preview, drawn, preview_of
from .entities import EntityReader, instead

blueprint = Blueprint("preview", __name__)


@blueprint.get("/preview.png")
def of_site() -> AnyResponse:
    """Return the picture that other sites show beside links to the site."""
    release = current_release()
    return _png(release, "/preview.png", lambda: preview_of(release, release.site.name, release.site.summary))


@blueprint.get("/<page_class:name>/<slug>/preview.png")
def of_entity(name: str, slug: str) -> AnyResponse:
    """Return the picture that other sites show beside links to an entity."""
    release = current_release()
    entity = EntityReader(release, name, slug)
    moved = instead(entity, "/preview.png")
    if moved is not None:
        return moved
    ref = entity.stated.ref
    return _png(release, f"{entity.path}/preview.png", lambda: preview_of(release, ref.label, ref.definition, name))


def _png(release: OpenRelease, path: str, of: Callable[[], Preview]) -> AnyResponse:
    return Representation(release, path, ("png",), "image/png", lambda: drawn(release, of()))
