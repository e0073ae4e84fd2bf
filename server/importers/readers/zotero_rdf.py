"""Zotero RDF: what Zotero exports as RDF/XML, in words of Dublin Core, FOAF, PRISM, and some of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from rdflib import DC, DCTERMS, FOAF, RDF, Graph, Namespace, URIRef
from rdflib.term import Node

from ...records.findings import Finding
from ..dating import dated
from ..kinds_of_works import kind_of
from ..texts import arxiv_in, author, author_of_parts, doi_in, keys_for, plain, venue_beside
from ..works import Author, Place, Work
from .graphs import graph_of_file, members_of
from .interface import Importer

_Z: Final = Namespace("http://www.zotero.org/namespaces/export#")
_BIB: Final = Namespace("http://purl.org/net/biblio#")
_LINK: Final = Namespace("http://purl.org/rss/1.0/modules/link/")
_USED: Final = frozenset(
    (
        *(RDF.type, DC.title, DC.date, DC.identifier, DC.publisher, DCTERMS.isPartOf, DCTERMS.issued, _LINK.link),
        *(_Z.itemType, _Z.archive, _Z.repository, _Z.proceedingsTitle, _Z.type, _BIB.authors, _BIB.presentsAt),
        *(_Z.citationKey, DCTERMS.dateSubmitted, _Z.publicationTitle),
    )
)
_APART: Final = frozenset(("attachment", "note", "annotation"))


def read(path: Path) -> Iterator[Work | Finding]:
    """Yield the works of a file, and a fault for each item that is none."""
    graph, text = graph_of_file(path)
    items = [(node, str(type_)) for node, type_ in graph.subject_objects(_Z.itemType)]
    if not items:
        yield Place(str(path)).fault("There is no item of Zotero in the file.", "export it as Zotero RDF.")
    places = {node: text.find(f'"{node}"') for node, _ in items}
    for node, type_ in sorted(items, key=lambda item: (places[item[0]], str(item[0]))):
        if type_ in _APART:
            continue
        name = str(node) if isinstance(node, URIRef) else ""
        place = Place(str(path), text.count("\n", 0, max(places[node], 0)) + 1, name)
        title = plain(str(graph.value(node, DC.title) or ""))
        if not title:
            yield place.fault("The item has no title.", "give it one in Zotero, and export it again.")
        else:
            yield _work(place, graph, node, type_, title)


def _work(place: Place, graph: Graph, node: Node, type_: str, title: str) -> Work:
    issued, words = dated(str(graph.value(node, DC.date) or graph.value(node, DCTERMS.issued) or ""))
    identifiers = list(_identifiers(graph, node))
    wholes = list(graph.objects(node, DCTERMS.isPartOf))
    of_wholes = [one for whole in wholes for one in _identifiers(graph, whole)]
    # A DOI is at the journal in which an article is, as Zotero exports it.
    doi = next(
        (doi_in(one) for one in (*identifiers, *of_wholes) if one.upper().startswith("DOI") or "doi.org" in one), ""
    )
    addresses = [one for one in (*identifiers, str(node)) if one.startswith("http")]
    extra = " ".join(map(str, graph.objects(node, DC.description)))
    arxiv = next((one for one in map(arxiv_in, (*identifiers, doi, *addresses, extra)) if one), "")
    venues = [str(title) for whole in wholes for title in graph.objects(whole, DC.title)]
    venues += [str(one) for one in graph.objects(node, _Z.proceedingsTitle)]
    venue = plain(next(iter(venues), ""))
    left_out = {
        predicate.rpartition("#")[2].rpartition("/")[2]: plain(str(value))[:60]
        for predicate, value in ((str(p), v) for p, v in graph.predicate_objects(node) if p not in _USED)
        if not (predicate == str(DC.description) and arxiv_in(extra))
    }
    return Work(
        place=place,
        title=title,
        kind=kind_of(type_),
        authors=tuple(_authors(graph, node)),
        issued=issued,
        undated=words,
        doi=doi,
        arxiv=arxiv,
        keys=keys_for(doi, arxiv=arxiv),
        url=next(iter(addresses), ""),
        venue=venue_beside(arxiv, venue),
        source=f"Zotero item {place.name or title} of {Path(place.file).name}",
        left_out=left_out,
    )


def _identifiers(graph: Graph, node: Node) -> Iterator[str]:
    for one in graph.objects(node, DC.identifier):
        yield str(graph.value(one, RDF.value) or "" if (one, None, None) in graph else one)


def _authors(graph: Graph, node: Node) -> Iterator[Author]:
    for one in graph.objects(node, _BIB.authors):
        for person in members_of(graph, one):
            family = str(graph.value(person, FOAF.surname) or graph.value(person, FOAF.familyName) or "")
            given = str(graph.value(person, FOAF.givenName) or graph.value(person, FOAF.givenname) or "")
            whole = str(graph.value(person, FOAF.name) or "")
            found = author_of_parts(given, family) if family and given else author(family or whole, is_group=True)
            if found:
                yield found


ZOTERO_RDF: Final = Importer(read, recognizes=lambda start: "zotero.org/namespaces/export#" in start)
