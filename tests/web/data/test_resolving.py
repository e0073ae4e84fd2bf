"""The resolver: CURIEs in paths, and identifiers of any kind. Most of its table is in test_matrix.py."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

AF = "/concept/alignment-faking"


@pytest.mark.parametrize(
    "start", ["/concept:alignment-faking", "/resolve?id=concept:alignment-faking", "/Concept:Alignment_Faking"]
)
def test_a_curie_leads_to_the_document_in_the_format_that_is_wanted(start: str, client: FlaskClient) -> None:
    response = client.get(start, headers={"Accept": "text/turtle"}, follow_redirects=True)
    assert (response.status_code, response.request.path) == (200, f"{AF}.ttl")


@pytest.mark.parametrize(
    "identifier",
    [
        "https://evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "concept",
        ":",
        "file:///etc/passwd",
    ],
)
def test_what_is_not_known_leads_nowhere(identifier: str, client: FlaskClient) -> None:
    response = client.get("/resolve", query_string={"id": identifier})
    assert response.status_code == 404
    assert "Location" not in response.headers


def test_several_identifiers_or_none_are_a_mistake(client: FlaskClient) -> None:
    assert client.get("/resolve?id=a&id=b").status_code == 400
    assert client.get("/resolve?id=").status_code == 400


def test_an_unknown_curie_of_ours_ends_at_its_close_matches(client: FlaskClient) -> None:
    response = client.get("/resolve?id=concept:alignmnt-faking", follow_redirects=True)
    assert response.status_code == 404
    assert response.json["close"][0]["id"] == "concept:alignment-faking"


@given(st.text(max_size=60))
def test_any_text_is_answered_and_leads_to_no_unknown_host(client: FlaskClient, text: str) -> None:
    response = client.get("/resolve", query_string={"id": text})
    assert response.status_code in {303, 400, 404}
    if response.status_code == 303 and not response.location.startswith("/"):
        assert text.partition(":")[0] in client.application.extensions["akb"].release().namespaces.prefixes()
