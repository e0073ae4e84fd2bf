"""All texts are escaped, whatever an entity is called."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from server.build.build import build
from server.settings import Settings, read_settings

MakeApp = Callable[[Settings], Flask]

EVIL = "<script>alert('x')</script> & \\\"quotes\\\""


def test_markup_in_a_text_is_shown_and_not_obeyed(root: Path, tmp_path: Path, make_app: MakeApp) -> None:
    path = root / "kb/concept/compliance-gap.ttl"
    path.write_text(path.read_text().replace('prefLabel "Compliance Gap"', f'prefLabel "{EVIL}"'))
    other = root / "kb/concept/alignment-faking.ttl"
    other.write_text(other.read_text().replace('akb:note "Both bend', f'akb:note "{EVIL}Both bend'))
    settings = read_settings({"AKB_STATE": str(tmp_path / "state")}, root=root)
    build(settings)
    client = make_app(settings).test_client()
    for page in ("/concept/compliance-gap.html", "/concept/alignment-faking.html", "/concept.html", "/"):
        text = client.get(page).text
        ours = re.findall(r'<script type="application/ld\+json">|<script defer src="/static/[\w.?=]+">', text)
        assert text.count("<script") == text.count("</script") == len(ours)
    assert "&lt;script&gt;" in client.get("/concept/alignment-faking.html").text
    query = "SELECT ?l { concept:compliance-gap skos:prefLabel ?l }"
    page = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/html"}).text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    # The data carry the text as it is.
    assert "<script>alert('x')</script>" in client.get("/concept/compliance-gap.jsonld").json["@graph"][0]["label"]


def test_an_iri_that_is_no_address_is_not_a_link(client: object) -> None:
    query = 'SELECT (IRI("javascript:alert(1)") AS ?x) {}'
    page = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/html"}).text
    assert "javascript:alert(1)" in page
    assert 'href="javascript' not in page
