"""What the author of a valid query should know."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from server.schema.schema import Schema
from server.web.data.hints import misspelt_terms
from tests.made import NAMESPACES

LABEL = '"Alignment Faking"'


def hint(client: FlaskClient, query: str) -> str:
    response = client.get("/sparql", query_string={"query": query}, headers={"Accept": "*/*"})
    assert response.status_code == 200, response.text
    return response.headers.get("Akb-Hint", "")


def test_a_misspelt_term_is_no_error_and_is_told(client: FlaskClient, schema: Schema) -> None:
    query = "SELECT * { ?s a akb:Concpet ; akb:extend ?o ; akb:extends ?p ; skos:prefLabel 'akb:nothing' }"
    hints = (
        "akb:Concpet is not in the ontology; did you mean akb:Concept?",
        "akb:extend is not in the ontology; did you mean akb:extends?",
    )
    assert hint(client, query) == " ".join(hints)
    page = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/html"})
    assert "did you mean akb:Concept?" in page.text
    full = "ASK { ?s a <https://w3id.org/alignment-kb/ontology#Concpet> }"
    assert "akb:Concept" in next(misspelt_terms(full, schema, NAMESPACES))


def test_a_misspelt_name_of_another_vocabulary_is_told_where_nothing_is_found(client: FlaskClient) -> None:
    wrong = "SELECT * { ?s skos:preflabel ?l ; <http://purl.org/dc/terms/isued> ?d }"
    assert hint(client, wrong) == (
        "skos:preflabel is nowhere in the data; did you mean skos:prefLabel? "
        "<http://purl.org/dc/terms/isued> is nowhere in the data; did you mean dcterms:issued?"
    )
    assert hint(client, wrong.replace("SELECT * {", "SELECT * { ?x ?y ?z OPTIONAL {") + "} LIMIT 1") == ""


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("PREFIX akb: <https://w3id.org/alignment-kb/ontology#> ASK { ?s a akb:Claim }", []),
        ("PREFIX akb: <http://example.org/> ASK { ?s a akb:Concpet }", []),
        (
            "PREFIX akb: <http://e.org/> PREFIX x: <https://w3id.org/alignment-kb/ontology#> ASK { ?s a x:Claim }",
            [],
        ),
        ("PREFIX x: <https://w3id.org/alignment-kb/ontology#> ASK { ?s a x:Concpet }", ["x:Concpet"]),
        ("ASK { ?s foaf:nmae ?o ; <http://example.org/akb:Concpet> 'akb:Concpet' } # akb:Concpet", []),
    ],
)
def test_a_term_is_ours_by_its_iri(query: str, wrong: list[str], schema: Schema) -> None:
    assert [one.split()[0] for one in misspelt_terms(query, schema, NAMESPACES)] == wrong


@pytest.mark.parametrize(
    ("query", "right"),
    [
        (f"SELECT * {{ ?s skos:prefLabel {LABEL} }}", f"{LABEL}@en"),
        (f"SELECT * {{ ?s ?p ?l FILTER(?l = {LABEL}) }}", f"{LABEL}@en"),
        (f"SELECT * {{ VALUES ?l {{ {LABEL}@de }} ?s skos:prefLabel ?l }}", f"{LABEL}@en"),
        (f"ASK {{ ?s skos:prefLabel '''{LABEL[1:-1]}''' }}", f"{LABEL}@en"),
        (f"CONSTRUCT WHERE {{ ?s skos:prefLabel {LABEL} }}", f"{LABEL}@en"),
        (f"DESCRIBE ?s {{ ?s skos:prefLabel {LABEL}^^xsd:string }}", f"{LABEL}@en"),
        ('SELECT * { ?s dcterms:issued "2024-12-18" }', '"2024-12-18"^^xsd:date'),
        ('SELECT * { ?s dcterms:identifier "concept:alignment-faking"@en }', '"concept:alignment-faking"'),
    ],
)
def test_a_text_without_its_language_or_datatype_is_told_where_nothing_is_found(
    query: str, right: str, client: FlaskClient
) -> None:
    """RDF 1.1 Concepts, section 3.3: literals are equal when lexical form, datatype and language tag are."""
    said = hint(client, query)
    assert f"there is {right}." in said
    assert f"write {right}, or compare STR()" in said


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * {{ ?s skos:prefLabel {LABEL}@en }}",
        f"SELECT * {{ ?s ?p ?l FILTER(STR(?l) = {LABEL}) }}",
        f"SELECT * {{ ?s ?p ?l FILTER(CONTAINS(?l, {LABEL})) }}",
        f"SELECT * {{ ?s skos:altLabel {LABEL}@en }}",
        "SELECT * { ?s skos:prefLabel 'nothing of this name' }",
        "SELECT * { ?s a foaf:Nobody }",
        "SELECT * { ?s ?p ?o FILTER(false) } # 'x",
    ],
)
def test_nothing_is_told_where_the_text_is_not_to_blame(query: str, client: FlaskClient) -> None:
    assert hint(client, query) == ""


@pytest.mark.parametrize(
    ("query", "term"),
    [
        ("PREFIX text: <http://jena.apache.org/text#> SELECT * { ?s text:query 'faking' }", "text:query"),
        ("PREFIX t: <http://jena.apache.org/text#> SELECT * { ?s t:query (skos:prefLabel 'faking') }", "t:query"),
        (
            "SELECT * { ?s <http://www.bigdata.com/rdf/search#search> 'x' }",
            "<http://www.bigdata.com/rdf/search#search>",
        ),
        (
            "PREFIX ql: <http://qlever.cs.uni-freiburg.de/builtin-functions/> "
            "SELECT * { ?t ql:contains-entity ?e ; ql:contains-word 'faking' }",
            "ql:contains-entity and ql:contains-word",
        ),
        ("PREFIX luc: <http://www.ontotext.com/connectors/lucene#> SELECT * { ?s luc:query 'x' }", "luc:query"),
        ("SELECT * { ?s skos:prefLabel ?l . ?l <bif:contains> 'x' }", "<bif:contains>"),
        (
            "PREFIX search: <http://www.openrdf.org/contrib/lucenesail#> SELECT * { ?s search:matches ?m }",
            "search:matches",
        ),
    ],
)
def test_the_search_of_another_engine_is_told_with_what_works_here(query: str, term: str, client: FlaskClient) -> None:
    said = hint(client, query)
    assert said.startswith(f"{term} ")
    assert "/search.json?q=" in said
    assert client.get("/search.json?q=faking").status_code == 200, "as the hint says"
    assert client.get(
        "/sparql",
        query_string={"query": 'ASK { ?s skos:prefLabel ?label FILTER(CONTAINS(LCASE(STR(?label)), "faking")) }'},
    ).json["boolean"], "as the hint says"


def test_the_labels_of_wikidatas_service_are_told_with_what_works_here(client: FlaskClient) -> None:
    query = (
        "PREFIX wikibase: <http://wikiba.se/ontology#> PREFIX bd: <http://www.bigdata.com/rdf#> "
        "SELECT * { ?item a akb:Concept SERVICE wikibase:label { bd:serviceParam wikibase:language 'en' } }"
    )
    refused = client.get("/sparql", query_string={"query": query})
    assert refused.status_code == 403
    assert "wikibase:label" in refused.json["detail"]
    works = refused.json["mend"].partition(": ")[2].removesuffix(".")
    answer = client.get("/sparql", query_string={"query": f"SELECT * {{ ?item a akb:Concept {works} }}"}).json
    assert any(row["itemLabel"]["value"] == "Alignment Faking" for row in answer["results"]["bindings"])


@pytest.mark.parametrize("character", ["\u00a0", "\u200b", "\u00ad", "\ufeff"])
def test_what_nobody_sees_in_an_iri_is_told(character: str, client: FlaskClient) -> None:
    said = hint(client, f"SELECT * {{\n  ?s <http://example.org/a{character}b> ?o }}")
    assert f"Line 2, column 27: there is U+{ord(character):04X}" in said
    assert hint(client, f"SELECT * {{ ?s ?p ?o FILTER(?o = 'a{character}b') }}") == ""
