"""The card of an entity: what it tells, what stands in its place, and that it is kept."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from tests.made import CLASSES

AF = "/concept/alignment-faking"


def main_of(page: str) -> str:
    return re.search(r"<main>(.*)</main>", page, re.DOTALL)[1]


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_it_tells_class_names_definition_and_edges(client: FlaskClient) -> None:
    response = client.get("/method/reinforcement-learning-from-human-feedback/card")
    assert (response.status_code, response.content_type) == (200, "text/html; charset=utf-8")
    assert plain(main_of(response.text)) == (
        "method method:reinforcement-learning-from-human-feedback Reinforcement Learning from Human Feedback "
        "A way of fine-tuning models on human judgement: people compare outputs, a reward model learns to predict "
        "their choices, and reinforcement learning then pushes the model towards outputs that score well. "
        "Also: RLHF 4 edges"
    )


def test_it_says_what_the_data_say_of_every_entity(client: FlaskClient) -> None:
    told = 0
    for name in CLASSES:
        for entity in client.get(f"/{name}.json").json["entities"]:
            text = plain(main_of(client.get(f"/{entity['id'].replace(':', '/')}/card").text))
            data = client.get(f"/{entity['id'].replace(':', '/')}.json").json
            edges = f"{entity['edges']} edge" + "s" * (entity["edges"] != 1)
            for part in (name, entity["id"], data["label"], data["definition"], *data["altLabels"]):
                assert " ".join(part.split()) in text, entity["id"]
            assert text.endswith(f" {edges}")
            told += 1
    assert told == 61


def test_nothing_in_it_takes_the_focus_or_is_a_heading(client: FlaskClient) -> None:
    """ARIA 1.2, tooltip: it describes, and whoever walks by keyboard never comes into it."""
    assert not re.search(r"<(a|button|input|summary|h\d)\b|tabindex", main_of(client.get(f"{AF}/card").text))


def test_it_is_kept_and_known_again(client: FlaskClient) -> None:
    first = client.get(f"{AF}/card")
    assert "max-age=" in first.headers["Cache-Control"]
    assert first.headers["Last-Modified"]
    again = client.get(f"{AF}/card", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_it_is_a_page_of_its_own_that_names_the_entity_and_is_not_to_be_found(client: FlaskClient) -> None:
    page = client.get(f"{AF}/card").text
    assert "<title>Alignment Faking</title>" in page
    assert '<link rel="canonical" href="https://w3id.org/alignment-kb/concept/alignment-faking">' in page
    assert '<meta name="robots" content="noindex">' in page


@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        ("/concept/nowhere/card", 404, None),
        ("/method/rlhf/card", 301, "/method/reinforcement-learning-from-human-feedback/card"),
        (f"{AF}/card/", 301, f"{AF}/card"),
        (f"{AF}/card.ttl", 404, None),
    ],
)
def test_what_is_not_there_is_answered_as_for_the_entity(
    path: str, status: int, location: str | None, client: FlaskClient
) -> None:
    response = client.get(path)
    assert (response.status_code, response.headers.get("Location")) == (status, location)
