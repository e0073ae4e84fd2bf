"""The rules for what clients send, and that nothing else gets past them."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from server.web.reconciliation.checking import SCHEMAS, validator
from tests.thorough import examples

NAME = {"matchType": "name", "propertyValue": "x"}


def test_the_schemas_are_schemas() -> None:
    for schema in SCHEMAS.values():
        Draft202012Validator.check_schema(schema)


def older(**query: Any) -> dict[str, Any]:
    return {"q0": query}


def draft(**condition: Any) -> dict[str, Any]:
    return {"queries": [{"conditions": [condition]}]}


def extension(**property_: Any) -> dict[str, Any]:
    return {"ids": ["a"], "properties": [property_]}


@pytest.mark.parametrize(
    ("name", "value", "is_valid"),
    [
        # reconciliation-query-batch.json of version 0.2
        ("queries", {}, True),
        ("queries", [], False),
        ("queries", {"": {"query": "x"}}, True),
        ("queries", {"q0": "x"}, False),
        ("queries", older(query=""), True),
        ("queries", older(query=1), False),
        ("queries", older(query="x", limit=5, type="a", type_strict="should", properties=[]), True),
        ("queries", older(query="x", type=["a", "b"]), True),
        ("queries", older(query="x", type=[1]), False),
        ("queries", older(query="x", type_strict="some"), False),
        ("queries", older(query="x", limit="5"), False),
        ("queries", older(query="x", props=[]), False),
        ("queries", older(limit=1), False),
        ("queries", older(properties=[]), False),
        ("queries", older(properties=[{"pid": "a", "v": "x"}]), True),
        ("queries", older(properties=[{"pid": "a", "v": "x", "more": 1}]), True),
        ("queries", older(properties=[{"pid": "a"}]), False),
        ("queries", older(properties=[{"v": "x"}]), False),
        *(
            ("queries", older(properties=[{"pid": "a", "v": value}]), True)
            for value in ("x", 1, 1.5, True, {"id": "a"})
        ),
        *(
            ("queries", older(properties=[{"pid": "a", "v": value}]), False)
            for value in (None, [None], [[]], {"name": "a"})
        ),
        ("queries", older(properties=[{"pid": "a", "v": ["x", {"id": "a", "name": "A"}, 1, False]}]), True),
        # reconciliation-query-batch.json of the draft 1.0
        ("draft", {"queries": []}, True),
        ("draft", {"queries": [], "more": 1}, True),
        ("draft", [], False),
        ("draft", {"q0": {"query": "x"}}, False),
        ("draft", {"queries": [{"conditions": []}]}, False),
        ("draft", {"queries": [{"limit": 1}]}, False),
        ("draft", {"queries": [{"conditions": [NAME], "type": "a", "limit": 5, "lang": "en", "dir": "rtl"}]}, True),
        ("draft", {"queries": [{"conditions": [NAME], "type": ["a"]}]}, False),
        ("draft", {"queries": [{"conditions": [NAME], "query": "x"}]}, False),
        ("draft", {"queries": [{"conditions": [NAME], "dir": "up"}]}, False),
        ("draft", {"queries": [{"conditions": [NAME], "lang": 1}]}, False),
        *(
            ("draft", draft(matchType=kind, propertyId="a", propertyValue="x"), True)
            for kind in ("name", "id", "property")
        ),
        ("draft", draft(matchType="names", propertyValue="x"), False),
        ("draft", draft(propertyValue="x"), False),
        ("draft", draft(matchType="name"), False),
        ("draft", draft(**NAME, required=True, matchQuantifier="none", matchQualifier="a:b", lang="zh-Hant"), True),
        ("draft", draft(**NAME, required="true"), False),
        ("draft", draft(**NAME, matchQuantifier="most"), False),
        ("draft", draft(**NAME, matchQualifier=1), False),
        ("draft", draft(matchType="name", propertyValue={"id": "a", "name": "A", "lang": "en", "dir": "auto"}), True),
        ("draft", draft(matchType="name", propertyValue={"id": "a", "dir": "up"}), False),
        # What the text of the draft adds: whose values, and how many candidates.
        ("draft", draft(matchType="property", propertyValue="x"), False),
        ("draft", {"queries": [{"conditions": [NAME], "limit": 0}]}, False),
        ("draft", {"queries": [{"conditions": [NAME], "limit": 5.0}]}, True),
        ("draft", {"queries": [{"conditions": [NAME], "limit": 5.5}]}, False),
        # data-extension-query.json of both
        ("extension", {"ids": [], "properties": []}, True),
        ("extension", {"ids": []}, False),
        ("extension", {"properties": []}, False),
        ("extension", {"ids": [1], "properties": []}, False),
        ("extension", extension(id="a", settings={"limit": "5", "content": "id"}), True),
        ("extension", extension(id="a", settings={"limit": 5}), True),
        ("extension", extension(id="a", settings=[]), False),
        ("extension", extension(settings={}), False),
        ("extension", extension(id=1), False),
    ],
)
def test_the_rules_are_those_that_the_specifications_publish(name: str, value: object, is_valid: bool) -> None:
    """Appendix "JSON Schemas", in both versions."""
    assert validator(name).is_valid(value) is is_valid


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"queries": [{"conditions": [{**NAME, "propertyValue": ["x"] * 20}] * 20}] * 50}, id="values"),
        pytest.param({"queries": [{"conditions": [1] * 100_000}]}, id="conditions"),
        pytest.param({"queries": [1] * 100_000}, id="queries"),
        pytest.param({"queries": [{"conditions": [{**NAME, "propertyValue": ["x"] * 100_000}]}]}, id="values of one"),
    ],
)
def test_what_is_too_much_is_refused_before_it_is_checked(
    value: object, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = counted_checks(monkeypatch)
    answer = client.post("/reconcile/1.0/match", json=value)
    assert (answer.status_code, answer.content_type) == (413, "application/problem+json")
    assert answer.json["mend"]
    assert looked_at() < 20


def counted_checks(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Count into how many parts of a value the check looks."""
    count = 0
    real = Draft202012Validator.descend

    def descend(self: Any, *arguments: Any, **named: Any) -> Any:
        nonlocal count
        count += 1
        return real(self, *arguments, **named)

    monkeypatch.setattr(Draft202012Validator, "descend", descend)
    return lambda: count


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
WHOLE = {
    "queries": older(
        query="x",
        limit=2,
        type="akb:Paper",
        type_strict="any",
        properties=[{"pid": "akb:authoredBy", "v": [{"id": "a"}, 1]}, {"propertyId": "bibo:doi", "propertyValue": "x"}],
    ),
    "draft": {
        "queries": [
            {
                "type": "akb:Paper",
                "limit": 2,
                "lang": "en",
                "conditions": [
                    {**NAME, "required": False, "matchQuantifier": "any", "matchQualifier": ""},
                    {"matchType": "property", "pid": "akb:authoredBy", "v": [{"id": "a", "name": "A"}, True, 1.5]},
                    {"matchType": "id", "propertyId": None, "propertyValue": "concept:alignment-faking"},
                ],
            }
        ]
    },
    "extension": {"ids": ["a", "b"], "properties": [{"id": "akb:authoredBy", "settings": {"limit": "1"}}]},
}


