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
NAME = {"matchType": "name", "propertyValue": "Alignment faking"}
PROPERTY = {"matchType": "property", "propertyId": "akb:about", "propertyValue": "x"}


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
    newer = {"propertyId": "akb:authoredBy", "propertyValue": "Greenblatt et al."}
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
            "conditions": [
                {"matchType": "name", "propertyValue": "alignment faking"},
                {"matchType": "property", **newer},
            ],
        },
        {"conditions": [{"matchType": "name", "propertyValue": "Hubinger"}], "lang": "en", "dir": "ltr"},
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
        {"conditions": [{"matchType": "id", "propertyValue": CONCEPT}]},
        {"conditions": [{"matchType": "id", "propertyValue": "10.48550/arXiv.2412.14093"}]},
        {"conditions": [{"matchType": "id", "propertyValue": "Alignment faking"}]},
    )
    assert [(one["id"], one["match"], one["score"]) for one in by_curie] == [(CONCEPT, True, 100)]
    assert [one["id"] for one in by_doi] == [PAPER]
    assert nothing == []


def test_a_condition_can_be_required_and_quantified(client: FlaskClient) -> None:
    """Structure of a Reconciliation Query: required, matchQuantifier."""
    authors = {"matchType": "property", "propertyId": "akb:authoredBy", "required": True}
    papers = {"type": "akb:Paper", "limit": 50}
    name = {"matchType": "name", "propertyValue": "fake alignment"}
    here, there = "Greenblatt et al.", "Sheshadri et al."
    free, strict, everyone, nobody, refused = matched(
        client,
        {**papers, "conditions": [name]},
        {**papers, "conditions": [name, {**authors, "propertyValue": here}]},
        {
            **papers,
            "conditions": [name, {**authors, "propertyValue": [here, "nobody at all"], "matchQuantifier": "all"}],
        },
        {**papers, "conditions": [name, {**authors, "propertyValue": [here], "matchQuantifier": "none"}]},
        {**papers, "conditions": [name, {**authors, "propertyValue": [here, there], "matchQuantifier": "any"}]},
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
    found = held(schemas.ENTITIES, client.get("/reconcile/1.0/suggest/entity?prefix=align&limit=3").json)["result"]
    for name in ("offset", "cursor"):
        answer = client.get(f"/reconcile/1.0/suggest/entity?prefix=align&limit=2&{name}=1")
        assert answer.json["result"] == found[1:], "the draft renamed cursor in July 2025"
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
        (
            {"queries": [{"conditions": [{"propertyValue": "x"}]}]},
            "matchType is missing; it should be name, property or",
        ),
        ({"queries": [{"conditions": [{**NAME, "matchType": []}]}]}, "conditions[0].matchType is [], and not name, "),
        (
            {"queries": [{"conditions": [{"matchType": "name"}]}]},
            "conditions[0].propertyValue is missing; it should be",
        ),
        ({"queries": [{"conditions": [{**NAME, "matchType": "property"}]}]}, "conditions[0].propertyId is missing"),
        ({"queries": [{"conditions": [{**PROPERTY, "propertyId": None}]}]}, "conditions[0].propertyId is null"),
        (
            {"queries": [{"conditions": [{**PROPERTY, "propertyId": "P31"}]}]},
            "conditions[0]: there is no property 'P31'",
        ),
        ({"queries": [{"conditions": [{"matchType": "name", "v": [[]]}]}]}, "queries[0].conditions[0].v[0] is []"),
        (
            {"queries": [{"conditions": [{**NAME, "propertyValue": {"id": 1}}]}]},
            "propertyValue.id is 1, and not a string",
        ),
        ({"queries": [{"conditions": [{**NAME, "dir": "up"}]}]}, 'conditions[0].dir is "up", and not ltr, rtl or auto'),
        ({"queries": [{"conditions": [{**NAME, "required": "yes"}]}]}, "conditions[0].required"),
        ({"queries": [{"conditions": [{**NAME, "matchQuantifier": "most"}]}]}, "matchQuantifier"),
        ({"queries": [{"conditions": [{**NAME, "matchQualifier": "skos:exactMatch"}]}]}, "matchQualifier"),
        ({"queries": [{"conditions": [NAME], "type": ["akb:Paper"]}]}, "queries[0].type"),
        (
            {"queries": [{"conditions": [NAME], "query": "x"}]},
            "queries[0] has 'query', which no query has; it may have",
        ),
        ({"queries": [{"conditions": [NAME], "limit": 0}]}, "queries[0].limit is 0, and not a whole number above 0"),
        ({"queries": [{"condition": [NAME]}]}, "Did you mean 'conditions'?"),
        ({"q0": {"query": "x"}}, "queries is missing"),
    ],
)
def test_a_malformed_batch_is_a_problem_that_says_where(body: object, place: str, client: FlaskClient) -> None:
    answer = client.post("/reconcile/1.0/match", json=body)
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert place in answer.json["detail"]


