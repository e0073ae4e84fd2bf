"""Content Negotiation by Profile: which profile is chosen, and what each holds."""

from __future__ import annotations

import pytest
from flask import Flask, Request
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from rdflib import DCTERMS, PROF, RDF, Graph, URIRef
from werkzeug.test import EnvironBuilder

from server.web.http.profiles import EDGES, PROFILES, RECORD, SCHEMA_ORG, profiles_by_preference

PAPER = "/paper/alignment-faking-in-llms"


def request(header: str) -> Request:
    return Flask(__name__).request_class(EnvironBuilder(headers={"Accept-Profile": header}).get_environ())


def test_what_is_not_named_comes_last_and_what_is_excluded_not_at_all() -> None:
    header = f"<{SCHEMA_ORG.iri}>;q=0.2, <{RECORD.iri}>;q=0.5"
    assert profiles_by_preference(request(header), PROFILES) == [RECORD, SCHEMA_ORG, EDGES]
    header = f"<{EDGES.iri}>;q=0, <{SCHEMA_ORG.iri}>;q=0.0"
    assert profiles_by_preference(request(header), PROFILES) == [RECORD]


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=80))
def test_no_header_breaks_the_choice(header: str) -> None:
    assert set(profiles_by_preference(request(header), PROFILES)) <= set(PROFILES)


def test_the_record_has_no_edge_nodes_and_schema_org_only_its_own_words(client: FlaskClient) -> None:
    graphs = {
        profile: Graph().parse(data=client.get(f"{PAPER}.nt?_profile={profile.name}").text, format="nt")
        for profile in PROFILES
    }
    edges = set(graphs[EDGES]) - set(graphs[RECORD])
    assert {str(s).split("/")[-2] for s, _, _ in edges} <= {"edge", "paper", "thinker", "claim", "concept", "quote"}
    assert not any("/edge/" in str(subject) for subject in graphs[RECORD].subjects())
    words = {str(predicate) for predicate in graphs[SCHEMA_ORG].predicates()} - {str(RDF.type)}
    assert words
    assert all(word.startswith("http://schema.org/") for word in words)


def test_schema_org_says_of_a_paper_what_a_reader_looks_for(client: FlaskClient) -> None:
    document = client.get(f"{PAPER}.jsonld?_profile=schema").json
    assert document["@context"] == {"@vocab": "http://schema.org/"}
    first = document["@graph"][0]
    assert (first["@type"], first["identifier"]) == ("ScholarlyArticle", "paper:alignment-faking-in-llms")
    assert first["name"] == {"@language": "en", "@value": "Alignment faking in large language models"}
    assert {"@id": "https://doi.org/10.48550/arXiv.2412.14093"} in first["sameAs"]
    assert {"@id": "https://arxiv.org/abs/2412.14093"} in first["sameAs"]


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_every_profile_is_described_where_its_iri_leads(profile: object, client: FlaskClient) -> None:
    graph = Graph().parse(data=client.get("/profiles.ttl").text, format="turtle")
    node = URIRef(profile.iri)
    assert (node, RDF.type, PROF.Profile) in graph
    assert str(graph.value(node, PROF.hasToken)) == profile.name
    assert graph.value(node, DCTERMS.description)
    assert f'id="{profile.name}"' in client.get("/profiles").text
    if "w3id.org" in profile.iri:
        assert profile.iri.endswith(f"/profiles#{profile.name}")
