"""What holds for every answer: who may read it, what it may load, how errors look."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.build.build import build
from server.settings import Settings, read_settings

MakeApp = Callable[[Settings], Flask]

DATA = '<script type="application/ld+json">'

PATHS = [
    "/",
    "/concept",
    "/concept/alignment-faking.html",
    "/ontology",
    "/sparql",
    "/healthz",
    "/static/style.css",
    "/nowhere",
]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_may_be_read_from_any_page_and_loads_nothing_from_elsewhere(
    path: str, client: FlaskClient
) -> None:
    for accept in ("text/html", "*/*"):
        with client.get(path, headers={"Accept": accept}) as response:
            assert response.headers["Access-Control-Allow-Origin"] == "*"
            policy = response.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'")
            assert "unsafe" not in policy
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.content_type


def test_a_page_names_no_other_host_but_in_links(client: FlaskClient) -> None:
    for path in PATHS[:5]:
        text = client.get(path, headers={"Accept": "text/html"}).text
        # Each script is a file of ours; see test_search.py, and test_editor.py for the page of queries.
        scripts = re.findall(r"<script[^>]*>", text.replace(DATA, ""))
        assert all(re.match(r'<script defer src="/static/', one) for one in scripts)
        assert 1 <= len(scripts) <= 6 or path == "/sparql"
        assert "<script>" not in text
        assert 'src="http' not in text
        assert "style=" not in text, "the policy would not obey it"


def test_without_a_release_the_server_says_what_to_do(root: Path, tmp_path: Path, make_app: MakeApp) -> None:
    client = make_app(read_settings({"AKB_STATE": str(tmp_path)}, root=root)).test_client()
    response = client.get("/")
    assert response.status_code == 404
    assert "akb build" in json.loads(response.text)["mend"]


def test_a_fault_of_ours_is_called_ours_and_shows_no_traceback(settings: Settings, make_app: MakeApp) -> None:
    app = make_app(settings)
    app.add_url_rule("/broken", view_func=lambda: 1 / 0)
    client = app.test_client()
    for accept in ("text/html", "application/json"):
        response = client.get("/broken", headers={"Accept": accept})
        assert response.status_code == 500
        assert "The fault is in the server" in response.text
        assert "ZeroDivisionError" not in response.text
        assert "Traceback" not in response.text


def test_a_new_release_is_served_without_a_restart(root: Path, tmp_path: Path, make_app: MakeApp) -> None:
    settings = read_settings({"AKB_STATE": str(tmp_path / "state")}, root=root)
    first, _ = build(settings)
    client = make_app(settings).test_client()
    assert client.get("/healthz").json == {"status": "ok", "release": first.name}
    path = root / "kb/concept/alignment-faking.ttl"
    path.write_text(path.read_text().replace('prefLabel "Alignment Faking"', 'prefLabel "Renamed"'))
    assert "Alignment Faking</h1>" in client.get("/concept/alignment-faking.html").text
    second, _ = build(settings)
    assert client.get("/healthz").json["release"] == second.name
    assert "Renamed</h1>" in client.get("/concept/alignment-faking.html").text


def test_the_home_page_counts_every_class(client: FlaskClient) -> None:
    page = " ".join(re.sub(r'<a class="number".*?>(.*?)</a>', r"\1", client.get("/").text).split())
    for name in ("paper", "thinker", "framework", "method", "concept", "artifact", "quote", "claim", "question"):
        assert f'<a href="/{name}">' in page
    assert "61 entities, 121 edges" in page


def test_browsers_that_ask_for_an_icon_get_one(client: FlaskClient) -> None:
    with client.get("/favicon.ico", follow_redirects=True) as response:
        assert response.status_code == 200
        assert response.mimetype == "image/svg+xml"


def test_the_ontology_page_has_an_anchor_for_every_term(client: FlaskClient, schema: object) -> None:
    page = client.get("/ontology.html").text
    terms = [*schema.classes.values(), *schema.properties.values()]
    assert len(terms) > 100
    for term in terms:
        assert page.count(f'id="{term.anchor}"') == 1
        assert term.anchor == term.iri.rpartition("#")[2] or not term.curie.startswith("akb:")


def test_head_and_options_are_answered(client: FlaskClient) -> None:
    head = client.head("/concept/alignment-faking.html")
    assert (head.status_code, head.data) == (200, b"")
    assert "GET" in client.options("/sparql").headers["Allow"]
