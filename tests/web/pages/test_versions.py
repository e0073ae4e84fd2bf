"""Entities as they were, asked as clients of Memento do (RFC 7089): by Accept-Datetime, following links."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

import pytest
from flask.testing import FlaskClient
from rdflib import Graph
from werkzeug.test import TestResponse

from server.knowledge.history import History
from server.web.pages import versions
from tests.made_history import BEGIN, COMMITS

ALPHA, BETA, EPSILON = "/concept/alpha", "/concept/beta", "/concept/epsilon"
BASE = "https://w3id.org/alignment-kb"


@pytest.fixture
def site(travelled_site: FlaskClient) -> FlaskClient:
    return travelled_site


@pytest.fixture
def history(travelled_history: History) -> History:
    return travelled_history


def date(days: float) -> str:
    return format_datetime(BEGIN + timedelta(days=days), usegmt=True)


def links(response: TestResponse) -> dict[str, dict[str, str]]:
    """Return the links of an answer by relation: each its target and its attributes (RFC 8288, section 3)."""
    found: dict[str, dict[str, str]] = {}
    for target, rest in re.findall(r'<([^>]*)>((?:\s*;\s*\w+="[^"]*")*)', response.headers.get("Link", "")):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', rest))
        for relation in attributes.pop("rel").split():
            found.setdefault(relation, {"target": target, **attributes})
    return found


def travel(site: FlaskClient, path: str, days: float, **headers: str) -> TestResponse:
    """Ask a TimeGate for a time, and follow where it leads."""
    gate = site.get(path, headers={"Accept-Datetime": date(days), **headers})
    assert gate.status_code == 302, gate.text
    assert "accept-datetime" in gate.headers["Vary"].lower(), "4.1.1"
    assert "Memento-Datetime" not in gate.headers, "4.1.1"
    assert links(gate)["original"]["target"] == path.partition(".")[0]
    return site.get(gate.headers["Location"], headers=headers)


def test_a_time_gate_leads_to_the_version_of_then(site: FlaskClient) -> None:
    for days, words, came in ((1.5, "Made by a test, as beta.", 1), (7, "What comes second.", 5)):
        memento = travel(site, BETA, days, Accept="text/turtle")
        assert memento.status_code == 200
        assert memento.mimetype == "text/turtle"
        assert words in memento.text
        assert memento.headers["Memento-Datetime"] == date(came)


def test_an_original_names_its_time_gate_and_its_time_map(site: FlaskClient) -> None:
    for path in (f"{BETA}.html", f"{BETA}.ttl", BETA):
        response = site.get(path)
        assert "accept-datetime" in response.headers["Vary"].lower()
        assert "Memento-Datetime" not in response.headers
        if response.status_code == 200:
            found = links(response)
            assert found["timegate"]["target"] == found["original"]["target"] == BETA
            assert site.get(found["timemap"]["target"]).mimetype == "application/link-format"
            assert found["version-history"]["target"] == f"{BETA}/history"


def test_a_client_walks_through_all_versions_by_links(site: FlaskClient, history: History) -> None:
    versions_of_beta = history.versions_of(f"{BASE}{BETA}")
    response = site.get(links(site.get(f"{BETA}.ttl"))["first"]["target"], headers={"Accept": "application/n-triples"})
    walked = []
    while True:
        found = links(response)
        walked.append(parsedate_to_datetime(response.headers["Memento-Datetime"]))
        assert found["original"]["target"] == found["timegate"]["target"] == BETA
        assert found["last"]["datetime"] == date(28)
        if "next" not in found:
            break
        ahead = site.get(found["next"]["target"], headers={"Accept": "application/n-triples"})
        assert links(ahead)["prev"]["datetime"] == response.headers["Memento-Datetime"]
        assert found["next"]["datetime"] == ahead.headers["Memento-Datetime"]
        response = ahead
    assert walked == [one.commit.at for one in versions_of_beta]


def test_every_format_of_an_entity_is_there_of_a_version(site: FlaskClient, history: History) -> None:
    first, second, *_ = history.versions_of(f"{BASE}{ALPHA}")
    for version in (first, second):
        at = f"?at={version.commit.revision}"
        for extension in (
            *("html", "jsonld", "ttl", "nt", "nq", "trig", "rdf", "md", "csv", "json"),
            *("bib", "ris", "csl.json", "txt", "linkset.json", "raw.csv"),
        ):
            response = site.get(f"{ALPHA}.{extension}{at}")
            assert response.status_code == 200, (extension, response.text)
            assert response.headers["Memento-Datetime"]
            assert "ETag" in response.headers
        said = set(site.get(f"{ALPHA}.nt{at}").text.splitlines())
        assert {*version.ntriples.splitlines()} <= said
        for extension, syntax in (("ttl", "turtle"), ("jsonld", "json-ld"), ("rdf", "xml")):
            graph = Graph().parse(data=site.get(f"{ALPHA}.{extension}{at}").text, format=syntax)
            assert len(graph) == len(said), extension
    found = site.get(f"{ALPHA}.json?at={second.commit.revision}").json
    assert [one["neighbours"][0]["id"] for one in found["neighbourhood"]] == ["concept:beta"]
    record = site.get(f"{ALPHA}.ttl?at={second.commit.revision}&_profile=record")
    assert record.status_code == 200
    assert "akb:note" not in record.text


def test_neighbours_have_the_names_of_then(site: FlaskClient) -> None:
    paper = travel(site, "/paper/first.nt", 4).text
    assert '"alpha"@en' in paper
    assert '"Alpha & Ω <first>"@en' not in paper
    assert '"Alpha & Ω <first>"@en' in site.get("/paper/first.nt").text


def test_a_page_says_at_its_head_that_it_is_old(site: FlaskClient) -> None:
    old = travel(site, f"{BETA}.html", 7)
    assert "This is an old version" in old.text
    assert "By a clock that is slow" in old.text, "what came after"
    assert "Ben Größe" in old.text
    newest = travel(site, f"{BETA}.html", 400)
    assert "This is the newest version" in newest.text
    assert "This is" not in site.get(f"{BETA}.html").text.partition("<h1")[0]


def test_what_never_changes_says_so(site: FlaskClient, history: History) -> None:
    first, *_, last = history.versions_of(f"{BASE}{BETA}")
    old = site.get(f"{BETA}.ttl?at={first.commit.revision}")
    assert "immutable" in old.headers["Cache-Control"]
    again = site.get(f"{BETA}.ttl?at={first.commit.revision}", headers={"If-None-Match": old.headers["ETag"]})
    assert again.status_code == 304
    assert "immutable" in again.headers["Cache-Control"]
    for address in (f"{BETA}.html?at={first.commit.revision}", f"{BETA}.ttl?at={last.commit.revision}"):
        assert "immutable" not in site.get(address).headers["Cache-Control"], "it says what came after"


def test_the_tag_of_a_version_outlasts_a_release(
    site: FlaskClient, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{BETA}.ttl?at={history.versions_of(f'{BASE}{BETA}')[0].commit.revision}"
    tags = [site.get(address).headers["ETag"]]
    release = site.application.extensions["akb"].release()
    today = site.get(f"{BETA}.ttl").headers["ETag"]
    monkeypatch.setattr(release, "mark", "another release")
    tags.append(site.get(address).headers["ETag"])
    assert tags[0] == tags[1]
    assert site.get(f"{BETA}.ttl").headers["ETag"] != today


@pytest.mark.parametrize(
    "text", ["yesterday", "Thu, 32 Jan 2026 12:00:00 GMT", "2026-01-02", "Thu, 01 Jan 2026 12:00:00 +0100"]
)
def test_what_is_no_date_is_refused(site: FlaskClient, text: str) -> None:
    response = site.get(BETA, headers={"Accept-Datetime": text})
    assert response.status_code == 400, "4.5.3"
    assert "Accept-Datetime" in response.text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"{BETA}?at=yesterday", 400),
        (f"{BETA}?at=2026-02-31", 400),
        (f"{BETA}?at=2025-12-31", 404),
        (f"{BETA}?at=2026-01-01", 404),
        (f"{BETA}?at={'0' * 40}", 404),
        ("/concept/zeta?at=2026-01-18", 410),
        ("/concept/nobody?at=2026-01-18", 404),
        ("/concept/gamma?at=2026-01-09", 302),
        (f"{EPSILON}?at=2026-01-14", 302),
        (f"{BETA}.ttl?at=2026-01-02&_profile=record", 302),
    ],
)
def test_times_are_named_in_addresses(site: FlaskClient, address: str, status: int) -> None:
    response = site.get(address)
    assert response.status_code == status, response.text
    if status == 302:
        final = site.get(response.headers["Location"])
        assert final.status_code == 200
        assert final.headers["Memento-Datetime"]
        assert ("_profile=record" in response.headers["Location"]) == ("_profile" in address)


def test_before_the_first_version_there_is_nothing(site: FlaskClient) -> None:
    for days in (-100, 0.5):
        response = site.get(BETA, headers={"Accept-Datetime": date(days)})
        assert response.status_code == 404
    assert links(site.get(BETA, headers={"Accept-Datetime": date(0.5)}))["first"]["datetime"] == date(1)


def test_what_is_gone_or_merged_has_its_versions(site: FlaskClient) -> None:
    assert site.get("/concept/gamma").status_code == 404
    assert "As it is today" not in travel(site, "/concept/gamma.html", 8).text
    assert site.get(EPSILON).status_code == 301
    assert "A small one." in travel(site, f"{EPSILON}.nt", 13).text
    merged = travel(site, f"{EPSILON}.ttl", 40)
    assert "akb:mergedInto" in merged.text


def test_of_two_versions_in_one_second_both_are_there(site: FlaskClient, history: History) -> None:
    found = [one for one in history.versions_of(f"{BASE}{EPSILON}") if one.commit.at == BEGIN + timedelta(12, 1)]
    assert len(found) == 2
    texts = [site.get(f"{EPSILON}.nt?at={one.commit.revision}").text for one in found]
    assert "A small number." in texts[0]
    assert "A small one." in texts[1]


def test_a_time_map_lists_all_versions(site: FlaskClient, history: History) -> None:
    response = site.get("/timemap/concept/beta", headers={"Accept": "application/link-format"})
    assert response.mimetype == "application/link-format"
    found = re.findall(r'<([^>]*)>; rel="([^"]*memento)"; datetime="([^"]*)"', response.text)
    expected = [one.commit.at for one in history.versions_of(f"{BASE}{BETA}")]
    assert [parsedate_to_datetime(moment) for _, _, moment in found] == expected
    assert [relation for _, relation, _ in found] == ["first memento", *["memento"] * (len(found) - 2), "last memento"]
    assert f'<http://localhost{BETA}>; rel="original timegate"' in response.text or f"<{BASE}{BETA}>" in response.text
    assert re.search(r'; rel="self"; type="application/link-format"; from="[^"]*"; until="[^"]*"', response.text)
    as_json = site.get("/timemap/concept/beta.json").json
    assert [datetime.fromisoformat(one["datetime"]) for one in as_json["mementos"]["list"]] == expected
    assert as_json["mementos"]["first"] == as_json["mementos"]["list"][0]
    for uri in (one["uri"] for one in as_json["mementos"]["list"]):
        assert site.get("/" + uri.split("/", 3)[3].removeprefix("alignment-kb/")).status_code == 200
    assert site.get("/timemap/concept/nobody").status_code == 404


def test_a_long_time_map_comes_in_parts(site: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "_SIZE", 3)
    first = site.get("/timemap/concept/beta.link").text
    [other] = re.findall(r'<([^>]*)>; rel="timemap"; type="application/link-format"; from=', first)
    second = site.get("/" + other.split("/", 3)[3].removeprefix("alignment-kb/")).text
    assert (first.count("memento"), second.count("memento")) == (3, 1)
    assert "last memento" in second
    assert site.get("/timemap/concept/beta.link?page=3").status_code == 404


def test_a_base_without_history_has_no_other_times(client: FlaskClient) -> None:
    there = client.get("/concept/alignment-faking.ttl")
    assert "accept-datetime" not in there.headers["Vary"].lower()
    assert "timegate" not in there.headers["Link"]
    now = client.get("/concept/alignment-faking.ttl", headers={"Accept-Datetime": date(1)})
    assert now.status_code == 200
    assert client.get("/concept/alignment-faking?at=2026-01-01").status_code == 404


def test_other_origins_may_ask_and_read_it(site: FlaskClient) -> None:
    answer = site.options(BETA)
    assert "Accept-Datetime" in answer.headers["Access-Control-Allow-Headers"]
    assert "Memento-Datetime" in answer.headers["Access-Control-Expose-Headers"]


def test_the_line_has_some_thirty_commits() -> None:
    assert len(COMMITS) == 30
