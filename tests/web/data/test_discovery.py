"""What machines look for first: robots.txt, the sitemap, llms.txt."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.settings import Settings
from server.store.embedded import Store
from server.web.data import discovery

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = re.compile(r"^- \[(.+?)\]\((http://localhost(/\S*))\)(: .+)?$", re.MULTILINE)


def locations(client: FlaskClient, path: str) -> list[tuple[str, str]]:
    response = client.get(path)
    assert (response.status_code, response.mimetype) == (200, "application/xml")
    root = ElementTree.fromstring(response.text)
    return [(one.find(f"{SITEMAP}loc").text, one.find(f"{SITEMAP}lastmod").text) for one in root]


def test_the_sitemap_has_every_page_once_and_each_is_there(client: FlaskClient, store: Store) -> None:
    """Sitemaps XML format, 0.9."""
    found = locations(client, "/sitemap.xml")
    paths = [location.removeprefix("http://localhost") for location, _ in found]
    assert len(paths) == len(set(paths))
    [row] = store.select("SELECT (COUNT(DISTINCT ?e) AS ?n) { ?e a akb:Entity MINUS { ?e owl:deprecated true } }")
    assert sum("/" in path[1:] and not path.startswith("/.") for path in paths) == row["n"] == 61
    for path in paths:
        response = client.get(path)
        assert (response.status_code, response.mimetype) == (200, "text/html"), path
    assert "/method/rlhf.html" not in paths, "a merged entity has no page"


def test_a_page_is_as_new_in_the_sitemap_as_it_says_itself(client: FlaskClient) -> None:
    for location, modified in locations(client, "/sitemap.xml"):
        said = client.get(location.removeprefix("http://localhost")).last_modified
        if said is not None:
            assert f"{said:%Y-%m-%dT%H:%M:%SZ}" == modified, location


def test_a_sitemap_that_would_be_too_large_is_an_index(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = locations(client, "/sitemap.xml")
    monkeypatch.setattr(discovery, "PER_SITEMAP", 20)
    parts = [location.removeprefix("http://localhost") for location, _ in locations(client, "/sitemap.xml")]
    assert parts == [f"/sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    assert [page for part in parts for page in locations(client, part)] == whole
    assert client.get(f"/sitemap-{len(parts) + 1}.xml").status_code == 404
    assert client.get("/sitemap-0.xml").status_code == 404


def test_robots_may_read_pages_and_not_ask_queries(client: FlaskClient) -> None:
    """RFC 9309."""
    response = client.get("/robots.txt")
    assert response.content_type == "text/plain; charset=utf-8"
    parser = RobotFileParser()
    parser.parse(response.text.splitlines())
    assert parser.can_fetch("anything", "http://localhost/concept/alignment-faking")
    assert parser.can_fetch("anything", "http://localhost/sparql")
    assert not parser.can_fetch("anything", "http://localhost/sparql?query=ASK%7B%7D")
    # The parser knows no wildcards (section 2.2.3), which lines for filters have.
    assert "Disallow: /search?*&" in response.text.splitlines()
    assert parser.can_fetch("anything", "http://localhost/search?q=faking")
    assert parser.site_maps() == ["http://localhost/sitemap.xml"]


@pytest.mark.parametrize(
    ("address", "is_dear"),
    [
        ("/sparql?query=ASK%7B%7D", True),
        ("/sparql?format=json&query=ASK%7B%7D", True),
        ("/sparql", False),
        ("/search?q=faking", False),
        ("/search?q=faking&class=concept", True),
        ("/concept/alignment-faking/neighbourhood?size=5", True),
        ("/path.json?from=concept:alignment-faking&to=paper:sleeper-agents", True),
        ("/path", False),
        ("/query/papers-by-year?since=2020", True),
        ("/query/papers-by-year", False),
        ("/graph/asserted.nt", True),
        ("/reconcile/suggest/type?prefix=c", True),
        ("/concept/alignment-faking.html", False),
        ("/feed.atom?class=concept&query=SELECT+%2A+%7B%7D", True),
        ("/feed.atom?class=concept", False),
        ("/ldes.nq", True),
    ],
)
def test_what_crawlers_are_to_leave_says_so_itself(client: FlaskClient, address: str, is_dear: bool) -> None:
    """Who follows a link from elsewhere has not read /robots.txt."""
    assert ("noindex" in client.get(address).headers.get("X-Robots-Tag", "")) == is_dear


def test_language_models_find_markdown(client: FlaskClient) -> None:
    """llmstxt.org: a title, a summary in a quotation, then lists of links; each leads somewhere."""
    response = client.get("/llms.txt")
    assert response.content_type == "text/markdown; charset=utf-8"
    lines = response.text.splitlines()
    assert lines[0] == "# Alignment KB"
    assert lines[2].startswith("> ")
    assert [line for line in lines if line.startswith("## ")][-1] == "## Optional"
    links = LINK.findall(response.text)
    assert len(links) == len([line for line in lines if line.startswith("- ")]) > 30
    for _, _, path, _ in links:
        found = client.get(path, follow_redirects=True)
        assert found.status_code == 200, path
        assert not path.endswith(".md") or found.mimetype == "text/markdown"
    assert max(map(len, lines)) < 1500
    assert re.search(r"\(http://localhost/paper\.md\): 10\. ", response.text)


def test_a_base_that_names_a_contact_says_where_weaknesses_are_reported(
    settings: Settings, make_app: Callable[[Settings], Flask]
) -> None:
    """RFC 9116: section 2.5.3 (Contact) and 2.5.5 (Expires) are required; each line is a field (section 4)."""
    site = replace(settings.site, security_contact="mailto:s@kb.example", security_policy="https://kb.example/policy")
    named = replace(settings, site=site, origins=("https://kb.example",))
    response = make_app(named).test_client().get("/.well-known/security.txt")
    assert (response.status_code, response.content_type) == (200, "text/plain; charset=utf-8")
    fields = [line.split(": ", 1) for line in response.text.splitlines()]
    assert [value for name, value in fields if name == "Contact"] == ["mailto:s@kb.example"]
    [expires] = [datetime.fromisoformat(value) for name, value in fields if name == "Expires"]
    assert timedelta(days=300) < expires - datetime.now(UTC) < timedelta(days=365)
    # 2.5.2: at each address at which it is found.
    assert [value for name, value in fields if name == "Canonical"] == [
        f"{site}.well-known/security.txt" for site in (settings.namespaces.base, "https://kb.example/")
    ]
    assert ["Policy", "https://kb.example/policy"] in fields


def test_a_base_that_names_nobody_says_so(client: FlaskClient) -> None:
    response = client.get("/.well-known/security.txt")
    assert response.status_code == 404
    assert "names nobody" in response.json["detail"]


def test_they_speak_of_the_host_that_was_asked(client: FlaskClient) -> None:
    for path in ("/robots.txt", "/sitemap.xml", "/llms.txt"):
        text = client.get(path, headers={"Host": "127.0.0.1:81"}).text
        assert "http://127.0.0.1:81/" in text
        assert "localhost" not in text


def test_language_models_find_all_in_one_file(client: FlaskClient) -> None:
    """Recipes, how to query with examples, the tools, and the vocabulary."""
    response = client.get("/llms-full.txt")
    assert response.content_type == "text/markdown; charset=utf-8"
    whole = response.text
    assert whole.startswith(client.get("/llms.txt").text.strip())
    for part in (
        "# How to query",
        "```sparql",
        "# Tools for agents",
        "## evidence",
        "# The ontology",
        "`akb:supports`",
    ):
        assert part in whole, part
