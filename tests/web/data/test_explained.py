"""A query says itself why it finds nothing, and what to write; whatever is proposed was tried."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

BLAMED = [
    ("?s a akb:Concpet", "?s a akb:Concept"),
    ("?s a akb:Concept ; skos:preflabel ?l", "skos:prefLabel"),
    ('?s skos:prefLabel "Alignment Faking"', '"Alignment Faking"@en'),
    ('?s skos:prefLabel "ALIGNMENT faking"@en', '"Alignment Faking"@en'),
    ('?s skos:prefLabel "Alignmnet Faking"@en', '"Alignment Faking"@en'),
    ('?s a akb:Edge ; akb:status "active"', "akbv:active"),
    ('?s a akb:Edge ; akb:subject "Alignment Faking"', "concept:alignment-faking"),
    ('?s a akb:Edge ; akb:subject "concept:alignment-faking"', "concept:alignment-faking"),
    ("?s dcterms:identifier concept:alignment-faking", '"concept:alignment-faking"'),
    ("concept:alignment-faking akb:studies ?s", "^akb:studies"),
    ("concept:alignment-fakin akb:related ?s", "concept:alignment-faking"),
    ("?s a akb:Paper ; akb:spokenBy ?t", "akb:Quote"),
    ('?s skos:prefLabel ?l FILTER(?l = "Alignment Faking")', '"Alignment Faking"@en'),
    ('?s skos:prefLabel ?l FILTER(CONTAINS(?l, "ALIGNMENT FAK"))', 'CONTAINS(LCASE(STR(?l)), "alignment fak")'),
    ('?s skos:prefLabel ?l FILTER REGEX(?l, "^ALIGNMENT FAK")', '"i"'),
    ('?s skos:prefLabel ?l FILTER(LANG(?l) = "en-us")', 'LANG(?l) = "en"'),
    ("?s dcterms:issued ?d FILTER(?d > 2000)", "xsd:integer(SUBSTR(STR(?d), 1, 4)) > 2000"),
    ("GRAPH graph:asserted { ?s a akb:Papr }", "akb:Paper"),
    ("{ ?s a akb:Papr } UNION { ?s a akb:Clam }", "akb:Paper"),
    ("?s a akb:Paper FILTER EXISTS { ?s skos:preflabel ?l }", "skos:prefLabel"),
    ('SERVICE akb:search { ?s akb:matches "faking" } ?s a akb:Clam', "akb:Claim"),
]


def rows(client: FlaskClient, query: str) -> list[Any]:
    response = client.get("/sparql", query_string={"query": query})
    assert response.json is not None
    return list(response.json["results"]["bindings"])


def explain(client: FlaskClient, query: str) -> dict[str, Any]:
    response = client.get("/sparql", query_string={"query": query, "explain": "yes"})
    assert response.status_code == 200, response.text
    assert response.json is not None
    return dict(response.json)


@pytest.mark.parametrize(("patterns", "instead"), BLAMED)
def test_what_is_proposed_in_the_place_of_what_finds_nothing_finds_something(
    patterns: str, instead: str, client: FlaskClient
) -> None:
    found = explain(client, f"SELECT * {{ {patterns} }}")
    assert found["empty"]
    why = found["why_empty"]
    changes = [change["query"] for change in why["changes"]]
    assert any(instead in change for change in changes), why
    for change in why["changes"]:
        assert change["finds"]
        assert rows(client, change["query"]), change


@pytest.mark.parametrize(
    ("patterns", "blamed"),
    [
        ("?c akb:claimKind ?k . ?p a akb:Paper ; akb:claimKind ?k", ["?p a akb:Paper", "?p akb:claimKind ?k"]),
        ("?c a akb:Claim MINUS { ?c skos:prefLabel ?l }", ["MINUS { ?c skos:prefLabel ?l }"]),
        ("?c a akb:Claim OPTIONAL { ?c skos:nothing ?l } FILTER(BOUND(?l))", ["FILTER(BOUND(?l))"]),
    ],
)  # fmt: skip
def test_the_fewest_patterns_are_blamed(patterns: str, blamed: list[str], client: FlaskClient) -> None:
    assert explain(client, f"SELECT * {{ {patterns} }}")["why_empty"]["patterns"] == blamed


def test_what_is_not_in_the_patterns_is_told_too(client: FlaskClient) -> None:
    assert "LIMIT 0" in explain(client, "SELECT * { ?s a akb:Claim } LIMIT 0")["why_empty"]["said"][0]
    said = explain(client, "SELECT * { concept:none-such akb:related ?o }")["why_empty"]["said"]
    assert "concept:none-such is nowhere in the data." in said


def test_the_plan_counts_each_part_alone_and_with_those_before(client: FlaskClient) -> None:
    found = explain(client, "SELECT * { ?s a akb:Claim . ?s akb:about ?o FILTER(?s = ?o) OPTIONAL { ?s akb:note ?n } }")
    claims = len(rows(client, "SELECT ?s { ?s a akb:Claim }"))
    steps = found["plan"]["steps"]
    assert [step["text"] for step in steps] == [
        "?s a akb:Claim", "?s akb:about ?o", "FILTER(?s = ?o)", "OPTIONAL { ?s akb:note ?n }",
    ]  # fmt: skip
    assert (steps[0]["alone"], steps[0]["together"]) == (claims, claims)
    assert (steps[2]["alone"], steps[2]["together"]) == (None, 0)
    assert found["milliseconds"]["query"] > 0


def test_an_explanation_is_negotiated_and_a_bad_query_is_an_error(client: FlaskClient) -> None:
    query = {"query": "SELECT * { ?s a akb:Clam }", "explain": "yes"}
    page = client.get("/sparql", query_string=query, headers={"Accept": "text/html"})
    assert (page.status_code, page.mimetype, page.vary.as_set()) == (
        200,
        "text/html",
        {"accept", "accept-datetime"},
    ) or page.mimetype == "text/html"
    assert "What its parts find" in page.text
    assert "Write akb:Claim for akb:Clam" in page.text
    bad = client.get("/sparql", query_string={"query": "SELECT * {", "explain": "yes"})
    assert (bad.status_code, bad.mimetype) == (400, "application/problem+json")
    answer = client.get("/sparql", query_string={"query": "ASK {}", "explain": "no"})
    assert answer.json == {"head": {}, "boolean": True}


def test_a_page_says_why_it_has_no_rows_and_a_program_is_not_made_to_wait(client: FlaskClient) -> None:
    query = {"query": "SELECT * { ?s a akb:Clam }"}
    page = client.get("/sparql", query_string=query, headers={"Accept": "text/html"})
    assert "Why nothing was found" in page.text
    [link] = re.findall(r'<a rel="nofollow" href="(/sparql\?query=[^"]+)">Run it so</a>', page.text)
    assert client.get(link.replace("&amp;", "&"), headers={"Accept": "text/csv"}).text.count("\n") > 1
    assert rows(client, query["query"]) == []
    full = client.get("/sparql", query_string={"query": "SELECT * { ?s a akb:Claim }"}, headers={"Accept": "text/html"})
    assert "Why nothing" not in full.text
