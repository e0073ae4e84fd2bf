"""The picture of an entity's neighbourhood as a file of its own."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from werkzeug.wrappers import Response as AnyResponse

from ...records.sentences import sentence
from ..current import current_release
from ..pictures.around import picture_of
from ..pictures.files import style, svg
from .entities import EntityReader, instead

blueprint = Blueprint("picture", __name__)


@blueprint.get("/<page_class:name>/<slug>/picture.svg")
def around(name: str, slug: str) -> AnyResponse:
    """Return the picture of an entity's neighbourhood."""
    release = current_release()
    entity = EntityReader(release, name, slug)
    moved = instead(entity, "/picture.svg")
    if moved is not None:
        return moved
    page = entity.page
    if not page.groups:
        abort(404, sentence("%(name)s:%(slug)s has no neighbours yet, so there is no picture.", name=name, slug=slug))

    def write() -> str:
        return render_template("pictures/alone.svg", picture=picture_of(release, page), style=style(release))

    return svg(release, f"/{name}/{slug}/picture.svg", write)
