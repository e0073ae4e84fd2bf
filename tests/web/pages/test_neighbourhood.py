"""The neighbourhood as a resource: the same numbers in every format, on the entity's page and in SPARQL."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import RDF, Graph, Namespace, URIRef

from server.namespaces import AKB, HYDRA
from server.serialization import CSV, HTML, JSON, MARKDOWN, triples_formats
from server.store.embedded import Store
from server.turtle.base import Base
from server.turtle.parsing import parse
from tests.made import CLASSES
from tests.thorough import NIGHTLY, examples

AF = "/concept/alignment-faking"
H, A = Namespace(HYDRA), Namespace(AKB)
PARSERS = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml", "nq": "nquads", "trig": "trig"}
NUMBER = re.compile(r'<a class="number" href="([^"]+)"[^>]*>(\d+)</a>')


@pytest.fixture(scope="module")
def paths(base: Base) -> list[str]:
    """The paths of all entities in use."""
    files = [file.path for file in base.files if not file.path.startswith("kb/review/")]
    found = sorted("/" + path.removeprefix("kb/").removesuffix(".ttl") for path in files)
    found.remove("/method/rlhf")
    assert len(found) == 61
    return found


def walked(client: FlaskClient, address: str) -> list[dict[str, Any]]:
    """Return the pages of a JSON collection, by following its links from the first."""
    pages = [client.get(address).json]
    while "next" in pages[-1]:
        pages.append(client.get(pages[-1]["next"]).json)
    return pages


def counted_on(page: str, client: FlaskClient) -> list[int]:
    """Return the numbers on a page, after running the query, or reading the list, that each of them leads to."""
    numbers = []
    for address, number in NUMBER.findall(page):
        parts = urlsplit(unescape(address))
        if parts.path == "/sparql":
            [query] = parse_qs(parts.query)["query"]
            answer = client.get("/sparql", query_string={"query": query, "format": "json"}).json
            [row] = answer["results"]["bindings"]
            assert row["count"]["value"] == number, query
        else:
            assert int(number) in listed(client, address), address
        numbers.append(int(number))
    return numbers


LISTED: dict[str, tuple[int, ...]] = {}
"""How many neighbours and edges lists of neighbours have, by address."""


def listed(client: FlaskClient, address: str) -> tuple[int, ...]:
    """Return how many neighbours, and how many edges to them, or how many pairs the list at an address has."""
    if address not in LISTED:
        found = client.get(address, headers={"Accept": "application/json"}).json
        # The queue of pairs has one number.
        LISTED[address] = (found["count"],) if "count" in found else (found["neighbours"], found["edges"])
    return LISTED[address]


def in_graph(client: FlaskClient, address: str, extension: str) -> tuple[int, int, int]:
    """Return the number of members, of edges, and the total that a page of RDF names."""
    text = client.get(address).text
    graph = parse(text, "nt") if extension in {"nt", "nq"} else Graph().parse(data=text, format=PARSERS[extension])
    [collection] = graph.subjects(RDF.type, H.Collection)
    members = set(graph.objects(collection, H.member))
    edges = set(graph.subjects(RDF.type, A.Edge))
    return len(members), len(edges), graph.value(collection, H.totalItems).toPython()


def test_every_format_of_every_entity_has_the_numbers_of_its_page_and_of_sparql(
    client: FlaskClient, paths: list[str]
) -> None:
    cases = 0
    of_rdf = [one.name for one in triples_formats() if one.name in PARSERS]
    for number, path in enumerate(paths):
        whole = client.get(f"{path}/neighbourhood.json?size=500").json
        numbers = (whole["neighbours"], whole["edges"])
        assert numbers == (len(whole["items"]), sum(len(item["edges"]) for item in whole["items"]))
        assert whole["classes"] == Counter(item["class"] for item in whole["items"])
        rows = list(csv.DictReader(io.StringIO(client.get(f"{path}/neighbourhood.csv?size=500").text)))
        assert (len({row["neighbour"] for row in rows}), len(rows)) == numbers
        # Each entity in two formats of RDF, by turns.
        for extension in of_rdf if NIGHTLY else {of_rdf[number % len(of_rdf)], of_rdf[(number + 1) % len(of_rdf)]}:
            found = in_graph(client, f"{path}/neighbourhood.{extension}?size=500", extension)
            assert found == (*numbers, numbers[0]), (path, extension)
            cases += 1
        page = client.get(f"{path}/neighbourhood.html?size=500").text
        # All neighbours are counted at the list and at the picture, which is there when there is one to draw.
        drawn = [numbers[0]] if numbers[0] else []
        by_class, of_neighbours = list(whole["classes"].values()), [item["edge_count"] for item in whole["items"]]
        assert sorted(counted_on(page, client)) == sorted([*numbers, *drawn, *by_class, *of_neighbours]), path
        entity = counted_on(client.get(f"{path}.html").text, client)
        related = client.get(f"{path}.json").json["related"]["count"]
        # Those of a class lead to the list of them.
        assert sorted(entity) == sorted([numbers[0], related]), path
        page = client.get(f"{path}.html").text
        linked = re.findall(rf'href="{path}/neighbourhood\?class=(\w+)">([\d,]+) ', page)
        assert {name: int(count) for name, count in linked} == whole["classes"], path
    assert cases >= 2 * 61


@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_every_selection_has_the_same_numbers_whatever_the_size_of_its_pages(
    data: st.DataObject, client: FlaskClient, paths: list[str], store: Store
) -> None:
    path = data.draw(st.sampled_from([AF, "/paper/alignment-faking-in-llms", *paths]))
    whole = client.get(f"{path}/neighbourhood.json?size=500").json
    predicates = sorted({edge["notation"] for item in whole["items"] for edge in item["edges"]}) or ["studies"]
    query = {
        "class": data.draw(st.lists(st.sampled_from(CLASSES), max_size=2)),
        "predicate": data.draw(st.lists(st.sampled_from(predicates), max_size=2)),
        "direction": data.draw(st.lists(st.sampled_from(["out", "in", "both"]), max_size=2)),
        "size": [data.draw(st.integers(1, 12))],
    }
    expected = {
        item["id"]: [
            edge["id"]
            for edge in item["edges"]
            if (not query["predicate"] or edge["notation"] in query["predicate"])
            and (not query["direction"] or edge["direction"] in query["direction"])
        ]
        for item in whole["items"]
        if not query["class"] or item["class"] in query["class"]
    }
    expected = {name: edges for name, edges in expected.items() if edges}
    pages = walked(client, f"{path}/neighbourhood.json?{urlencode(query, doseq=True)}")
    found = {item["id"]: [edge["id"] for edge in item["edges"]] for page in pages for item in page["items"]}
    assert found == expected
    assert list(found) == list(expected), "the order is that of the whole"
    for page in pages:
        assert page["neighbours"] == len(expected)
        assert page["edges"] == sum(map(len, expected.values()))
        assert page["pages"] == len(pages) == max(1, -(-len(expected) // query["size"][0]))
        assert page["last"] == pages[-2]["next"] if len(pages) > 1 else page["first"]
    html = client.get(f"{path}/neighbourhood.html?{urlencode(query, doseq=True)}").text
    assert counted_on(html, client)[:2] == [pages[0]["neighbours"], pages[0]["edges"]]


@pytest.mark.parametrize("chosen", [HTML, *triples_formats(), MARKDOWN, JSON, CSV], ids=lambda chosen: chosen.name)
def test_the_format_that_is_wanted_is_answered_in_place(chosen: object, client: FlaskClient) -> None:
    response = client.get(f"{AF}/neighbourhood?class=paper", headers={"Accept": chosen.media_type})
    assert (response.status_code, response.content_type) == (200, chosen.content_type)
    assert response.headers["Content-Location"] == f"{AF}/neighbourhood.{chosen.name}?class=paper"
    assert "Accept" in response.vary
    assert "Accept" not in client.get(f"{AF}/neighbourhood.{chosen.name}").vary
    others = response.headers["Link"].count('rel="alternate"')
    assert others == len((HTML, *triples_formats(), MARKDOWN, JSON, CSV)) - 1


def test_pages_lead_to_each_other(client: FlaskClient) -> None:
    """RFC 8288; the relations are those of IANA's registry."""
    steps = {}
    for number in (1, 2, 5):
        link = client.get(f"{AF}/neighbourhood.nt?size=5&page={number}").headers["Link"]
        steps[number] = {
            rel: address
            for address, rel in re.findall(r'<([^>]+)>; rel="(\w+)"', link)
            if rel in {"first", "prev", "next", "last"}
        }
    address = f"{AF}/neighbourhood?size=5"
    assert steps[1] == {"first": address, "next": f"{address}&page=2", "last": f"{address}&page=5"}
    assert steps[2] == {"prev": address, "first": address, "next": f"{address}&page=3", "last": f"{address}&page=5"}
    assert steps[5] == {"first": address, "prev": f"{address}&page=4", "last": f"{address}&page=5"}


