"""Addresses that are almost right."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from server.web.http.redirects import tidied
from tests.made import CLASSES


@pytest.mark.parametrize(
    ("path", "tidy"),
    [
        ("/", "/"),
        ("//", "/"),
        ("/concept/", "/concept"),
        ("//Concept//Alignment_Faking.TTL/", "/concept/alignment-faking.ttl"),
        ("/concept/x.linkset.json", "/concept/x.linkset.json"),
        ("/CONCEPT/a b/neighbourhood", "/concept/a b/neighbourhood"),
        ("/edge/ABC_1", "/edge/ABC_1"),
        ("/edge/AB1", "/edge/ab1"),
        ("/Ontology/", "/ontology"),
        ("/akb:Concept/", "/akb:Concept"),
        ("/static/A.css", "/static/A.css"),
        ("/concept/<Script>", "/concept/<Script>"),
        ("/concept/对齐", "/concept/对齐"),
    ],
)
def test_a_path_is_tidied(path: str, tidy: str) -> None:
    assert tidied(path, CLASSES) == tidy


@given(st.text(max_size=60))
def test_a_tidied_path_is_tidy_and_leads_to_no_other_host(text: str) -> None:
    tidy = tidied(f"/{text}", CLASSES)
    assert tidied(tidy, CLASSES) == tidy
    assert tidy.startswith("/")
    assert not tidy.startswith("//")


@pytest.mark.parametrize(
    "path", ["/.//evil.example/", "//evil.example//concept/", "/\\evil.example/", "/%5C%5Cevil.example/"]
)
def test_no_redirect_leads_to_another_host(path: str, client: FlaskClient) -> None:
    response = client.get(path, base_url="http://localhost")
    assert response.status_code == 404 or response.location.startswith("/concept")


def test_nothing_is_redirected_to_where_nothing_is_and_only_reads_are(client: FlaskClient) -> None:
    assert client.get("/nowhere/").status_code == 404
    assert client.post("/concept/").status_code == 404
    assert client.get("/concept/%FF%FE/").status_code in {301, 404}
