"""The neighbourhood of an entity as a resource of its own: filtered, paged, and the same in every format.

As data it is a collection whose pages are linked both in the data (Hydra Core Vocabulary, section 5.1) and by Link
headers (RFC 8288). Its members are the neighbours; CSV has a row for each edge.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flask import Blueprint
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from werkzeug.wrappers import Response as AnyResponse

from ...formats.neighbourhood import neighbourhood_csv, neighbourhood_json
from ...knowledge.neighbourhood import counting_queries, describe_neighbourhood, neighbourhood_page
from ...namespaces import HYDRA as HYDRA_NAMESPACE
from ...records.pages import Direction, Neighbourhood, Selection
from ...records.sentences import sentence
from ...serialization import CSV, HTML, JSON, MARKDOWN, triples_formats
from ..current import current_release
from ..data.example_queries import ntriples
from ..documents.documents import Document, document, rdf_writers
from ..documents.markdown import neighbourhood_markdown
from ..given.entities import NeighbourhoodPage
from ..http.languages import for_reader
from ..http.languages import page as render
from ..http.links import Link
from ..http.paging import NEIGHBOURS, Pages, asked_pages
from ..http.parameters import any_of
from ..http.signposting import licence_links
from ..open_release import OpenRelease
from ..pictures.around import Picture, picture_of
from .counts import query_address
from .entities import EntityReader, instead

blueprint = Blueprint("neighbourhood", __name__)

HYDRA: Final = Namespace(HYDRA_NAMESPACE)

_DIRECTIONS: Final = {
    Direction.OUT: sentence("from this to the neighbour"),
    Direction.IN: sentence("from the neighbour to this"),
    Direction.BOTH: sentence("both ways"),
}
_SIZE_AT_MOST: Final = 500


@blueprint.get("/<page_class:name>/<slug>/neighbourhood")
@blueprint.get("/<page_class:name>/<slug>/neighbourhood.<extension>")
def neighbourhood(name: str, slug: str, extension: str | None = None) -> AnyResponse:
    """Return a page of what is selected of an entity's neighbourhood."""
    release = current_release()
    entity = EntityReader(release, name, slug)
    moved = instead(entity, "/neighbourhood" + (f".{extension}" if extension else ""))
    if moved is not None:
        return moved
    selection = _selection(release)
    asked = asked_pages(f"/{name}/{slug}/neighbourhood", NEIGHBOURS, _SIZE_AT_MOST, _pairs(selection))
    ref = entity.stated.ref
    found = neighbourhood_page(release.store, release.namespaces, ref, selection, asked.size, asked.skipped)
    return document(_document(release, found, asked.of(found.neighbours)), extension, release)


def _document(release: OpenRelease, found: Neighbourhood, pages: Pages) -> Document:
    def triples() -> str:
        return describe_neighbourhood(release.store, found) + _collection(release, found, pages)

    return Document(
        pages.path,
        {
            HTML: lambda: _page(release, found, pages),
            **rdf_writers(release, triples, first=release.namespaces.base + pages.path[1:]),
            MARKDOWN: lambda: neighbourhood_markdown(found, pages),
            JSON: lambda: neighbourhood_json(found, pages.record()),
            CSV: lambda: neighbourhood_csv(found),
        },
        query=pages.query(),
        links=lambda: [*pages.links(), Link(found.entity.iri, "about"), *licence_links(release)],
    )


def _pairs(selection: Selection) -> list[tuple[str, str]]:
    return [
        *(("class", name) for name in selection.classes),
        *(("predicate", name.removeprefix("akb:")) for name in selection.predicates),
        *(("direction", str(direction)) for direction in selection.directions),
    ]


def _selection(release: OpenRelease) -> Selection:
    """Return what the query of the request selects; a parameter may be given several times, and an empty one is none.

    Answers 400 for a class, predicate or direction that there is not.
    """
    return Selection(
        classes=any_of("class", release.namespaces.classes),
        predicates=asked_predicates(release),
        directions=tuple(map(Direction, any_of("direction", list(Direction)))),
    )


def asked_predicates(release: OpenRelease) -> tuple[str, ...]:
    """Return the CURIEs of the predicates that the request names, sorted. Answers 400 for an unknown one."""
    predicates = {term.notation: term.curie for term in release.schema.predicates.values()}
    names = {
        **predicates,
        **{curie: curie for curie in predicates.values()},
        **{curie.removeprefix("akb:"): curie for curie in predicates.values()},
    }
    return tuple(sorted({names[one] for one in any_of("predicate", names, sorted(predicates))}))


def _page(release: OpenRelease, found: Neighbourhood, pages: Pages) -> str:
    entity = release.namespaces.compact(found.entity.iri)
    neighbours, edges = map(query_address, counting_queries(entity, found.selection, release.schema))
    by_class = {
        name: query_address(counting_queries(entity, replace(found.selection, classes=(name,)), release.schema)[0])
        for name, _ in found.counts
    }
    return render(
        NeighbourhoodPage(
            found=found,
            entity=found.entity,
            counts=dict(found.counts),
            neighbours_query=neighbours,
            edges_query=edges,
            by_class=by_class,
            classes=release.schema.page_classes,
            predicates=sorted(release.schema.predicates.values(), key=lambda predicate: predicate.notation),
            directions=_DIRECTIONS,
            is_filtered=found.selection != Selection(),
            picture=whole_picture(release, found, pages),
            pages=pages,
            steps=pages.steps(HTML),
            formats=pages.formats((HTML, *triples_formats(), MARKDOWN, JSON, CSV)),
            path=pages.path,
        )
    )


def whole_picture(release: OpenRelease, found: Neighbourhood, pages: Pages) -> Picture | None:
    """Return the picture of a neighbourhood where all of it is listed, on its first page."""
    if found.selection != Selection() or pages.page > 1:
        return None
    name, _, slug = found.entity.curie.partition(":")
    return picture_of(release, for_reader(release, EntityReader(release, name, slug).page))


def _collection(release: OpenRelease, found: Neighbourhood, pages: Pages) -> str:
    """Return the collection, its members on this page, and the other pages as N-Triples."""
    base = release.namespaces.base.rstrip("/")
    whole = URIRef(base + replace(pages, size=NEIGHBOURS).address(1))
    view = URIRef(base + pages.address())
    graph = Graph(bind_namespaces="none")
    graph.add((whole, RDF.type, HYDRA.Collection))
    graph.add((whole, HYDRA.totalItems, Literal(found.neighbours)))
    for neighbour in found.items:
        graph.add((whole, HYDRA.member, URIRef(neighbour.entity.iri)))
    if pages.last > 1:
        graph.add((whole, HYDRA.view, view))
        graph.add((view, RDF.type, HYDRA.PartialCollectionView))
        for rel, target in pages.steps().items():
            property_ = HYDRA["previous" if rel == "prev" else rel]
            graph.add((view, property_, URIRef(base + target)))
    # In one order in every process, so that the answers of two are the same.
    return ntriples(graph)
