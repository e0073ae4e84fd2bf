"""Entities over HTTP: one IRI for the thing, one document per format (Cool URIs for the Semantic Web, section 4.2)."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat
from pyoxigraph import parse as pyoxigraph_parse
from rdflib import Graph

from server.build.build import build
from server.serialization import document_formats, graph_formats
from server.settings import Settings, read_settings
from server.store.embedded import Store
from server.store.prepared import Prepared
from server.turtle.base import Base
from server.turtle.parsing import parse as parse_text
from server.web.app import create_app
from server.web.http.paging import NEIGHBOURS
from tests.made import edge, record
from tests.thorough import NIGHTLY

AF = "/concept/alignment-faking"
OUR_SCRIPT = r'<script defer src="/static/(?:words|switches|search|cards|reading)\.js[^"]*"></script>'
PARSERS = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}


@pytest.mark.parametrize("chosen", document_formats(), ids=lambda chosen: chosen.name)
def test_a_thing_redirects_to_the_document_that_is_wanted(chosen: object, client: FlaskClient) -> None:
    response = client.get(AF, headers={"Accept": chosen.media_type})
    assert response.status_code == 303
    assert response.location == f"{AF}.{chosen.name}"
    assert "Accept" in response.vary
    document = client.get(response.location)
    assert document.status_code == 200
    assert document.content_type == chosen.content_type
    assert "Accept" not in document.vary, "the document's own URL is not negotiated"


def parse(client: FlaskClient, path: str, extension: str) -> Graph:
    response = client.get(f"{path}.{extension}")
    assert response.status_code == 200, path
    return Graph(bind_namespaces="none").parse(data=response.text, format=PARSERS[extension])


def test_every_entity_has_the_same_triples_in_every_format(client: FlaskClient, base: Base) -> None:
    files = [file.path for file in base.files if not file.path.startswith("kb/review/")]
    paths = sorted("/" + path.removeprefix("kb/").removesuffix(".ttl") for path in files)
    paths.remove("/method/rlhf")
    assert len(paths) == 61
    others = ("nt", "jsonld", "rdf")
    for number, path in enumerate(paths):
        turtle = parse(client, path, "ttl")
        assert len(turtle) > 5
        # By turns: tests/web/documents/test_every_representation.py has all of them, over all that differs.
        for extension in others if NIGHTLY else (others[number % 3],):
            assert set(parse(client, path, extension)) == set(turtle), f"{path}.{extension}"


def canonical(client: FlaskClient, path: str, extension: str) -> list[str]:
    """Return the triples of a document in order, with blank nodes named by RDFC-1.0, which is quick with large ones."""
    response = client.get(f"{path}.{extension}")
    assert response.status_code == 200, path
    found = Dataset(pyoxigraph_parse(response.data, format=RdfFormat.from_extension(extension)))
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, found))


@pytest.mark.parametrize("path", ["/ontology", "/schemes", "/concept"])
def test_the_ontology_and_a_class_have_the_same_triples_in_every_format(path: str, client: FlaskClient) -> None:
    turtle = canonical(client, path, "ttl")
    assert len(turtle) > 50
    for chosen in graph_formats():
        assert canonical(client, path, chosen.name) == turtle, chosen.name


def test_the_json_ld_uses_the_context_and_needs_nothing_else(client: FlaskClient) -> None:
    document = client.get(f"{AF}.jsonld").json
    whole = client.get("/context.jsonld").json["@context"]
    assert all(whole[key] == value for key, value in document["@context"].items())
    assert len(document["@context"]) < len(whole)
    first = document["@graph"][0]
    assert (first["@id"], first["@type"], first["label"]) == ("concept:alignment-faking", "Concept", "Alignment Faking")
    assert first["extends"] == "concept:goal-misgeneralization"
    assert "http" not in json.dumps([list(node) for node in document["@graph"]]), "every key is a term"


def test_the_served_turtle_says_what_the_file_says(client: FlaskClient, base: Base) -> None:
    [file] = [file for file in base.files if file.path == "kb/concept/alignment-faking.ttl"]
    # rdflib's own reader would rewrite literals.
    served = parse_text(client.get(f"{AF}.ttl").text)
    texts = {(s, p, str(o)) for s, p, o in served}
    assert {(s, p, str(o)) for s, p, o in file.graph} <= texts


def counts_on_page(html: str) -> list[tuple[str, int]]:
    found = re.findall(r'neighbourhood\?class=[a-z]+">(\d+) (\w+)</a>', html)
    return [(name.capitalize().rstrip("s") + "s", int(count)) for count, name in found]


def test_the_counts_on_the_page_are_those_of_a_sparql_query(client: FlaskClient, repository: object) -> None:
    text = (repository / "server/web/examples/neighbourhood.rq").read_text()
    query = text.replace("example:entity", "concept:alignment-faking")
    answer = client.post("/sparql", data={"query": query}).json
    rows = [(row["class"]["value"], int(row["neighbours"]["value"])) for row in answer["results"]["bindings"]]
    page = counts_on_page(client.get(f"{AF}.html").text)
    assert page == rows
    assert page == [
        ("Papers", 2),
        ("Thinkers", 3),
        ("Frameworks", 1),
        ("Methods", 1),
        ("Concepts", 13),
        ("Artifacts", 2),
        ("Quotes", 2),
    ]


def test_the_page_of_every_entity_has_its_record(client: FlaskClient, store: Store) -> None:
    rows = store.select(
        "SELECT ?id ?label { ?e dcterms:identifier ?id ; skos:prefLabel ?label MINUS { ?e owl:deprecated true } }"
    )
    assert len(rows) == 61
    for row in rows:
        page = client.get("/" + str(row["id"]).replace(":", "/") + ".html").text
        assert f">{row['id']}</code>" in page
        assert "<h1>" in page


def test_a_merged_entity_redirects_for_good_in_every_format(client: FlaskClient) -> None:
    full = "/method/reinforcement-learning-from-human-feedback"
    for old, new in (
        ("/method/rlhf", full),
        ("/method/rlhf.ttl", f"{full}.ttl"),
        ("/method/rlhf.html", f"{full}.html"),
    ):
        response = client.get(old)
        assert (response.status_code, response.location) == (301, new)


def test_an_edge_redirects_to_its_place_on_the_page_of_its_subject(client: FlaskClient) -> None:
    response = client.get("/edge/e939a43396", headers={"Accept": "text/html"})
    assert (response.status_code, response.location) == (303, f"{AF}.html#edge-e939a43396")
    assert 'id="edge-e939a43396"' in client.get(f"{AF}.html").text
    assert client.get("/edge/e939a43396", headers={"Accept": "text/turtle"}).location == f"{AF}.ttl"
    assert client.get("/edge/0000000000").status_code == 404
    assert client.get("/edge/<x>").status_code == 404


def test_every_edge_leads_to_a_page_that_shows_it(root: Path, make_app: Callable[..., Flask]) -> None:
    """A page shows the first neighbours of each class only; the others stand on the pages of the neighbourhood."""
    objects = [f"method:made-{number}" for number in range(2 * NEIGHBOURS + 5)] + [
        f"question:made-{n}" for n in range(3)
    ]
    for curie in objects:
        type_, extra = ("akb:Question", "akb:questionStatus akbv:open ;") if curie[0] == "q" else ("akb:Method", "")
        (root / "kb" / f"{curie.replace(':', '/')}.ttl").write_text(record(curie, type_, extra))
    edges = "".join(edge("concept:mover", "akb:motivates", curie) for curie in objects)
    # Two edges lead to one neighbour, which stands among the last.
    edges += edge("concept:mover", "akb:associatedWith", "method:made-99")
    draft = edge("concept:mover", "akb:extends", "concept:deception-made")
    draft = draft.replace("akb:status akbv:active", "akb:status akbv:draft").replace(
        "\nconcept:mover akb:extends concept:deception-made .\n", "\n"
    )
    (root / "kb" / "concept" / "deception-made.ttl").write_text(record("concept:deception-made", "akb:Concept"))
    (root / "kb" / "concept" / "mover.ttl").write_text(record("concept:mover", "akb:Concept") + edges + draft)
    settings = read_settings({"AKB_EMBEDDING": "none"}, root=root)
    build(settings)
    client = make_app(settings).test_client()
    names = re.findall("^edge:([0-9a-f]+) a ", edges, re.MULTILINE)
    assert len(names) == 2 * NEIGHBOURS + 9
    pages: Counter[str] = Counter()
    for name in names:
        answer = client.get(f"/edge/{name}", headers={"Accept": "text/html"})
        assert answer.status_code == 303
        path, _, fragment = answer.location.partition("#")
        assert fragment == f"edge-{name}"
        page = client.get(path)
        assert page.status_code == 200
        assert page.text.count(f'id="edge-{name}"') == 1
        assert client.get(f"/edge/{name}", headers={"Accept": "text/turtle"}).location == "/concept/mover.ttl"
        pages[path] += 1
    further = "/concept/mover/neighbourhood.html?class=method"
    assert set(pages) == {"/concept/mover.html", further, f"{further}&page=2", f"{further}&page=3"}
    assert pages[f"{further}&page=3"] >= 5
    # One that is not in use is on no page, so its address has no place.
    [unused] = re.findall("^edge:([0-9a-f]+) a ", draft, re.MULTILINE)
    assert client.get(f"/edge/{unused}", headers={"Accept": "text/html"}).location == "/concept/mover.html"


def test_an_unknown_id_gets_close_matches(client: FlaskClient) -> None:
    response = client.get("/concept/alignmnt-faking")
    assert response.status_code == 404
    assert response.json["close"][0]["id"] == "concept:alignment-faking"
    page = client.get("/concept/alignmnt-faking", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert 'href="/concept/alignment-faking"' in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/concept/a%20b%3Cscript%3Ealert(1)%3C/script%3E",
        "/concept/%22onload=x",
        "/concept/.ttl",
        "/concept/alignment-faking.",
        "/concept/alignment-faking.ttl.ttl",
        "/concept/%E5%AF%B9%E9%BD%90.html",
        "/concept/..%2f..%2fetc%2fpasswd",
        "/concept/" + "a" * 5000,
        "/nowhere",
        "/concept/a/b",
        "/edge/a%20b",
    ],
)
def test_a_wrong_address_is_the_clients_and_nothing_of_it_is_markup(path: str, client: FlaskClient) -> None:
    for accept in ("text/html", "application/json"):
        response = client.get(path, headers={"Accept": accept})
        assert response.status_code == 404, path
        assert "<script" not in re.sub(OUR_SCRIPT, "", response.text) or response.is_json


def test_an_extension_that_we_do_not_serve_is_named_with_those_that_we_do(client: FlaskClient) -> None:
    response = client.get(f"{AF}.docx")
    assert response.status_code == 404
    assert ".ttl" in response.json["detail"]


def test_a_list_is_negotiated_in_place_and_says_what_it_is(client: FlaskClient) -> None:
    response = client.get("/concept", headers={"Accept": "text/turtle"})
    assert response.status_code == 200
    assert response.headers["Content-Location"] == "/concept.ttl"
    assert "Accept" in response.vary


def test_links_tell_what_a_document_describes_and_its_other_formats(client: FlaskClient) -> None:
    link = client.get(f"{AF}.html").headers["Link"]
    assert '<https://w3id.org/alignment-kb/concept/alignment-faking>; rel="describes"' in link
    assert link.count("alternate") == len(document_formats()) - 1 + 3, "the other formats, the other profiles"


def test_a_paper_has_the_tags_by_which_it_is_cited(client: FlaskClient) -> None:
    """The tags of Highwire Press, which reference managers read."""
    page = client.get("/paper/alignment-faking-in-llms.html").text
    tags = re.findall(r'<meta name="(citation_\w+)" content="([^"]*)">', page)
    assert ("citation_title", "Alignment faking in large language models") in tags
    authors = [value for name, value in tags if name == "citation_author"]
    assert len(authors) == 20, "all of them, one tag each"
    assert (authors[0], authors[1], authors[-1]) == ("Ryan Greenblatt", "Carson Denison", "Evan Hubinger")
    assert ("citation_publication_date", "2024/12/18") in tags
    assert ("citation_doi", "10.48550/arXiv.2412.14093") in tags
    assert ("citation_arxiv_id", "2412.14093") in tags
    assert "citation_" not in client.get(f"{AF}.html").text


def test_the_list_of_papers_carries_a_reference_to_each(client: FlaskClient) -> None:
    """COinS: an OpenURL context object in the title of a span."""
    page = client.get("/paper.html").text
    found = [dict(parse_qsl(unescape(title))) for title in re.findall(r'<span class="Z3988" title="([^"]+)">', page)]
    assert len(found) == 10
    assert all(one["ctx_ver"] == "Z39.88-2004" and one["rft.atitle"] and one["rft_id"] for one in found)
    assert "Z3988" not in client.get("/concept.html").text


@pytest.fixture(scope="module")
def counted(settings: Settings) -> Iterator[FlaskClient]:
    """A client for the test below alone, each of whose pages is new to the application."""
    app = create_app(settings)
    yield app.test_client()
    app.extensions["akb"].close()


@pytest.mark.parametrize(
    "path",
    [
        *("claim/an-8b-model-shows-it", "concept/alignment-faking", "paper/alignment-faking-in-llms"),
        *("thinker/anthropic", "quote/scratchpad-reason-for-complying", "artifact/claude-3-5-sonnet"),
    ],
)
def test_a_page_asks_at_most_ten_questions_and_none_of_them_twice(
    path: str, counted: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []
    for name in ("select", "construct"):
        ask = getattr(Prepared, name)

        def noting(store: Prepared, query: str, bindings: object = None, ask: Callable[..., object] = ask) -> object:
            asked.append((query, repr(bindings)))
            return ask(store, query, bindings)

        monkeypatch.setattr(Prepared, name, noting)
    # What is the same for all pages of a release is asked once.
    assert counted.get("/question/what-causes-the-other-compliance-gaps.html").status_code == 200
    asked.clear()
    assert counted.get(f"/{path}.html").status_code == 200
    assert 0 < len(asked) == len(set(asked)) <= 10
