"""Feeds of changes: Atom (RFC 4287) with archives (RFC 5005), and JSON Feed 1.1."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import quote
from xml.etree import ElementTree

import feedparser
import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.settings import Settings
from server.web.app import create_app
from server.web.pages import feeds

ATOM = "{http://www.w3.org/2005/Atom}"
BASE = "https://w3id.org/alignment-kb/"
TOTAL = 44
"""Changes of the base with a history."""


@pytest.fixture(scope="module")
def site(travelled: Settings) -> Iterator[FlaskClient]:
    """A client of the base with a history, whose feeds are short."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feeds, "_SIZE", 10)
        app = create_app(travelled)
        yield app.test_client()
        app.extensions["akb"].close()


def atom(site: FlaskClient, address: str) -> feedparser.FeedParserDict:
    """Return a feed as a reader of feeds reads it, which is to find nothing wrong with it."""
    answer = site.get(address.removeprefix("http://localhost"))
    assert answer.status_code == 200, answer.text
    found = feedparser.parse(answer.data, response_headers={"content-type": answer.content_type})
    assert not found.bozo, found.bozo_exception
    return found


def link(found: feedparser.FeedParserDict, relation: str) -> str:
    return next((one.href for one in found.feed.links if one.rel == relation), "")


def whole(site: FlaskClient, address: str) -> list[feedparser.FeedParserDict]:
    """Return all entries of a feed: of itself, then of its archives, as RFC 5005, section 4, has a client find them."""
    document, entries = atom(site, address), {}
    while True:
        for entry in document.entries:
            entries.setdefault(entry.id, entry)
        if not (before := link(document, "prev-archive")):
            return list(entries.values())
        document = atom(site, before)
        assert link(document, "current") == f"http://localhost{address}"


def test_a_feed_has_what_the_format_asks_for(site: FlaskClient) -> None:
    """RFC 4287, sections 4.1.1 and 4.1.2."""
    answer = site.get("/feed.atom")
    assert answer.content_type == "application/atom+xml"
    root = ElementTree.fromstring(answer.data)
    for name in ("id", "title", "updated"):
        assert len(root.findall(f"{ATOM}{name}")) == 1
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == 10
    for entry in entries:
        assert [len(entry.findall(f"{ATOM}{name}")) for name in ("id", "title", "updated", "author", "content")] == [
            1
        ] * 5
        assert entry.find(f"{ATOM}author/{ATOM}name").text in {"Ada Curator", "Ben Größe"}
    assert root.findtext(f"{ATOM}updated") == entries[0].findtext(f"{ATOM}updated")
    found = atom(site, "/feed.atom")
    assert (link(found, "self"), link(found, "alternate")) == (
        "http://localhost/feed.atom",
        "http://localhost/feed.html",
    )
    assert found.feed.id == f"{BASE}feed", "it does not depend on the host"


def test_feed_and_archives_have_every_change_once(site: FlaskClient) -> None:
    """RFC 5005, section 4: a client that begins at any time can put the whole together."""
    entries = whole(site, "/feed.atom")
    assert len(entries) == len({entry.id for entry in entries}) == TOTAL
    assert [entry.updated for entry in entries] == sorted((entry.updated for entry in entries), reverse=True)
    archives = [atom(site, f"/feed.atom?archive={number}") for number in range(1, 5)]
    assert [len(one.entries) for one in archives] == [10] * 4
    assert "fh_archive" in archives[0].feed
    assert "fh_archive" not in atom(site, "/feed.atom").feed
    assert [link(one, "next-archive")[-1:] for one in archives] == ["2", "3", "4", ""]
    assert [link(one, "prev-archive")[-1:] for one in archives] == ["", "1", "2", "3"]
    assert site.get("/feed.atom?archive=5").status_code == 404


