"""Requests within all limits of form that would be hours of work: each is refused at once, and says what to change."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from server.errors import TooLargeError
from server.knowledge.reconciliation.matching import MOST_COMPARISONS, MOST_VALUES, Matcher
from server.knowledge.reconciliation.records import Condition, Kind, Wanted
from server.schema.schema import Schema
from server.sparql.guards import READ_AT_ONCE
from server.store.embedded import Store
from server.web.data import hints
from tests.made import NAMESPACES


def test_a_batch_is_bounded_in_candidates_times_conditions(client: FlaskClient) -> None:
    """50 queries of 20 conditions of 20 values, each of 500 characters, once were two minutes of work."""
    conditions = [{"matchType": "name", "v": [f"alignment {n} {m}" for m in range(20)]} for n in range(20)]
    answer = client.post("/reconcile/1.0/match", json={"queries": [{"conditions": conditions}] * 50})
    assert answer.status_code == 413
    assert f"20,000 names and values; {MOST_VALUES:,} are taken" in answer.json["detail"]
    assert answer.json["mend"]


def test_a_batch_that_finds_too_many_candidates_is_refused_before_they_are_compared(
    store: Store, schema: Schema
) -> None:
    found = [f"{NAMESPACES.base}concept/c{number}" for number in range(200)]
    asked: list[str] = []

    def retrieve(text: str, _classes: object, _limit: int) -> list[str]:
        asked.append(text)
        return found

    matcher = Matcher(store, NAMESPACES, schema, {}, retrieve)
    texts = tuple(f"name {number}" for number in range(20))
    query = Wanted((Condition(Kind.NAME, texts[:1]), *(Condition(Kind.ID, texts),) * 19, Condition(Kind.ID, texts[1:])))
    assert matcher.matches([query] * 3) == [[]] * 3
    with pytest.raises(TooLargeError, match=f"400,000 comparisons .*; {MOST_COMPARISONS:,} are taken"):
        matcher.matches([query] * 5)
    assert asked == ["name 0"] * 8


def test_a_text_that_is_too_long_is_refused_with_its_length(client: FlaskClient) -> None:
    query = "SELECT * { VALUES ?a { " + "1 " * 200_000 + "} }"
    answer = client.post("/sparql", data=query, content_type="application/sparql-query")
    assert answer.status_code == 413
    assert f"{len(query):,} characters; this server reads 262,144" in answer.json["detail"]
    assert "in parts" in answer.json["mend"]


def test_a_long_list_is_still_answered(client: FlaskClient) -> None:
    query = "SELECT (COUNT(?a) AS ?n) { VALUES ?a { " + "(1)"[1] * 1 + " 1" * 100_000 + " } }"
    answer = client.post("/sparql", data={"query": query, "format": "csv"})
    assert (answer.status_code, answer.text.split()) == (200, ["n", "100001"])


@pytest.mark.parametrize("length", [100, READ_AT_ONCE + 1])
def test_a_call_is_refused_in_a_text_of_any_length(client: FlaskClient, length: int) -> None:
    query = "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }" + " " * length
    assert client.post("/sparql", data={"query": query}).status_code == 403


def test_what_nests_too_deeply_is_the_authors_error(client: FlaskClient) -> None:
    answer = client.post("/sparql", data={"query": "SELECT * " + "{" * 5000 + "}" * 5000})
    assert answer.status_code == 400
    assert "nests too deeply" in answer.json["detail"]


def test_an_error_in_a_long_text_has_its_place(client: FlaskClient) -> None:
    answer = client.post("/sparql", data={"query": "ASK {\n" + " " * READ_AT_ONCE + "nonsense }"})
    assert answer.status_code == 400
    assert "Line 2, column" in answer.json["detail"]


def test_a_form_of_very_many_fields_is_refused(client: FlaskClient) -> None:
    answer = client.post(
        "/sparql", data=b"query=ASK{}" + b"&a=" * 500_000, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 413


def test_only_a_few_terms_are_hinted_at(client: FlaskClient) -> None:
    """To look for what is near to a term takes as long as a small query, and a text has room for thousands of terms."""
    query = "ASK { ?s " + "|".join(f"akb:wrong{n}" for n in range(1000)) + " ?o }"
    hint = client.get(f"/sparql?query={quote(query)}").headers["Akb-Hint"]
    assert hint.count("is not in the ontology") == hints._MOST


def test_a_prefix_has_so_many_suggestions_and_no_more(client: FlaskClient) -> None:
    assert client.get("/reconcile/suggest/entity?prefix=a&cursor=10000").json == {"result": []}


def test_an_extension_is_worked_out_apart_and_as_it_was(client: FlaskClient) -> None:
    asked = {"ids": ["concept:alignment-faking", "nobody"], "properties": [{"id": "skos:prefLabel"}]}
    rows = client.post("/reconcile", data={"extend": json.dumps(asked)}).json["rows"]
    assert rows["concept:alignment-faking"]["skos:prefLabel"]
    assert rows["nobody"] == {"skos:prefLabel": []}
