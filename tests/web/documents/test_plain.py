"""The plain formats: JSON as docs/addresses.md says, CSV with a row for each edge, Markdown that reads as it is."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from server.build.build import build
from server.formats.texts import isolated
from server.formats.writing import markdown_code, markdown_text, write_csv
from server.settings import read_settings

AF = "/concept/alignment-faking"
PAPER = "/paper/alignment-faking-in-llms"


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_plain_formats_of_an_entity_tell_the_same_numbers(client: FlaskClient) -> None:
    whole = client.get(f"{AF}.json").json
    table = rows(client.get(f"{AF}.csv").text)
    markdown = client.get(f"{AF}.md").text
    neighbours = [one for group in whole["neighbourhood"] for one in group["neighbours"]]
    assert whole["neighbours"] == len(neighbours) == len({row["id"] for row in table}) == 24
    assert [row["id"] for row in table] == [one["id"] for one in neighbours for _ in one["links"]]
    assert [row["edge"] for row in table] == [link["edge"] for one in neighbours for link in one["links"]]
    for group in whole["neighbourhood"]:
        assert group["count"] == len(group["neighbours"])
        assert f"### {group['label']} ({group['count']})" in markdown
    assert all(one["id"] in markdown for one in neighbours)


def test_the_json_has_the_members_that_the_documentation_names(client: FlaskClient, repository: Path) -> None:
    section = (repository / "docs/addresses.md").read_text().split("## Plain JSON")[1].split("## Links")[0]
    told = set(re.findall(r"`(\w+)`", section))
    whole = client.get(f"{AF}.json").json
    group = whole["neighbourhood"][0]
    neighbour = group["neighbours"][0]
    of_class = client.get("/concept.json").json
    related = whole["related"]
    candidate = related["candidates"][0]
    for record in (
        whole,
        group,
        neighbour,
        neighbour["links"][0],
        related,
        candidate,
        of_class,
        client.get("/ontology.json").json,
    ):
        assert record.keys() <= told
    fact = client.get("/paper/alignment-faking-in-llms.json").json["facts"][0]
    assert fact.keys() <= told


def test_the_markdown_of_every_entity_is_well_formed_and_has_its_parts(client: FlaskClient) -> None:
    reader = MarkdownIt()
    for entry in rows(client.get("/paper.csv").text) + rows(client.get("/thinker.csv").text):
        text = client.get("/" + entry["id"].replace(":", "/") + ".md").text
        tokens = reader.parse(text)
        headings = [tokens[n + 1].content for n, token in enumerate(tokens) if token.type == "heading_open"]
        assert len(headings[0]) > 2
        assert "Neighbourhood" in headings
        assert entry["id"] in text
        assert "\n\n\n\n" not in text
        assert "<script" not in reader.render(text)


def test_classes_the_ontology_and_the_dataset_have_plain_formats(client: FlaskClient) -> None:
    of_class = client.get("/concept.json").json
    table = rows(client.get("/concept.csv").text)
    assert of_class["count"] == len(of_class["entities"]) == len(table)
    assert [row["id"] for row in table] == [one["id"] for one in of_class["entities"]]
    assert client.get("/concept.md").text.startswith(f"# Concepts ({len(table)})\n")
    ontology = client.get("/ontology.json").json
    terms = rows(client.get("/ontology.csv").text)
    assert [row["iri"] for row in terms] == [one["iri"] for kind in ("classes", "properties") for one in ontology[kind]]
    assert "`akb:Concept`" in client.get("/ontology.md").text
    dataset = client.get("/.well-known/void.json").json
    counts = {(row["kind"], row["of"]): int(row["count"]) for row in rows(client.get("/.well-known/void.csv").text)}
    assert counts["dataset", "triples"] == dataset["triples"]
    assert {part["iri"]: part["count"] for part in dataset["graphs"]}.items() <= {
        of: count for (kind, of), count in counts.items() if kind == "graph"
    }.items()


def _is_readable_or_refused(client: FlaskClient, path: str) -> None:
    """Hold that what is for people has no control characters, and that XML for programs is refused (XML 1.0, 2.2)."""
    for address in (f"{path}.html", f"{path}/card", f"{path}/picture.svg", f"{path}.md", f"{path}.txt", f"{path}.bib"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]", answer.text), address
        if address.endswith(".svg"):
            ElementTree.fromstring(answer.text)
    assert '<h1 dir="auto">Odd' in client.get(f"{path}.html").text
    assert "\u2068Odd שלום \u202e\u2069." in client.get(f"{path}.txt").text
    for address in (f"{path}.rdf", "/paper.rdf", "/graph/asserted.rdf", f"{path}/neighbourhood.rdf"):
        answer = client.get(address)
        assert (answer.status_code, answer.content_type) == (406, "application/problem+json"), address
        assert "U+0001, after 'Odd '" in answer.json["detail"]
        assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(f"{path}.json").json["label"] == "Odd \x01\x0c\ufffe שלום \u202e"


def test_markup_in_a_text_is_text_in_every_plain_format(
    root: Path, tmp_path: Path, make_app: Callable[..., Flask]
) -> None:
    evil = "# [x](javascript:1) <script>alert(1)</script> *a* _b_ `c` | &amp; 1. \\"
    path = root / "kb/concept/compliance-gap.ttl"
    quoted = evil.replace("\\", "\\\\")
    path.write_text(path.read_text().replace('prefLabel "Compliance Gap"', f'prefLabel "{quoted}"'))
    odd = root / "kb/paper/alignment-faking-in-llms.ttl"
    title = "Alignment faking in large language models"
    odd.write_text(odd.read_text().replace(f'prefLabel "{title}"', r'prefLabel "Odd \u0001\u000C\uFFFE שלום \u202E"'))
    settings = read_settings({"AKB_STATE": str(tmp_path / "state")}, root=root)
    build(settings)
    client = make_app(settings).test_client()
    _is_readable_or_refused(client, PAPER)
    for address in ("/concept/compliance-gap.md", f"{AF}.md", "/concept.md"):
        page = MarkdownIt("commonmark").render(client.get(address).text)
        assert "<script" not in page
        assert "javascript:1" not in re.findall(r'href="([^"]*)', page)
        shown = "# [x](javascript:1) &lt;script&gt;alert(1)&lt;/script&gt; *a* _b_ `c` | &amp;amp; 1. \\"
        assert shown in page, address
    assert client.get("/concept/compliance-gap.json").json["label"] == evil
    assert evil in {row["label"] for row in rows(client.get("/concept.csv").text)}


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=80))
def test_any_text_is_one_line_of_markdown_that_reads_as_it_is(text: str) -> None:
    line = " ".join(text.split())
    tokens = MarkdownIt("commonmark").parse(markdown_text(text))
    if not line:
        assert tokens == []
        return
    [_, inline, _] = tokens
    assert {child.type for child in inline.children} <= {"text", "text_special"}
    assert "".join(child.content for child in inline.children) == isolated(line)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=80))
def test_any_text_is_one_code_span(text: str) -> None:
    line = " ".join(text.split())
    if line:
        [_, inline, _] = MarkdownIt("commonmark").parse("x " + markdown_code(text))
        assert inline.children[-1].content == line


@given(st.lists(st.lists(st.text(st.characters(exclude_characters="\0")), min_size=2, max_size=2), max_size=5))
def test_any_rows_can_be_read_back(cells: list[list[str]]) -> None:
    """RFC 4180."""
    read = list(csv.reader(io.StringIO(write_csv(("a", "b"), cells), newline="")))
    assert read == [["a", "b"], *cells]


def test_a_withdrawn_entity_leaves_a_tombstone(root: Path, tmp_path: Path, make_app: Callable[..., Flask]) -> None:
    (root / "kb/concept/old-notion.ttl").write_text(
        """@prefix akb: <https://w3id.org/alignment-kb/ontology#> .
