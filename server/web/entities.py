"""Entities, their classes and their edges: one IRI for the thing, one document about it per format."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from ..errors import NotFoundError
from ..knowledge import entity as entities
from ..knowledge.listing import class_summaries, describe_class, entities_of_class, near_names
from ..namespaces import PAGE_CLASSES, SLUG
from ..records import EntityRef
from .current import OpenRelease, current_release
from .documents import describes, document, document_format, see_other
from .negotiation import DOCUMENT_FORMATS, HTML, Format
from .problems import problem

room = Blueprint("entities", __name__)

CLASSES = ", ".join(f"'{name}'" for name in PAGE_CLASSES)


@room.get(f"/<any({CLASSES}):name>")
@room.get(f"/<any({CLASSES}):name>.<extension>")
def class_(name: str, extension: str | None = None) -> Response:
    """List the entities of a class."""
    release = current_release()

    def page() -> str:
        summary = next(one for one in class_summaries(release.store) if one.name == name)
        listed = entities_of_class(release.store, name)
        return render_template("class.html", summary=summary, listed=listed, formats=DOCUMENT_FORMATS, path=f"/{name}")

    return document(
        f"/{name}",
        document_format(extension),
        release,
        page=page,
        triples=lambda: describe_class(release.store, name),
    )


@room.get(f"/<any({CLASSES}):name>/<slug>")
def thing(name: str, slug: str) -> AnyResponse:
    """Redirect from an entity to the document about it (303); a merged entity leads to its successor (301)."""
    slug, dot, extension = slug.partition(".")
    path = f"/{name}/{slug}"
    release = current_release()
    iri = release.namespaces.entity(name, slug)
    moved = instead(release, name, slug, dot + extension)
    if moved is not None:
        return moved
    if dot:
        return _document(release, path, iri, document_format(extension))
    return see_other(path, document_format(None))


def _document(release: OpenRelease, path: str, iri: str, chosen: Format) -> Response:
    """Return the document about an entity in use."""

    def page() -> str:
        return render_template(
            "entity.html",
            page=entities.entity_page(release.store, release.namespaces, iri),
            formats=DOCUMENT_FORMATS,
            path=path,
        )

    return document(
        path,
        chosen,
        release,
        page=page,
        triples=lambda: entities.describe(release.store, iri),
        first=iri,
        links=[describes(iri)],
    )


def instead(release: OpenRelease, name: str, slug: str, rest: str) -> AnyResponse | None:
    """Return what is answered in place of an entity that is unknown (404), merged (301) or withdrawn (410).

    `rest` is what follows the entity's path in the one that was asked for, such as an extension.
    """
    iri = release.namespaces.entity(name, slug)
    # What is no slug cannot be in the base, and may not even be part of an IRI.
    if not SLUG.fullmatch(slug):
        return _not_found(release, f"{name}:{slug}")
    retired = entities.retired(release.store, iri)
    if retired is None:
        try:
            entities.entity_ref(release.store, iri)
        except NotFoundError:
            return _not_found(release, f"{name}:{slug}")
        return None
    if retired.successor is None:
        return _gone(release, retired.entity)
    path = "/" + retired.successor.iri.removeprefix(release.namespaces.base)
    return redirect(path + rest, 301)


@room.get("/edge/<edge>")
def edge(edge: str) -> Response:
    """Redirect from an edge to the document about the entity from which it starts (303)."""
    release = current_release()
    if not SLUG.fullmatch(edge):
        abort(404, f"There is no edge edge:{edge}.")
    subject = entities.edge_subject(release.store, release.namespaces.edge + edge)
    chosen = document_format(None)
    path = "/" + subject.removeprefix(release.namespaces.base)
    return see_other(path, chosen, f"#edge-{edge}" if chosen is HTML else "")


def _gone(release: OpenRelease, entity: EntityRef) -> Response:
    return problem(
        410,
        f"{entity.label} ({entity.curie}) was withdrawn, and nothing took its place. It was: {entity.definition}",
        "look for it under another name.",
        near_names(release.store, entity.label),
    )


def _not_found(release: OpenRelease, curie: str) -> Response:
    return problem(
        404,
        f"There is no entity {curie}.",
        "check the spelling, or look through the list of its class.",
        near_names(release.store, curie),
    )
