"""A class that nobody but the Turtle of a base knows: it is wherever ours are, and nothing else was touched."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from rdflib import Graph, URIRef

from server.build.build import build
from server.cli.main import main
from server.settings import read_settings
from server.web.app import create_app

ONTOLOGY = """
akb:{class_} a owl:Class ;
    rdfs:subClassOf akb:Entity, schema:Dataset ;
    rdfs:label "{label}"@en ;
    skos:definition "Texts or measurements, put together so that others can work with them."@en ;
    skos:notation "{name}" ;
    vann:example "{name}:letters a akb:{class_} ." ;
    rdfs:isDefinedBy <https://w3id.org/alignment-kb/ontology> ;
    akb:pluralLabel "{plural}"@en ;
    akb:displayOrder 14 .

akb:rows a owl:DatatypeProperty ;
    rdfs:domain akb:{class_} ;
    rdfs:range xsd:integer ;
    rdfs:label "rows"@en ;
    skos:definition "How many rows it has."@en ;
    skos:notation "rows" ;
    vann:example "{name}:letters akb:rows 12000 ." ;
    rdfs:isDefinedBy <https://w3id.org/alignment-kb/ontology> .
"""
SHAPES = """@prefix akb: <https://w3id.org/alignment-kb/ontology#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shape: <https://w3id.org/alignment-kb/shapes#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

shape:{class_} a sh:NodeShape ;
    sh:targetClass akb:{class_} ;
    sh:property shape:{name}-rows .

shape:{name}-rows a sh:PropertyShape ;
    sh:path akb:rows ;
    sh:name "Rows"@en ;
    sh:order 1 ;
    sh:minCount 1 ;
    sh:maxCount 1 ;
    sh:datatype xsd:integer ;
    sh:message "The number of rows is missing, or no whole number. Mend: write akb:rows 12000, without quotes."@en .
"""
PAGE = "/dataset/letters-to-a-machine"
CURIE = "dataset:letters-to-a-machine"


def add_class(root: Path, name: str) -> Path:
    """Declare a class and a property in a base."""
    class_, plural = {"dataset": ("Dataset", "Datasets")}.get(name, (name.capitalize(), f"{name.capitalize()}s"))
    words = {"class_": class_, "name": name, "label": name, "plural": plural}
    with (root / "ontology/akb.ttl").open("a", encoding="utf-8") as file:
        file.write(ONTOLOGY.format(**words))
    (root / f"shapes/{name}.ttl").write_text(SHAPES.format(**words), encoding="utf-8")
    return root


def add_dataset(root: Path) -> Path:
    """Add the class to a base, and by the command line an entity of it that has an edge."""
    add_class(root, "dataset")
    for words in (
        ("generate",),
        ("new", "dataset", "Letters to a machine", "--definition", "Twelve thousand letters that nobody answered."),
        ("link", "edge", "concept:sycophancy-in-llms", "associated_with", CURIE, "--note", "The letters show it.",
         "--status", "active"),
    ):  # fmt: skip
        result = run(root, *words)
        assert result.exit_code == 0, result.output
    path = root / f"kb{PAGE}.ttl"
    path.write_text(
        path.read_text().replace(
            "akbv:draft", 'akbv:active ;\n    akb:rows 12000 ;\n    dcterms:source "a test, https://made.akb.dev/"'
        )
    )
    result = run(root, "fmt")
    assert result.exit_code == 0, result.output
    return root


def run(root: Path, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--root", str(root)])


@pytest.fixture(scope="module")
def own(make_base: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the test base with the class, and one entity of it."""
    return add_dataset(make_base(tmp_path_factory.mktemp("own") / "base"))


@pytest.fixture(scope="module")
def client(own: Path) -> Iterator[FlaskClient]:
    settings = read_settings({"AKB_STATE": str(own.parent / "state")}, root=own)
    build(settings)
    app = create_app(settings)
    yield app.test_client()
    app.extensions["akb"].close()


def test_it_passes_its_check_and_its_shape_holds(own: Path, root: Path) -> None:
    result = run(own, "check")
    assert result.exit_code == 0, result.output
    assert "violation" not in result.output
    spoiled = add_dataset(root)
    path = spoiled / f"kb{PAGE}.ttl"
    path.write_text(path.read_text().replace("akb:rows 12000", 'akb:rows "many"'))
    result = run(spoiled, "check")
    assert result.exit_code == 1
    assert f"kb{PAGE}.ttl" in result.output
    assert "[dataset-rows]" in result.output
    assert "write akb:rows 12000, without quotes" in result.output