def test_the_words_from_before_june_2025_are_understood(client: FlaskClient) -> None:
    """Structure of a Reconciliation Query: `v` and `pid` are now `propertyValue` and `propertyId`."""
    by = {"matchType": "property", "required": True}
    older, newer, both, mixed = matched(
        client,
        {"conditions": [{"matchType": "name", "v": "alignment"}, {**by, "pid": "akb:authoredBy", "v": "Hubinger"}]},
        {
            "conditions": [
                {"matchType": "name", "propertyValue": "alignment"},
                {**by, "propertyId": "akb:authoredBy", "propertyValue": "Hubinger"},
            ]
        },
        {
            "conditions": [
                {"matchType": "name", "propertyValue": "alignment", "v": "nothing like it"},
                {**by, "propertyId": "akb:authoredBy", "pid": "P50", "propertyValue": "Hubinger", "v": [[]]},
            ]
        },
        {
            "conditions": [
                {"matchType": "name", "v": "alignment"},
                {**by, "pid": "akb:authoredBy", "propertyValue": ["Hubinger"]},
            ]
        },
    )
    assert older == newer == both == mixed


def test_what_the_draft_does_not_forbid_is_read(client: FlaskClient) -> None:
    """Structure of a Reconciliation Query: values of different kinds, ids that a name needs not, null for nothing."""
    [found, same, nothing] = matched(
        client,
        {"conditions": [NAME]},
        {
            "conditions": [{**NAME, "propertyId": "P31", "matchQualifier": None, "lang": "en"}],
            "type": None,
            "limit": 10.0,
        },
        {
            "conditions": [
                {"matchType": "name", "propertyValue": [" ", "", True, 1, {"id": "x", "name": "X", "lang": "de"}]}
            ]
        },
    )
    assert found == same
    assert CONCEPT not in [one["id"] for one in nothing]


def test_a_body_may_begin_with_a_byte_order_mark_and_is_utf_8(client: FlaskClient) -> None:
    body = json.dumps({"queries": [{"conditions": [NAME]}]})
    answers = [
        client.post("/reconcile/1.0/match", data=data, content_type="application/json; charset=utf-8")
        for data in (body.encode("utf-8-sig"), body.encode("utf-16"), b'"\xff"')
    ]
    assert [one.status_code for one in answers] == [200, 400, 400]
    assert answers[2].json["detail"] == "The body is not in UTF-8: byte 1 is no part of a character."


def test_sizes_and_types_of_bodies_are_limited(client: FlaskClient) -> None:
    assert client.post("/reconcile/1.0/match", json={"queries": [{"conditions": [NAME]}] * 51}).status_code == 413
    assert client.post("/reconcile/1.0/match", data={"queries": "[]"}).status_code == 415
    assert client.post("/reconcile/1.0/match", data="{", content_type="application/json").status_code == 400
    assert (
        client.post("/reconcile/1.0/extend", data="x" * 2_000_001, content_type="application/json").status_code == 413
    )
