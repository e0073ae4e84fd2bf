"""The search over HTTP, and how browsers learn of it (OpenSearch 1.1, draft 6)."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def test_people_get_a_page_and_programs_json(client: FlaskClient) -> None:
    page = client.get("/search?q=faking", headers={"Accept": "text/html"})
    assert page.content_type == "text/html; charset=utf-8"
    assert 'href="/concept/alignment-faking"' in page.text
    found = client.get("/search?q=faking", headers={"Accept": "application/json"})
    assert found.content_type == "application/json"
    assert found.headers["Content-Location"] == "/search.json?q=faking"
    assert found.json["total"] >= len(found.json["items"]) > 3
    assert set(found.json["items"][0]) == {"id", "iri", "class", "label", "definition"}


def test_without_words_there_is_only_the_form(client: FlaskClient) -> None:
    for path in ("/search", "/search?q=", "/search?q=+"):
        text = client.get(path).text
        assert '<input id="q"' in text
        assert 'class="neighbour"' not in text


def test_what_is_not_found_offers_what_is_near(client: FlaskClient) -> None:
    assert "Near to it" in client.get("/search?q=alignmnt+fakng").text
    found = client.get("/search.json?q=alignmnt+fakng").json
    assert (found["total"], found["items"]) == (0, [])
    assert found["close"][0]["id"] == "concept:alignment-faking"


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"', "%", "\\", "\x00", "é" * 200, "?*[(", "💥"])
def test_any_text_may_be_looked_for(text: str, client: FlaskClient) -> None:
    for path in ("/search.html", "/search.json"):
        response = client.get(path, query_string={"q": text})
        assert response.status_code == 200
        assert "<script>" not in response.text or path.endswith("json")


def test_a_text_longer_than_any_name_is_refused(client: FlaskClient) -> None:
    assert client.get("/search.json", query_string={"q": "x" * 201}).status_code == 400


def test_browsers_learn_how_to_search(client: FlaskClient) -> None:
    assert 'type="application/opensearchdescription+xml" href="/opensearch.xml"' in client.get("/").text
    response = client.get("/opensearch.xml", headers={"Host": "kb.example"})
    assert response.content_type == "application/opensearchdescription+xml"
    root = ElementTree.fromstring(response.text)
    assert root.tag == f"{OPENSEARCH}OpenSearchDescription"
    assert len(root.find(f"{OPENSEARCH}ShortName").text) <= 16, "section 4.2 of the draft"
    for url in root.findall(f"{OPENSEARCH}Url"):
        address = url.get("template").removeprefix("http://kb.example").replace("{searchTerms}", "faking")
        found = client.get(address)
        assert (found.status_code, found.mimetype) == (200, url.get("type"))
