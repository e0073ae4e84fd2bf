"""Entities, their classes and their edges: one IRI for the thing, one document about it per format and profile."""

from __future__ import annotations

from functools import cached_property

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from ...errors import NotFoundError
from ...formats.entity import entity_csv, entity_json
from ...formats.references import bibtex, csl_json, reference_line, ris
from ...knowledge.added_sections import added_sections
from ...knowledge.candidates import related, thresholds
from ...knowledge.citations import citations, container_of, entry_citation
from ...knowledge.entity import (
    Stated,
    describe,
    describe_as_schema_org,
    describe_record,
    edge_subject,
    entity_page,
    retired,
    stated,
)
from ...knowledge.listing import near_names
from ...knowledge.neighbourhood import edge_places
from ...knowledge.portrait import portrait
from ...namespaces import SLUG
from ...records.candidates import Related
from ...records.citations import Citation
from ...records.pages import EntityPage, EntityRef, Portrait
from ...records.sentences import sentence
from ...serialization import (
    BIBTEX,
    CSL,
    CSV,
    HTML,
    JSON,
    MARKDOWN,
    PROBLEM_FORMATS,
    REFERENCE,
    REFERENCE_FORMATS,
    RIS,
    document_formats,
    triples_formats,
)
from ..current import current_release
from ..data.description import dataset_document
from ..data.snippets import card_frame, entity_snippets
from ..documents.documents import Document, document, known_document, rdf_writers, reified_writers, see_other
from ..documents.markdown import entity_markdown
from ..documents.representations import SCHEMA_ORG_CONTEXT
from ..given.entities import EntityDocumentPage
from ..http.languages import for_reader, page_of_ours
from ..http.languages import page as render
from ..http.links import Link
from ..http.memento import depends_on_time, memento_links, original_links
from ..http.negotiation import choose_or_none, named
from ..http.origins import home_address
from ..http.paging import NEIGHBOURS, Pages
from ..http.problems import problem
from ..http.profiles import EDGES, RECORD, REIFIERS, SCHEMA_ORG
from ..http.redirects import redirect_to_tidied
from ..http.signposting import entity_links
from ..open_release import OpenRelease
from ..pictures.around import small_picture_of
from .embedding import embedded, entity_data
from .listing import class_document
from .versions import Then, earlier

blueprint = Blueprint("entities", __name__)

_RELATED_AT_FIRST = 6
"""How many of those near in meaning a page shows; the review queue has all."""
_NEIGHBOURS_SHOWN = 12
"""How many neighbours of a class a page shows below its sections; the pages of the neighbourhood have all."""


@blueprint.get("/<page_class:name>")
@blueprint.get("/<page_class:name>.<extension>")
def class_(name: str, extension: str | None = None) -> Response:
    """List the entities of a class."""
    release = current_release()
    return document(class_document(release, name, extension), extension, release)


@blueprint.get("/dataset")
def dataset() -> AnyResponse:
    """Redirect from the dataset to the document about it (303); list the entities of a class that is so called."""
    release = current_release()
    if "dataset" in release.namespaces.classes:
        return class_("dataset")
    return see_other(dataset_document(release), release)


@blueprint.get("/<page_class:name>/<slug>")
def thing(name: str, slug: str) -> AnyResponse:
    """Redirect from an entity to the document about it (303); a merged entity leads to its successor (301)."""
    slug, dot, extension = slug.partition(".")
    release = current_release()
    entity = EntityReader(release, name, slug)
    then = earlier(release, name, slug, extension if dot else None, _as_it_was, is_here=lambda: _is_here(entity))
    if then is not None:
        return then
    answer = _as_it_is(entity, extension if dot else None)
    return depends_on_time(answer) if release.history else answer


def _as_it_is(entity: EntityReader, extension: str | None) -> AnyResponse:
    release, whole = entity.release, entity_document(entity)
    if extension is not None and (known := known_document(whole, extension, release)):
        return known
    moved = instead(entity, "" if extension is None else f".{extension}")
    if moved is not None:
        return moved
    return see_other(whole, release) if extension is None else document(whole, extension, release)


def _as_it_was(past: OpenRelease, name: str, slug: str, then: Then) -> Document:
    """Return the document of an entity over the release of a version."""
    return entity_document(EntityReader(past, name, slug, then))