def test_a_page_of_data_is_a_view_of_one_collection(client: FlaskClient) -> None:
    """Hydra Core Vocabulary, section 5.1."""
    base = f"https://w3id.org/alignment-kb{AF}/neighbourhood"
    graph = Graph().parse(data=client.get(f"{AF}/neighbourhood.ttl?size=5&page=2").text)
    assert (URIRef(base), H.view, URIRef(f"{base}?size=5&page=2")) in graph
    view = {str(p): str(o) for p, o in graph.predicate_objects(URIRef(f"{base}?size=5&page=2")) if p != RDF.type}
    assert view == {
        str(H.first): f"{base}?size=5",
        str(H.previous): f"{base}?size=5",
        str(H.next): f"{base}?size=5&page=3",
        str(H.last): f"{base}?size=5&page=5",
    }


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("class=animal", 400, "there are paper, post"),
        ("predicate=likes", 400, "there are about, addresses"),
        ("predicate=studied_by", 400, "There is no predicate"),
        ("direction=up", 400, "there are out, in, both"),
        ("page=0", 400, "whole number from 1"),
        ("page=-1", 400, "whole number from 1"),
        ("page=two", 400, "whole number from 1"),
        ("page=²", 400, "whole number from 1"),
        ("page=" + "9" * 40, 400, "whole number from 1"),
        ("page=" + "9" * 5000, 400, "whole number from 1"),
        ("size=0", 400, "whole number from 1 to 500"),
        ("size=501", 400, "whole number from 1 to 500"),
        ("page=2", 404, "the last one is page 1"),
        ("class=" + "x" * 5000, 400, "There is no class"),
        ("class=%22%3E%3Cscript%3E", 400, "There is no class"),
    ],
)
def test_what_cannot_be_selected_is_refused_in_words(query: str, status: int, said: str, client: FlaskClient) -> None:
    response = client.get(f"{AF}/neighbourhood?{query}", headers={"Accept": "application/json"})
    assert response.status_code == status
    assert said in response.json["detail"]
    assert len(response.text) < 2000


