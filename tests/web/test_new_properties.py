"""Properties that nobody but the Turtle of a base knows: they show wherever ours do."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from server.build.build import build
from server.cli.main import main
from server.settings import Settings, read_settings
from server.web.app import create_app
from tests.made import record

ONTOLOGY = """
akb:sampleSize a owl:DatatypeProperty ;
    rdfs:domain akb:Work ;
    rdfs:range xsd:integer ;
    rdfs:label "sample size"@en ;
    skos:definition "How many were looked at."@en ;
    skos:notation "sample_size" ;
    vann:example "paper:made-one akb:sampleSize 12 ." ;
    rdfs:isDefinedBy <https://w3id.org/alignment-kb/ontology> .

akb:isbn a owl:DatatypeProperty ;
    rdfs:domain akb:Work ;
    rdfs:range xsd:string ;
    rdfs:label "book number"@en ;
    skos:definition "The ISBN of a work."@en ;
    skos:notation "isbn" ;
    vann:example "paper:made-one akb:isbn \\"978\\" ." ;
    rdfs:isDefinedBy <https://w3id.org/alignment-kb/ontology> ;
    akb:addressTemplate "https://books.org/isbn/{value}" .

akb:verdict a owl:DatatypeProperty ;
    rdfs:domain akb:Work ;
    rdfs:range rdf:langString ;
    rdfs:label "verdict"@en ;
    skos:definition "What a work concludes, in its own words."@en ;
    skos:notation "verdict" ;
    vann:example "paper:made-one akb:verdict \\"…\\"@en ." ;
    rdfs:isDefinedBy <https://w3id.org/alignment-kb/ontology> .

akb:stage a owl:ObjectProperty ;
    rdfs:domain akb:Work ;
    rdfs:range skos:Concept ;
    rdfs:label "stage"@en ;
    skos:definition "How far a work has come."@en ;
    skos:notation "stage" ;
    vann:example "paper:made-one akb:stage <https://w3id.org/alignment-kb/schemes#preprint> ." ;
    rdfs:isDefinedBy <https://w3id.org/alignment-kb/ontology> .
"""
SCHEMES = """
akbv:stage-scheme a skos:ConceptScheme ;
    skos:prefLabel "stage"@en ;
    skos:definition "How far a work has come."@en .

akbv:preprint a skos:Concept ;
    skos:inScheme akbv:stage-scheme ;
    skos:notation "preprint" ;
    skos:prefLabel "as a preprint"@en ;
    skos:definition "Not reviewed."@en .
"""
SHAPES = """@prefix akb: <https://w3id.org/alignment-kb/ontology#> .
@prefix akbv: <https://w3id.org/alignment-kb/schemes#> .
@prefix dash: <http://datashapes.org/dash#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shape: <https://w3id.org/alignment-kb/shapes#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

shape:OwnWork a sh:NodeShape ;
    sh:targetClass akb:Work ;
    sh:property shape:own-sample, shape:own-isbn, shape:own-stage, shape:own-verdict .

shape:own-sample a sh:PropertyShape ;
    sh:path akb:sampleSize ;
    sh:name "Sample"@en ;
    sh:order 2.5 ;
    sh:maxCount 1 ;
    sh:datatype xsd:integer ;
    sh:message "The sample is no number. Mend: write akb:sampleSize 12."@en .

shape:own-isbn a sh:PropertyShape ;
    sh:path akb:isbn ;
    dash:propertyRole dash:IDRole ;
    sh:datatype xsd:string ;
    sh:message "The ISBN is no text. Mend: write akb:isbn \\"978\\"."@en .

shape:own-verdict a sh:PropertyShape ;
    sh:path akb:verdict ;
    sh:order 2.7 ;
    sh:datatype rdf:langString ;
    sh:uniqueLang true ;
    sh:message "The verdict has no language. Mend: write akb:verdict \\"...\\"@en."@en .

shape:own-stage a sh:PropertyShape ;
    sh:path akb:stage ;
    sh:maxCount 1 ;
    sh:in ( akbv:preprint ) ;
    sh:message "The stage is unknown. Mend: write akb:stage akbv:preprint."@en .
