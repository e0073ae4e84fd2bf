"""The sections of a page come from the ontology of the base."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.build.build import build
from server.settings import Settings, read_settings
from tests.made import edge
from tests.schema.test_sections import PREFIXES

SECTIONS = """
akb:section-topics a akb:Section ;
    akb:sectionOf akb:Person ;
    sh:order 5 ;
    skos:notation "topics" ;
    rdfs:label "Topics of their works"@en ;
    akb:through akb:authorOf ;
    akb:shows ( akb:studies ) .

akb:section-needs a akb:Section ;
    akb:sectionOf akb:Idea ;
    sh:order 1 ;
    skos:notation "needs" ;
    rdfs:label "What it needs, and what needs it"@en ;
    akb:shows ( akb:requires akb:requiredFor ) ;
    akb:stance akbv:for ;
    akb:emptyHint "It needs nothing: `akb link THIS requires OTHER`."@en .

akb:section-risks a akb:Section ;
    akb:sectionOf akb:Idea ;
    sh:order 2 ;
    skos:notation "risks" ;
    rdfs:label "What it is mistaken for"@en ;
    akb:shows ( akb:distinguishedFrom ) ;
    akb:stance akbv:against .
"""
ONE, OTHER = "concept:alignment-faking", "concept:situational-awareness"
EDGES = ("akb:requires", "akb:distinguishedFrom")


@pytest.fixture
def changed(root: Path, tmp_path: Path, make_app: Callable[[Settings], Flask]) -> Callable[[str], FlaskClient]:
    """A function that returns a client of a base whose ontology has other sections."""

    def change(sections: str, *, others: bool = True) -> FlaskClient:
        if not others:
            (root / "ontology/sections.ttl").unlink()
        (root / "ontology/more.ttl").write_text(PREFIXES + sections)
        path = root / "kb/concept/alignment-faking.ttl"
        path.write_text(path.read_text() + "".join(edge(ONE, predicate, OTHER) for predicate in EDGES))
        settings = read_settings({"AKB_STATE": str(tmp_path / "state")}, root=root)
        build(settings)
        return make_app(settings).test_client()

    return change


def section_of(page: str, name: str) -> str:
    [found] = re.findall(rf'<section class="[^"]*" aria-labelledby="tells-{name}">.*?</section>', page, re.DOTALL)
    return " ".join(re.sub("<[^>]+>", " ", found).split())


def test_a_section_that_is_added_to_the_ontology_is_shown(changed: Callable[[str], FlaskClient]) -> None:
    client = changed(SECTIONS)
    page = client.get("/concept/alignment-faking.html").text
    assert "What it needs, and what needs it requires Situational Awareness" in section_of(page, "needs")
    assert page.index("tells-needs") < page.index("tells-distinguished")
    other = client.get("/concept/situational-awareness.html").text
    assert "is required for Alignment Faking" in section_of(other, "needs")
    empty = client.get("/concept/compliance-gap.html").text
    assert "<code>akb link concept:compliance-gap requires OTHER</code>" in empty
    topics = section_of(client.get("/thinker/evan-hubinger.html").text, "topics")
    assert topics.startswith("Topics of their works")
    assert "studies Alignment Faking" in topics
    assert "tells-topics" not in client.get("/thinker/anthropic.html").text, "that is no person"


def test_what_has_both_stances_is_in_debate_whatever_its_class(changed: Callable[[str], FlaskClient]) -> None:
    found = changed(SECTIONS).get("/debates.json").json["debates"]
    ids = [one["id"] for one in found]
    assert "concept:situational-awareness" in ids
    assert "claim:alignment-faking-emerges-with-scale" in ids
    assert "concept:alignment-faking" not in ids, "nothing needs it"


def test_a_base_without_sections_shows_neighbourhoods_alone(changed: Callable[..., FlaskClient]) -> None:
    client = changed("", others=False)
    page = client.get("/claim/alignment-faking-emerges-with-scale.html").text
    assert "tells-" not in page
    assert 'id="neighbourhood"' in page
    assert client.get("/debates").status_code == 404
    assert "/debates" not in client.get("/", headers={"Accept": "text/html"}).text
