"""The ontology and the shapes as a site: every term lands on its anchor, says how it is used, and is drawn."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from rdflib import OWL, RDF, SH, SKOS, Graph, URIRef
from rdflib.compare import isomorphic

from server.build.shapes import shapes_texts
from server.schema.schema import Schema
from server.serialization import document_formats, graph_formats
from server.store.embedded import Store
from server.turtle.base import Base
from server.turtle.parsing import parse

SHAPE = "https://w3id.org/alignment-kb/shapes#"
ONTOLOGY = "https://w3id.org/alignment-kb/ontology"
PARSERS = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml", "nq": "nquads", "trig": "trig"}
SVG = "{http://www.w3.org/2000/svg}"


def ids(page: str) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', page)


def section(page: str, anchor: str) -> str:
    """Return the words of the section of a term."""
    found = re.search(rf'<h3 id="{anchor}">.*?</section>', page, re.DOTALL)
    assert found, anchor
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[0])).split())


@pytest.mark.parametrize("path", ["/ontology", "/schemes", "/shapes", "/ontology/0.1.0"])
def test_no_anchor_is_there_twice(path: str, client: FlaskClient) -> None:
    found = ids(client.get(path).text)
    assert len(found) == len(set(found)) > 20


def test_an_example_leads_to_what_is_there_and_one_that_is_made_up_leads_nowhere(client: FlaskClient) -> None:
    page = client.get("/ontology").text
    examples = re.findall(r"<dt>Example</dt><dd><code>(.*?)</code>", page, re.DOTALL)
    led = {path for one in examples for path in re.findall(r'href="(/[a-z][\w-]*/[^"]+)"', one)}
    assert len(led) > 5
    assert {client.get(path).status_code for path in led} <= {200, 301, 303}
    assert any("venue:" in one for one in examples), "no venue is in this base"


def test_every_term_iri_lands_on_its_anchor(client: FlaskClient, base: Base) -> None:
    documents = {name: set(ids(client.get(f"/{name}").text)) for name in ("ontology", "schemes", "shapes")}
    terms = {str(term) for graph in (base.ontology, shapes(base)) for term in graph.subjects() if "#" in term}
    ours = sorted(term for term in terms if term.startswith("https://w3id.org/alignment-kb/"))
    landed = 0
    for term in ours:
        document, _, fragment = term.removeprefix("https://w3id.org/alignment-kb/").partition("#")
        if document in documents:
            assert fragment in documents[document], term
            landed += 1
    assert landed > 200


def shapes(base: Base) -> Graph:
    graph = Graph(bind_namespaces="none")
    for text in shapes_texts(base):
        graph += parse(text)
    return graph


def test_a_class_says_what_it_is_under_how_it_is_used_and_by_which_shapes(client: FlaskClient, store: Store) -> None:
    page = client.get("/ontology").text
    [row] = store.select("SELECT (COUNT(DISTINCT ?t) AS ?n) { ?t a akb:Paper }")
    words = section(page, "Paper")
    assert "A scholarly article or preprint" in words
    assert "Under akb:Work" in words
    assert "close to bibo:AcademicArticle" in words
    assert "Example paper:alignment-faking-in-llms a akb:Paper" in words
    assert f"Used by {row['n']} instances" in words
    assert "Shapes Work" in words, "which are those of what it is under (SHACL, section 2.1.3.2)"


def test_a_predicate_says_its_ends_its_traits_its_inverse_and_an_example(client: FlaskClient, store: Store) -> None:
    page = client.get("/ontology").text
    [row] = store.select("SELECT (COUNT(*) AS ?n) { ?s akb:extends ?o }")
    words = section(page, "extends")
    for said in (
        "Shown as extends",
        "From entity To entity Inverse is extended by",
        "asymmetric, irreflexive",
        f"Used in {row['n']} statement",
        "Shapes extends-object , extends-subject",
    ):
        assert said in words
    subject, object_ = re.search(r"Example (\S+) akb:extends (\S+)", words).groups()
    assert store.select(f"SELECT ?s {{ {subject} akb:extends {object_} . BIND(1 AS ?s) }}") == [{"s": 1}]


def test_every_example_of_a_property_is_a_statement_of_the_base(
    client: FlaskClient, store: Store, schema: Schema
) -> None:
    page = client.get("/ontology").text
    checked = 0
    for term in schema.properties.values():
        if not term.is_predicate or term.curie == "akb:related":
            continue
        found = re.search(rf"Example (\S+) {term.curie} (\S+) (?!\.)", section(page, term.anchor) + " end")
        [row] = store.select(f"SELECT (COUNT(*) AS ?n) {{ ?s {term.curie} ?o }}")
        assert f"Used in {row['n']} statement" in section(page, term.anchor)
        if found:
            triple = f"{found[1]} {term.curie} {found[2]}"
            assert store.select(f"SELECT ?s {{ {triple} . BIND(1 AS ?s) }}") == [{"s": 1}], triple
            checked += 1
    assert checked > 40


@pytest.mark.parametrize("chosen", document_formats(), ids=lambda chosen: chosen.name)
def test_the_version_iri_answers_in_every_format(chosen: object, client: FlaskClient, base: Base) -> None:
    [version] = base.ontology.objects(URIRef(ONTOLOGY), OWL.versionIRI)
    path = "/" + version.removeprefix("https://w3id.org/alignment-kb/")
    response = client.get(path, headers={"Accept": chosen.media_type})
    assert (response.status_code, response.content_type) == (200, chosen.content_type)
    assert response.headers["Content-Location"] == f"{path}.{chosen.name}"
    assert f'<{version}>; rel="describes"' in response.headers["Link"]
    assert '</ontology>; rel="latest-version"' in response.headers["Link"]
    assert client.get(f"{path}.{chosen.name}").content_type == chosen.content_type


@pytest.mark.parametrize("path", ["/ontology/0.0.9", "/ontology/0.1", "/ontology/0.1.00", "/ontology/0.1.0.docx"])
def test_other_versions_and_formats_are_not_there(path: str, client: FlaskClient) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "0.1.0" in response.json["detail"] or "'docx'" in response.json["detail"]


@pytest.mark.parametrize("chosen", graph_formats(), ids=lambda chosen: chosen.name)
def test_the_shapes_have_the_triples_of_their_files_in_every_format(
    chosen: object, client: FlaskClient, base: Base
) -> None:
    text = client.get(f"/shapes.{chosen.name}").text
    found = Graph(bind_namespaces="none")
    found.parse(data=text, format=PARSERS[chosen.name])
    assert len(found) == len(shapes(base))
    if chosen.name == "nt":
        assert isomorphic(found, Graph().parse(data=client.get("/graph/shapes.nt").text, format="nt"))


def test_every_shape_and_rule_is_on_the_page_with_its_message_and_mend(client: FlaskClient, base: Base) -> None:
    page = client.get("/shapes").text
    words = " ".join(unescape(re.sub(r"<[^>]+>", "", page)).split())
    messages = 0
    for _, message in shapes(base).subject_objects(SH.message):
        said, _, mend = " ".join(message.split()).partition("Mend: ")
        assert said.strip() in words
        assert mend in words
        messages += 1
    assert messages > 120
    rules = set(base.shapes_folder.glob("rules/*.rq"))
    assert len(rules) == len(re.findall(r'id="rule-', page)) > 15
    assert "GRAPH graph:asserted" in words


def test_the_diagram_draws_every_class_once_as_a_link(client: FlaskClient, schema: Schema) -> None:
    page = client.get("/ontology").text
    drawings = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(drawings) == 2
    names = sorted(f"#{term.anchor}" for term in schema.classes.values() if term.curie.startswith("akb:"))
    for drawing in drawings:
        root = ElementTree.fromstring(drawing.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1))
        assert sorted(link.get("href") for link in root.iter(f"{SVG}a")) == names
        assert root.find(f"{SVG}title").text
        assert root.find(f"{SVG}desc").text
        boxes = [tuple(float(r.get(k)) for k in ("x", "y", "width", "height")) for r in root.iter(f"{SVG}rect")]
        for i, (x, y, width, height) in enumerate(boxes):
            for other in boxes[i + 1 :]:
                apart = x + width <= other[0] or other[0] + other[2] <= x
                assert apart or y + height <= other[1] or other[1] + other[3] <= y, "boxes do not overlap"
    assert "style=" not in "".join(drawings), "the policy would forbid it"


def test_every_link_within_the_pages_leads_to_an_anchor(client: FlaskClient) -> None:
    pages = {path: client.get(path).text for path in ("/ontology", "/shapes", "/schemes")}
    checked = 0
    for path, page in pages.items():
        for href in re.findall(r'href="([^"]*#[^"]+)"', page):
            document, _, fragment = href.partition("#")
            target = document or path
            if target in pages:
                assert f'id="{fragment}"' in pages[target], (path, href)
                checked += 1
    assert checked > 300


def test_the_page_of_the_code_lists_has_them_alone_with_how_often_each_is_used(client: FlaskClient, base: Base) -> None:
    page = client.get("/schemes.html").text
    assert 'id="classes"' not in page
    lists = list(base.ontology.subjects(RDF.type, SKOS.ConceptScheme))
    assert page.count('<section class="codes"') == len(lists)
    used = re.findall(r'<a class="number" href="/sparql\?([^"]+)"[^>]*>([\d,]+)</a>', page)
    assert len(used) >= 8
    for query, count in used[:3]:
        [asked] = parse_qs(unescape(query))["query"]
        answer = client.get("/sparql", query_string={"query": asked, "format": "json"}).json
        assert answer["results"]["bindings"][0]["count"]["value"] == count.replace(",", "")


def test_codes_are_anchors_too(client: FlaskClient, base: Base) -> None:
    page = client.get("/schemes").text
    codes = list(base.ontology.subjects(SKOS.inScheme))
    assert len(codes) >= 15
    assert all(f'id="{code.rpartition("#")[2]}"' in page for code in codes)
    assert (None, RDF.type, SKOS.ConceptScheme) in base.ontology