@prefix akbv: <https://w3id.org/alignment-kb/schemes#> .
@prefix concept: <https://w3id.org/alignment-kb/concept/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

concept:old-notion a akb:Concept ;
    dcterms:identifier "concept:old-notion" ;
    skos:prefLabel "Old notion"@en ;
    skos:definition "What nobody speaks of any more."@en ;
    akb:status akbv:deprecated ;
    dcterms:source "a book" ;
    owl:deprecated true .
"""
    )
    settings = read_settings({"AKB_STATE": str(tmp_path / "state")}, root=root)
    build(settings)
    client = make_app(settings).test_client()
    address = "/concept/old-notion"
    for accept in ("text/html", "application/json", "*/*", "text/turtle"):
        response = client.get(address, headers={"Accept": accept})
        assert response.status_code == 410
        assert "Accept" in response.vary
        if accept == "text/turtle":
            assert response.content_type == "text/turtle; charset=utf-8"
            assert "owl:deprecated true" in response.text
        else:
            assert f"<{address}.ttl>" in response.headers["Link"]
            assert "was withdrawn" in response.text
    assert client.get(f"{address}.nt").status_code == 410
    assert client.get(f"{address}.nt").content_type == "application/n-triples"
    assert client.get(f"{address}.json").content_type == "application/problem+json"
    assert client.get(f"{address}.html", headers={"Accept": "text/html"}).status_code == 410
    assert client.get(f"{address}/card").status_code == 410
