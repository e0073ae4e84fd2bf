"""The catalogue: what data and which services there are here, for catalogues of data (DCAT 3) and for search engines.

It is made from the store and the release alone; addresses are those of the host that was asked.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urljoin

from rdflib import DCTERMS, FOAF, RDF, RDFS, VOID, XSD, Graph, Literal, URIRef

from ...records.dates import date_of
from ...records.downloads import Scope
from ...records.event_stream import PATH as STREAM
from ...serialization import triples_formats
from ..open_release import OpenRelease
from .description import describe_whole, graph_address, summary_of
from .distributions import DCAT, MEDIA_TYPES, PATH, describe_downloads
from .example_queries import ntriples

_ENGLISH: Final = URIRef("http://publications.europa.eu/resource/authority/language/ENG")
_PROTOCOL: Final = URIRef("http://www.w3.org/TR/sparql11-protocol/")
_EVENT_STREAM: Final = URIRef("https://w3id.org/ldes/specification")
_GRAPH_STORE: Final = URIRef("http://www.w3.org/TR/sparql11-http-rdf-update/")


def catalogue_description(release: OpenRelease, endpoint: str) -> str:
    """Return the catalogue, the dataset, its graphs and the services as sorted N-Triples (DCAT 3, section 6)."""
    graph = Graph(bind_namespaces="none")
    describe_whole(graph, release, endpoint)
    _describe_catalogue(graph, release, endpoint)
    _describe_dataset(graph, release, endpoint)
    _describe_graphs(graph, release, endpoint)
    _describe_services(graph, release, endpoint)
    describe_downloads(graph, release, endpoint)
    return ntriples(graph)


def dataset_for_search_engines(release: OpenRelease, endpoint: str) -> dict[str, object]:
    """Return the dataset in the vocabulary of schema.org, as JSON-LD embedded in a page."""
    summary = summary_of(release)
    publisher = {"@type": "Organization", "@id": summary.publisher, "name": summary.publisher_name}
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": release.site.dataset,
        "name": release.site.name,
        "description": summary.description,
        "url": urljoin(endpoint, "."),
        "license": list(summary.licences),
        "keywords": list(summary.keywords),
        "version": release.info.name,
        "dateModified": release.info.built,
        "inLanguage": "en",
        "isAccessibleForFree": True,
        **({"creator": publisher, "publisher": publisher} if summary.publisher else {}),
        **({"temporalCoverage": "/".join(summary.period)} if summary.period else {}),
        "includedInDataCatalog": {"@type": "DataCatalog", "@id": release.namespaces.base, "name": release.site.name},
        "distribution": [
            {
                "@type": "DataDownload",
                "name": f"{release.namespaces.compact(part.iri)} as {one.label}",
                "encodingFormat": one.media_type,
                "contentUrl": f"{graph_address(release, part.iri, endpoint)}.{one.name}",
            }
            for part in summary.graphs
            for one in triples_formats()
        ]
        + [
            {
                "@type": "DataDownload",
                "name": one.title,
                "encodingFormat": one.file_type,
                "contentUrl": urljoin(endpoint, f"{PATH[1:]}/{one.name}"),
                "contentSize": f"{one.size} B",
                "sha256": one.sha256,
            }
            for one in release.downloads.of(Scope.ALL, Scope.TABLE, Scope.WORKS)
        ],
    }


def _describe_catalogue(graph: Graph, release: OpenRelease, endpoint: str) -> None:
    summary = summary_of(release)
    catalogue, data = URIRef(release.namespaces.base), URIRef(release.site.dataset)
    graph.add((catalogue, RDF.type, DCAT.Catalog))
    graph.add((catalogue, DCTERMS.title, Literal(release.site.name, lang="en")))
    graph.add((catalogue, DCTERMS.description, Literal(summary.description, lang="en")))
    graph.add((catalogue, DCTERMS.modified, Literal(release.info.built, datatype=XSD.dateTime, normalize=False)))
    for language in _languages(release):
        graph.add((catalogue, DCTERMS.language, language))
    graph.add((catalogue, FOAF.homepage, URIRef(urljoin(endpoint, "."))))
    graph.add((catalogue, DCAT.dataset, data))
    for service in _services(release, endpoint):
        graph.add((catalogue, DCAT.service, service))
    for licence in summary.licences:
        graph.add((catalogue, DCTERMS.license, URIRef(licence)))
    if summary.publisher:
        publisher = URIRef(summary.publisher)
        graph.add((catalogue, DCTERMS.publisher, publisher))
        graph.add((data, DCTERMS.publisher, publisher))
        graph.add((publisher, RDF.type, FOAF.Agent))
        graph.add((publisher, FOAF.name, Literal(summary.publisher_name)))


def _describe_dataset(graph: Graph, release: OpenRelease, endpoint: str) -> None:
    """Add what VoID has no words for: version, period, language, what it keeps to, and where to read about it."""
    summary = summary_of(release)
    data = URIRef(release.site.dataset)
    graph.add((data, RDF.type, DCAT.Dataset))
    graph.add((data, DCTERMS.identifier, Literal(release.site.dataset)))
    graph.add((data, DCAT.version, Literal(release.info.name)))
    for language in _languages(release):
        graph.add((data, DCTERMS.language, language))
    graph.add((data, DCAT.landingPage, URIRef(urljoin(endpoint, "."))))
    graph.add((data, RDFS.seeAlso, URIRef(urljoin(endpoint, ".well-known/void"))))
    for keyword in summary.keywords:
        graph.add((data, DCAT.keyword, Literal(keyword, lang="en")))
    if summary.period:
        period = URIRef(f"{release.namespaces.dataset}#period")
        graph.add((data, DCTERMS.temporal, period))
        graph.add((period, RDF.type, DCTERMS.PeriodOfTime))
        for property_, text in zip((DCAT.startDate, DCAT.endDate), summary.period, strict=True):
            date = date_of(text)
            assert date, text
            graph.add((period, property_, Literal(text, datatype=XSD[date.datatype], normalize=False)))
    whole = URIRef(f"{release.namespaces.dataset}#distribution-sparql")
    graph.add((data, DCAT.distribution, whole))
    graph.add((whole, RDF.type, DCAT.Distribution))
    graph.add((whole, DCTERMS.title, Literal("All graphs together, by queries or whole", lang="en")))
    graph.add((whole, DCAT.accessURL, URIRef(endpoint)))
    graph.add((whole, DCAT.downloadURL, URIRef(urljoin(endpoint, "graph-store?default"))))
    for service in _services(release, endpoint):
        graph.add((whole, DCAT.accessService, service))
    for licence in summary.licences:
        graph.add((whole, DCTERMS.license, URIRef(licence)))


def _describe_graphs(graph: Graph, release: OpenRelease, endpoint: str) -> None:
    """Add each named graph as a dataset within the whole, with a download in each format."""
    summary = summary_of(release)
    data = URIRef(release.site.dataset)
    for part in summary.graphs:
        subset, name = URIRef(part.iri), part.iri.removeprefix(release.namespaces.graph)
        for kind in (DCAT.Dataset, VOID.Dataset):
            graph.add((subset, RDF.type, kind))
        graph.add((data, VOID.subset, subset))
        graph.add((data, DCTERMS.hasPart, subset))
        graph.add((subset, DCTERMS.isPartOf, data))
        graph.add((subset, DCTERMS.title, Literal(f"{release.site.name}: the graph {name}", lang="en")))
        for licence in summary.licences:
            graph.add((subset, DCTERMS.license, URIRef(licence)))
        address = graph_address(release, part.iri, endpoint)
        for one in triples_formats():
            node = URIRef(f"{release.namespaces.dataset}#distribution-{name}-{one.name}")
            graph.add((subset, DCAT.distribution, node))
            graph.add((node, RDF.type, DCAT.Distribution))
            graph.add((node, DCTERMS.title, Literal(f"The graph {name} as {one.label}", lang="en")))
            graph.add((node, DCAT.accessURL, URIRef(address)))
            graph.add((node, DCAT.downloadURL, URIRef(f"{address}.{one.name}")))
            graph.add((node, DCAT.mediaType, URIRef(MEDIA_TYPES + one.media_type)))
            if one.iri:
                graph.add((node, DCTERMS["format"], URIRef(one.iri)))
            for licence in summary.licences:
                graph.add((node, DCTERMS.license, URIRef(licence)))


def _describe_services(graph: Graph, release: OpenRelease, endpoint: str) -> None:
    data = URIRef(release.site.dataset)
    for service, (title, standard) in _services(release, endpoint).items():
        graph.add((service, RDF.type, DCAT.DataService))
        graph.add((service, DCTERMS.title, Literal(title, lang="en")))
        graph.add((service, DCAT.endpointURL, service))
        graph.add((service, DCAT.servesDataset, data))
        graph.add((service, DCTERMS.conformsTo, standard))
    graph.add((URIRef(endpoint), DCAT.endpointDescription, URIRef(urljoin(endpoint, ".well-known/void"))))


def _languages(release: OpenRelease) -> list[URIRef]:
    """Return the languages of the data, as the base names them; without a word of it, English."""
    return [URIRef(one) for one in release.site.languages] or [_ENGLISH]


def _services(release: OpenRelease, endpoint: str) -> dict[URIRef, tuple[str, URIRef]]:
    """Return what each service is called, and which standard it follows, by its address."""
    services = {
        URIRef(endpoint): ("The SPARQL endpoint", _PROTOCOL),
        URIRef(urljoin(endpoint, "graph-store")): ("The graph store, to read from", _GRAPH_STORE),
    }
    if release.history:
        services[URIRef(urljoin(endpoint, STREAM))] = ("The stream of all changes", _EVENT_STREAM)
    return services
