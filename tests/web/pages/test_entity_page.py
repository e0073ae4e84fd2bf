"""The page of an entity: the order of its parts, its history, the way to its file, and what can be copied."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.build.build import build
from server.settings import Settings, read_settings
from tests.history.repositories import commit, git, repository

CLAIM = "/claim/alignment-faking-emerges-with-scale.html"


def headings(text: str) -> list[str]:
    found = re.findall(r"<h2[^>]*>(.*?)</h2>", text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>.*", "", heading).split()) for heading in found]


def test_the_parts_of_a_claim_stand_in_their_order(client: FlaskClient) -> None:
    text = client.get(CLAIM).text
    marks = [
        *('class="skip"', 'class="crumbs"', 'class="badges"', "<h1>", 'class="definition"', 'class="glance"'),
        *('data-copy="the CURIE"', 'data-copy="the IRI"', 'id="tells-said"', 'id="tells-for"', 'id="tells-against"'),
        *('id="neighbourhood"', 'id="related"', 'id="record"'),
    ]
    places = [text.index(mark) for mark in marks]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        (CLAIM, ["Who says so", "Evidence for", "Evidence against"]),
        ("/question/why-do-most-chat-models-not-fake-alignment.html", ["What bears on it"]),
        (
            "/paper/alignment-faking-in-llms.html",
            ["What it studies", "What it asserts", "What it released"],
        ),
        ("/thinker/evan-hubinger.html", ["Works by date", "Positions their works take"]),
        (
            "/concept/alignment-faking.html",
            ["Who studies it, newest first", "What distinguishes it", "What measures it", "In so many words"],
        ),
    ],
)
def test_each_class_tells_first_what_it_is_asked_for(path: str, wanted: list[str], client: FlaskClient) -> None:
    found = headings(client.get(path).text)
    assert [heading for heading in found if heading in wanted] == wanted
    assert found.index(wanted[-1]) < found.index("Neighbourhood")


def test_what_is_not_recorded_stands_after_what_is_and_says_what_to_do(client: FlaskClient) -> None:
    text = " ".join(client.get("/concept/alignment-faking.html").text.split())
    told, _, missing = text.partition('<details class="missing">')
    assert "Not recorded yet: who introduced it; what mitigates it" in missing
    assert "<code>akb link mitigates concept:alignment-faking</code>" in missing
    assert "What distinguishes it" in told


def test_the_page_leads_to_its_parts(client: FlaskClient) -> None:
    text = client.get("/concept/alignment-faking.html").text
    [nav] = re.findall(r'<nav class="contents" aria-label="On this page">.*?</nav>', text, re.DOTALL)
    parts = re.findall(r'href="#([^"]+)"', nav)
    assert parts[-4:] == ["neighbourhood", "related", "record", "cite"]
    assert {"tells-works", "tells-distinguished", "tells-claims-of-works"} <= set(parts)
    assert all(f' id="{part}"' in text for part in parts)


def test_dates_are_worded_and_kept_for_programs(client: FlaskClient) -> None:
    text = client.get("/paper/alignment-faking-in-llms.html").text
    assert '<time datetime="2024-12-18">18 December 2024</time>' in text


def test_an_edge_reads_as_a_sentence_in_both_directions(client: FlaskClient) -> None:
    text = " ".join(client.get("/concept/alignment-faking/neighbourhood.html").text.split())
    assert "Alignment Faking extends Goal Misgeneralization." in text
    assert "Alignment Faking is studied by Alignment faking in large language models." in text


def test_the_state_of_knowledge_is_told_first_and_counted_as_everywhere(client: FlaskClient) -> None:
    text = " ".join(client.get(CLAIM).text.split())
    glance = re.sub("<[^>]+>", "", text.partition('<p class="glance">')[2].partition("</p>")[0])
    evidence = client.get(f"{CLAIM.removesuffix('.html')}.json").json["evidence"]
    words = f"{evidence['for']} for, {evidence['against']} against"
    assert words in glance
    assert evidence["contested"]
    assert "contested" in glance
    for path in ("/claim.html", f"{CLAIM.removesuffix('.html')}/card", "/search?q=emerges+with+scale"):
        assert words in client.get(path, headers={"Accept": "text/html"}).text, path
    [listed] = [one for one in client.get("/claim.json").json["entities"] if CLAIM[7:-5] in one["id"]]
    found = client.get("/search.json?q=emerges+with+scale").json["items"]
    assert listed["evidence"] == evidence == next(one for one in found if one["id"] == listed["id"])["evidence"]
    about = " ".join(client.get("/concept/alignment-faking.html").text.split())
    assert "State of knowledge:" in about


def test_every_author_is_linked_to_a_page_or_to_where_the_name_is_listed(client: FlaskClient) -> None:
    text = client.get("/paper/alignment-faking-in-llms.html").text
    [byline] = re.findall(r'<div class="byline".*?</div>', text, re.DOTALL)
    links = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>([^<]+)</a>', byline)
    assert len(links) == 21
    assert ("/thinker/evan-hubinger", "Evan Hubinger") in links
    [address] = [href for href, name in links if name == "Carson Denison"]
    assert "Alignment faking in large language models" in client.get(address, headers={"Accept": "text/html"}).text
    assert client.get("/listed.json?name=Carson+Denison").json["items"][0]["id"] == "paper:alignment-faking-in-llms"
    assert client.get("/listed.json?name=Carson").json["count"] == 0
    assert client.get("/listed").status_code == 400


def test_no_id_stands_twice_on_a_page(client: FlaskClient) -> None:
    for path in (CLAIM, "/concept/alignment-faking.html", "/thinker/evan-hubinger.html"):
        ids = re.findall(r' id="([^"]+)"', client.get(path).text)
        assert len(ids) == len(set(ids)) > 5


def test_the_history_and_the_way_to_the_file_come_from_git_and_a_setting(
    root: Path, tmp_path: Path, make_app: Callable[[Settings], Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = repository(root)
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-01-02T00:00:00+00:00")
    commit(folder)
    git(folder, "remote", "add", "origin", "git@codeberg.org:harbour/notes.git")
    settings = read_settings({"AKB_STATE": str(tmp_path / "state")}, root=root)
    build(settings)
    text = " ".join(make_app(settings).test_client().get(CLAIM).text.split())
    assert 'Entered <time datetime="2026-01-02">2 January 2026</time>, and not changed since.' in text
    file = "kb/claim/alignment-faking-emerges-with-scale.ttl"
    assert f'href="https://codeberg.org/harbour/notes/_edit/main/{file}" rel="nofollow">Edit this</a>' in text
    with_editor = replace(settings, edit="https://git.example/edit/main/{path}")
    text = make_app(with_editor).test_client().get(CLAIM).text
    assert f'href="https://git.example/edit/main/{file}"' in text


def test_without_a_repository_the_page_says_nothing_of_its_history(client: FlaskClient) -> None:
    text = client.get(CLAIM).text
    assert "Entered <time" not in text
    assert "change <code>kb/claim/alignment-faking-emerges-with-scale.ttl</code>" in text


def test_the_queries_that_the_neighbourhood_shows_yield_what_it_shows(client: FlaskClient) -> None:
    text = client.get(CLAIM.replace(".html", "/neighbourhood.html")).text
    for words in ("of the record", "of the neighbourhood"):
        [address] = re.findall(rf'<a href="([^"]+)" rel="nofollow">{words}</a>', text)
        answer = client.get(address.replace("&amp;", "&"), headers={"Accept": "application/sparql-results+json"})
        assert answer.status_code == 200
        assert len(answer.json["results"]["bindings"]) >= 3
