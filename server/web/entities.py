"""Entities, their classes and their edges: one IRI for the thing, one document about it per format and profile."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from ..errors import NotFoundError
from ..knowledge import entity as entities
from ..knowledge.candidates import related
from ..knowledge.citations import citations, entry_citation
from ..knowledge.listing import near_names
from ..knowledge.neighbourhood import edge_places
from ..knowledge.portrait import portrait
from ..namespaces import PAGE_CLASSES, SLUG
from ..records.citations import Citation
from ..records.pages import EntityPage, EntityRef
from ..similarity.records import Related
from .current import OpenRelease, current_release
from .documents import Document, document, known_document, rdf_writers, see_other
from .embedding import embedded, entity_data
from .languages import for_reader, page_of
from .links import Link
from .listing import class_document
from .negotiation import (
    BIBTEX,
    CSL,
    CSV,
    DOCUMENT_FORMATS,
    GRAPH_FORMATS,
    HTML,
    JSON,
    MARKDOWN,
    PROBLEM_FORMATS,
    REFERENCE,
    REFERENCE_FORMATS,
    RIS,
    choose_or_none,
    named,
)
from .paging import NEIGHBOURS, Pages
from .pictures.around import picture_of
from .pictures.drawing import SHAPES
from .plain.entity import entity_csv, entity_json, entity_markdown
from .plain.references import bibtex, csl_json, reference_line, ris
from .problems import problem
from .profiles import EDGES, RECORD, SCHEMA_ORG
from .redirects import redirect_to_tidied
from .representations import SCHEMA_ORG_CONTEXT
from .signposting import entity_links

room = Blueprint("entities", __name__)

_RELATED_AT_FIRST = 8
"""How many of those near in meaning a page shows before it is asked for the rest."""

CLASSES = ", ".join(f"'{name}'" for name in PAGE_CLASSES)
"""The page classes as the argument of werkzeug's converter `any`."""


@room.get(f"/<any({CLASSES}):name>")
@room.get(f"/<any({CLASSES}):name>.<extension>")
def class_(name: str, extension: str | None = None) -> Response:
    """List the entities of a class."""
    release = current_release()
    return document(class_document(release, name, extension), extension, release)


@room.get(f"/<any({CLASSES}):name>/<slug>")
def thing(name: str, slug: str) -> AnyResponse:
    """Redirect from an entity to the document about it (303); a merged entity leads to its successor (301)."""
    slug, dot, extension = slug.partition(".")
    release = current_release()
    whole = entity_document(release, name, slug)
    if dot and (known := known_document(whole, extension, release)):
        return known
    moved = instead(release, name, slug, dot + extension)
    if moved is not None:
        return moved
    return document(whole, extension, release) if dot else see_other(whole, release)


@room.get("/edge/<edge>")
def edge(edge: str) -> Response:
    """Redirect from an edge to the document about the entity from which it starts, and in HTML to its place (303)."""
    release = current_release()
    if not SLUG.fullmatch(edge):
        return redirect_to_tidied() or problem(404, f"There is no edge edge:{edge}.")
    subject = entities.edge_subject(release.store, release.namespaces.edge + edge)
    path = subject.removeprefix(release.namespaces.base)
    name, _, slug = path.partition("/")
    return see_other(entity_document(release, name, slug), release, lambda: _shown_at(release, f"/{path}", edge))


def _shown_at(release: OpenRelease, path: str, edge: str) -> str:
    """Return the address of an edge on the page of the entity at `path`, or on one of its neighbourhood.

    One that is not in use, such as a draft, is on none of them: its address is that of the page.
    """
    iri, whole = release.namespaces.base + path[1:], f"{path}.{HTML.name}"
    places = release.once(("edges", path), lambda: edge_places(release.store, release.namespaces, iri))
    if f"edge:{edge}" not in places:
        return whole
    class_name, place = places[f"edge:{edge}"]
    if place >= NEIGHBOURS:
        pages = Pages(
            f"{path}/neighbourhood", place // NEIGHBOURS + 1, NEIGHBOURS, NEIGHBOURS, (("class", class_name),)
        )
        whole = pages.address(chosen=HTML)
    return f"{whole}#edge-{edge}"


