"""The section "Related by similarity" on the page of an entity."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from server.build.build import build
from server.settings import Settings

AF = "/concept/alignment-faking"


def section(client: FlaskClient, path: str) -> str:
    """The section as HTML."""
    found = re.search(r'<section class="related".*?</section>', client.get(f"{path}.html").text, re.DOTALL)
    assert found
    return found[0]


def test_the_section_follows_the_neighbourhood_and_names_model_and_threshold(client: FlaskClient) -> None:
    page = client.get(f"{AF}.html").text
    assert page.index('id="neighbourhood"') < page.index('id="related"') < page.index('id="record"')
    heading = re.sub(r"<[^>]+>|\s+", " ", section(client, AF).split("</h2>")[0])
    assert "cosine ≥ 0.35 by character TF-IDF 1, no typed edge" in re.sub(r"\s+", " ", heading)


def test_each_has_class_label_score_with_three_decimals_gloss_and_why(client: FlaskClient) -> None:
    related = client.get(f"{AF}.json").json["related"]
    html = section(client, AF)
    assert related["candidates"]
    assert related["count"] == len(related["candidates"]) == html.count("<li ")
    for item, one in zip(html.split("<li ")[1:], related["candidates"], strict=True):
        assert f">{one['class']}</span>" in item
        assert f"{one['score']:.3f}" in item
        assert f'href="/candidate/{one["candidate"]}"' in item
        assert one["definition"] in unescape(item)
        assert one["label"] in unescape(item)
        assert ("strong</strong>" in item) == one["strong"] == (one["score"] >= 0.65)
        assert (">\nby name" in item or " by name" in item) == (one["score"] < related["threshold"])
    assert [one["worth"] for one in related["candidates"]] == sorted(
        (one["worth"] for one in related["candidates"]), reverse=True
    )


def test_the_count_leads_to_the_list_in_the_queue(client: FlaskClient) -> None:
    link = re.search(r'class="number" href="(/review\?[^"]+)"[^>]*>(\d+)<', section(client, AF))
    assert link
    answer = client.get(unescape(link[1]), headers={"Accept": "application/json"}).json
    assert answer["count"] == int(link[2])


def test_markdown_lists_the_same_as_json(client: FlaskClient) -> None:
    text = client.get(f"{AF}.md").text.partition("## Related by similarity")[2]
    for one in client.get(f"{AF}.json").json["related"]["candidates"]:
        assert f"`{one['id']}`, {one['score']:.3f}" in text


def test_an_entity_with_nothing_near_says_so(client: FlaskClient) -> None:
    empty = [
        path
        for path in (f"/{row['id'].replace(':', '/')}" for row in client.get("/concept.json").json["entities"])
        if not client.get(f"{path}.json").json["related"]["count"]
    ]
    assert empty
    assert "Nothing else is similar to this" in section(client, empty[0])


def test_a_release_without_an_embedding_says_so(
    settings: Settings, tmp_path: Path, make_app: Callable[[Settings], Flask]
) -> None:
    own = replace(settings, embedding="none", state=tmp_path)
    build(own)
    client = make_app(own).test_client()
    paths = [f"/{row['id'].replace(':', '/')}" for row in client.get("/concept.json").json["entities"]]
    html = "".join(section(client, path) for path in paths)
    assert "built without an embedding" in html
    assert "cosine ≥" not in html
    assert client.get(f"{AF}.json").json["related"]["model"] is None
    # Names are still compared, and what is near by them has no score to show.
    listed = [one for path in paths for one in client.get(f"{path}.json").json["related"]["candidates"]]
    assert listed
    assert {one["score"] for one in listed} == {None}
