"""The example queries: shown, described, and run."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from rdflib import RDF, RDFS, SH, Graph, URIRef
from rdflib.plugins.sparql import prepareQuery

import server
from server.records.examples import ExampleQuery
from server.serialization import graph_formats
from server.store.embedded import Store
from server.web.data.example_queries import example_queries
from tests.made import NAMESPACES

FOLDERS = (Path(server.__file__).parent / "web/examples", Path(__file__).parents[3] / "examples")
NAMES = sorted(path.stem for folder in FOLDERS for path in folder.glob("*.rq"))
KINDS = {"SELECT": "solutions", "ASK": "boolean", "CONSTRUCT": "triples"}
PARSERS = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}


@pytest.fixture(scope="module")
def examples(client: FlaskClient) -> tuple[ExampleQuery, ...]:
    """The example queries of the small base."""
    return example_queries(client.application.extensions["akb"].release())


@pytest.fixture(params=NAMES)
def example(request: pytest.FixtureRequest, examples: tuple[ExampleQuery, ...]) -> ExampleQuery:
    """Each of them."""
    return next(one for one in examples if one.name == request.param)


@pytest.fixture(scope="module")
def described(client: FlaskClient) -> Graph:
    """The example queries as triples."""
    return Graph().parse(data=client.get("/examples.ttl").text, format="turtle")


def test_every_file_is_an_example_with_a_title_of_its_own(examples: tuple[ExampleQuery, ...]) -> None:
    assert [example.name for example in examples] == NAMES
    assert len(NAMES) >= 9
    assert len({example.title for example in examples}) == len(NAMES)
    assert {example.form for example in examples} == set(KINDS)
    for example in examples:
        assert example.title[0].isupper()
        assert "#" not in example.title


def test_it_is_of_the_form_that_it_is_said_to_be_and_finds_something(example: ExampleQuery, store: Store) -> None:
    answer = store.answer(example.text)
    assert answer.kind == KINDS[example.form]
    if answer.kind == "boolean":
        assert b"true" in answer.serialize("json")
    else:
        lines = answer.serialize("csv" if answer.kind == "solutions" else "nt").splitlines()
        assert len(lines) > 1, "the head alone is no answer"


def test_it_answers_over_http(example: ExampleQuery, client: FlaskClient) -> None:
    for accept in ("*/*", "text/html"):
        response = client.get("/sparql", query_string={"query": example.text}, headers={"Accept": accept})
        assert response.status_code == 200


def test_the_page_has_every_example_with_a_link_that_runs_it(
    client: FlaskClient, examples: tuple[ExampleQuery, ...]
) -> None:
    page = client.get("/examples", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert page.text.count('href="/sparql?query=') == len(examples)
    for example in examples:
        assert f'id="{example.name}"' in page.text


def test_they_are_described_the_same_in_every_format(client: FlaskClient, described: Graph) -> None:
    for chosen in graph_formats():
        response = client.get("/examples", headers={"Accept": chosen.media_type})
        assert response.content_type == chosen.content_type
        assert set(Graph().parse(data=response.text, format=PARSERS[chosen.name])) == set(described), chosen.name


def test_the_description_is_enough_to_run_them(
    described: Graph, store: Store, examples: tuple[ExampleQuery, ...]
) -> None:
    """SHACL Advanced Features, section 5.1.2: a text, the prefixes that it needs, and where to send it."""
    found = set(described.subjects(RDF.type, SH.SPARQLExecutable))
    assert found == {URIRef(NAMESPACES.examples + example.name) for example in examples}
    for example in examples:
        node = URIRef(NAMESPACES.examples + example.name)
        assert str(described.value(node, RDFS.comment)) == example.title
        assert str(described.value(node, URIRef("https://schema.org/target"))) == "http://localhost/sparql"
        text = str(described.value(node, SH[example.form.lower()]))
        assert (node, RDF.type, SH[f"SPARQL{example.form.capitalize()}Executable"]) in described
        prefixes = {
            str(described.value(declared, SH.prefix)): str(described.value(declared, SH.namespace))
            for declared in described.objects(described.value(node, SH.prefixes), SH.declare)
        }
        prepareQuery(text, initNs=prefixes)
        assert store.answer(text).kind == KINDS[example.form]
