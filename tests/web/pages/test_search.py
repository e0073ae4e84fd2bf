"""The search over HTTP, its suggestions, and how browsers learn of it (OpenSearch 1.1, draft 6)."""

from __future__ import annotations

import re
from html import unescape
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from hypothesis import example, given
from hypothesis import strategies as st

OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def test_people_get_a_page_and_programs_json(client: FlaskClient) -> None:
    page = client.get("/search?q=faking", headers={"Accept": "text/html"})
    assert page.content_type == "text/html; charset=utf-8"
    assert 'href="/concept/alignment-faking"' in page.text
    found = client.get("/search?q=faking", headers={"Accept": "application/json"})
    assert found.content_type == "application/json"
    assert found.headers["Content-Location"] == "/search.json?q=faking"
    assert found.json["total"] >= len(found.json["items"]) > 3
    assert found.json["mode"] in {"text", "hybrid"}
    item = found.json["items"][0]
    assert set(item) == {
        *("id", "iri", "class", "label", "definition", "altLabels", "status", "edges", "evidence", "snippet")
    }  # fmt: skip
    snippets = [one["snippet"] for one in client.get("/search.json?q=harmlessness").json["items"]]
    marked = [(one["text"][start:end], one["field"]) for one in snippets for start, end in one["marks"]]
    assert ("harmlessness", "definition") in marked


def test_without_words_there_is_only_the_form(client: FlaskClient) -> None:
    for path in ("/search", "/search?q=", "/search?q=+"):
        text = client.get(path).text
        assert '<input id="q"' in text
        assert 'class="neighbour"' not in text
        assert "fits" not in text


def test_a_misspelt_text_is_mended_and_says_so(client: FlaskClient) -> None:
    page = client.get("/search.html?q=alignmnt+fakng&mode=text").text
    assert re.search(
        r'Showing results for <a href="/search\?q=alignment\+faking&amp;mode=text">alignment faking</a> instead', page
    )
    found = client.get("/search.json?q=alignmnt+fakng").json
    assert found["meant"] == "alignment faking"
    assert found["items"][0]["id"] == "concept:alignment-faking"


def test_words_that_were_looked_for_are_marked(client: FlaskClient) -> None:
    page = client.get("/search.html?q=faking&mode=text").text
    assert "<mark>Faking</mark>" in page


def test_facets_narrow_and_keep_their_counts(client: FlaskClient) -> None:
    every = client.get("/search.json?q=alignment&mode=text").json
    some = client.get("/search.json?q=alignment&mode=text&class=concept&class=paper&status=active").json
    assert {item["class"] for item in some["items"]} <= {"concept", "paper"}
    assert some["total"] < every["total"] == sum(every["facets"]["class"].values())
    page = client.get("/search.html?q=alignment&class=concept").text
    assert re.search(r'<input type="checkbox" name="class" value="concept" checked>', page)
    assert re.search(r'<input type="checkbox" name="class" value="paper">', page)


def test_pages_are_linked_and_hold_all(client: FlaskClient) -> None:
    seen, address = [], "/search.json?q=model&mode=text&size=7"
    while address:
        answer = client.get(address)
        seen += [item["id"] for item in answer.json["items"]]
        address = answer.json.get("next")
    assert len(seen) == len(set(seen)) == answer.json["total"] > 20
    page = client.get("/search.html?q=model&mode=text&size=7&page=2")
    assert 'rel="next"' in page.headers["Link"]
    assert re.search(r'href="/search\?q=model&amp;mode=text&amp;size=7&amp;page=3" rel="next"', page.text)
    assert client.get("/search?q=model&page=9999").status_code == 404


def test_what_is_not_found_is_helped_along(client: FlaskClient) -> None:
    page = client.get("/search.html?q=zzzzqqqq&mode=text").text
    assert "0 results" in page
    assert "Try fewer words" in page
    assert all(f'href="/{name}"' in page for name in ("concept", "paper"))
    filtered = client.get("/search.html?q=faking&class=book&mode=text").text
    assert '<a href="/search?q=faking&amp;mode=text">Search without filters</a>' in filtered


