"""What links two entities, over HTTP: ends by any name, answers for people and programs."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

AF, GM = "concept:alignment-faking", "concept:goal-misgeneralization"


def asked(client: FlaskClient, start: str, end: str, extension: str = "json"):
    return client.get(f"/path.{extension}?{urlencode({'from': start, 'to': end})}")


@pytest.mark.parametrize(
    "name",
    [
        AF,
        "Concept:alignment-faking".lower(),
        "https://w3id.org/alignment-kb/concept/alignment-faking",
        "Alignment Faking",
        "alignment faking",
        "  Alignment Faking ",
    ],
)
def test_an_end_is_known_by_its_identifiers_and_names(name: str, client: FlaskClient) -> None:
    found = asked(client, name, GM).json
    assert (found["from"]["id"], found["to"]["id"], found["steps"]) == (AF, GM, 1)


def test_steps_tell_who_says_so(client: FlaskClient) -> None:
    found = asked(client, AF, GM).json
    [[step]] = found["paths"]
    edge = step["edges"][0]
    assert (edge["notation"], edge["direction"], edge["phrase"]) == ("extends", "out", "extends")
    back = asked(client, GM, AF).json["paths"][0][0]["edges"][0]
    assert (back["id"], back["direction"], back["phrase"]) == (edge["id"], "in", "is extended by")


def test_the_page_shows_every_path_as_a_picture_and_in_words(client: FlaskClient) -> None:
    found = asked(client, "thinker:joseph-carlsmith", GM).json
    page = asked(client, "thinker:joseph-carlsmith", GM, "html").text
    [drawn] = re.findall(r'<svg class="picture wide".*?</svg>', page, re.DOTALL)
    words = page.split('class="steps"')[1]
    on_paths = {step[end]["iri"] for path in found["paths"] for step in path for end in ("from", "to")}
    assert len(on_paths) > 2
    for iri in on_paths:
        path = iri.removeprefix("https://w3id.org/alignment-kb")
        assert drawn.count(f'href="{path}"') == 1
        assert f'href="{path}"' in words
    assert "style=" not in page


def test_a_merged_entity_is_its_successor(client: FlaskClient) -> None:
    found = asked(client, "method:rlhf", AF).json
    assert found["from"]["id"] == "method:reinforcement-learning-from-human-feedback"


def test_who_does_not_know_the_name_is_helped(client: FlaskClient) -> None:
    response = asked(client, "alignmnt fakng", GM)
    assert (response.status_code, response.content_type) == (404, "application/problem+json")
    page = asked(client, "alignmnt fakng", GM, "html")
    assert page.status_code == 404
    assert 'aria-invalid="true"' in page.text
    assert '<form class="filter ends"' in page.text
    offered = re.search(r'href="(/path\?from=concept%3Aalignment-faking&amp;to=[^"]+)"', page.text)
    assert client.get(offered[1].replace("&amp;", "&"), headers={"Accept": "text/html"}).status_code == 200


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "a\x00b", "concept:a>b", 'x" }', "concept:", ":", "://", "x" * 300]
)
def test_whatever_is_typed_is_not_found_and_no_markup(text: str, client: FlaskClient) -> None:
    for extension in ("json", "html"):
        response = asked(client, text, GM, extension)
        assert response.status_code == 404, response.text
        assert "<script>alert" not in response.text or response.is_json


def test_two_ends_are_needed_and_names_have_an_end(client: FlaskClient) -> None:
    assert client.get("/path.json").status_code == 400
    assert client.get(f"/path.json?from={AF}").status_code == 400
    assert asked(client, "x" * 301, GM, "html").status_code == 400
    for query in ("", f"?from={AF}", f"?from={AF}&to="):
        response = client.get(f"/path{query}", headers={"Accept": "text/html"})
        assert response.status_code == 200
        assert "Find paths" in response.text


def test_the_same_twice_is_answered_kindly(client: FlaskClient) -> None:
    assert asked(client, AF, AF).json["steps"] == 0
    assert "Name another" in asked(client, AF, AF, "html").text
