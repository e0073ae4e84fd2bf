"""The read side of the Graph Store Protocol (SPARQL 1.1 Graph Store HTTP Protocol)."""

from __future__ import annotations

import gzip
from collections import Counter

import brotli
import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from rdflib import Graph
from rdflib.compare import isomorphic

from server.serialization import QUAD_FORMATS, Format, triples_formats
from server.store.embedded import Store
from server.turtle.base import Base
from server.turtle.parsing import parse
from server.web.http.spool import Files, Spool

GRAPH = "https://w3id.org/alignment-kb/graph/"
NAMES = ("asserted", "inferred", "ontology", "shapes", "similarity", "statistics")
WRITES = ("PUT", "POST", "DELETE", "PATCH")


def quads(text: bytes, chosen: Format) -> Counter[str]:
    """Count the statements of each graph of a document."""
    syntax = ox.RdfFormat.from_media_type(chosen.media_type)
    return Counter(getattr(quad.graph_name, "value", "") for quad in ox.parse(text, format=syntax))


@pytest.mark.parametrize("chosen", triples_formats(), ids=lambda chosen: chosen.name)
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
    assert sum(quads(direct.data, chosen).values()) == store.count(GRAPH + name)


@pytest.mark.parametrize("chosen", QUAD_FORMATS, ids=lambda chosen: chosen.name)
def test_quads_have_the_names_of_their_graphs(chosen: Format, client: FlaskClient, store: Store) -> None:
    """So that a dump can be loaded into another store, and its graphs are there."""
    assert quads(client.get(f"/graph/inferred.{chosen.name}").data, chosen).keys() == {f"{GRAPH}inferred"}
    whole = client.get("/graph-store?default", headers={"Accept": chosen.media_type}).data
    assert quads(whole, chosen) == {GRAPH + name: store.count(GRAPH + name) for name in NAMES}


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("application/n-quads, application/trig;q=0.95, application/n-triples;q=0.8, text/turtle;q=0.6", "nt"),
        ("application/n-quads, */*;q=0.1", "nq"),
        ("application/trig, text/turtle;q=0.2", "trig"),
        ("application/n-quads", "nq"),
        ("*/*", "ttl"),
    ],
)
def test_quads_are_less_preferred_than_triples(accept: str, name: str, client: FlaskClient) -> None:
    """Whoever reads the document itself, and no graph of it, finds nothing in quads."""
    answer = client.get("/graph/statistics", headers={"Accept": accept})
    assert answer.headers["Content-Location"] == f"/graph/statistics.{name}"


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
def test_head_says_the_same_without_the_graph(path: str, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """5.6: HEAD. A graph is written once for all who ask for it."""
    get = client.get(path)
    monkeypatch.setattr(Store, "write_graph", lambda *_: pytest.fail("a graph was written again"))
    head = client.head(path)
    assert (head.status_code, head.data) == (200, b"")
    dropped = {"X-Request-Id", "Date"}
    assert {k: v for k, v in head.headers if k not in dropped} == {k: v for k, v in get.headers if k not in dropped}


def test_a_graph_has_a_tag_for_each_coding_and_comes_in_ranges(client: FlaskClient) -> None:
    """RFC 9110: 8.8.3.3 (a tag for each coding), 13.1.2 (If-None-Match), 13.1.5 (If-Range), 14.2 (Range)."""
    path = "/graph/asserted.nt"
    whole = client.get(path)
    codings = {coding: client.get(path, headers={"Accept-Encoding": coding}) for coding in ("gzip", "br")}
    assert gzip.decompress(codings["gzip"].data) == brotli.decompress(codings["br"].data) == whole.data
    answers = (whole, *codings.values())
    assert len({answer.headers["ETag"] for answer in answers}) == 3
    for answer in answers:
        assert answer.content_length == len(answer.data)
        assert "Accept-Encoding" in answer.vary
        assert answer.last_modified is not None
    for condition in ({"If-None-Match": whole.headers["ETag"]}, {"If-Modified-Since": whole.headers["Last-Modified"]}):
        known = client.get(path, headers=condition)
        assert (known.status_code, known.data) == (304, b"")
        for name in ("ETag", "Cache-Control", "Vary"):
            assert known.headers[name] == whole.headers[name], "15.4.5: as in a 200"
    for asked, part in {
        "bytes=0-9": whole.data[:10],
        "bytes=-7": whole.data[-7:],
        "bytes=20-": whole.data[20:],
    }.items():
        ranged = client.get(path, headers={"Range": asked, "If-Range": whole.headers["ETag"]})
        assert (ranged.status_code, ranged.data) == (206, part)
        assert ranged.headers["Content-Range"].endswith(f"/{len(whole.data)}")
        assert ranged.headers["Cache-Control"] == whole.headers["Cache-Control"], "15.3.7"
    assert client.get(path, headers={"Range": "bytes=0-9", "If-Range": '"another"'}).data == whole.data
    for passed_over in ("lines=0-9", "bytes=0-1,4-5", "bytes=a-b", "bytes=-", "bytes", "bytes=0-" + "9" * 5000):
        answer = client.get(path, headers={"Range": passed_over})
        assert (answer.status_code, answer.data) == (200, whole.data), passed_over
    assert client.head(path, headers={"Range": "bytes=0-9"}).status_code == 200, "it is for GET"
    all_of_it = client.get(path, headers={"Range": "bytes=-999999999999"})
    assert (all_of_it.status_code, all_of_it.data) == (206, whole.data), "14.1.2: a suffix longer than what there is"
    beyond = client.get(path, headers={"Range": f"bytes={len(whole.data)}-"})
    assert beyond.status_code == 416
    assert beyond.headers["Content-Range"] == f"bytes */{len(whole.data)}"
    assert client.get(path, headers={"If-Match": '"another"'}).status_code == 412


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
    """5: a method that is not implemented is answered with 405."""
    response = client.open(path, method=method, data="<a:a> <a:b> <a:c> .", content_type="text/turtle")
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert response.content_type == "application/problem+json"
    assert "read-only" in response.json["detail"]
    assert "pull request" in response.json["mend"]


def test_an_unknown_format_is_named_with_those_that_there_are(client: FlaskClient) -> None:
    response = client.get("/graph/asserted.html")
    assert response.status_code == 404
    assert ".ttl" in response.json["detail"]


def test_graphs_for_which_there_is_no_space_are_refused(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    current = client.application.extensions["akb"]
    release = current.release()
    monkeypatch.setattr(release, "files", Files(Spool(1000)))
    refused = client.get("/graph/asserted.nt")
    assert refused.status_code == 503
    assert "Retry-After" in refused.headers
    assert "as many long answers as it has space for" in refused.json["detail"]
