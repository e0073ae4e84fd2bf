"""What the service and its data are, for programs that have only an address.

The service in the words of SPARQL 1.1 Service Description, for the endpoint itself; with it the data in those of VoID,
counted in the store, at the well-known address (VoID, section 7.2).
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urljoin

from flask import Blueprint, Response
from rdflib import DCTERMS, RDF, RDFS, VANN, VOID, XSD, Graph, Literal, Namespace, URIRef

from ...federation.peers import Peer
from ...formats.dataset import dataset_csv, dataset_json
from ...knowledge.dataset import dataset_summary
from ...namespaces import SD as SD_NAMESPACE
from ...namespaces import Namespaces
from ...records.dataset import DatasetSummary, Part
from ...serialization import (
    BOOLEAN_FORMATS,
    CSV,
    HTML,
    JSON,
    MARKDOWN,
    Format,
    document_formats,
    rows_formats,
    triples_formats,
)
from ...store.capabilities import FEATURES, taken
from ...store.remote_store import RemoteStore
from ..current import current_release
from ..documents.documents import Document, document, rdf_writers
from ..documents.markdown import dataset_markdown
from ..documents.representations import represent
from ..given.data import DatasetPage
from ..http.languages import page as render
from ..http.links import Link
from ..http.signposting import licence_links
from ..open_release import OpenRelease
from .distributions import describe_downloads
from .example_queries import describe_examples, endpoint_address, example_queries, ntriples

blueprint = Blueprint("description", __name__)

SD: Final = Namespace(SD_NAMESPACE)
_PATH: Final = "/.well-known/void"
_SPARQL_1_2: Final = URIRef("https://www.w3.org/TR/sparql12-query/")


@blueprint.get("/.well-known/void")
@blueprint.get("/.well-known/void.<extension>")
def void(extension: str | None = None) -> Response:
    """Describe the dataset and the service."""
    release = current_release()
    return document(dataset_document(release), extension, release)


def dataset_document(release: OpenRelease) -> Document:
    """Return the description of the dataset and of the service as a document."""
    triples = rdf_writers(
        release,
        lambda: dataset_description(release, endpoint_address()),
        first=release.site.dataset,
    )
    return Document(
        _PATH,
        {
            HTML: lambda: _page(release),
            **triples,
            MARKDOWN: lambda: dataset_markdown(summary_of(release)),
            CSV: lambda: dataset_csv(summary_of(release)),
            JSON: lambda: dataset_json(summary_of(release)),
        },
        about=release.site.dataset,
        links=lambda: licence_links(release),
        cached=False,
        names_site=True,
    )


def describe_service(release: OpenRelease, endpoint: str, chosen: Format) -> Response:
    """Return the description of the service at `endpoint` that a graph has (Service Description, section 2)."""
    text = represent(
        service_description(release, endpoint), chosen, release.namespaces, release.context, first=endpoint
    )
    response = Response(text, content_type=chosen.content_type)
    response.headers["Link"] = str(Link(endpoint, "describes"))
    return response


def service_description(release: OpenRelease, endpoint: str) -> str:
    """Return the description of the service as sorted N-Triples; `endpoint` is the address at which it was asked.

    It has no counts, but says where they are: Comunica takes the first void:triples that an endpoint says for the size
    of every pattern, and then joins by asking for each row anew.
    """
    return ntriples(_service(release, endpoint))


def dataset_description(release: OpenRelease, endpoint: str) -> str:
    """Return the description of the service, its data and their counts as sorted N-Triples."""
    graph = _service(release, endpoint)
    graph.add((_default_graph(release.namespaces), VOID.triples, Literal(summary_of(release).triples)))
    graph.add((URIRef(release.site.dataset), RDFS.seeAlso, URIRef(release.namespaces.base)))
    describe_whole(graph, release, endpoint)
    _describe_parts(graph, release)
    describe_downloads(graph, release, endpoint)
    return ntriples(graph)


def summary_of(release: OpenRelease) -> DatasetSummary:
    """Return what the release holds, counted once."""
    return release.once(
        ("dataset",), lambda: dataset_summary(release.store, release.schema, release.namespaces.dataset)
    )


def _page(release: OpenRelease) -> str:
    return render(
        DatasetPage(
            summary=summary_of(release),
            in_use=sum(one.count for one in release.classes),
            info=release.info,
            peers=[(peer, budget_in_words(peer)) for peer in release.federation.peers.enabled],
            compact=release.namespaces.compact,
            examples=len(example_queries(release)),
            formats=document_formats(),
            path=_PATH,
        )
    )


def _service(release: OpenRelease, endpoint: str) -> Graph:
    namespaces = release.namespaces
    graph = describe_examples(release, endpoint)
    # The service goes by the address of its endpoint: clients look for a subject that is the address they were given.
    service, whole = URIRef(endpoint), URIRef(f"{namespaces.dataset}#default-dataset")
    graph.add((service, RDF.type, SD.Service))
    graph.add((service, SD.endpoint, service))
    graph.add((service, SD.supportedLanguage, SD.SPARQL11Query))
    graph.add((service, SD.feature, SD.UnionDefaultGraph))
    # Where another engine answers, nobody knows what it takes.
    known = () if isinstance(release.store, RemoteStore) else FEATURES
    for feature in known:
        if feature.name in taken():
            node = URIRef(f"{namespaces.dataset}#sparql-1.2-{feature.name}")
            graph.add((service, SD.feature, node))
            graph.add((node, RDF.type, SD.Feature))
            graph.add((node, RDFS.label, Literal(f"SPARQL 1.2: {feature.label}", lang="en")))
            graph.add((node, RDFS.seeAlso, _SPARQL_1_2))
    for one in dict.fromkeys([*rows_formats(), *BOOLEAN_FORMATS, *triples_formats()]):
        if one.iri:
            graph.add((service, SD.resultFormat, URIRef(one.iri)))
    graph.add((service, SD.defaultDataset, whole))
    graph.add((service, RDFS.seeAlso, URIRef(urljoin(endpoint, _PATH[1:]))))
    _describe_peers(graph, service, release)
    graph.add((whole, RDF.type, SD.Dataset))
    graph.add((whole, SD.defaultGraph, _default_graph(namespaces)))
    graph.add((_default_graph(namespaces), RDF.type, SD.Graph))
    for part in summary_of(release).graphs:
        named, content = _node(namespaces, "named", part), URIRef(part.iri)
        graph.add((whole, SD.namedGraph, named))
        graph.add((named, RDF.type, SD.NamedGraph))
        graph.add((named, SD.name, content))
        graph.add((named, SD.graph, content))
        graph.add((content, RDF.type, SD.Graph))
    return graph


def _describe_peers(graph: Graph, service: URIRef, release: OpenRelease) -> None:
    """Say which endpoints a query may call, and how much it may take from each (SPARQL 1.1 Federated Query)."""
    peers = release.federation.peers.enabled
    policy = "SERVICE calls the endpoints that are listed here and no others." if peers else "SERVICE calls nobody."
    searches = release.federation.searches
    if searches:
        names = " and ".join(f"akb:{one.name}" for one in searches.values())
        policy += f" {names} are answered here."
    graph.add((service, DCTERMS.accessRights, Literal(policy, lang="en")))
    if peers:
        graph.add((service, SD.feature, SD.BasicFederatedQuery))
    for iri, one in searches.items():
        graph.add((service, SD.feature, URIRef(iri)))
        graph.add((URIRef(iri), RDF.type, SD.Feature))
        graph.add((URIRef(iri), RDFS.label, Literal(one.label, lang="en")))
        graph.add((URIRef(iri), VANN.example, Literal(one.example)))
    for peer in peers:
        other = URIRef(peer.endpoint)
        graph.add((service, DCTERMS.requires, other))
        graph.add((other, RDF.type, SD.Service))
        graph.add((other, SD.endpoint, other))
        graph.add((other, DCTERMS.title, Literal(peer.name)))
        graph.add((other, DCTERMS.accessRights, Literal(budget_in_words(peer), lang="en")))


def budget_in_words(peer: Peer) -> str:
    """Say how much one query may take from a peer."""
    return f"at most {peer.seconds:,} s and {peer.rows:,} rows for each query, {peer.megabytes:,} MB for each answer"


def describe_whole(graph: Graph, release: OpenRelease, endpoint: str) -> None:
    """Add what the dataset is and how much it holds in all, in the words of VoID."""
    namespaces, summary = release.namespaces, summary_of(release)
    data = URIRef(release.site.dataset)
    counts = {
        VOID.triples: summary.triples,
        VOID.entities: summary.entities,
        VOID.distinctSubjects: summary.subjects,
        VOID.distinctObjects: summary.objects,
        VOID.classes: len(summary.classes),
        VOID.properties: len(summary.properties),
    }
    graph.add((data, RDF.type, VOID.Dataset))
    graph.add((data, DCTERMS.title, Literal(summary.title, lang="en")))
    graph.add((data, DCTERMS.description, Literal(summary.description, lang="en")))
    graph.add((data, DCTERMS.modified, Literal(release.info.built, datatype=XSD.dateTime, normalize=False)))
    for licence in summary.licences:
        graph.add((data, DCTERMS.license, URIRef(licence)))
    for property_, count in counts.items():
        graph.add((data, property_, Literal(count)))
    graph.add((data, VOID.sparqlEndpoint, URIRef(endpoint)))
    graph.add((data, VOID.uriSpace, Literal(namespaces.base)))
    for example in summary.examples:
        graph.add((data, VOID.exampleResource, URIRef(example)))
    # Clients take what is not in one of these vocabularies for absent, so every one that is used has to be here.
    for namespace in {_namespace(part.iri) for part in (*summary.classes, *summary.properties)}:
        graph.add((data, VOID.vocabulary, URIRef(namespace)))
    for one in triples_formats():
        if one.iri:
            graph.add((data, VOID.feature, URIRef(one.iri)))
    for part in summary.graphs:
        graph.add((URIRef(part.iri), VOID.triples, Literal(part.count)))
        # The dump is split by graph; together they are the dataset (VoID, section 3.2).
        graph.add((data, VOID.dataDump, URIRef(graph_address(release, part.iri, endpoint) + ".nt")))


def _describe_parts(graph: Graph, release: OpenRelease) -> None:
    """Add how much there is of each class and property (VoID, section 4.5)."""
    namespaces, summary = release.namespaces, summary_of(release)
    data = URIRef(release.site.dataset)
    for part in summary.classes:
        node = _node(namespaces, "class", part)
        graph.add((data, VOID.classPartition, node))
        graph.add((node, VOID["class"], URIRef(part.iri)))
        graph.add((node, VOID.entities, Literal(part.count)))
    for part in summary.properties:
        node = _node(namespaces, "property", part)
        graph.add((data, VOID.propertyPartition, node))
        graph.add((node, VOID.property, URIRef(part.iri)))
        graph.add((node, VOID.triples, Literal(part.count)))


def graph_address(release: OpenRelease, graph: str, endpoint: str) -> str:
    """Return the address of a named graph on the host of the endpoint, without an extension."""
    return urljoin(endpoint, graph.removeprefix(release.namespaces.base))


def _default_graph(namespaces: Namespaces) -> URIRef:
    return URIRef(f"{namespaces.dataset}#default-graph")


def _node(namespaces: Namespaces, kind: str, part: Part) -> URIRef:
    """Return the IRI of the node that describes a part."""
    name = namespaces.compact(part.iri).replace(":", "-", 1)
    return URIRef(f"{namespaces.dataset}#{kind}-{quote(name, safe='')}")


def _namespace(iri: str) -> str:
    """Return an IRI up to its last `#` or `/`."""
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] or iri
