"""Topics, organizations and people with what is joined to them by class and year."""

from __future__ import annotations

import csv
import io

import pytest
from flask.testing import FlaskClient


def of(client: FlaskClient, curie: str, extension: str = "json"):
    return client.get(f"/{curie.replace(':', '/')}/by-year.{extension}")


def by_class(found: dict) -> dict[str, list[str]]:
    return {kin["class"]: [one["id"] for one in kin["entities"]] for kin in found["classes"]}


@pytest.mark.parametrize("curie", ["concept:alignment-faking", "thinker:anthropic", "thinker:evan-hubinger"])
def test_neighbours_and_lists_are_in_it_the_newest_first(curie: str, client: FlaskClient) -> None:
    found = of(client, curie).json
    listed = by_class(found)
    for group in client.get(f"/{curie.replace(':', '/')}.json").json["neighbourhood"]:
        assert {one["id"] for one in group["neighbours"]} <= {*listed[group["class"]]}
    for name in listed:
        for facet in ("topic", "organization", "author"):
            answer = client.get(f"/{name}.json?{facet}={curie}")
            if answer.status_code == 200:
                assert {one["id"] for one in answer.json["entities"]} <= {*listed[name]}
    for kin in found["classes"]:
        dates = [one["issued"] or "" for one in kin["entities"]]
        assert dates == sorted(dates, reverse=True)
    assert found["total"] == sum(map(len, listed.values()))
    dated = sum(1 for kin in found["classes"] for one in kin["entities"] if one["issued"])
    assert sum(sum(year["counts"].values()) for year in found["years"]) == dated > 0


def test_the_people_of_a_topic_wrote_about_it_and_those_of_an_organization_have_their_works(
    client: FlaskClient,
) -> None:
    topic = of(client, "concept:alignment-faking").json
    [people] = [kin for kin in topic["classes"] if kin["class"] == "thinker"]
    hubinger = next(one for one in people["entities"] if one["id"] == "thinker:evan-hubinger")
    assert (hubinger["issued"], hubinger["by"]["id"]) == ("2024-12-18", "paper:alignment-faking-in-llms")
    organization = by_class(of(client, "thinker:anthropic").json)
    assert "thinker:evan-hubinger" in organization["thinker"]
    assert {"paper:alignment-faking-in-llms", "paper:risks-from-learned-optimization"} <= {*organization["paper"]}


def test_every_format_says_the_same(client: FlaskClient) -> None:
    listed = by_class(of(client, "concept:alignment-faking").json)
    wanted = [one for ids in listed.values() for one in ids]
    table = csv.DictReader(io.StringIO(of(client, "concept:alignment-faking", "csv").text))
    assert [row["id"] for row in table] == wanted
    page, markdown = (of(client, "concept:alignment-faking", one).text for one in ("html", "md"))
    for one in wanted:
        assert f'href="/{one.replace(":", "/", 1)}"' in page
        assert f"`{one}`" in markdown
    assert '<a href="/paper?topic=concept%3Aalignment-faking&amp;sort=newest" rel="nofollow">' in page


def test_it_moves_with_the_entity(client: FlaskClient) -> None:
    assert of(client, "concept:nothing-so-called").status_code == 404
    merged = of(client, "method:rlhf")
    assert merged.status_code == 301
    assert merged.headers["Location"] == "/method/reinforcement-learning-from-human-feedback/by-year.json"