def _is_here(entity: EntityReader) -> bool:
    try:
        return bool(entity.stated)
    except NotFoundError:
        return False


@blueprint.get("/edge/<edge>")
def edge(edge: str) -> Response:
    """Redirect from an edge to the document about the entity from which it starts, and in HTML to its place (303)."""
    release = current_release()
    if not SLUG.fullmatch(edge):
        return redirect_to_tidied() or problem(404, sentence("There is no edge edge:%(edge)s.", edge=edge))
    subject = edge_subject(release.store, release.namespaces.edge + edge)
    path = release.path_of(subject)
    name, _, slug = path[1:].partition("/")
    return see_other(
        entity_document(EntityReader(release, name, slug)), release, lambda: _shown_at(release, subject, edge)
    )


def _shown_at(release: OpenRelease, iri: str, edge: str) -> str:
    """Return the address of an edge on the page of an entity, or on one of its neighbourhood.

    One that is not in use, such as a draft, is on none of them: its address is that of the page.
    """
    path = release.path_of(iri)
    whole = f"{path}.{HTML.name}"
    places = release.once(("edges", path), lambda: edge_places(release.store, release.namespaces, iri))
    if f"edge:{edge}" not in places:
        return whole
    class_name, place = places[f"edge:{edge}"]
    if place >= _NEIGHBOURS_SHOWN:
        pages = Pages(
            f"{path}/neighbourhood", place // NEIGHBOURS + 1, NEIGHBOURS, NEIGHBOURS, (("class", class_name),)
        )
        whole = pages.address(chosen=HTML)
    return f"{whole}#edge-{edge}"


class EntityReader:
    """One entity, each part of which a request reads once, when it first needs it.

    What it reads raises NotFoundError when there is no such entity.
    """

    def __init__(self, release: OpenRelease, name: str, slug: str, then: Then | None = None) -> None:
        self.release = release
        self.then = then
        """The version that the release is of; None for the entity as it is."""
        self.name = name
        """That of the page class."""
        self.slug = slug
        self.iri = release.iri_of(name, slug)
        self.path = f"/{name}/{slug}"

    @cached_property
    def stated(self) -> Stated:
        """What is asserted of the entity itself."""
        try:
            return stated(self.release.store, self.iri)
        except NotFoundError as error:
            if self.then is None:
                raise
            raise NotFoundError(
                sentence(
                    "This version of %(name)s:%(slug)s lacks a name, a text or a status, so that there is no page.",
                    name=self.name,
                    slug=self.slug,
                ),
                sentence("ask for RDF, such as the extension .ttl."),
            ) from error

    @cached_property
    def page(self) -> EntityPage:
        """Everything that the page of the entity shows."""
        return entity_page(self.release.store, self.release.schema, self.release.namespaces, self.stated)

    @cached_property
    def portrait(self) -> Portrait:
        """What its page shows first."""
        release = self.release
        return portrait(release.store, release.namespaces, release.schema, self.page, self.stated)

    @cached_property
    def citation(self) -> Citation:
        """A reference to the work that the entity is, or else to the entry of the base."""
        release = self.release
        if release.schema.is_of_works(self.name):
            found = citations(release.store, release.schema, self.name, [self.iri])
            if self.iri in found:
                return found[self.iri]
        history = release.lookups.history(self.path[1:])
        changed = (history and history.changed) or release.modified(self.path)
        if self.then is not None:
            changed = self.then.version.commit.at
        container = release.once(("container",), lambda: container_of(release.store))
        return entry_citation(container, self.stated.ref, changed.date().isoformat())

    @cached_property
    def related(self) -> Related:
        """The entities near to it that no edge joins to it."""
        release = self.release
        return related(release.store, self.iri, release.once(("thresholds",), lambda: thresholds(release.store)))

    @cached_property
    def schema_org(self) -> str:
        """What schema.org has words for, of it and its neighbours, as N-Triples."""
        return describe_as_schema_org(self.release.store, self.release.schema, self.iri)


