"""The read side of the Graph Store Protocol (SPARQL 1.1 Graph Store HTTP Protocol)."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from rdflib import Graph
from rdflib.compare import isomorphic

from server.serialization import Format, graph_formats
from server.store.embedded import Store
from server.turtle.base import Base
from server.turtle.parsing import parse
from server.web.data import graphs

GRAPH = "https://w3id.org/alignment-kb/graph/"
NAMES = ("asserted", "inferred", "ontology", "shapes", "similarity", "statistics")
PARSERS = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}
WRITES = ("PUT", "POST", "DELETE", "PATCH")


@pytest.mark.parametrize("chosen", graph_formats(), ids=lambda chosen: chosen.name)
@pytest.mark.parametrize("name", NAMES)
def test_a_graph_comes_whole_in_every_format(name: str, chosen: Format, client: FlaskClient, store: Store) -> None:
    """4.1, direct, and 4.2, indirect, identification; 5.2, GET."""
    direct = client.get(f"/graph/{name}", headers={"Accept": chosen.media_type})
    indirect = client.get("/graph-store", query_string={"graph": GRAPH + name}, headers={"Accept": chosen.media_type})
    addressed = client.get(f"/graph/{name}.{chosen.name}")
    assert direct.data == indirect.data == addressed.data
    for response in (direct, indirect, addressed):
        assert response.status_code == 200
        assert response.content_type == chosen.content_type
        assert response.content_length == len(response.data)
    for response in (direct, indirect):
        assert "Accept" in response.vary
        assert response.headers["Content-Location"] == f"/graph/{name}.{chosen.name}"
    assert len(Graph().parse(data=direct.data, format=PARSERS[chosen.name])) == store.count(GRAPH + name)


def test_the_asserted_graph_is_what_the_files_say(client: FlaskClient, base: Base) -> None:
    assert set(parse(client.get("/graph/asserted.nt").text, "nt")) == set(base.asserted)


def test_the_default_graph_is_the_union(client: FlaskClient, store: Store) -> None:
    for query in ("default", "default="):
        response = client.get(f"/graph-store?{query}", headers={"Accept": "application/n-triples"})
        assert len(Graph().parse(data=response.data, format="nt")) == len(store)
    whole = Graph().parse(data=response.data, format="nt")
    parts = Graph()
    for name in NAMES:
        parts.parse(data=client.get(f"/graph/{name}.nt").data, format="nt")
    assert isomorphic(parts, whole)


def test_a_client_without_a_wish_gets_turtle_and_one_with_another_is_refused(client: FlaskClient) -> None:
    assert client.get("/graph/statistics").mimetype == "text/turtle"
    refused = client.get("/graph/statistics", headers={"Accept": "image/png"})
    assert refused.status_code == 406
    assert "text/turtle" in refused.json["detail"]


@pytest.mark.parametrize("path", ["/graph/asserted", f"/graph-store?graph={GRAPH}asserted", "/graph-store?default"])
def test_head_says_the_same_without_the_graph(
    path: str, client: FlaskClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """5.6: HEAD."""
    get = client.get(path)
    monkeypatch.setattr(Store, "write_graph", lambda *_: pytest.fail("a graph was written to be thrown away"))
    head = client.head(path)
    assert (head.status_code, head.data) == (200, b"")
    dropped = {"Content-Length", "X-Request-Id"}
    assert {k: v for k, v in head.headers if k not in dropped} == {k: v for k, v in get.headers if k not in dropped}
    assert "Content-Length" not in head.headers, "what GET would give is not counted, and is not nothing"


@pytest.mark.parametrize("path", ["/graph/nope", f"/graph-store?graph={GRAPH}nope", "/graph-store?graph=urn:x:y"])
def test_an_unknown_graph_is_answered_with_those_there_are(path: str, client: FlaskClient) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response.content_type == "application/problem+json"
    for name in NAMES:
        assert GRAPH + name in response.json["mend"]
    assert client.head(path).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "",
        f"?graph={GRAPH}asserted&default",
        f"?graph={GRAPH}asserted&graph={GRAPH}inferred",
        "?graph=asserted",
        "?graph=",
    ],
)
def test_one_graph_has_to_be_named(query: str, client: FlaskClient) -> None:
    """4.2: by an absolute IRI, or as the default."""
    response = client.get(f"/graph-store{query}")
    assert response.status_code == 400
    assert response.json["detail"]


@pytest.mark.parametrize("query", ["?graph=http://[", "?graph=a:%00", "?graph=x:%3Cy%3E"])
def test_no_iri_breaks_it(query: str, client: FlaskClient) -> None:
    assert client.get(f"/graph-store{query}").status_code in {400, 404}


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize(
    "path",
    ["/graph-store?default", f"/graph-store?graph={GRAPH}new", "/graph-store", "/graph/asserted", "/graph/new.ttl"],
)
def test_a_write_is_refused_with_what_to_do_instead(method: str, path: str, client: FlaskClient, store: Store) -> None:
    response = client.open(path, method=method, data="<a:a> <a:b> <a:c> .", content_type="text/turtle")
    assert response.status_code == 403
    assert response.content_type == "application/problem+json"
    assert "read-only" in response.json["detail"]
    assert "pull request" in response.json["mend"]


def test_an_unknown_format_is_named_with_those_that_there_are(client: FlaskClient) -> None:
    response = client.get("/graph/asserted.html")
    assert response.status_code == 404
    assert ".ttl" in response.json["detail"]


def test_a_large_graph_goes_through_a_file(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    before = client.get("/graph/asserted.nt").data
    monkeypatch.setattr(graphs, "_IN_MEMORY", 1000)
    assert client.get("/graph/asserted.nt").data == before
