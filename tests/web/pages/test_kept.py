"""Kept queries as pages, data and commands: the same answer in each, for every value that a form can send."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from server.cli.main import main
from server.records.views import VIEWS
from server.settings import Settings

CLAIM = "claim:alignment-faking-emerges-with-scale"
LABEL = "Alignment faking appears almost exclusively in models at the scale of Claude 3 Opus and Claude 3.5 Sonnet"
PATH = "/query/evidence-on-a-claim"
HTML = {"Accept": "text/html"}


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_they_are_listed_with_what_they_are_about(client: FlaskClient) -> None:
    listed = client.get("/query.json").json["items"]
    assert [one["name"] for one in listed] == ["evidence-on-a-claim", "papers-by-year"]
    assert listed[0]["parameters"][1] == {
        "name": "side",
        "label": "Side",
        "type": "choice",
        "choices": ["for", "against"],
    }
    assert [row["name"] for row in rows_of(client.get("/query.csv").text)] == [one["name"] for one in listed]
    page = client.get("/query", headers=HTML).text
    for one in listed:
        assert f'<a href="/query/{one["name"]}">' in page
        assert client.get(f"/query/{one['name']}", headers=HTML).status_code == 200
    assert 'href="/query"' in client.get("/about", headers=HTML).text


def test_an_answer_is_the_same_as_page_json_csv_and_on_the_command_line(
    client: FlaskClient, settings: Settings
) -> None:
    found = client.get(f"{PATH}.json?claim={CLAIM}").json
    assert found["total"] == len(found["rows"]) > 0
    assert found["complete"] is True
    assert found["columns"] == ["claim", "claimLabel", "which", "evidence", "evidenceLabel", "note"]
    assert {row["claimLabel"] for row in found["rows"]} == {LABEL}
    assert rows_of(client.get(f"{PATH}.raw.csv?claim={CLAIM}").text) == found["rows"]
    page = client.get(f"{PATH}?claim={CLAIM}&view=table", headers=HTML).text
    assert page.count("<tr>") == len(found["rows"]) + 1
    runner = CliRunner(env={"AKB_ROOT": str(settings.root), "AKB_STATE": str(settings.state)})
    asked = runner.invoke(main, ["query", "--kept", "evidence-on-a-claim", f"claim={CLAIM}"])
    assert [row["evidence"] for row in rows_of(asked.stdout)] == [row["evidence"] for row in found["rows"]]
    shown = runner.invoke(main, ["query", "--kept", "evidence-on-a-claim", f"claim={CLAIM}", "--show"]).stdout
    assert shown.strip() == found["query"].strip()
    assert client.get("/sparql", query_string={"query": found["query"]}).status_code == 200


def test_numbers_are_numbers_and_a_parameter_narrows(client: FlaskClient) -> None:
    every = client.get("/query/papers-by-year.json").json
    late = client.get("/query/papers-by-year.json?since=2024").json
    assert every["values"] == {"since": "1900"}
    assert {type(row["works"]) for row in every["rows"]} == {int}
    assert late["rows"] == [row for row in every["rows"] if row["year"] >= 2024]
    assert len(late["rows"]) < len(every["rows"])


def test_the_form_holds_the_values_and_links_name_them(client: FlaskClient) -> None:
    page = client.get(f"{PATH}?claim={LABEL}&side=for", headers=HTML).text
    assert f'name="claim" value="{CLAIM}"' in page, "a name stands for the entity that alone has it"
    assert '<option value="for" selected>' in page
    link = unescape(re.search(r'<p><a href="([^"]+)" rel="nofollow">Link to this', page)[1])  # type: ignore[index]
    assert parse_qs(urlsplit(link).query) == {"claim": [CLAIM], "side": ["for"]}
    assert client.get(link, headers=HTML).status_code == 200
    nav = page.partition('<nav class="views"')[2].partition("</nav>")[0]
    tabs = re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', nav)
    assert {"Table", "Bars", "Pivot table", "Cards", "Graph"} <= {label for _, label in tabs}
    for address, _ in tabs:
        assert client.get(unescape(address), headers=HTML).status_code == 200
    assert "curl -s" in page
    assert "read.csv(" in page


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("claim=no+such+thing+at+all", 400, "No entity, or more than one, is known by"),
        ("side=sideways", 400, "Give one of for, against"),
        ("sides=for", 400, "has no parameter &#39;sides&#39;; there are: claim, side."),
        ("claim=%3Curn:x%3E%20%3Fp", 400, "No entity, or more than one"),
    ],
)
def test_what_does_not_fit_is_said_at_the_form_and_in_data(
    query: str, status: int, said: str, client: FlaskClient
) -> None:
    page = client.get(f"{PATH}?{query}", headers=HTML)
    assert (page.status_code, said in page.text or unescape(said) in unescape(page.text)) == (status, True), page.text
    for address in (PATH, f"{PATH}.json", f"{PATH}.md"):
        data = client.get(f"{address}?{query}", headers={"Accept": "application/json"})
        assert (data.status_code, data.mimetype) == (status, "application/problem+json")
        assert data.json["detail"].startswith(unescape(said)[:10]) or unescape(said) in data.json["detail"]


def test_an_unknown_name_is_not_found_and_a_near_one_is_offered(client: FlaskClient) -> None:
    found = client.get("/query/paper-by-year", headers={"Accept": "application/json"})
    assert (found.status_code, found.json["mend"]) == (404, "did you mean papers-by-year?")


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_of_a_query_is_a_page_without_scripts_and_without_styles_in_it(
    view: str, client: FlaskClient
) -> None:
    query = """SELECT ?claim ?paper ?date ?n ("for" AS ?kind) WHERE {
      ?paper akb:asserts ?claim ; dcterms:issued ?issued . BIND(STR(?issued) AS ?date) BIND(STRLEN(?date) AS ?n) }"""
    answer = client.get("/sparql", query_string={"query": query, "view": view}, headers=HTML)
    assert answer.status_code == 200
    section = answer.text.partition('<h2 id="result">')[2].partition("</section>")[0]
    assert f'aria-current="true" rel="nofollow">{VIEWS[view]}</a>' in section
    assert " style=" not in section
    assert ("<svg" in section) is (view not in {"table", "pivot"})


def test_what_an_answer_lacks_for_a_view_is_said(client: FlaskClient) -> None:
    query = "SELECT ?word { VALUES ?word { 'a' } }"
    text = client.get("/sparql", query_string={"query": query, "view": "line"}, headers=HTML).text
    assert "The view Line needs a column of dates or numbers, which this answer lacks." in text


def test_a_table_for_excel_has_labels_a_mark_and_no_formula(client: FlaskClient) -> None:
    query = f"SELECT ?claim ('=1+1' AS ?sum) {{ VALUES ?claim {{ {CLAIM} }} }}"
    answer = client.get("/sparql", query_string={"query": query, "format": "excel.csv"})
    assert answer.data.startswith(b"\xef\xbb\xbfclaim,claimLabel,sum\r\n")
    [row] = rows_of(answer.data.decode())
    assert (row["claimLabel"], row["sum"]) == (LABEL, "'=1+1")


def test_labels_are_answered_for_a_list_of_iris(client: FlaskClient, settings: Settings) -> None:
    iri = settings.namespaces.entity("claim", CLAIM.partition(":")[2])
    found = client.post("/sparql/labels", json=[iri, "urn:nothing", "no <iri>", "} SELECT {"])
    assert found.json == {iri: LABEL}
    for wrong in ({"a": 1}, [1], ["x"] * 2001):
        assert client.post("/sparql/labels", json=wrong).status_code in {400, 413}


def test_the_command_lists_tests_and_explains(settings: Settings) -> None:
    runner = CliRunner(env={"AKB_ROOT": str(settings.root), "AKB_STATE": str(settings.state)})
    assert "side: Side; choice (for | against), may be left out" in runner.invoke(main, ["query", "--kept"]).stdout
    tested = runner.invoke(main, ["query", "--test"])
    assert tested.exit_code == 0
    assert all(line.endswith(", ok") for line in tested.stdout.splitlines())
    for words, said in (
        (["query"], "There is no query."),
        (["query", "a", "b"], "There are 2 queries."),
        (["query", "--kept", "papers-by-year", "since"], "'since' is no value."),
        (["query", "--kept", "papers-by-year", "since=x"], "give a year such as 2024."),
        (["query", "--kept", "nope"], "There is no kept query 'nope'."),
    ):
        failed = runner.invoke(main, words)
        assert failed.exit_code != 0
        assert said in failed.stderr, failed.stderr


def test_completions_have_labels_definitions_and_what_they_belong_to(client: FlaskClient) -> None:
    found = client.get("/sparql/completions").json
    supports = next(one for one in found["predicates"] if one["name"] == "akb:supports")
    assert supports["definition"]
    assert supports["range"] == "akb:Claim"
    note = next(one for one in found["predicates"] if one["name"] == "akb:note")
    assert "akb:Edge" in note["of"], "the shapes say which classes have a property"
    person = next(one for one in found["classes"] if one["name"] == "akb:Person")
    assert "akb:Thinker" in person["above"]
    assert json.dumps(found).count('"definition": ""') < len(found["classes"]) + len(found["predicates"])
