"""Entities side by side, over HTTP: what they share and where they differ, the same in every format."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

SCALE, SMALL, UNTRAINED = (
    "claim:alignment-faking-emerges-with-scale",
    "claim:an-8b-model-shows-it",
    "claim:arose-without-training-or-instruction",
)
KOORNDIJK = "paper:alignment-faking-in-a-small-llm"


def asked(client: FlaskClient, *named: str, extension: str = "json"):
    return client.get(f"/compare.{extension}?{urlencode([('id', one) for one in named])}")


def held(client: FlaskClient, curie: str) -> dict[tuple[str, str], set[str]]:
    """Return the other ends of the edges of an entity, by predicate and direction."""
    found: dict[tuple[str, str], set[str]] = {}
    for group in client.get(f"/{curie.replace(':', '/')}.json").json["neighbourhood"]:
        for neighbour in group["neighbours"]:
            for link in neighbour["links"]:
                found.setdefault((link["predicate"], link["phrase"]), set()).add(neighbour["id"])
    return found


@pytest.mark.parametrize("named", [(SCALE, SMALL), (SCALE, SMALL, UNTRAINED), (KOORNDIJK, SCALE)])
def test_each_edge_is_shared_or_differs_and_none_is_lost(named: tuple[str, ...], client: FlaskClient) -> None:
    found = asked(client, *named).json
    assert [one["id"] for one in found["entities"]] == list(named)
    shared = {(row["property"], row["name"]): {one.get("id") for one in row["values"]} for row in found["shared"]}
    for place, curie in enumerate(named):
        cells = {
            (row["property"], row["name"]): {one.get("id") for one in row["cells"][place]} for row in found["differing"]
        }
        for way, ends in held(client, curie).items():
            others = ends - {*named}
            assert shared.get(way, set()) | cells.get(way, set()) == others or not others
            assert not shared.get(way, set()) & cells.get(way, set())
            everybody = set.intersection(*(held(client, one).get(way, set()) for one in named)) - {*named}
            assert shared.get(way, set()) == everybody


def test_edges_between_them_are_said_once_and_what_is_joined_otherwise_too(client: FlaskClient) -> None:
    found = asked(client, SCALE, SMALL).json
    assert [(one["from"]["id"], one["notation"], one["to"]["id"]) for one in found["between"]] == [
        (SCALE, "contradicts", SMALL)
    ]
    meeting = next(one for one in found["joinedDifferently"] if one["id"] == KOORNDIJK)
    assert [[link["notation"] for link in cell] for cell in meeting["edges"]] == [["disputes"], ["asserts"]]


def test_the_page_the_table_and_markdown_say_the_same(client: FlaskClient) -> None:
    found = asked(client, SCALE, SMALL).json
    rows = list(csv.reader(io.StringIO(asked(client, SCALE, SMALL, extension="csv").text)))
    assert rows[0] == ["part", "row", SCALE, SMALL]
    assert {len(row) for row in rows} == {4}
    page = asked(client, SCALE, SMALL, extension="html").text
    markdown = asked(client, SCALE, SMALL, extension="md").text
    ends = {one["id"] for row in found["differing"] for cell in row["cells"] for one in cell if "id" in one}
    ends |= {one["id"] for row in found["shared"] for one in row["values"] if "id" in one}
    assert len(ends) > 5
    for curie in ends:
        assert f'href="/{curie.replace(":", "/", 1)}"' in page
        assert f"](/{curie.replace(':', '/', 1)}.md)" in markdown
        assert any(f"({curie})" in cell for row in rows for cell in row)
    assert "style=" not in page


def test_names_will_do_and_an_entity_is_named_once(client: FlaskClient) -> None:
    found = asked(client, "Alignment Faking", "concept:alignment-faking", "sycophancy in llms").json
    assert [one["id"] for one in found["entities"]] == ["concept:alignment-faking", "concept:sycophancy-in-llms"]


def test_whoever_names_too_few_or_too_many_is_helped(client: FlaskClient) -> None:
    for extension in ("json", "csv", "md"):
        assert asked(client, SCALE, extension=extension).status_code == 400
        assert asked(client, SCALE, "nothing so called", extension=extension).status_code == 404
    page = asked(client, SCALE, extension="html")
    assert page.status_code == 200
    assert f'<input type="hidden" name="id" value="{SCALE}">' in page.text
    unknown = asked(client, SCALE, "alignment faking in", extension="html")
    assert unknown.status_code == 404
    assert f"/compare?{urlencode({'id': SCALE})}&amp;id=" in unknown.text
    everything = [one["id"] for one in client.get("/claim.json").json["entities"]][:6]
    many = asked(client, *everything, extension="html")
    assert many.status_code == 400
    less = re.findall(r'<a class="remove" href="([^"]+)"', many.text)
    assert len(less) == 6
    assert client.get(less[0].replace("&amp;", "&"), headers={"Accept": "text/html"}).status_code == 200
