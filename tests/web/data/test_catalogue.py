"""The catalogue at the root (DCAT 3; VoID), and the dataset in the words of schema.org."""

from __future__ import annotations

import json
import re

import pytest
from flask.testing import FlaskClient
from rdflib import DCTERMS, FOAF, RDF, VOID, XSD, Graph, Literal, Namespace, URIRef

from server.build.releases import Releases
from server.knowledge.dataset import dataset_summary
from server.serialization import HTML, Format, triples_formats
from server.settings import Settings
from server.store.embedded import Store
from server.turtle.parsing import parse
from tests.made import OUR_SCHEMA

DCAT = Namespace("http://www.w3.org/ns/dcat#")
BASE = "https://w3id.org/alignment-kb/"
CATALOGUE, DATASET = URIRef(BASE), URIRef(f"{BASE}dataset")
PARSERS = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml", "nq": "nt", "trig": "trig"}


@pytest.fixture(scope="module")
def catalogue(client: FlaskClient) -> Graph:
    """The catalogue, as served."""
    return parse(client.get("/catalogue.nt").text, "nt")


@pytest.mark.parametrize("chosen", [HTML, *triples_formats()], ids=lambda chosen: chosen.name)
def test_the_root_is_negotiated(chosen: Format, client: FlaskClient, catalogue: Graph) -> None:
    response = client.get("/", headers={"Accept": chosen.media_type})
    assert (response.status_code, response.content_type) == (200, chosen.content_type)
    assert response.headers["Content-Location"] == f"/catalogue.{chosen.name}"
    assert "Accept" in response.vary
    same = client.get(f"/catalogue.{chosen.name}")
    assert (same.status_code, same.content_type) == (200, chosen.content_type)
    if chosen is not HTML:
        found = Graph(bind_namespaces="none")
        found.parse(data=same.text, format=PARSERS[chosen.name])
        assert len(found) == len(catalogue) > 100


def test_people_get_the_home_page(client: FlaskClient) -> None:
    assert "<h1>" in client.get("/").text
    assert "<h1>" in client.get("/", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}).text


def test_the_catalogue_lists_the_dataset_and_the_services(catalogue: Graph, client: FlaskClient) -> None:
    """DCAT 3, sections 6.3 and 6.8."""
    assert (CATALOGUE, RDF.type, DCAT.Catalog) in catalogue
    assert list(catalogue.objects(CATALOGUE, DCAT.dataset)) == [DATASET]
    services = set(catalogue.objects(CATALOGUE, DCAT.service))
    assert services == {URIRef("http://localhost/sparql"), URIRef("http://localhost/graph-store")}
    for service in services:
        assert (service, RDF.type, DCAT.DataService) in catalogue
        assert (service, DCAT.servesDataset, DATASET) in catalogue
        assert catalogue.value(service, DCAT.endpointURL) == service
    assert client.get("/sparql", query_string={"query": "ASK {}"}).status_code == 200


def test_the_dataset_says_who_publishes_it_under_which_licence_and_how_new_it_is(
    catalogue: Graph, settings: Settings, store: Store
) -> None:
    """DCAT 3, sections 6.4 and 6.6."""
    summary = dataset_summary(store, OUR_SCHEMA)
    releases = Releases(settings.releases)
    info = releases.info(releases.current())
    for thing in (CATALOGUE, DATASET):
        assert catalogue.value(thing, DCTERMS.title) == Literal("Alignment KB", lang="en")
        assert catalogue.value(thing, DCTERMS.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")
        publisher = catalogue.value(thing, DCTERMS.publisher)
        assert str(catalogue.value(publisher, FOAF.name)) == summary.publisher_name != ""
        assert str(catalogue.value(thing, DCTERMS.modified)) == info.built
    assert str(catalogue.value(DATASET, DCAT.version)) == info.name
    assert {str(word) for word in catalogue.objects(DATASET, DCAT.keyword)} == set(summary.keywords)
    assert catalogue.value(DATASET, VOID.triples).toPython() == len(store)


def test_the_period_is_that_of_the_works(catalogue: Graph, store: Store) -> None:
    period = catalogue.value(DATASET, DCTERMS.temporal)
    dates = sorted(str(row["d"]) for row in store.select("SELECT ?d { ?work dcterms:issued ?d }"))
    for property_, date in ((DCAT.startDate, dates[0]), (DCAT.endDate, dates[-1])):
        found = catalogue.value(period, property_)
        assert str(found) == date
        assert found.datatype == {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}[len(date)]


def test_every_download_is_there_in_the_type_that_is_said(
    catalogue: Graph, client: FlaskClient, store: Store, settings: Settings
) -> None:
    """DCAT 3, section 6.7."""
    downloads = 0
    # What a base of our form states itself stands in no graph of its own.
    for name in store.graphs():
        graph = URIRef(name)
        assert (graph, RDF.type, DCAT.Dataset) in catalogue
        assert (DATASET, DCTERMS.hasPart, graph) in catalogue
        assert catalogue.value(graph, VOID.triples).toPython() == store.count(name)
        for one in catalogue.objects(graph, DCAT.distribution):
            if catalogue.value(one, DCAT.byteSize) is not None:
                continue  # those that the build made are tested in tests/web/pages/test_download.py
            response = client.get(str(catalogue.value(one, DCAT.downloadURL)).removeprefix("http://localhost"))
            assert response.status_code == 200
            assert str(catalogue.value(one, DCAT.mediaType)).endswith(f"/{response.mimetype}")
            assert catalogue.value(one, DCTERMS.license) is not None
            downloads += 1
    assert downloads == 36
    [whole] = set(catalogue.subjects(DCAT.accessService))
    response = client.get(str(catalogue.value(whole, DCAT.downloadURL)).removeprefix("http://localhost"))
    assert response.status_code == 200


def test_it_speaks_of_the_host_that_was_asked(client: FlaskClient) -> None:
    for host in ("127.0.0.1", "[::1]:8080", "127.0.0.1"):
        for path in ("/catalogue.nt", "/catalogue.html"):
            text = client.get(path, headers={"Host": host}).text
            assert f"http://{host}/graph/asserted.ttl" in text
            assert "localhost" not in text


def test_the_home_page_carries_the_dataset_for_search_engines(client: FlaskClient, store: Store) -> None:
    [text] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', client.get("/").text)
    data = json.loads(text)
    assert (data["@context"], data["@type"]) == ("https://schema.org/", "Dataset")
    assert data["name"] == "Alignment KB"
    assert 50 <= len(data["description"]) <= 5000, "what search engines ask for"
    assert data["license"] == ["https://creativecommons.org/licenses/by/4.0/"]
    assert data["creator"]["name"]
    assert len([one for one in data["distribution"] if "/graph/" in one["contentUrl"]]) == 36
    assert len([one for one in data["distribution"] if one.get("sha256")]) == 17
    for one in data["distribution"]:
        response = client.get(one["contentUrl"].removeprefix("http://localhost"))
        assert (response.status_code, response.mimetype) == (200, one["encodingFormat"])