"""
FACTS = 'dcterms:issued "2024"^^xsd:gYear ; akb:authorList "Ada Lind" ; akb:isbn "978-1", "978-2" ;'
VERDICT = 'akb:verdict "Nothing is certain but quokkas"@en ;'
PAGE = "/paper/made-one"


def add_properties(root: Path) -> Path:
    """Declare four properties in a base, and give them to two papers."""
    for name, text in (("akb", ONTOLOGY), ("schemes", SCHEMES)):
        with (root / f"ontology/{name}.ttl").open("a", encoding="utf-8") as file:
            file.write(text)
    (root / "shapes/own.ttl").write_text(SHAPES, encoding="utf-8")
    one, other = (root / f"kb/paper/made-{name}.ttl" for name in ("one", "other"))
    one.write_text(
        record("paper:made-one", "akb:Paper", f"{FACTS} akb:sampleSize 12 ; akb:stage akbv:preprint ; {VERDICT}")
    )
    other.write_text(record("paper:made-other", "akb:Paper", FACTS.replace(', "978-2"', "")))
    assert run("generate", root).exit_code == 0
    assert run("fmt", root).exit_code == 0
    return root


def run(command: str, root: Path, *words: object) -> Result:
    return CliRunner().invoke(main, [command, "--root", str(root), *map(str, words)])


@pytest.fixture(scope="module")
def own(make_base: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("own")
    settings = read_settings({"AKB_STATE": str(folder / "state")}, root=add_properties(make_base(folder / "base")))
    build(settings)
    return settings


@pytest.fixture(scope="module")
def client(own: Settings) -> Iterator[FlaskClient]:
    app = create_app(own)
    yield app.test_client()
    app.extensions["akb"].close()


def test_the_base_passes_its_check_but_for_what_the_test_left_out(own: Settings) -> None:
    result = run("check", own.root)
    # Both papers have one ISBN, which is for the queue of candidates and no rule; they have no edges.
    assert not re.findall(r"violation \[(?!isolated|similar)", result.output), result.output


def test_an_entity_shows_them_in_order_in_every_format(client: FlaskClient) -> None:
    page = client.get(f"{PAGE}.html").text
    names = re.findall(r"<dt>([^<]*)</dt>", page)
    assert [name for name in names if name in {"Issued", "Sample", "verdict", "book number", "stage"}] == [
        *("Issued", "Sample", "verdict", "book number", "book number", "stage")
    ], "without sh:order by name, after those with it; without sh:name by the label of the property"
    assert names.count("Authors") == 0, "the authors are under the title"
    assert '<a href="/listed?name=Ada+Lind" rel="nofollow">Ada Lind</a></div>' in page
    assert 'href="https://books.org/isbn/978-1"' in page
    assert "as a preprint" in page
    facts = client.get(f"{PAGE}.json").json["facts"]
    assert {"name": "Sample", "value": "12", "href": None} in facts
    assert {"name": "book number", "value": "978-2", "href": "https://books.org/isbn/978-2"} in facts
    assert "Sample" in client.get(f"{PAGE}.md").text
    assert "akb:sampleSize 12" in client.get(f"{PAGE}.ttl").text


def test_json_ld_has_short_names_for_them(client: FlaskClient) -> None:
    context = client.get("/context.jsonld").json["@context"]
    assert context["sampleSize"] == {"@id": "akb:sampleSize", "@type": "xsd:integer"}
    assert context["stage"] == {"@id": "akb:stage", "@type": "@id"}
    assert context["isbn"] == {"@id": "akb:isbn"}
    assert context["verdict"] == {"@id": "akb:verdict", "@language": "en"}
    [entity] = [one for one in _nodes(client.get(f"{PAGE}.jsonld").json) if one.get("identifier") == "paper:made-one"]
    assert sorted(entity["isbn"]) == ["978-1", "978-2"]


def _nodes(data: object) -> Iterator[dict[str, object]]:
    if isinstance(data, dict):
        yield data
    for one in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _nodes(one)


def test_reconciliation_offers_and_compares_them(client: FlaskClient) -> None:
    found = client.get("/reconcile/properties?type=akb:Paper").json["properties"]
    assert {"akb:sampleSize", "akb:isbn", "akb:stage"} <= {one["id"] for one in found}
    query = {"query": "Something else", "type": "akb:Paper", "properties": [{"pid": "akb:isbn", "v": "978-2"}]}
    answer = client.post("/reconcile", data={"queries": json.dumps({"q": query})}).json
    assert answer["q"]["result"][0]["id"] == "paper:made-one"
    asked = {"ids": ["paper:made-one"], "properties": [{"id": "akb:stage"}, {"id": "akb:sampleSize"}]}
    row = client.post("/reconcile", data={"extend": json.dumps(asked)}).json["rows"]["paper:made-one"]
    assert row["akb:sampleSize"] == [{"str": "12"}]
    assert [one["name"] for one in row["akb:stage"]] == ["as a preprint"]


def test_an_identifier_leads_to_what_it_identifies_and_makes_a_candidate(client: FlaskClient) -> None:
    assert client.get("/resolve?id=978-2").headers["Location"].endswith(PAGE)
    assert ("paper:made-one", "paper:made-other") in _candidates(client)


def _candidates(client: FlaskClient) -> set[tuple[str, ...]]:
    query = """SELECT ?one ?other { ?pair akb:sharesIdentifier true ; akb:member/dcterms:identifier ?one, ?other
      FILTER(?one < ?other) }"""
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": "application/json"}).json
    return {(row["one"]["value"], row["other"]["value"]) for row in answer["results"]["bindings"]}


@pytest.mark.parametrize("words", ["978-2", "quokkas"])
def test_the_search_finds_entities_by_them(words: str, client: FlaskClient) -> None:
    [first, *_] = client.get("/search.json", query_string={"q": words}).json["items"]
    assert first["id"] == "paper:made-one"


def test_schema_org_has_the_addresses_of_identifiers(client: FlaskClient) -> None:
    page = client.get(f"{PAGE}.html").text
    [data] = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert {"https://books.org/isbn/978-1", "https://books.org/isbn/978-2"} <= {
        one["@id"] for one in json.loads(data)["@graph"][0]["sameAs"]
    }


def test_the_ontology_and_the_statistics_count_them(client: FlaskClient) -> None:
    assert "sampleSize" in client.get("/ontology").text
    void = client.get("/.well-known/void", headers={"Accept": "text/turtle"}, follow_redirects=True).text
    assert "akb:sampleSize" in void


def test_tables_have_columns_for_them(own: Settings, tmp_path: Path) -> None:
    root = tmp_path / "base"
    shutil.copytree(own.root, root)
    table = tmp_path / "table.csv"
    head = "class,slug,label,definition,issued,sampleSize,isbn,stage\n"
    good = "paper,a,A paper,Reports a test of it.,2024,7,978-3 | 978-4,preprint\n"
    table.write_text(head + good)
    result = run("import", root, "table", table)
    assert result.exit_code == 0, result.output
    text = (root / "kb/paper/a.ttl").read_text()
    assert "akb:sampleSize 7" in text
    assert 'akb:isbn "978-3"' in text
    assert 'akb:isbn "978-4"' in text
    assert "akb:stage akbv:preprint" in text
    for wrong, what in (("x,978,preprint", "2:6"), ("7,978,finding", "2:8")):
        table.write_text(f"{head}paper,b,Another,Reports it.,2024,{wrong}\n")
        result = run("import", root, "table", table)
        assert (result.exit_code, f"{table}:{what}: " in result.output) == (1, True), result.output


STATUS = """
akbv:provisional a skos:Concept ;
    skos:inScheme akbv:status-scheme ;
    skos:notation "provisional" ;
    skos:prefLabel "provisional"@en ;
    skos:definition "In use until somebody has looked at it again."@en .

