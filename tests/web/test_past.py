"""The past through the web: queries over it by Memento (RFC 7089) and by `at=`, and answers to cite."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.build.build import build
from server.settings import Settings
from server.web.app import create_app
from tests import made_history

QUERY = "SELECT ?c ?d { ?c a akb:Concept ; skos:definition ?d }"
ASK = "ASK { concept:delta a akb:Concept }"
OLD = 3
"""The place on the line of commits of the state that is built."""
FIRST_PAPER = "Sun, 04 Jan 2026 12:00:00 GMT"


@pytest.fixture(scope="module")
def app(travelled: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application over the base with a history, with the state of an old commit built in a folder of its own."""
    settings = replace(travelled, state=tmp_path_factory.mktemp("past"), embedding="none")
    settings.releases.symlink_to(travelled.releases)
    app = create_app(settings)
    client = app.test_client()
    # The first one who asks begins the build, and comes again.
    response = client.get("/sparql", query_string={"query": QUERY, "at": revisions(app)[OLD][:8]})
    assert response.status_code == 503, response.text
    assert int(response.headers["Retry-After"]) > 0
    assert app.extensions["akb"].past.wait() == 0
    yield app
    app.extensions["akb"].close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def revisions(app: Flask) -> list[str]:
    return made_history.revisions(app.extensions["akb"].settings.root)


def definitions(text: str) -> list[str]:
    return sorted(line.split("\t")[1] for line in text.splitlines()[1:])


def test_a_query_is_answered_over_the_state_of_a_commit(app: Flask, client: FlaskClient) -> None:
    old = revisions(app)[OLD]
    now = client.get("/sparql", query_string={"query": QUERY, "format": "tsv"})
    then = client.get("/sparql", query_string={"query": QUERY, "format": "tsv", "at": old})
    assert definitions(then.text) == ['"Made by a test, as alpha."@en', '"Made by a test, as beta."@en']
    assert len(definitions(now.text)) > 5
    assert then.headers["Memento-Datetime"] == FIRST_PAPER
    assert len(then.headers["Akb-State"]) == 64
    assert then.headers["Akb-State"] != now.headers["Akb-State"]
    assert "Memento-Datetime" not in now.headers
    posted = client.post("/sparql", data={"query": QUERY, "format": "tsv", "at": old})
    direct = client.post(f"/sparql?at={old}&format=tsv", data=QUERY, content_type="application/sparql-query")
    assert posted.text == direct.text == then.text
    assert posted.headers["Memento-Datetime"] == FIRST_PAPER


def test_the_whole_commit_is_immutable_and_other_names_lead_to_it(app: Flask, client: FlaskClient) -> None:
    """RFC 8246; RFC 7089, section 2.2."""
    old = revisions(app)[OLD]
    whole = client.get("/sparql", query_string={"query": QUERY, "at": old})
    assert "immutable" in whole.headers["Cache-Control"]
    assert "Content-Location" not in whole.headers
    assert "Accept-Datetime" not in whole.headers["Vary"]
    again = client.get(
        "/sparql", query_string={"query": QUERY, "at": old}, headers={"If-None-Match": whole.headers["ETag"]}
    )
    assert again.status_code == 304
    for at in (old[:8], "2026-01-04", "2026-01-04T12:00:00Z", whole.headers["Akb-State"]):
        other = client.get("/sparql", query_string={"query": QUERY, "at": at})
        assert other.data == whole.data, at
        assert "immutable" not in other.headers["Cache-Control"]
        assert client.get(other.headers["Content-Location"]).data == whole.data