@pytest.mark.parametrize("query", ["", "class=&predicate=&direction=", "utm_source=x", "class=paper&class=paper"])
def test_what_is_left_empty_or_is_none_of_ours_is_passed_over(query: str, client: FlaskClient) -> None:
    assert client.get(f"{AF}/neighbourhood?{query}").status_code == 200


@pytest.mark.parametrize("name", ["studies", "akb:studies"])
def test_a_predicate_may_be_named_as_it_is_shown_or_written(name: str, client: FlaskClient) -> None:
    found = client.get(f"{AF}/neighbourhood.json?predicate={name}").json
    assert found["predicate"] == ["akb:studies"]
    assert found["neighbours"] > 0


def test_merged_withdrawn_and_unknown_entities_have_no_neighbourhood(client: FlaskClient) -> None:
    moved = client.get("/method/rlhf/neighbourhood.csv")
    successor = "/method/reinforcement-learning-from-human-feedback"
    assert (moved.status_code, moved.location) == (301, f"{successor}/neighbourhood.csv")
    assert client.get("/concept/nothing-here/neighbourhood").status_code == 404
    assert client.get("/concept/Not%20A%20Slug/neighbourhood").status_code == 404
    assert client.get(f"{AF}/neighbourhood.docx").status_code == 404
    assert client.get(f"{AF}/neighbourhood", headers={"Accept": "image/png"}).status_code == 406


def test_an_entity_without_edges_has_an_empty_one(client: FlaskClient) -> None:
    address = f"{AF}/neighbourhood"
    assert "has no such neighbours" in client.get(f"{address}.html?class=question&direction=both").text
    empty = client.get(f"{address}.json?class=question&direction=both").json
    assert (empty["neighbours"], empty["edges"], empty["pages"], empty["items"]) == (0, 0, 1, [])
    assert in_graph(client, f"{address}.ttl?class=question&direction=both", "ttl") == (0, 0, 0)
