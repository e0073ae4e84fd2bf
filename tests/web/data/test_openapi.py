"""The description of all addresses: valid OpenAPI, complete, and true of what the server answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Request, request
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from werkzeug.datastructures import ImmutableMultiDict

from server.web.data.addressed.table import ADDRESSES
from server.web.data.openapi import offered
from tests.web.test_everywhere import addresses

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
EXAMPLES = 1
"""Requests for each operation, of which there are a hundred; at home they are others each time."""


@pytest.fixture(scope="module")
def described(client: FlaskClient) -> dict[str, Any]:
    """Return the description as programs get it."""
    return client.get("/openapi.json").json


def test_it_is_valid(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1.")
    assert [str(error) for error in OpenAPIV31SpecValidator(described).iter_errors()] == []
    ids = [one["operationId"] for path in described["paths"].values() for one in path.values()]
    assert len(ids) == len({*ids})
    assert all(one["summary"] for path in described["paths"].values() for one in path.values())


def test_it_has_every_documented_address_and_no_other(described: dict[str, Any], repository: object) -> None:
    text = (repository / "docs/addresses.md").read_text().split("## Formats")[0]
    documented = {re.sub(r"<[^>]*>", "{}", address) for address in re.findall(r"`(/[^`]*)`", text)}
    assert {re.sub(r"{[^}]*}", "{}", path) for path in described["paths"]} == documented


def test_every_route_of_ours_is_in_the_table(client: FlaskClient) -> None:
    routes = {rule.endpoint for rule in client.application.url_map.iter_rules()}
    assert ADDRESSES.keys() <= routes
    assert routes - ADDRESSES.keys() == set(), "say in server/web/data/addressed/ what it takes and answers"


def test_the_methods_are_those_that_an_address_takes(client: FlaskClient, described: dict[str, Any]) -> None:
    for path, methods in described["paths"].items():
        if "{" not in path:
            allowed = client.options(path).headers["Allow"].lower().split(", ")
            assert {*methods} == {*allowed} - {"head", "options"}, path


def documents(described: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], list[str]]]:
    """Yield the address of a document of each kind, what is said of it, and the extensions that it is to have."""
    values = {"class": "concept", "slug": "alignment-faking", "page": "search", "version": "0.1.0"}
    for path, methods in described["paths"].items():
        if not path.endswith(".{extension}"):
            continue
        parts = {one["name"]: one["schema"] for one in methods["get"]["parameters"] if one["in"] == "path"}
        own = {name: values.get(name) or schema.get("enum", [""])[0] for name, schema in parts.items()}
        if all(own.values()):
            yield path.removesuffix(".{extension}").format(**own), methods["get"], parts["extension"]["enum"]


def test_a_document_has_the_formats_that_are_named_and_no_others(
    client: FlaskClient, described: dict[str, Any]
) -> None:
    queries = {
        "/path": "?from=concept:alignment-faking&to=concept:goal-misgeneralization",
        "/explore": "?open=concept:alignment-faking",
        "/explain": "?subject=concept:alignment-faking&predicate=a&object=akb:Concept",
        "/answers": "?query=ASK%7B%7D",
        "/listed": "?name=Ann+Author",
        "/compare": "?id=concept:alignment-faking&id=concept:goal-misgeneralization",
    }
    walked = 0
    for address, said, extensions in documents(described):
        query = queries.get(address, "")
        refused = client.get(f"{address}.nothing{query}", follow_redirects=True).json["detail"]
        if "has no history" in refused:
            continue  # what differs between two states is tested where there are two
        named = re.findall(r"\.([\w.]*\w)", refused.partition("there are ")[2])
        assert sorted(named) == sorted(extensions), address
        # Each format has its own media type everywhere (tests/web/test_matrix.py): one will do.
        answer = client.get(f"{address}.{extensions[-1]}{query}", follow_redirects=True)
        assert answer.mimetype in said["responses"]["200"]["content"], address
        walked += 1
    assert walked > 20


def test_every_parameter_that_is_read_is_described(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    read: set[tuple[str, str]] = set()

    class Recorded(ImmutableMultiDict):
        def get(self, key: str, *rest: Any, **more: Any) -> Any:
            read.add((request.endpoint, key))
            return super().get(key, *rest, **more)

        def getlist(self, key: str, *rest: Any) -> Any:
            read.add((request.endpoint, key))
            return super().getlist(key, *rest)

        def __contains__(self, key: object) -> bool:
            read.add((request.endpoint, str(key)))
            return super().__contains__(key)

    class Recording(Request):
        parameter_storage_class = Recorded

    monkeypatch.setattr(client.application, "request_class", Recording)
    for rule in client.application.url_map.iter_rules():
        if "extension" not in rule.arguments:
            for accept in ("text/html", "application/json"):
                # Some are read only where there are any.
                client.get(f"{addresses(rule)[0]}?size=2", headers={"Accept": accept})
    taken = {(endpoint, one.name) for endpoint, known in ADDRESSES.items() for one in known.parameters}
    # Every document reads these two; only one with profiles has any to choose from.
    unsaid = {(endpoint, name) for endpoint, name in read if name in {"_profile", "_mediatype"}}
    forms = {("review.decide_on", "download")}
    assert read - unsaid - taken - forms == set()
    assert len(read) > 80


@pytest.fixture(scope="module")
def tried(client: FlaskClient) -> list[Any]:
    """Return the operations as Schemathesis reads them."""
    schema = schemathesis.openapi.from_wsgi("/openapi.json", client.application)
    return [result.ok() for result in schema.get_all_operations()]


PARTS = 8


@pytest.mark.parametrize("part", range(PARTS))
def test_the_server_answers_as_it_is_described(part: int, tried: list[Any]) -> None:
    """Schemathesis makes requests from the description, and holds each answer to it."""
    assert len(tried) > 90
    for operation in tried[part::PARTS]:
        # What it would make up is no entity.
        is_entity = "/{slug}" in operation.path
        _try(operation, {"class": "concept", "slug": "alignment-faking"} if is_entity else {})


def _try(operation: Any, parts: dict[str, str]) -> None:
    @settings(max_examples=EXAMPLES, database=None, phases=[Phase.generate], suppress_health_check=[*HealthCheck])
    @given(st.data())
    def once(data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy(path_parameters=parts or None))
        # It asks for codings that it does not read without a network.
        case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})

    once()


def test_the_page_lists_every_address_once(client: FlaskClient, described: dict[str, Any]) -> None:
    text = client.get("/openapi", headers={"Accept": "text/html"}).text
    shown = re.findall(r'<dt id="[^"]*"><span class="chip">(\w+)</span> <code>([^<]*)</code>', text)
    wanted = {
        (method.upper(), path)
        for path, methods in described["paths"].items()
        for method in methods
        if "{extension}" not in path
    }
    assert len(shown) == len({*shown})
    assert {*shown} == wanted


def test_formats_that_every_document_has_are_said_of_each() -> None:
    assert [one.name for one in offered(ADDRESSES["gaps.every_gap"].formats_now())] == [
        "html",
        "md",
        "csv",
        "json",
        "raw.csv",
        "linkset.json",
    ]