def test_a_client_of_memento_travels_by_its_header_and_by_links(app: Flask, client: FlaskClient) -> None:
    """RFC 7089, section 4.1.2: the original resource is its own TimeGate, and answers with the memento."""
    now = client.get("/sparql", query_string={"query": QUERY})
    assert "Accept-Datetime" in now.headers["Vary"]
    then = client.get(
        "/sparql", query_string={"query": QUERY}, headers={"Accept-Datetime": "Sun, 04 Jan 2026 18:00:00 GMT"}
    )
    assert then.headers["Memento-Datetime"] == FIRST_PAPER
    assert "Accept-Datetime" in then.headers["Vary"]
    links = {
        part.split('rel="')[1].split('"')[0]: part[1 : part.index(">")] for part in then.headers["Link"].split(", <", 1)
    }
    memento = then.headers["Content-Location"]
    assert client.get(memento).data == then.data
    assert client.get(links["original timegate"]).data == now.data
    newest = client.get(
        "/sparql", query_string={"query": QUERY}, headers={"Accept-Datetime": "Tue, 01 Jan 2030 00:00:00 GMT"}
    )
    assert newest.data == now.data
    assert newest.headers["Memento-Datetime"] == "Fri, 30 Jan 2026 12:00:00 GMT"
    again = client.get(newest.headers["Content-Location"])
    assert again.data == now.data
    assert "immutable" in again.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("at", "status", "said"),
    [
        ("nonsense", 400, "neither a date nor a commit"),
        ("2026-13-40", 400, "no date"),
        ("2025-12-31", 404, "begins at 2026-01-01"),
        ("abcdef0123456789", 404, "No commit"),
        ("ab" * 32, 404, "No commit"),
    ],
)
def test_what_names_no_state_is_an_error_that_says_so(client: FlaskClient, at: str, status: int, said: str) -> None:
    for path in ("/sparql", "/answers"):
        response = client.get(path, query_string={"query": QUERY, "at": at})
        assert (response.status_code, said in response.json["detail"]) == (status, True), response.text


@pytest.mark.parametrize(
    ("date", "status"), [("yesterday", 400), ("2026-01-04", 400), ("Thu, 01 Jan 2015 00:00:00 GMT", 404)]
)
def test_a_date_that_is_none_is_refused_and_one_before_the_first_is_not_found(
    client: FlaskClient, date: str, status: int
) -> None:
    """RFC 7089, section 4.5.3, for the first."""
    assert client.get("/sparql", query_string={"query": QUERY}, headers={"Accept-Datetime": date}).status_code == status


def test_the_page_says_that_it_is_old_and_leads_on(app: Flask, client: FlaskClient) -> None:
    old = revisions(app)[OLD]
    page = client.get("/sparql", query_string={"query": QUERY, "at": old}, headers={"Accept": "text/html"})
    assert page.headers["Memento-Datetime"] == FIRST_PAPER
    assert f"at the commit <code>{old[:12]}</code>" in page.text
    assert f'name="at" value="{old}"' in page.text
    assert 'formaction="/answers"' in page.text, "without scripts"
    now = client.get("/sparql", query_string={"query": QUERY}, headers={"Accept": "text/html"})
    assert "This was the answer" not in now.text


def test_without_a_state_an_answer_leads_to_the_address_of_that_of_now(app: Flask, client: FlaskClient) -> None:
    response = client.get("/answers.json", query_string={"query": QUERY})
    assert response.status_code == 302
    assert response.headers["Cache-Control"] == "no-cache"
    assert response.headers["Location"].endswith(f"at={revisions(app)[-1]}")
    found = client.get(response.headers["Location"])
    assert found.json["gone"] == found.json["came"] == []
    assert "This is the state of now" in client.get(response.headers["Location"].replace(".json", ".html")).text


def test_an_answer_says_what_has_changed_since_and_how_to_cite_it(app: Flask, client: FlaskClient) -> None:
    asked = {"query": f"# What concepts are\n{QUERY}", "at": revisions(app)[OLD]}
    found = client.get("/answers.json", query_string=asked).json
    assert found["gone"] == ['<https://w3id.org/alignment-kb/concept/beta>\t"Made by a test, as beta."@en']
    assert '<https://w3id.org/alignment-kb/concept/delta>\t"What comes fourth."@en' in found["came"]
    tsv = client.get("/sparql", query_string=asked | {"format": "tsv"})
    head, *rows = tsv.text.splitlines()
    assert (
        found["sha256"] == hashlib.sha256("".join(f"{line}\n" for line in [head, *sorted(rows)]).encode()).hexdigest()
    )
    assert found["state"] == tsv.headers["Akb-State"]
    page = client.get("/answers", query_string=asked, headers={"Accept": "text/html"})
    assert page.headers["Akb-State"] == found["state"]
    for said in ("<h1>What concepts are</h1>", found["sha256"], found["state"], 'id="gone"', 'id="came"', "@misc{"):
        assert said in page.text
    for name in ("bib", "ris", "csl.json", "txt"):
        assert asked["at"] in client.get(f"/answers.{name}", query_string=asked).text


