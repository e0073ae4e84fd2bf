"""The downloads as distributions of the dataset, of its graphs and of its classes (DCAT 3, sections 6.6 and 6.8).

Each has its size, the checksum of its bytes (section 6.17, in the words of SPDX), and how it is packed.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urljoin

from rdflib import DCTERMS, RDF, VOID, XSD, Graph, Literal, Namespace, URIRef

from ...namespaces import DCAT as DCAT_NAMESPACE
from ...records.downloads import ZIP, Download, Scope
from ..open_release import OpenRelease
from .example_queries import ntriples

DCAT: Final = Namespace(DCAT_NAMESPACE)  # rdflib knows version 2
MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"
SPDX: Final = Namespace("http://spdx.org/rdf/terms#")
PATH: Final = "/download"
"""The path of the list of downloads, and before the name of each."""


def downloads_description(release: OpenRelease, endpoint: str) -> str:
    """Return the description of every download as sorted N-Triples."""
    graph = Graph(bind_namespaces="none")
    describe_downloads(graph, release, endpoint)
    return ntriples(graph)


def describe_downloads(graph: Graph, release: OpenRelease, endpoint: str) -> None:
    """Add every download; addresses are those of the host of the endpoint."""
    for one in release.downloads.files:
        owner = _owner(graph, release, one)
        node = URIRef(f"{release.namespaces.dataset}#download-{quote(one.name, safe='')}")
        graph.add((owner, DCAT.distribution, node))
        graph.add((node, RDF.type, DCAT.Distribution))
        graph.add((node, DCTERMS.title, Literal(one.title, lang="en")))
        graph.add((node, DCTERMS.modified, Literal(one.made, datatype=XSD.dateTime, normalize=False)))
        graph.add((node, DCAT.accessURL, URIRef(urljoin(endpoint, PATH[1:]))))
        graph.add((node, DCAT.downloadURL, URIRef(urljoin(endpoint, f"{PATH[1:]}/{one.name}"))))
        graph.add((node, DCAT.mediaType, URIRef(MEDIA_TYPES + one.media_type)))
        graph.add((node, DCAT.byteSize, Literal(str(one.size), datatype=XSD.nonNegativeInteger)))
        if one.compression:
            packing = DCAT.packageFormat if one.compression == ZIP else DCAT.compressFormat
            graph.add((node, packing, URIRef(MEDIA_TYPES + one.compression)))
        checksum = URIRef(f"{node}-checksum")
        graph.add((node, SPDX.checksum, checksum))
        graph.add((checksum, RDF.type, SPDX.Checksum))
        graph.add((checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256))
        graph.add((checksum, SPDX.checksumValue, Literal(one.sha256, datatype=XSD.hexBinary)))
        for licence in release.site.licences:
            graph.add((node, DCTERMS.license, URIRef(licence.iri)))


def _owner(graph: Graph, release: OpenRelease, one: Download) -> URIRef:
    """Return the dataset of which a file is a distribution: the whole, or a part of it, which is described as such."""
    data = URIRef(release.site.dataset)
    if one.scope is Scope.GRAPH:
        part, title = URIRef(release.namespaces.graph + one.of), f"the graph {one.of}"
    elif one.scope is Scope.CLASS:
        part, title = URIRef(f"{release.namespaces.dataset}#of-class-{one.of}"), f"the class {one.of}"
    else:
        return data
    for kind in (DCAT.Dataset, VOID.Dataset):
        graph.add((part, RDF.type, kind))
    graph.add((data, VOID.subset, part))
    graph.add((data, DCTERMS.hasPart, part))
    graph.add((part, DCTERMS.isPartOf, data))
    graph.add((part, DCTERMS.title, Literal(f"{release.site.name}: {title}", lang="en")))
    for licence in release.site.licences:
        graph.add((part, DCTERMS.license, URIRef(licence.iri)))
    return part