@st.composite
def almost_whole(draw: st.DrawFn, whole: object) -> object:
    """A value with some of its parts, wherever they are, replaced, taken out or given another name."""
    value = copy.deepcopy(whole)
    for _ in range(draw(st.integers(0, 3))):
        part: Any = value
        while isinstance(part, dict | list) and part:
            key = draw(st.sampled_from(sorted(part) if isinstance(part, dict) else range(len(part))))
            if not isinstance(part[key], dict | list) or not part[key] or draw(st.booleans()):
                match draw(st.sampled_from(("replace", "remove", "rename"))):
                    case "replace":
                        part[key] = draw(JSON_VALUES)
                    case "rename" if isinstance(part, dict):
                        part[draw(st.text(max_size=8))] = part.pop(key)
                    case _:
                        del part[key]
                break
            part = part[key]
    return value


@settings(max_examples=examples(80), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    name=st.sampled_from(sorted(WHOLE)),
    value=st.data(),
)
def test_any_json_has_an_answer_or_a_problem_that_says_what_is_wrong(
    name: str, value: st.DataObject, client: FlaskClient
) -> None:
    sent = json.dumps(value.draw(almost_whole(WHOLE[name]) | JSON_VALUES))
    answers = {
        "queries": lambda: [client.post("/reconcile", data={"queries": sent})],
        "draft": lambda: [client.post("/reconcile/1.0/match", data=sent, content_type="application/json")],
        "extension": lambda: [
            client.post("/reconcile", data={"extend": sent}),
            client.post("/reconcile/1.0/extend", data=sent, content_type="application/json"),
        ],
    }[name]()
    for answer in answers:
        assert answer.status_code in {200, 400, 413}
        if answer.status_code == 200:
            assert answer.content_type == "application/json"
        else:
            assert answer.content_type == "application/problem+json"
            assert answer.json["detail"]


@settings(max_examples=examples(50), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(body=st.binary(max_size=40) | st.text(alphabet='[]{}",:\\u0dx1eE+-. \ufeff', max_size=40).map(str.encode))
def test_any_body_has_an_answer_or_a_problem(body: bytes, client: FlaskClient) -> None:
    for address in ("/reconcile/1.0/match", "/reconcile/1.0/extend"):
        answer = client.post(address, data=body, content_type="application/json")
        assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
