"""A way into the base for those who look for nothing in particular: an entity by chance."""

from __future__ import annotations

import secrets

from flask import Blueprint, redirect
from werkzeug.wrappers import Response as AnyResponse

from ...records.lists import ListSelection
from ...records.sentences import sentence
from ..current import current_release
from ..http.parameters import any_of
from ..http.problems import problem

blueprint = Blueprint("random_entity", __name__)


@blueprint.get("/random")
def random_entity() -> AnyResponse:
    """Lead to an entity by chance (303), of the classes `class` where these are given; each is as likely."""
    release = current_release()
    classes = any_of("class", release.namespaces.classes) or release.namespaces.classes
    lists, all_of_it = release.finder.index.lists, ListSelection()
    counts = release.once(
        ("entities of classes",), lambda: {one.name: lists.count(one.name, all_of_it) for one in release.classes}
    )
    total = sum(counts[name] for name in classes)
    if not total:
        return problem(404, sentence("There is no such entity yet."), sentence("see the home page for what there is."))
    place = secrets.randbelow(total)
    chosen = ""
    for chosen in classes:
        if place < counts[chosen]:
            break
        place -= counts[chosen]
    [found] = lists.of_class(chosen, all_of_it, limit=1, offset=place)
    response = redirect(release.path_of(found.entity.iri), 303)
    response.headers["Cache-Control"] = "no-store"
    return response
