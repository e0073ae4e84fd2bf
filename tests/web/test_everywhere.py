"""What holds at every address of the application, found in its own table of addresses: CORS, a true type, problems."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import product
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.thorough import NIGHTLY, part

SAMPLES = {
    "class": ["concept", "quote"],
    "name": ["ontology", "schemes", "concept", "asserted", "drafts-waiting"],
    "slug": ["alignment-faking", "alignment-faking.ttl", "no-such-thing", "Alignment-Faking", "%00"],
    "extension": ["ttl", "html", "json", "nowhere"],
    "edge": ["e939a43396", "nowhere"],
    "filename": ["style.css", "editor.js", "search.js", "icon.svg", "claim.png", "nowhere.css"],
    "page": ["search", "nowhere"],
    "version": ["0.1.0", "nowhere"],
    "prefix": ["concept", "akb", "nowhere"],
    "kind": ["entity", "property", "type", "nowhere"],
    "local": ["alignment-faking", "Concept"],
}
"""What stands for the variable parts of an address, right and wrong."""
UNKNOWN = ["1.0", "nowhere"]
EXAMPLE = {"class": "concept", "name": "concept", "slug": "alignment-faking", "extension": "json"}
MADE = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "BREW")
HTML = re.compile(r"\s*<!doctype html>", re.IGNORECASE)


def addresses(rule: Rule) -> list[str]:
    """Return addresses that a rule matches, with each value of each variable part.

    Parts vary together, but for those of the address of an entity: there one is other than in EXAMPLE.
    """
    whole = re.sub(r"<any\(([^)]*)\):name>", lambda part: part[1].split(",")[0].strip(" '\""), rule.rule)
    names = [name for name in sorted(rule.arguments) if re.search(rf"<(?:\w+:)?{name}>", whole)]
    chosen = [dict(zip(names, some, strict=True)) for some in product(*(SAMPLES.get(name, UNKNOWN) for name in names))]
    if "slug" in names:
        chosen = [one for one in chosen if sum(one[name] != EXAMPLE[name] for name in names) <= 1]
    return [re.sub(r"<(?:\w+:)?(\w+)>", lambda part, one=one: one[part[1]], whole) for one in chosen]


def is_true(content_type: str, body: bytes) -> bool:
    """Tell whether a body is what its type says, as far as its form tells."""
    media_type = content_type.partition(";")[0]
    if media_type == "image/png":
        return body.startswith(b"\x89PNG")
    text = body.decode("utf-8")
    if media_type.endswith(("/json", "+json")):
        json.loads(text)
    elif media_type.endswith(("+xml", "/xml")):
        ElementTree.fromstring(body)
    elif media_type == "text/html":
        return HTML.match(text) is not None
    else:
        return HTML.match(text) is None
    return True


def test_every_address_of_the_table_is_walked(client: FlaskClient) -> None:
    rules = list(client.application.url_map.iter_rules())
    assert len(rules) >= 25
    assert all(addresses(rule) for rule in rules)
    assert "<" not in "".join(address for rule in rules for address in addresses(rule))


@pytest.mark.parametrize("accept", [None, "text/html", "application/json", "application/problem+json", "image/png"])
def test_no_answer_lacks_cors_a_true_type_or_a_problem_where_a_program_asked(
    accept: str | None, client: FlaskClient
) -> None:
    headers = {} if accept is None else {"Accept": accept}
    walked = failed = 0
    for rule in client.application.url_map.iter_rules():
        for address in addresses(rule):
            # Each address is tried with two methods, by turns.
            for method in MADE if NIGHTLY else ("GET", MADE[1 + walked // 2 % 6]):
                with client.open(address, method=method, headers=headers) as response:
                    body = response.data
                about = (method, address, response.status)
                walked += 1
                assert response.status_code < 500, about
                assert response.headers["Access-Control-Allow-Origin"] == "*", about
                assert response.headers["X-Content-Type-Options"] == "nosniff", about
                assert response.content_type, about
                if method == "HEAD":
                    assert not body, about
                elif body:
                    assert is_true(response.content_type, body), about
                if response.status_code >= 400:
                    failed += 1
                    wanted = "text/html; charset=utf-8" if accept == "text/html" else "application/problem+json"
                    assert response.content_type == wanted, about
                    assert "Accept" in response.vary, about
                    if body and wanted == "application/problem+json":
                        assert json.loads(body)["status"] == response.status_code, about
    assert walked > 300
    assert failed > 50


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
ELSEWHERE = ["/concept/", "/Concept", "/concept/Alignment_Faking", "/nowhere", "/nowhere/at/all"]
"""Addresses that lead to others, and such as there are none."""


def test_what_options_says_is_what_each_method_does(client: FlaskClient) -> None:
    """RFC 9110: 9.3.7 (OPTIONS), 10.2.1 (Allow), 15.5.6 (405); Fetch, section 3.2.3: the preflight allows the same."""
    allowed_somewhere: set[str] = set()
    walked = [address for rule in client.application.url_map.iter_rules() for address in part(addresses(rule), 3)]
    for address in dict.fromkeys((*walked, *ELSEWHERE)):
        preflight = {"Origin": "https://example.org", "Access-Control-Request-Method": "PUT"}
        options = client.options(address, headers=preflight)
        there = options.status_code == 200
        assert there or options.status_code == 404, address
        allowed = set(filter(None, options.headers.get("Allow", "").split(", ")))
        assert there is ("OPTIONS" in allowed), address
        assert options.headers.get("Access-Control-Allow-Methods") == options.headers.get("Allow"), address
        assert "PUT" not in allowed, address
        allowed_somewhere |= allowed
        for method in METHODS:
            with client.open(address, method=method) as response:
                status, about = response.status_code, (method, address, response.status)
                assert (status == 405) is (there and method not in allowed), about
                assert status != 403, about
                if status == 405:
                    assert response.headers["Allow"] == options.headers["Allow"], about
                    if method in {"PUT", "PATCH", "DELETE"}:
                        assert "read-only" in response.json["detail"], about
                        assert "pull request" in response.json["mend"], about
    assert allowed_somewhere == {"GET", "HEAD", "OPTIONS", "POST"}, "nothing is changed here"


def test_the_server_as_a_whole_says_what_it_takes(client: FlaskClient) -> None:
    """RFC 9110, section 9.3.7: `OPTIONS *`."""
    assert client.options("*").headers["Allow"] == "GET, HEAD, OPTIONS, POST"


def test_a_page_elsewhere_may_send_and_read_every_header_that_counts(client: FlaskClient) -> None:
    """Fetch, section 3.2: what a preflight allows, and what an answer exposes."""
    sent = client.options("/graph/asserted.nt").headers["Access-Control-Allow-Headers"].split(", ")
    assert {"Accept", "Accept-Profile", "Content-Type", "If-None-Match", "If-Range", "Range"} <= {*sent}
    answer = client.get("/graph/asserted.nt", headers={"Range": "bytes=0-9"})
    exposed = answer.headers["Access-Control-Expose-Headers"].split(", ")
    assert {"Accept-Ranges", "Allow", "Content-Range", "ETag", "Link", "Location", "Retry-After"} <= {*exposed}


def test_a_fault_of_ours_is_a_problem_with_cors_too(settings: object, make_app: Callable[..., Flask]) -> None:
    app = make_app(settings)
    app.add_url_rule("/broken", view_func=lambda: 1 / 0)
    response = app.test_client().get("/broken")
    assert (response.status_code, response.content_type) == (500, "application/problem+json")
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("size", [2_000_001])
def test_a_request_that_is_too_large_is_a_problem_with_cors_too(size: int, client: FlaskClient) -> None:
    response = client.post("/sparql", data=b"x" * size, content_type="application/sparql-query")
    assert (response.status_code, response.content_type) == (413, "application/problem+json")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