def test_an_answer_is_a_nanopublication_the_same_in_both_formats_whenever_it_is_asked_for(
    app: Flask, client: FlaskClient
) -> None:
    asked = {"query": QUERY, "at": revisions(app)[OLD]}
    trig = client.get("/answers", query_string=asked, headers={"Accept": "application/trig"})
    assert trig.content_type == "application/trig"
    quads = set(ox.parse(trig.data, format=ox.RdfFormat.TRIG))
    assert quads == set(ox.parse(client.get("/answers.nq", query_string=asked).data, format=ox.RdfFormat.N_QUADS))
    values = {quad.object.value for quad in quads if quad.predicate.value.endswith("result-set#value")}
    assert values >= {"https://w3id.org/alignment-kb/concept/alpha", "Made by a test, as alpha."}
    triples = client.get(
        "/answers.nq", query_string=asked | {"query": "CONSTRUCT { ?c a skos:Concept } { ?c a akb:Concept }"}
    )
    assert triples.text.count("<http://www.w3.org/2004/02/skos/core#Concept>") == 2
    assert "/assertion>" in triples.text


def test_a_yes_that_became_a_no_is_said(app: Flask, client: FlaskClient) -> None:
    found = client.get("/answers.html", query_string={"query": ASK, "at": revisions(app)[OLD]})
    assert ">No.<" in found.text
    assert "The answer is now: yes." in found.text


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("SELECT (NOW() AS ?t) {}", 400, "another answer"),
        ("SELECT * {", 400, ""),
        ("", 400, "Name a query"),
        ("SELECT * { ?a ?b ?c . ?d ?e ?f . FILTER(?a = concept:alpha) }", 413, "more than one cites"),
    ],
)
def test_what_cannot_be_cited_is_refused(client: FlaskClient, app: Flask, query: str, status: int, said: str) -> None:
    response = client.get("/answers", query_string={"query": query, "at": revisions(app)[-1]})
    assert (response.status_code, said in response.json["detail"]) == (status, True), response.text


def test_what_does_not_pass_the_check_of_today_is_not_found_and_says_why(app: Flask, client: FlaskClient) -> None:
    past = app.extensions["akb"].past
    unreadable = revisions(app)[9]
    assert client.get("/sparql", query_string={"query": ASK, "at": unreadable}).status_code == 503
    assert past.wait() == 1
    response = client.get("/sparql", query_string={"query": ASK, "at": unreadable})
    assert response.status_code == 404
    assert "do not pass the check of today" in response.json["detail"]
    assert revisions(app)[OLD][:12] in response.json["mend"]


def test_a_build_ends_with_the_server(app: Flask, tmp_path: Path) -> None:
    settings = replace(app.extensions["akb"].settings, state=tmp_path)
    settings.releases.symlink_to(app.extensions["akb"].settings.releases)
    other = create_app(settings)
    try:
        response = other.test_client().get("/sparql", query_string={"query": ASK, "at": revisions(app)[5]})
        assert response.status_code == 503
        process = other.extensions["akb"].past._states._process
    finally:
        other.extensions["akb"].close()
    assert process.returncode is not None


def test_a_state_that_nobody_committed_has_its_hash_for_a_name(travelled: Settings, tmp_path: Path) -> None:
    root = made_history.copy(travelled.root, tmp_path / "base")
    shutil.copytree(travelled.state, tmp_path / "state")
    settings = replace(travelled, root=root, state=tmp_path / "state")
    path = root / "kb/concept/made-0.ttl"
    path.write_text(path.read_text().replace("as made 0", "as nought"))
    info, _ = build(settings)
    assert not info.is_clean
    other = create_app(settings)
    client = other.test_client()
    try:
        location = client.get("/answers", query_string={"query": ASK}).headers["Location"]
        assert location.endswith(f"at={info.state}")
        assert "is that of no commit" in client.get(location, headers={"Accept": "text/html"}).text
        memento = client.get("/sparql", query_string={"query": ASK, "at": info.state})
        assert memento.headers["Akb-State"] == info.state
        # It is later than the last commit.
        assert (
            client.get(
                "/sparql", query_string={"query": ASK}, headers={"Accept-Datetime": "Tue, 01 Jan 2036 00:00:00 GMT"}
            ).headers["Akb-State"]
            == info.state
        )
    finally:
        other.extensions["akb"].close()
