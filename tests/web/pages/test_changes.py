"""Histories, changes and differences over HTTP."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from rdflib import DCAT, PROV, RDF, URIRef

from server.knowledge.history import History
from server.turtle.parsing import parse
from tests.made_history import BEN

BASE = "https://w3id.org/alignment-kb/"
BETA = f"{BASE}concept/beta"


@pytest.fixture
def site(travelled_site: FlaskClient) -> FlaskClient:
    return travelled_site


@pytest.fixture
def history(travelled_history: History) -> History:
    return travelled_history


def test_the_history_of_an_entity_says_who_when_and_what(site: FlaskClient) -> None:
    page = site.get("/concept/beta/history.html").text
    for words in ("Ben Größe", "A better definition of beta", "What comes second.", "4 versions", "/concept/beta?at="):
        assert words in page
    assert "Beta is written otherwise" not in page, "which changed nothing that it says"
    assert '<a href="/concept/beta/history">' in site.get("/concept/beta.html").text
    found = site.get("/concept/beta/history.json").json
    assert [one["change"] for one in found["changes"]] == ["changed", "changed", "changed", "created"]
    assert found["changes"][0]["statements"]["added"] == [
        f'<{BETA}> <http://www.w3.org/2004/02/skos/core#altLabel> "zwei"@de .'
    ]


def test_an_entity_that_is_gone_has_a_history(site: FlaskClient) -> None:
    page = site.get("/concept/gamma/history.html").text
    assert "it is not in the base any more" in page
    assert "History of gamma" in page
    assert site.get("/concept/epsilon/history.html").status_code == 200, "one that is merged has its own"
    assert site.get("/concept/nobody/history").status_code == 404


def test_the_history_as_provenance(site: FlaskClient, history: History) -> None:
    graph = parse(site.get("/concept/zeta/history.ttl").text)
    first, gone, again = history.versions_of(f"{BASE}concept/zeta")
    nodes = [URIRef(f"{BASE}concept/zeta?at={one.commit.revision}") for one in (first, again)]
    assert {*graph.subjects(PROV.specializationOf, URIRef(f"{BASE}concept/zeta"))} == {*nodes}
    [invalidated] = graph.objects(nodes[0], PROV.invalidatedAtTime)
    assert str(invalidated) == f"{gone.commit.at:%Y-%m-%dT%H:%M:%SZ}"
    assert (nodes[1], PROV.wasRevisionOf, None) not in graph, "it came anew"
    paged = parse(site.get("/concept/beta/history.nt?size=1").text, "nt")
    assert len([*paged.triples((None, PROV.wasRevisionOf, None))]) == 1, "to the version on the next page"


def test_changes_of_the_base_are_narrowed_and_paged(site: FlaskClient, history: History) -> None:
    everything = [one for page in range(1, 6) for one in site.get(f"/changes.json?size=10&page={page}").json["changes"]]
    assert [(one["iri"], one["commit"]["revision"]) for one in everything] == [
        (one.entity, one.commit.revision) for one in history.changes(size=1000)
    ]
    assert site.get("/changes.json?size=10&page=6").status_code == 404
    of_class = site.get("/changes.json?class=paper").json
    assert {one["id"].partition(":")[0] for one in of_class["changes"]} == {"paper"}
    topic = site.get("/changes.json?topic=concept:delta").json
    assert [one["id"] for one in topic["changes"]] == ["concept:delta", "paper:second", "concept:delta"]
    assert topic["changes"] == site.get(f"/changes.json?topic={BASE}concept/delta").json["changes"]
    author = site.get(f"/changes.json?author={quote(BEN)}").json
    assert {one["commit"]["author"] for one in author["changes"]} == {BEN}
    page = site.get(f"/changes.html?author={quote(BEN)}&class=paper").text
    assert "The first paper" in page
    assert "Two concepts" not in page
    assert '<a href="/changes">Changes</a>' in page
    feed = re.search(r'<a href="([^"]*)">Follow these changes</a>', page)[1]
    followed = site.get(unescape(feed).replace("/feed", "/feed.json")).json["items"]
    assert len(followed) == site.get(f"/changes.json?author={quote(BEN)}&class=paper").json["total"]
    assert "/feed?entity=concept%3Abeta" in site.get("/concept/beta/history.html").text


@pytest.mark.parametrize("query", ["class=nothing", "author=nobody", "topic=nothing", "size=1000", "page=x"])
def test_what_there_is_not_to_narrow_by_is_refused(site: FlaskClient, query: str) -> None:
    assert site.get(f"/changes?{query}").status_code == 400


def test_changes_as_a_table(site: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(site.get("/changes.raw.csv?size=200").text)))
    assert len(rows) == 44
    assert rows[0]["what"] == "1 entity changed."
    assert rows[0]["author"] == BEN


def test_a_difference_says_what_akb_diff_says(site: FlaskClient, history: History) -> None:
    first, second, *_ = history.versions_of(BETA)
    page = site.get(f"/concept/beta/diff.html?from={first.commit.revision}&to={second.commit.revision}").text
    assert "<del>" in page
    assert "<ins>" in page
    found = site.get("/concept/beta/diff.json?from=2026-01-02&to=2026-01-07").json
    assert found["summary"] == "1 entity changed."
    [node] = found["entities"]
    assert node["properties"][0]["property"] == "skos:definition"
    assert "skos:definition" in site.get("/concept/beta/diff.md?from=2026-01-02").text


def test_a_patch_makes_the_one_state_of_the_other(site: FlaskClient, history: History) -> None:
    commits = history.commits()
    pairs = [(commits[0], commits[-1]), (commits[7], commits[20]), (commits[20], commits[7]), (commits[3], commits[3])]
    for before, after in pairs:
        patch = site.get(f"/diff.rdfp?from={before.revision}&to={after.revision}").text.splitlines(keepends=True)
        assert patch[2] == "TX .\n"
        assert patch[-1] == "TC .\n"
        state = {line for text in history.state_at(before.revision) for line in text.splitlines(keepends=True)}
        for row in patch:
            if row.startswith("D "):
                state.remove(row[2:])
            elif row.startswith("A "):
                assert row[2:] not in state
                state.add(row[2:])
        assert state == {line for text in history.state_at(after.revision) for line in text.splitlines(keepends=True)}


def test_a_difference_of_the_base_comes_in_pages(site: FlaskClient) -> None:
    whole = site.get("/diff.json?from=2026-01-01&to=2026-02-01").json
    parts = [site.get(f"/diff.json?from=2026-01-01&to=2026-02-01&size=4&page={page}").json for page in range(1, 6)]
    names = [node["name"] for part in parts for node in part["entities"]]
    assert sorted(names) == sorted(node["name"] for node in whole["entities"])
    one_commit = site.get("/diff.json?to=2026-01-12").json
    assert [(node["change"], node["name"], node["was"]) for node in one_commit["entities"]] == [
        ("renamed", "concept:delta", "concept:gamma")
    ]
    assert site.get("/diff").status_code == 200


@pytest.mark.parametrize(
    ("query", "status"), [("from=x", 400), ("from=2020-01-01", 404), ("to=0000", 404), ("from=" + "a" * 100, 400)]
)
def test_moments_that_are_none_are_refused(site: FlaskClient, query: str, status: int) -> None:
    assert site.get(f"/diff?{query}").status_code == status
    assert site.get(f"/concept/beta/diff?{query}").status_code == status


def test_the_catalogue_names_the_stream_where_there_is_a_history(site: FlaskClient, client: FlaskClient) -> None:
    """DCAT 3, section 6.9."""
    services = [
        {str(one) for one in parse(asked.get("/catalogue.ttl").text).subjects(RDF.type, DCAT.DataService)}
        for asked in (site, client)
    ]
    assert services[0] - services[1] == {"http://localhost/ldes"}


def test_without_a_history_every_address_says_so(client: FlaskClient) -> None:
    for address in ("/changes", "/concept/alignment-faking/history"):
        response = client.get(address, headers={"Accept": "text/html"})
        assert response.status_code == 200
        assert "This base has no history" in response.text
    assert client.get("/changes.json").json["changes"] == []
    for address in ("/diff", "/concept/alignment-faking/diff", "/timemap/concept/alignment-faking"):
        response = client.get(address)
        assert response.status_code == 404
        assert "no history" in response.text
