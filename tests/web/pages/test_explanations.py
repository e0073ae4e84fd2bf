"""Why a statement holds, over HTTP: a page for people, JSON and plain text for programs."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from flask.testing import FlaskClient

from server.store.embedded import Store

AF, GM = "concept:alignment-faking", "concept:goal-misgeneralization"


def asked(client: FlaskClient, subject: str, predicate: str, value: str, extension: str = "json"):
    query = urlencode({"subject": subject, "predicate": predicate, "object": value})
    return client.get(f"/explain.{extension}?{query}")


def test_an_inverse_leads_to_the_edge_and_its_source(client: FlaskClient) -> None:
    found = asked(client, GM, "akb:extendedBy", AF).json
    assert found["stands_in"] == "inferred"
    [step] = found["steps"]
    assert step["rule"] in {"prp-inv1", "prp-inv2"}
    assert [one["text"] for one in step["premises"]] == [f"{AF} akb:extends {GM}"]
    assert step["conclusion"] == found["statement"]
    [asserted] = found["asserted"]
    assert asserted["text"] == f"{AF} akb:extends {GM}"
    assert [edge["predicate"] for edge in asserted["edges"]] == ["akb:extends"]


def test_what_is_asserted_names_its_source(client: FlaskClient, store: Store) -> None:
    query = """SELECT ?s ?p ?o ?source WHERE {
      ?edge akb:subject ?s ; akb:predicate ?p ; akb:object ?o ; akb:assertedIn ?source ; akb:status akbv:active }
      ORDER BY ?edge LIMIT 1"""
    [row] = store.select(query)
    found = asked(client, row["o"], "akb:related", row["s"]).json
    sources = [edge["source"] for one in found["asserted"] for edge in one["edges"]]
    assert str(row["source"]) in {source["iri"] for source in sources if source}


def test_what_is_asserted_needs_no_step(client: FlaskClient) -> None:
    found = asked(client, AF, "akb:extends", GM).json
    assert (found["stands_in"], found["steps"]) == ("asserted", [])
    assert found["asserted"][0]["edges"]
    ontology = asked(client, "akb:Concept", "rdfs:subClassOf", "akb:Idea").json
    assert (ontology["stands_in"], ontology["steps"]) == ("ontology", [])


def test_the_page_and_the_text_tell_the_steps(client: FlaskClient) -> None:
    page = asked(client, AF, "a", "akb:Entity", "html").text
    assert "is inferred." in page
    assert re.search("<code>(cax-sco|prp-dom|prp-rng)</code>", page)
    assert 'href="/concept/alignment-faking"' in page
    text = asked(client, AF, "a", "akb:Entity", "txt").text
    assert re.search("by (cax-sco|prp-dom|prp-rng): ", text)
    assert "Asserted:" in text


def test_a_subject_alone_lists_what_is_inferred_about_it(client: FlaskClient) -> None:
    page = client.get("/explain", query_string={"subject": GM}, headers={"Accept": "text/html"}).text
    assert f"{GM} akb:extendedBy {AF}" in page
    assert "predicate=akb%3AextendedBy" in page


def test_what_does_not_hold_is_not_found(client: FlaskClient) -> None:
    answer = asked(client, AF, "akb:extendedBy", GM)
    assert answer.status_code == 404
    assert "neither asserted nor inferred" in answer.json["detail"]