@pytest.mark.parametrize(
    ("query", "entities"),
    [
        ("class=paper", {"paper:first", "paper:second"}),
        ("entity=concept:gamma", {"concept:gamma"}),
        (f"entity={quote(BASE + 'concept/gamma')}", {"concept:gamma"}),
        ("topic=concept:delta", {"concept:delta", "paper:second"}),
        ("topic=concept:zeta&class=concept", {"concept:zeta", "concept:epsilon"}),
        ("author=Ben Größe&class=paper", {"paper:first"}),
        ("query=" + quote(f"SELECT ?s ?o {{ ?s <{BASE}ontology#studies> ?o }}"), {"paper:first", "paper:second"}),
        ("query=" + quote("SELECT ?x { VALUES ?x { 1 'a' <https://example.org/> } }"), set()),
        ("entity=concept:never", set()),
    ],
)
def test_a_feed_has_the_changes_that_are_selected(query: str, entities: set[str], site: FlaskClient) -> None:
    entries = whole(site, f"/feed.atom?{query}") if query.isascii() else atom(site, f"/feed.atom?{query}").entries
    assert {re.search(r"\((\w+:[\w-]+)\): \w+$", entry.title)[1] for entry in entries} == entities
    items = json.loads(site.get(f"/feed.json?{query}").data)["items"]
    assert [item["id"] for item in items] == [entry.id for entry in entries[:10]]


def test_an_entry_says_what_came_and_went(site: FlaskClient) -> None:
    newest, *_, first = whole(site, "/feed.atom?entity=concept:alpha")
    assert newest.title == "Alpha & Ω <first> (concept:alpha): changed"
    lines = newest.content[0].value.splitlines()
    assert lines[0] == "The edge comes back"
    assert any(line.startswith("  + akb:extends concept:beta: As long as a note is") for line in lines)
    assert site.get(newest.link.removeprefix("http://localhost")).status_code == 200
    assert (first.title, first.content[0].value) == ("alpha (concept:alpha): created", "Two concepts")
    [gone] = [one for one in whole(site, "/feed.atom?entity=concept:zeta") if one.title.endswith("removed")]
    assert gone.title == "zeta (concept:zeta): removed", "it was called so before"
    changed = whole(site, "/feed.atom?entity=concept:delta")[0].content[0].value
    assert [line.strip() for line in changed.splitlines() if "comes" in line] == [
        "- What comes third.",
        "+ What comes fourth.",
    ]


def test_a_json_feed_has_what_its_version_asks_for(site: FlaskClient) -> None:
    """JSON Feed 1.1: top-level, items."""
    answer = site.get("/feed.json")
    assert answer.content_type == "application/feed+json"
    found = json.loads(answer.data)
    assert found["version"] == "https://jsonfeed.org/version/1.1"
    assert found["feed_url"] == "http://localhost/feed.json"
    ids = []
    while True:
        for item in found["items"]:
            assert {"id", "url", "title", "content_text", "date_published", "authors"} <= item.keys()
            ids.append(item["id"])
        if "next_url" not in found:
            break
        found = json.loads(site.get(found["next_url"].removeprefix("http://localhost")).data)
    assert len(set(ids)) == TOTAL
    assert set(ids) == {entry.id for entry in whole(site, "/feed.atom")}


def test_the_id_of_an_entry_leads_to_the_change_itself(site: FlaskClient) -> None:
    for entry in atom(site, "/feed.atom").entries[:3]:
        member = site.get(entry.id.replace(BASE, "/"), headers={"Accept": "application/n-quads"})
        assert member.status_code == 200
        assert f"<{entry.id}> <https://www.w3.org/ns/activitystreams#object>" in member.text


def test_documents_lead_to_their_feeds(site: FlaskClient) -> None:
    """As readers of feeds look for them: `<link rel="alternate">` in the head of a page (HTML, 4.6.7.1)."""
    for page, query in (
        ("/concept/alpha.html", "?entity=concept%3Aalpha"),
        ("/concept.html", "?class=concept"),
        ("/", ""),
    ):
        answer = site.get(page, headers={"Accept": "text/html"})
        head = answer.text.partition("</head>")[0]
        for name, media_type in (("atom", "application/atom+xml"), ("json", "application/feed+json")):
            [element] = [one for one in re.findall("<link [^>]*>", head) if f'href="/feed.{name}{query}"' in one]
            assert 'rel="alternate"' in element
            assert f'type="{media_type}"' in element
            assert site.get(f"/feed.{name}{query}").status_code == 200