@given(st.text(max_size=200))
@example("<script>alert(1)</script>")
@example('"')
@example("%")
@example("\\")
@example("\x00")
@example("é" * 200)
@example("?*[(")
@example("💥")
@example("a AND NOT (b OR NEAR(c d, 3)) label:x ^y z*")
def test_any_text_may_be_looked_for(client: FlaskClient, text: str) -> None:
    for path in ("/search.html", "/search.json", "/search/suggest"):
        response = client.get(path, query_string={"q": text})
        assert response.status_code == 200
        assert "<script>" not in response.text or not path.endswith("html")
        if path == "/search/suggest":
            assert response.json[0] == text


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (f"q={'x' * 201}", "has 201 characters; there may be 200"),
        (f"q={'x' * 100_000}", "has 100,000 characters"),
        ("q=a&class=nowhere", "There is no class 'nowhere'; there are paper, post"),
        ("q=a&status=odd", "There is no status 'odd'; there are active"),
        ("q=a&mode=magic", "There is no mode 'magic'; there are text, semantic, hybrid"),
        ("q=a&page=0", "page is '0'"),
        ("q=a&page=x", "page is 'x'"),
        ("q=a&size=1000", "size is '1000', and not a whole number from 1 to 100"),
    ],
)
def test_what_cannot_be_meant_is_a_problem(query: str, says: str, client: FlaskClient) -> None:
    response = client.get(f"/search?{query}", headers={"Accept": "application/json"})
    assert (response.status_code, response.content_type) == (400, "application/problem+json")
    assert says in response.json["detail"]


def test_suggestions_have_the_form_that_browsers_ask_for(client: FlaskClient) -> None:
    """OpenSearch Suggestions 1.0: the text, the completions, their descriptions, their addresses."""
    response = client.get("/search/suggest?q=alignment+faking", headers={"Host": "127.0.0.1:81"})
    assert response.content_type == "application/x-suggestions+json"
    text, names, descriptions, addresses = response.json
    assert text == "alignment faking"
    assert names[0] == "Alignment Faking"
    assert descriptions[0] == "concept · Alignment Faking"
    assert addresses[0] == "http://127.0.0.1:81/concept/alignment-faking"
    assert len(names) == len(descriptions) == len(addresses) <= 8
    assert len(client.get("/search/suggest?q=a&limit=2").json[1]) == 2
    assert client.get("/search/suggest").json == ["", [], [], []]
    for wrong in ("limit=0", "limit=51", f"q={'x' * 201}"):
        assert client.get(f"/search/suggest?{wrong}").status_code == 400


def test_every_page_has_the_search_in_its_header_and_no_script_within(client: FlaskClient) -> None:
    for path in ("/", "/concept", "/concept/alignment-faking.html", "/sparql", "/search", "/nowhere"):
        response = client.get(path, headers={"Accept": "text/html"})
        [form] = re.findall(r'<form class="find[ "].*?</form>', response.text, re.DOTALL)
        assert 'action="/search"' in form
        assert 'name="q"' in form
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]
        for attributes, body in re.findall(r"<script(.*?)>(.*?)</script>", response.text, re.DOTALL):
            assert not body or "application/ld+json" in attributes


def test_browsers_learn_how_to_search(client: FlaskClient) -> None:
    assert 'type="application/opensearchdescription+xml" href="/opensearch.xml"' in client.get("/").text
    response = client.get("/opensearch.xml", headers={"Host": "127.0.0.1:81"})
    assert response.content_type == "application/opensearchdescription+xml"
    root = ElementTree.fromstring(response.text)
    assert root.tag == f"{OPENSEARCH}OpenSearchDescription"
    assert len(root.find(f"{OPENSEARCH}ShortName").text) <= 16, "section 4.2 of the draft"
    assert {url.get("rel") for url in root.findall(f"{OPENSEARCH}Url")} == {"results", "suggestions", "self"}
    for url in root.findall(f"{OPENSEARCH}Url"):
        address = url.get("template").removeprefix("http://127.0.0.1:81").replace("{searchTerms}", "faking")
        found = client.get(address)
        assert (found.status_code, found.mimetype) == (200, url.get("type"))


def test_addresses_of_a_page_hold_what_was_asked_for(client: FlaskClient) -> None:
    page = client.get("/search.html?q=a%26b%22%3E&class=concept").text
    assert unescape(re.search(r'href="(/search\.json\?[^"]*)"', page)[1]) == "/search.json?q=a%26b%22%3E&class=concept"
