"""The draft 1.0 of the Reconciliation Service API: other clothes for the same answers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from tests.web.reconciliation import schemas

PAPER = "paper:alignment-faking-in-llms"
CONCEPT = "concept:alignment-faking"
NAME = {"matchType": "name", "v": "Alignment faking"}


def held(schema: schemas.Schema, value: Any) -> Any:
    Draft202012Validator(schema).validate(value)
    return value


def matched(client: FlaskClient, *queries: dict[str, Any]) -> list[list[dict[str, Any]]]:
    answer = client.post("/reconcile/1.0/match", json={"queries": list(queries)})
    assert answer.status_code == 200, answer.text
    found = held(schemas.DRAFT_RESULTS, answer.json)["results"]
    assert len(found) == len(queries)
    return [one["candidates"] for one in found]


def test_the_manifest_is_as_the_draft_says(client: FlaskClient) -> None:
    """Service Manifest."""
    manifest = held(schemas.DRAFT_MANIFEST, client.get("/reconcile/1.0").json)
    assert manifest["suggest"] == {"entity": True, "property": True, "type": True}
    assert manifest["standardizedScore"] is True


def test_both_versions_find_the_same(client: FlaskClient) -> None:
    by = {"pid": "akb:authoredBy", "v": "Greenblatt et al."}
    old = {
        "a": {"query": "alignment faking", "type": "akb:Paper", "limit": 3, "properties": [by]},
        "b": {"query": "Hubinger"},
    }
    before = client.post("/reconcile", data={"queries": json.dumps(old)}).json
    found = matched(
        client,
        {
            "type": "akb:Paper",
            "limit": 3,
            "conditions": [{"matchType": "name", "v": "alignment faking"}, {"matchType": "property", **by}],
        },
        {"conditions": [{"matchType": "name", "v": "Hubinger"}], "lang": "en"},
    )
    for one, other in zip(found, before.values(), strict=True):
        assert [(it["id"], it["score"], it["match"]) for it in one] == [
            (it["id"], it["score"], it["match"]) for it in other["result"]
        ]
    assert all(feature["name"] for one in found for it in one for feature in it["features"])


def test_an_identifier_is_a_condition(client: FlaskClient) -> None:
    """Structure of a Reconciliation Query: matchType id."""
    [by_curie, by_doi, nothing] = matched(
        client,
        {"conditions": [{"matchType": "id", "v": CONCEPT}]},
        {"conditions": [{"matchType": "id", "v": "10.48550/arXiv.2412.14093"}]},
        {"conditions": [{"matchType": "id", "v": "Alignment faking"}]},
    )
    assert [(one["id"], one["match"], one["score"]) for one in by_curie] == [(CONCEPT, True, 100)]
    assert [one["id"] for one in by_doi] == [PAPER]
    assert nothing == []


def test_a_condition_can_be_required_and_quantified(client: FlaskClient) -> None:
    """Structure of a Reconciliation Query: required, matchQuantifier."""
    authors = {"matchType": "property", "pid": "akb:authoredBy", "required": True}
    papers = {"type": "akb:Paper", "limit": 50}
    name = {"matchType": "name", "v": "fake alignment"}
    here, there = "Greenblatt et al.", "Sheshadri et al."
    free, strict, everyone, nobody, refused = matched(
        client,
        {**papers, "conditions": [name]},
        {**papers, "conditions": [name, {**authors, "v": here}]},
        {**papers, "conditions": [name, {**authors, "v": [here, "nobody at all"], "matchQuantifier": "all"}]},
        {**papers, "conditions": [name, {**authors, "v": [here], "matchQuantifier": "none"}]},
        {**papers, "conditions": [name, {**authors, "v": [here, there], "matchQuantifier": "any"}]},
    )
    assert PAPER in [one["id"] for one in strict]
    assert len(strict) < len(free)
    assert everyone == []
    assert PAPER not in [one["id"] for one in nobody]
    assert {one["id"] for one in strict} < {one["id"] for one in refused}


def test_values_are_given(client: FlaskClient) -> None:
    """Data Extension Responses: the same values, in arrays."""
    query = {"ids": [PAPER, "concept:no-such-thing"], "properties": [{"id": "akb:arxivId"}, {"id": "akb:authoredBy"}]}
    found = held(schemas.DRAFT_EXTENSION, client.post("/reconcile/1.0/extend", json=query).json)
    before = client.post("/reconcile", data={"extend": json.dumps(query)}).json
    assert found["meta"] == before["meta"]
    assert {row["id"]: {one["id"]: one["values"] for one in row["properties"]} for row in found["rows"]} == before[
        "rows"
    ]


def test_suggestions_previews_and_proposals_are_where_the_draft_says(client: FlaskClient) -> None:
    """Overview of Possible Routes."""
    held(schemas.ENTITIES, client.get("/reconcile/1.0/suggest/entity?prefix=align").json)
    for kind in ("property", "type"):
        whole = held(schemas.TERMS, client.get(f"/reconcile/1.0/suggest/{kind}?prefix=").json)
        assert len(whole["result"]) >= 10
    assert "Alignment Faking" in client.get(f"/reconcile/1.0/preview?id={CONCEPT}").text
    held(schemas.PROPOSAL, client.get("/reconcile/1.0/extend/propose?type=akb:Paper").json)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ([], "the body is []"),
        ({}, "queries is missing"),
        ({"queries": {}}, "queries is {}"),
        ({"queries": [1]}, "queries[0] is 1"),
        ({"queries": [{}]}, "queries[0].conditions is missing"),
        ({"queries": [{"conditions": []}]}, "queries[0].conditions is empty"),
        ({"queries": [{"conditions": [{"v": "x"}]}]}, "conditions[0].matchType is missing"),
        ({"queries": [{"conditions": [{"matchType": [], "v": "x"}]}]}, "conditions[0].matchType is []"),
        ({"queries": [{"conditions": [{"matchType": "name"}]}]}, "conditions[0] has no v"),
        ({"queries": [{"conditions": [{"matchType": "property", "v": "x"}]}]}, "needs a pid"),
        ({"queries": [{"conditions": [{**NAME, "pid": "akb:about"}]}]}, "must not have one"),
        ({"queries": [{"conditions": [{**NAME, "required": "yes"}]}]}, "conditions[0].required"),
        ({"queries": [{"conditions": [{**NAME, "matchQuantifier": "most"}]}]}, "matchQuantifier"),
        ({"queries": [{"conditions": [{**NAME, "matchQualifier": "skos:exactMatch"}]}]}, "matchQualifier"),
        ({"queries": [{"conditions": [NAME], "type": ["akb:Paper"]}]}, "queries[0].type"),
        ({"queries": [{"conditions": [NAME], "query": "x"}]}, "queries[0] has 'query'"),
    ],
)
def test_a_malformed_batch_is_a_problem_that_says_where(body: object, place: str, client: FlaskClient) -> None:
    answer = client.post("/reconcile/1.0/match", json=body)
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert place in answer.json["detail"]


def test_sizes_and_types_of_bodies_are_limited(client: FlaskClient) -> None:
    assert client.post("/reconcile/1.0/match", json={"queries": [{"conditions": [NAME]}] * 51}).status_code == 413
    assert client.post("/reconcile/1.0/match", data={"queries": "[]"}).status_code == 415
    assert client.post("/reconcile/1.0/match", data="{", content_type="application/json").status_code == 400
    assert (
        client.post("/reconcile/1.0/extend", data="x" * 2_000_001, content_type="application/json").status_code == 413
    )