def entity_document(release: OpenRelease, name: str, slug: str) -> Document:
    """Return the description of an entity as a document in every profile."""
    iri, path = release.namespaces.entity(name, slug), f"/{name}/{slug}"
    store, graph = release.store, f"{release.namespaces.graph}asserted"

    def found() -> EntityPage:
        return entities.entity_page(store, release.namespaces, iri)

    def citation() -> Citation:
        if work := citations(store, name, [iri]).get(iri):
            return work
        history = release.lookups.history(path[1:])
        changed = (history and history.changed) or release.modified(path)
        return entry_citation(store, entities.entity_ref(store, iri)[0], changed.date().isoformat())

    def near() -> Related:
        return related(store, iri)

    def as_schema_org() -> str:
        return entities.describe_as_schema_org(store, iri)

    def page() -> str:
        shown = found()
        return page_of(
            "entity.html",
            page=shown,
            picture=picture_of(release, for_reader(release, shown)),
            shapes=SHAPES,
            at_most=NEIGHBOURS,
            at_first=_RELATED_AT_FIRST,
            portrait=portrait(store, release.namespaces, shown),
            history=release.lookups.history(path[1:]),
            related=near(),
            data=embedded(entity_data(release, iri, as_schema_org())),
            citation=citation(),
            reference=reference_line(citation()),
            references=REFERENCE_FORMATS,
            formats=DOCUMENT_FORMATS,
            path=path,
        )

    return Document(
        path,
        {
            HTML: page,
            **rdf_writers(release, lambda: entities.describe(store, iri), first=iri, graph=graph),
            MARKDOWN: lambda: entity_markdown(found(), near()),
            CSV: lambda: entity_csv(found()),
            JSON: lambda: entity_json(found(), near()),
            BIBTEX: lambda: bibtex(citation()),
            RIS: lambda: ris(citation()),
            CSL: lambda: csl_json(citation()),
            REFERENCE: lambda: reference_line(citation()) + "\n",
        },
        about=iri,
        links=lambda: release.once(("links", path), lambda: entity_links(release, iri, name, as_schema_org())),
        profile=EDGES,
        profiles={
            RECORD: rdf_writers(release, lambda: entities.describe_record(store, iri), first=iri, graph=graph),
            # Nobody asserted these words, so they stand in no graph.
            SCHEMA_ORG: rdf_writers(release, as_schema_org, first=iri, context=SCHEMA_ORG_CONTEXT),
        },
    )


def instead(release: OpenRelease, name: str, slug: str, rest: str) -> AnyResponse | None:
    """Return what is answered in place of an entity that is unknown (404), merged (301) or withdrawn (410).

    `rest` is what follows the entity's path in the one that was asked for, such as an extension.
    """
    iri = release.namespaces.entity(name, slug)
    # What is no slug cannot be in the base, and may not even be part of an IRI.
    if not SLUG.fullmatch(slug):
        return redirect_to_tidied() or _not_found(release, f"{name}:{slug}")
    retired = entities.retired(release.store, iri)
    if retired is None:
        try:
            entities.entity_ref(release.store, iri)
        except NotFoundError:
            return _not_found(release, f"{name}:{slug}")
        return None
    if retired.successor is None:
        return _gone(release, retired.entity, rest.removeprefix(".") if rest.startswith(".") else "")
    path = "/" + retired.successor.iri.removeprefix(release.namespaces.base)
    query = f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""
    return redirect(path + rest + query, 301)


def _gone(release: OpenRelease, entity: EntityRef, extension: str) -> Response:
    """Return the tombstone of an entity: what it was, as triples to those who ask for them, else as a problem."""
    offered = (*PROBLEM_FORMATS, *GRAPH_FORMATS)
    chosen = named(extension, GRAPH_FORMATS) if extension else choose_or_none(request, offered)
    path = "/" + entity.iri.removeprefix(release.namespaces.base)
    links = [Link(f"{path}.{one.name}", "alternate", (("type", one.media_type),)) for one in GRAPH_FORMATS]
    if chosen in GRAPH_FORMATS:
        writers = rdf_writers(
            release,
            lambda: entities.describe_record(release.store, entity.iri),
            first=entity.iri,
            graph=f"{release.namespaces.graph}asserted",
        )
        return document(Document(path, writers, about=entity.iri, status=410), extension or None, release)
    return problem(
        410,
        f"{entity.label} ({entity.curie}) was withdrawn, and nothing took its place. It was: {entity.definition}",
        "look for it under another name.",
        near_names(release.store, entity.label),
        links,
    )


def _not_found(release: OpenRelease, curie: str) -> Response:
    return problem(
        404,
        f"There is no entity {curie}.",
        "check the spelling, or look through the list of its class.",
        near_names(release.store, curie),
    )
