"""What the service and its data say of themselves (SPARQL 1.1 Service Description; VoID)."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from rdflib import DCTERMS, FOAF, RDF, RDFS, SH, VANN, VOID, XSD, Graph, Namespace, URIRef

from server.build.releases import Releases
from server.knowledge.dataset import dataset_summary
from server.serialization import BOOLEAN_FORMATS, Format, document_formats, graph_formats, rows_formats, triples_formats
from server.settings import Settings
from server.store.embedded import Store
from server.turtle.base import Base
from server.turtle.parsing import parse
from server.web.current import current_release
from server.web.data.description import describe_service, service_description
from tests.made import OUR_SCHEMA

WELL_KNOWN = "/.well-known/void"
PARSERS = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}
VOCAB = Namespace("https://w3id.org/alignment-kb/ontology#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
DATASET = URIRef("https://w3id.org/alignment-kb/dataset")
SERVICE = URIRef("http://localhost/sparql")


@pytest.fixture(scope="module")
def described(client: FlaskClient) -> Graph:
    """The description, as served."""
    return parse(client.get(f"{WELL_KNOWN}.nt").text, "nt")


@pytest.mark.parametrize("chosen", document_formats(), ids=lambda chosen: chosen.name)
def test_it_is_negotiated_at_its_well_known_address(chosen: Format, client: FlaskClient) -> None:
    response = client.get(WELL_KNOWN, headers={"Accept": chosen.media_type})
    assert response.status_code == 200
    assert response.content_type == chosen.content_type
    assert "Accept" in response.vary
    assert response.headers["Content-Location"] == f"{WELL_KNOWN}.{chosen.name}"
    assert f'<{DATASET}>; rel="describes"' in response.headers["Link"]
    addressed = client.get(f"{WELL_KNOWN}.{chosen.name}")
    assert (addressed.status_code, addressed.content_type) == (200, chosen.content_type)
    assert "Accept" not in addressed.vary


def test_it_has_the_same_triples_in_every_format(client: FlaskClient, described: Graph) -> None:
    assert len(described) > 400
    for chosen in graph_formats():
        text = client.get(f"{WELL_KNOWN}.{chosen.name}").text
        assert set(parse(text, PARSERS[chosen.name])) == set(described), chosen.name


def test_the_dataset_redirects_to_its_description(client: FlaskClient) -> None:
    response = client.get("/dataset", headers={"Accept": "text/turtle"})
    assert (response.status_code, response.location) == (303, f"{WELL_KNOWN}.ttl")


def test_the_service_has_one_endpoint_and_says_what_it_takes_and_gives(described: Graph) -> None:
    """Service Description, sections 3.2.1, 3.2.2, 3.4.1 and 3.4.10."""
    assert list(described.subjects(RDF.type, SD.Service)) == [SERVICE]
    assert list(described.objects(SERVICE, SD.endpoint)) == [SERVICE]
    assert list(described.objects(SERVICE, SD.supportedLanguage)) == [SD.SPARQL11Query]
    searches = {VOCAB.search, VOCAB.near}
    features = set(described.objects(SERVICE, SD.feature))
    assert {one for one in features if not one.startswith(DATASET)} == {SD.UnionDefaultGraph, *searches}
    for search in searches:
        assert str(described.value(search, VANN.example)).startswith(f"SERVICE akb:{search.rpartition('#')[2]} {{")


def test_every_result_format_is_named_and_no_other(described: Graph) -> None:
    given = {str(iri).removeprefix("http://www.w3.org/ns/formats/") for iri in described.objects(None, SD.resultFormat)}
    results = {f"SPARQL_Results_{name}" for name in ("JSON", "XML", "CSV", "TSV")}
    assert given == results | {"Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads"}
    assert len(given) == len({*rows_formats(), *BOOLEAN_FORMATS, *triples_formats()})


def test_every_named_graph_is_there_with_its_size(described: Graph, store: Store) -> None:
    [whole] = described.objects(SERVICE, SD.defaultDataset)
    found = {}
    for named in described.objects(whole, SD.namedGraph):
        content = described.value(named, SD.graph)
        assert (content, RDF.type, SD.Graph) in described
        found[str(described.value(named, SD.name))] = described.value(content, VOID.triples).toPython()
    assert found == {graph: store.count(graph) for graph in store.graphs()}
    default = described.value(whole, SD.defaultGraph)
    assert described.value(default, VOID.triples).toPython() == sum(found.values()) == len(store)


def test_the_dataset_says_what_it_is_and_where_to_ask(described: Graph, settings: Settings) -> None:
    assert (DATASET, RDF.type, VOID.Dataset) in described
    assert described.value(DATASET, VOID.sparqlEndpoint) == SERVICE
    assert str(described.value(DATASET, VOID.uriSpace)) == settings.namespaces.base
    assert described.value(DATASET, DCTERMS.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")
    releases = Releases(settings.releases)
    modified = described.value(DATASET, DCTERMS.modified)
    assert (str(modified), modified.datatype) == (releases.info(releases.current()).built, XSD.dateTime)
    assert all(described.value(DATASET, property_) for property_ in (DCTERMS.title, DCTERMS.description))


def test_the_dumps_are_the_whole_together(described: Graph, client: FlaskClient) -> None:
    """VoID, section 3.2: a dump may be split into files."""
    dumps = [str(iri).removeprefix("http://localhost") for iri in described.objects(DATASET, VOID.dataDump)]
    lines = [line for dump in dumps for line in client.get(dump).text.splitlines()]
    assert len(dumps) == 6
    assert len(lines) == described.value(DATASET, VOID.triples).toPython()


def test_the_counts_are_the_stores(described: Graph, store: Store) -> None:
    """VoID, section 4.6; that the store counts right is the business of tests/knowledge/test_dataset.py."""
    summary = dataset_summary(store, OUR_SCHEMA)
    totals = {
        VOID.triples: summary.triples,
        VOID.entities: summary.entities,
        VOID.distinctSubjects: summary.subjects,
        VOID.distinctObjects: summary.objects,
        VOID.classes: len(summary.classes),
        VOID.properties: len(summary.properties),
    }
    assert {property_: described.value(DATASET, property_).toPython() for property_ in totals} == totals


@pytest.mark.parametrize(
    ("link", "key", "count", "parts"),
    [
        (VOID.classPartition, VOID["class"], VOID.entities, "classes"),
        (VOID.propertyPartition, VOID.property, VOID.triples, "properties"),
    ],
    ids=["classes", "properties"],
)
def test_every_partition_is_there_with_its_size(
    link: URIRef, key: URIRef, count: URIRef, parts: str, described: Graph, store: Store
) -> None:
    """VoID, section 4.5."""
    nodes = list(described.objects(DATASET, link))
    found = {str(described.value(node, key)): described.value(node, count).toPython() for node in nodes}
    assert len(found) == len(nodes)
    assert found == {part.iri: part.count for part in getattr(dataset_summary(store, OUR_SCHEMA), parts)}


def test_every_term_in_use_is_in_a_vocabulary_that_is_named(described: Graph, store: Store) -> None:
    """A client that federates takes a property outside of them for absent, and skips us."""
    named = tuple(str(schema) for schema in described.objects(DATASET, VOID.vocabulary))
    summary = dataset_summary(store, OUR_SCHEMA)
    assert all(part.iri.startswith(named) for part in (*summary.properties, *summary.classes))
    assert str(FOAF) in named


def test_every_example_resource_has_a_page(described: Graph, client: FlaskClient, settings: Settings) -> None:
    examples = [
        str(iri).removeprefix(settings.namespaces.base) for iri in described.objects(None, VOID.exampleResource)
    ]
    assert len(examples) == 3
    for path in examples:
        assert client.get(f"/{path}", follow_redirects=True).status_code == 200


def test_every_prefix_is_declared(described: Graph, base: Base) -> None:
    """SHACL, section 5.2.1."""
    [whole] = set(described.subjects(SH.declare))
    declared = {}
    for node in described.objects(whole, SH.declare):
        namespace = described.value(node, SH.namespace)
        assert namespace.datatype == XSD.anyURI
        declared[str(described.value(node, SH.prefix))] = str(namespace)
    assert declared == base.namespaces.prefixes()


def test_every_node_is_ours_to_name_and_leads_to_the_description(described: Graph, client: FlaskClient) -> None:
    nodes = {str(subject) for subject in described.subjects()} - {str(SERVICE)}
    documents = {node.partition("#")[0] for node in nodes}
    base = "https://w3id.org/alignment-kb/"
    assert documents >= {f"{base}dataset", f"{base}examples"}
    for iri in documents:
        assert client.get("/" + iri.removeprefix(base), follow_redirects=True).status_code == 200


def test_it_speaks_of_the_host_that_was_asked(client: FlaskClient) -> None:
    for host in ("localhost", "127.0.0.1:8080", "localhost"):
        text = client.get(f"{WELL_KNOWN}.nt", headers={"Host": host}).text
        assert f"<http://{host}/sparql> <{SD.endpoint}> <http://{host}/sparql> ." in text


def test_the_page_counts_too(client: FlaskClient, store: Store) -> None:
    text = client.get(f"{WELL_KNOWN}.html").text
    page = " ".join(re.sub(r'<a class="number".*?>(.*?)</a>', r"\1", text).split())
    assert f"<dd>{len(store):,}</dd>" in page
    assert '<a href="/graph/asserted">graph:asserted</a>' in page
    assert "<td><code>akb:Claim</code></td><td>12</td>" in page


def test_the_endpoint_has_the_same_without_the_counts(client: FlaskClient, described: Graph) -> None:
    """Comunica would take any void:triples for the size of every pattern, and plan its joins by that."""
    with client.application.test_request_context():
        service = parse(service_description(current_release(), str(SERVICE)), "nt")
    assert set(service) < set(described)
    assert not [triple for triple in service if str(triple[1]).startswith(str(VOID))]
    assert {SD.endpoint, SD.name, SH.declare, SH.select} <= set(service.predicates())
    assert (SERVICE, RDFS.seeAlso, URIRef(f"http://localhost{WELL_KNOWN}")) in service


@pytest.mark.parametrize("chosen", graph_formats(), ids=lambda chosen: chosen.name)
def test_the_endpoint_can_give_it(chosen: Format, client: FlaskClient) -> None:
    """Service Description, section 2: as RDF at the endpoint itself."""
    with client.application.test_request_context():
        response = describe_service(current_release(), str(SERVICE), chosen)
        expected = parse(service_description(current_release(), str(SERVICE)), "nt")
    assert response.content_type == chosen.content_type
    assert set(parse(response.get_data(as_text=True), PARSERS[chosen.name])) == set(expected)


@pytest.mark.parametrize("chosen", graph_formats(), ids=lambda chosen: chosen.name)
def test_the_endpoint_gives_it_to_whoever_asks_for_data(chosen: Format, client: FlaskClient) -> None:
    response = client.get("/sparql", headers={"Accept": chosen.media_type})
    assert response.content_type == chosen.content_type
    assert "Accept" in response.vary
    graph = parse(response.text, PARSERS[chosen.name])
    assert list(graph.objects(SERVICE, SD.endpoint)) == [SERVICE]
