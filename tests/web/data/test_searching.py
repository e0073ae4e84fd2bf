"""Search inside queries, as clients of the endpoint see it: what the search page and the vectors find."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

AF = "https://w3id.org/alignment-kb/concept/alignment-faking"
DOCS = Path(__file__).parents[3] / "docs" / "sparql.md"
EXAMPLES = re.findall(r"```sparql\n(.*?SERVICE akb:.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)


def body(response: TestResponse) -> dict[str, Any]:
    assert response.json is not None
    return dict(response.json)


def ask(client: FlaskClient, query: str) -> list[dict[str, str]]:
    response = client.get("/sparql", query_string={"query": query})
    assert response.status_code == 200, response.text
    return [{name: cell["value"] for name, cell in row.items()} for row in body(response)["results"]["bindings"]]


def test_words_find_what_the_search_page_finds_in_its_order(client: FlaskClient) -> None:
    for words in ("faking", "alignmnet fakign", "a phrase that no entity has"):
        rows = ask(
            client, f'SELECT ?e {{ SERVICE akb:search {{ ?e akb:matches "{words}" ; akb:rank ?n }} }} ORDER BY ?n'
        )
        found = body(client.get("/search.json", query_string={"q": words, "mode": "text", "size": 100}))
        assert [row["e"] for row in rows] == [hit["iri"] for hit in found["items"]], words


def test_what_is_near_is_told_with_its_cosine_and_is_not_the_thing_itself(client: FlaskClient) -> None:
    near = client.application.extensions["akb"].release().finder.similarity
    rows = ask(client, "SELECT ?e ?s { SERVICE akb:near { ?e akb:nearTo concept:alignment-faking ; akb:score ?s } }")
    assert rows
    assert all(row["e"] != AF and float(row["s"]) == pytest.approx(near.cosine(AF, row["e"]), abs=2e-4) for row in rows)
    papers = ask(client, "SELECT ?e { ?e a akb:Paper SERVICE akb:near { ?e akb:nearTo concept:alignment-faking } }")
    assert {row["e"] for row in papers} >= {row["e"] for row in rows if "/paper/" in row["e"]}
    assert ask(client, 'SELECT ?t { SERVICE akb:near { ?e akb:nearTo "alignment faking" ; akb:snippet ?t } }')[0]["t"]


@pytest.mark.parametrize("query", EXAMPLES)
def test_the_examples_of_the_manual_answer(query: str, client: FlaskClient) -> None:
    ask(client, query)


def test_the_manual_has_examples_of_both() -> None:
    assert {name for query in EXAMPLES for name in re.findall(r"SERVICE akb:(\w+)", query)} == {"search", "near"}


def test_an_answer_that_searches_is_kept_as_any_other(client: FlaskClient) -> None:
    query = {"query": 'SELECT ?e { SERVICE akb:search { ?e akb:matches "faking" } }'}
    first, second = (client.get("/sparql", query_string=query) for _ in range(2))
    assert first.headers["ETag"] == second.headers["ETag"]
    assert "no-cache" not in first.headers["Cache-Control"]
    assert (
        client.get("/sparql", query_string=query, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    )
    corrected = {"query": query["query"].replace("faking", "fakign")}
    assert "instead of 'fakign'" in client.get("/sparql", query_string=corrected).headers["Akb-Hint"]


def test_what_may_stand_behind_service_is_completed(client: FlaskClient) -> None:
    offered = body(client.get("/sparql/completions"))
    names = [one["name"] for one in offered["services"]]
    assert [name.partition(" ")[0] for name in names] == ["akb:search", "akb:near"]
    for name in names:
        assert client.get("/sparql", query_string={"query": f"SELECT * {{ SERVICE {name} }}"}).status_code == 200
    assert {"akb:matches", "akb:nearTo", "akb:score"} <= {one["name"] for one in offered["predicates"]}


def test_a_base_without_vectors_says_so(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.knowledge.searches.can_embed", lambda _: False)
    query = 'SELECT * { SERVICE akb:near { ?e akb:nearTo "a text without vectors" } }'
    refused = client.get("/sparql", query_string={"query": query})
    assert (refused.status_code, "SERVICE akb:search" in body(refused)["mend"]) == (403, True)
    silent = client.get("/sparql", query_string={"query": query.replace("SERVICE", "SERVICE SILENT")})
    assert "nothing that finds by meaning" in silent.headers["Akb-Hint"]
