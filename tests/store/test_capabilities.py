"""Which SPARQL 1.2 the engine takes is asked of it, and said."""

from __future__ import annotations

from pathlib import Path

from flask.testing import FlaskClient
from rdflib import RDFS, Graph, URIRef

from server.store.capabilities import FEATURES, taken
from server.web.data.description import SD


def test_the_page_says_what_the_engine_takes_and_what_not(repository: Path) -> None:
    page = (repository / "docs/sparql.md").read_text(encoding="utf-8")
    rows = [
        f"| {one.label.replace('|', chr(92) + '|')} | {'yes' if one.name in taken() else 'no'} |" for one in FEATURES
    ]
    assert "\n".join(rows) in page


def test_the_description_of_the_service_has_each_part_that_is_taken(client: FlaskClient) -> None:
    graph = Graph().parse(data=client.get("/sparql", headers={"Accept": "text/turtle"}).text)
    labels = {str(label) for node in graph.objects(None, SD.feature) for label in graph.objects(node, RDFS.label)}
    assert {label for label in labels if label.startswith("SPARQL")} == {
        f"SPARQL 1.2: {one.label}" for one in FEATURES if one.name in taken()
    }
    assert (None, SD.supportedLanguage, URIRef(SD["SPARQL11Query"])) in graph


def test_a_part_that_is_taken_is_taken_by_the_endpoint(client: FlaskClient) -> None:
    """What the guards and the rewriting of queries before the engine make of it, too."""
    for one in FEATURES:
        if one.name in taken():
            answer = client.post("/sparql", data={"query": f"PREFIX : <urn:x-akb:> {one.query}"})
            assert answer.status_code == 200 or one.name == "version", (one.name, answer.text)
    assert client.post("/sparql", data={"query": 'VERSION "1.2" ASK {}'}).status_code == 200
