"""Content Negotiation by Profile: which profile is chosen, and what each holds."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from flask import Flask, Request
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from rdflib import DCTERMS, PROF, RDF, Graph, URIRef
from werkzeug.test import EnvironBuilder

from server.turtle.reifiers import unreified
from server.web.http.profiles import EDGES, PROFILES, RECORD, REIFIERS, SCHEMA_ORG, Profile, profiles_by_preference

PAPER = "/paper/alignment-faking-in-llms"


def request(header: str) -> Request:
    return Flask(__name__).request_class(EnvironBuilder(headers={"Accept-Profile": header}).get_environ())


def test_what_is_not_named_comes_last_and_what_is_excluded_not_at_all() -> None:
    header = f"<{SCHEMA_ORG.iri}>;q=0.2, <{RECORD.iri}>;q=0.5"
    assert profiles_by_preference(request(header), PROFILES) == [RECORD, SCHEMA_ORG, EDGES, REIFIERS]
    header = f"<{EDGES.iri}>;q=0, <{SCHEMA_ORG.iri}>;q=0.0"
    assert profiles_by_preference(request(header), PROFILES) == [RECORD, REIFIERS]


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=80))
def test_no_header_breaks_the_choice(header: str) -> None:
    assert set(profiles_by_preference(request(header), PROFILES)) <= set(PROFILES)


def test_the_record_has_no_edge_nodes_and_schema_org_only_its_own_words(client: FlaskClient) -> None:
    graphs = {
        profile: Graph().parse(data=client.get(f"{PAPER}.nt?_profile={profile.name}").text, format="nt")
        for profile in (EDGES, RECORD, SCHEMA_ORG)
    }
    edges = set(graphs[EDGES]) - set(graphs[RECORD])
    assert {str(s).split("/")[-2] for s, _, _ in edges} <= {"edge", "paper", "thinker", "claim", "concept", "quote"}
    assert not any("/edge/" in str(subject) for subject in graphs[RECORD].subjects())
    words = {str(predicate) for predicate in graphs[SCHEMA_ORG].predicates()} - {str(RDF.type)}
    assert words
    assert all(word.startswith("http://schema.org/") for word in words)


@pytest.mark.parametrize("extension", ["ttl", "trig", "nt", "nq"])
def test_the_edges_as_reifiers_say_the_same_in_every_format_of_rdf_1_2(extension: str, client: FlaskClient) -> None:
    """RDF 1.2 Turtle, section 7.1: the version is a parameter of the media type."""
    ours = client.get(f"{PAPER}.nt").text
    response = client.get(f"{PAPER}.{extension}?_profile=reifiers")
    assert response.content_type.endswith("; version=1.2")
    assert response.headers["Content-Profile"] == f"<{REIFIERS.iri}>"
    syntax = ox.RdfFormat.from_media_type(response.mimetype)
    said = "".join(sorted({f"{quad.triple} .\n" for quad in ox.parse(response.data, format=syntax)}))
    assert "rdf-syntax-ns#reifies> <<( " in said
    assert unreified(said) == "".join(sorted(ours.splitlines(keepends=True)))


@pytest.mark.parametrize(
    ("accept", "more", "profile"),
    [
        ("text/turtle;version=1.2", {}, REIFIERS),
        ("application/n-triples; version=1.2", {}, REIFIERS),
        ("text/turtle;version=1.2;q=0.5, text/html;q=0.1", {}, REIFIERS),
        ("text/turtle;version=1.2;q=0.5, text/turtle", {}, EDGES),
        ("text/turtle;version=1.1", {}, EDGES),
        ("text/turtle;version=1.2-basic", {}, EDGES),
        ("application/ld+json;version=1.2", {}, EDGES),
        ("text/turtle", {}, EDGES),
        ("text/turtle;version=1.2", {"Accept-Profile": f"<{RECORD.iri}>"}, RECORD),
        ("text/turtle", {"Accept-Profile": f"<{REIFIERS.iri}>"}, REIFIERS),
        ("application/ld+json", {"Accept-Profile": f"<{REIFIERS.iri}>"}, EDGES),
    ],
)
def test_a_version_of_rdf_is_a_wish_for_its_profile_unless_one_is_named(
    accept: str, more: dict[str, str], profile: Profile, client: FlaskClient
) -> None:
    response = client.get(PAPER, headers={"Accept": accept} | more)
    assert response.status_code == 303
    document = client.get(response.headers["Location"])
    assert document.headers["Content-Profile"] == f"<{profile.iri}>"
    assert "Accept" in response.headers["Vary"]


def test_a_version_counts_in_the_parameter_for_the_media_type_too(client: FlaskClient) -> None:
    response = client.get(PAPER, query_string={"_mediatype": "text/turtle;version=1.2"})
    assert "_profile=reifiers" in response.headers["Location"]


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