def test_it_has_pages_and_lists_in_every_format(client: FlaskClient) -> None:
    page = client.get(f"{PAGE}.html")
    assert page.status_code == 200
    assert ">Letters to a machine</h1>" in page.text
    assert re.search(r"<dt>Rows</dt>\s*<dd><span>12,?000</span></dd>", page.text)
    assert 'class="entity class-concept"' in page.text
    listed = client.get("/dataset.html").text
    assert "<h1" in listed
    assert "Datasets" in listed
    assert f'href="{PAGE}"' in listed
    assert {"name": "Rows", "value": "12000", "href": None} in client.get(f"{PAGE}.json").json["facts"]
    for suffix in ("ttl", "nt", "nq", "trig", "rdf", "jsonld", "md", "json"):
        assert client.get(f"{PAGE}.{suffix}").status_code == 200, suffix
        assert client.get(f"/dataset.{suffix}").status_code == 200, suffix
    assert "Letters to a machine" in client.get("/dataset.csv").text
    assert "/dataset" in client.get("/").text
    assert client.get("/context.jsonld").json["@context"]["Dataset"] == "akb:Dataset"
    assert client.get("/context.jsonld").json["@context"]["dataset"] == "https://w3id.org/alignment-kb/dataset/"


def test_it_is_a_neighbour_and_has_a_colour_and_a_shape_of_its_own(client: FlaskClient) -> None:
    page = client.get("/concept/sycophancy-in-llms.html").text
    assert '<h3 id="dataset">Datasets' in page
    assert f'href="{PAGE}"' in page
    style = client.get("/static/classes.css").text
    hues = dict(re.findall(r"--class-(\w+): (#\w{6});", style.partition("@media")[0]))
    assert list(hues.values()).count(hues["dataset"]) == 1
    assert "class-dataset" in client.get("/concept/sycophancy-in-llms/picture.svg").text


def test_the_search_and_the_map_have_it(client: FlaskClient) -> None:
    [first, *_] = client.get("/search.json?q=letters").json["items"]
    assert (first["id"], first["class"]) == (CURIE, "dataset")
    only = client.get("/search.json?q=machine&class=dataset").json["items"]
    assert [item["id"] for item in only] == [CURIE]
    assert '<use href="#shape-dataset"' in client.get("/map.svg").text
    assert CURIE in client.get("/map.json").text


def test_search_engines_are_told_what_it_is(client: FlaskClient) -> None:
    [data] = re.findall(
        r'<script type="application/ld\+json"[^>]*>(.*?)</script>', client.get(f"{PAGE}.html").text, re.DOTALL
    )
    [entity] = [one for one in json.loads(data)["@graph"] if str(one.get("@id", "")).endswith(PAGE)]
    assert "Dataset" in json.dumps(entity["@type"])
    assert entity["name"] == {"@language": "en", "@value": "Letters to a machine"}


def test_reconciliation_knows_it(client: FlaskClient) -> None:
    assert {"id": "akb:Dataset", "name": "dataset"}.items() <= next(
        one for one in client.get("/reconcile").json["defaultTypes"] if one["id"] == "akb:Dataset"
    ).items()
    query = {"query": "Letters to a machine", "type": "akb:Dataset"}
    [best] = client.post("/reconcile", data={"queries": json.dumps({"q": query})}).json["q"]["result"]
    assert (best["id"], best["match"]) == (CURIE, True)
    asked = {"ids": [CURIE], "properties": [{"id": "akb:rows"}]}
    rows = client.post("/reconcile", data={"extend": json.dumps(asked)}).json["rows"]
    assert rows[CURIE]["akb:rows"] == [{"str": "12000"}]


def test_statistics_count_it(client: FlaskClient, own: Path) -> None:
    void = Graph().parse(data=client.get("/.well-known/void.ttl").text)
    partition = void.value(
        predicate=URIRef("http://rdfs.org/ns/void#class"),
        object=URIRef("https://w3id.org/alignment-kb/ontology#Dataset"),
    )
    assert int(str(void.value(partition, URIRef("http://rdfs.org/ns/void#entities")))) == 1
    assert re.search(r"dataset +1\b", run(own, "stats").output)
    assert "<code>akb:Dataset</code>" in client.get("/.well-known/void.html").text


@pytest.mark.parametrize("name", ["search", "graph", "skos"])
def test_a_class_that_would_be_called_like_a_page_is_refused_with_a_mend(name: str, root: Path) -> None:
    result = run(add_class(root, name), "check")
    assert result.exit_code == 1
    assert re.search(r"ontology/akb\.ttl:\d+:\d+: violation \[class-name\] akb:" + name.capitalize(), result.output)
    assert f"call it otherwise in skos:notation, such as {name}-record" in result.output