def entity_document(entity: EntityReader) -> Document:
    """Return the description of an entity as a document in every profile."""
    release, iri, path = entity.release, entity.iri, entity.path
    store = release.store

    def page() -> str:
        shown, then = entity.page, entity.then
        # The words in other languages are those of today.
        drawn = shown if then else for_reader(release, shown)
        given = EntityDocumentPage(
            page=shown,
            picture=small_picture_of(drawn),
            at_most=_NEIGHBOURS_SHOWN,
            at_first=_RELATED_AT_FIRST,
            portrait=entity.portrait,
            added=added_sections(store, release.namespaces, shown),
            history=release.lookups.history(path[1:]),
            related=entity.related,
            data=embedded(entity_data(release, iri, entity.schema_org)),
            citation=entity.citation,
            reference=reference_line(entity.citation),
            references=REFERENCE_FORMATS,
            formats=document_formats(),
            path=path,
            snippets=entity_snippets(home_address() + path[1:]),
            frame=card_frame(home_address() + path[1:], shown.entity.label),
            # In a base of our form, the file of an entity is where its id says (`akb check`: file-name).
            file="" if release.info.is_lifted else f"kb{path}.ttl",
            versions=bool(release.history),
            then=then,
        )
        return page_of_ours(given) if then else render(given)

    def links() -> list[Link]:
        found = entity_links(release, iri, entity.name, entity.schema_org)
        moments = release.history.moments_of(iri)
        return [*found, *original_links(path), *memento_links(path, moments)] if moments else found

    return Document(
        path,
        {
            HTML: page,
            **rdf_writers(release, lambda: describe(store, iri), first=iri),
            MARKDOWN: lambda: entity_markdown(entity.page, entity.portrait, entity.related),
            CSV: lambda: entity_csv(entity.page),
            JSON: lambda: entity_json(entity.page, entity.related, entity.portrait.weight),
            BIBTEX: lambda: bibtex(entity.citation),
            RIS: lambda: ris(entity.citation),
            CSL: lambda: csl_json(entity.citation),
            REFERENCE: lambda: reference_line(entity.citation) + "\n",
        },
        about=iri,
        links=lambda: release.once(("links", path), links),
        profile=EDGES,
        profiles={
            RECORD: rdf_writers(release, lambda: describe_record(store, iri), first=iri),
            SCHEMA_ORG: rdf_writers(release, lambda: entity.schema_org, first=iri, context=SCHEMA_ORG_CONTEXT),
            REIFIERS: reified_writers(release, lambda: describe(store, iri)),
        },
    )


def instead(entity: EntityReader, rest: str) -> AnyResponse | None:
    """Return what is answered in place of an entity that is unknown (404), merged (301) or withdrawn (410).

    `rest` is what follows the entity's path in the one that was asked for, such as an extension.
    """
    release, curie = entity.release, f"{entity.name}:{entity.slug}"
    # What is no slug cannot be in the base, and may not even be part of an IRI.
    if not SLUG.fullmatch(entity.slug):
        return redirect_to_tidied() or _not_found(release, curie)
    try:
        gone = retired(release.store, entity.stated)
    except NotFoundError:
        return _not_found(release, curie)
    if gone is None:
        return None
    if gone.successor is None:
        return _gone(release, gone.entity, rest.removeprefix(".") if rest.startswith(".") else "")
    path = release.path_of(gone.successor.iri)
    query = f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""
    return redirect(path + rest + query, 301)


def _gone(release: OpenRelease, entity: EntityRef, extension: str) -> Response:
    """Return the tombstone of an entity: what it was, as triples to those who ask for them, else as a problem."""
    offered = (*PROBLEM_FORMATS, *triples_formats())
    chosen = named(extension, triples_formats()) if extension else choose_or_none(request, offered)
    path = release.path_of(entity.iri)
    links = [Link(f"{path}.{one.name}", "alternate", (("type", one.media_type),)) for one in triples_formats()]
    if chosen in triples_formats():
        writers = rdf_writers(release, lambda: describe_record(release.store, entity.iri), first=entity.iri)
        return document(Document(path, writers, about=entity.iri, status=410), extension or None, release)
    return problem(
        410,
        sentence(
            "%(label)s (%(curie)s) was withdrawn, and nothing took its place. It was: %(definition)s",
            label=entity.label,
            curie=entity.curie,
            definition=entity.definition,
        ),
        sentence("look for it under another name."),
        near_names(release.store, entity.label),
        links,
    )


def _not_found(release: OpenRelease, curie: str) -> Response:
    return problem(
        404,
        sentence("There is no entity %(curie)s.", curie=curie),
        sentence("check the spelling, or look through the list of its class."),
        near_names(release.store, curie),
    )