akbv:in-use skos:member akbv:provisional .
"""


def test_a_status_is_in_use_when_the_code_list_says_so(root: Path, tmp_path: Path) -> None:
    with (root / "ontology/schemes.ttl").open("a", encoding="utf-8") as file:
        file.write(STATUS)
    for name in ("edge", "entity"):
        path = root / f"shapes/{name}.ttl"
        path.write_text(path.read_text().replace("sh:in ( akbv:draft", "sh:in ( akbv:provisional akbv:draft"))
    assert run("generate", root).exit_code == 0
    ends = ("concept:compliance-gap", "analogous_to", "concept:sycophancy-in-llms")
    edge = ["link", "edge", "--root", str(root), *ends, "--note", "Both please.", "--status"]
    refused = CliRunner().invoke(main, [*edge, "unheard-of"])
    assert refused.exit_code == 2
    assert "not one of draft, active, contested, provisional" in refused.output
    written = CliRunner().invoke(main, [*edge, "provisional"])
    assert written.exit_code == 0, written.output
    assert "akb:analogousTo concept:sycophancy-in-llms ." in (root / "kb/concept/compliance-gap.ttl").read_text()
    result = run("check", root)
    assert result.exit_code == 0, result.output
    settings = read_settings({"AKB_STATE": str(tmp_path / "state")}, root=root)
    build(settings)
    app = create_app(settings)
    try:
        neighbours = app.test_client().get("/concept/compliance-gap/neighbourhood.json").text
    finally:
        app.extensions["akb"].close()
    assert "concept:sycophancy-in-llms" in neighbours