def test_a_feed_that_is_known_is_not_sent_again(site: FlaskClient) -> None:
    """RFC 9110, section 13: what readers that ask every few minutes need."""
    for address in ("/feed.atom", "/feed.json?class=paper", "/feed.html", "/feed.atom?archive=2"):
        answer = site.get(address)
        for name, value in (
            ("If-None-Match", answer.headers["ETag"]),
            ("If-Modified-Since", answer.headers["Last-Modified"]),
        ):
            again = site.get(address, headers={name: value})
            assert (again.status_code, again.data) == (304, b""), (address, name)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "text/html; charset=utf-8"),
        ("application/atom+xml", "application/atom+xml"),
        ("application/feed+json, application/json;q=0.9", "application/feed+json"),
        ("application/json", "application/feed+json"),
    ],
)
def test_the_format_is_negotiated(accept: str, media_type: str, site: FlaskClient) -> None:
    answer = site.get("/feed?class=paper", headers={"Accept": accept} if accept else {})
    assert answer.content_type == media_type
    assert "Accept" in answer.vary
    assert site.get(answer.headers["Content-Location"]).data == answer.data


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("class=nowhere", "There is no class 'nowhere'"),
        ("entity=alpha", "no CURIE and no IRI"),
        ("topic=nowhere:alpha", "no CURIE and no IRI"),
        ("query=ASK {}", "this is another kind of query"),
        ("query=CONSTRUCT WHERE { ?s ?p ?o }", "this is another kind of query"),
        ("query=SELECT ?x {", ""),
        ("query=SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", ""),
        ("query=SELECT ?x { ?x a ?y }&archive=x", "archive is 'x'"),
        ("query=" + "x" * 4001, "there may be 4,000"),
    ],
)
def test_what_is_no_selection_is_refused(query: str, said: str, site: FlaskClient) -> None:
    answer = site.get(f"/feed.atom?{query}")
    assert answer.status_code in {400, 403}
    assert said in answer.json["detail"]


def test_a_query_may_not_find_too_many_entities(site: FlaskClient) -> None:
    digits = " ".join(map(str, range(10)))
    values = "".join(f"VALUES ?{name} {{ {digits} }} " for name in "abcd")
    query = f"SELECT ?x {{ {values} BIND(IRI(CONCAT('urn:', STR(?a), STR(?b), STR(?c), STR(?d))) AS ?x) }}"
    answer = site.get("/feed.atom", query_string={"query": query})
    assert answer.status_code == 400
    assert "more than 5,000" in answer.json["detail"]


def test_the_page_makes_the_address_of_any_feed(site: FlaskClient) -> None:
    page = site.get("/feed.html?class=paper&topic=concept:beta").text
    assert 'href="http://localhost/feed.atom?class=paper&amp;topic=concept%3Abeta"' in page
    assert '<option value="paper" selected>' in page
    assert "akb mirror http://localhost/ copy" in page


def test_a_hub_is_named_where_the_settings_know_one(travelled: Settings, make_app: Callable[[Settings], Flask]) -> None:
    """WebSub, section 4: by the header, and in the feed itself."""
    hub = make_app(replace(travelled, hub="https://hub.example/")).test_client()
    answer = hub.get("/feed.atom?class=paper")
    links = answer.headers["Link"]
    assert '<https://hub.example/>; rel="hub"' in links
    assert '<http://localhost/feed.atom?class=paper>; rel="self"' in links
    assert link(feedparser.parse(answer.data), "hub") == "https://hub.example/"
    assert json.loads(hub.get("/feed.json").data)["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]


def test_a_base_without_a_history_has_an_empty_feed(client: FlaskClient) -> None:
    assert atom(client, "/feed.atom").entries == []
    assert json.loads(client.get("/feed.json").data)["items"] == []
