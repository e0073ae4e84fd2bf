"""Debates, timeline and open questions: the same in every format, and what the store holds."""

from __future__ import annotations

import csv
import io
import re

import pytest
from flask.testing import FlaskClient

from server.knowledge.overviews import debates, open_questions, timeline
from server.store.embedded import Store
from tests.made import NAMESPACES, OUR_SCHEMA


def test_a_debate_has_something_on_both_sides(store: Store) -> None:
    found = {one.claim.curie: one for one in debates(store, OUR_SCHEMA, NAMESPACES)}
    assert len(found) >= 2
    assert all(one.speaks_for and one.against for one in found.values())
    scale = found["claim:alignment-faking-emerges-with-scale"]
    assert ("is asserted by", "paper:alignment-faking-in-llms") in [
        (b.phrase, b.entity.curie) for b in scale.speaks_for
    ]
    assert ("contradicts", "claim:an-8b-model-shows-it") in [(b.phrase, b.entity.curie) for b in scale.against]


def test_a_claim_that_nobody_opposes_is_in_no_debate(store: Store) -> None:
    opposed = store.select(
        """SELECT DISTINCT ?id { VALUES ?p { akb:opposes akb:disputes akb:critiques akb:contradicts }
        { ?x ?p ?c } UNION { ?c akb:contradicts ?x } ?c a akb:Claim ; dcterms:identifier ?id }"""
    )
    assert {one.claim.curie for one in debates(store, OUR_SCHEMA, NAMESPACES)} <= {str(row["id"]) for row in opposed}


def test_the_timeline_has_every_dated_work_once_the_newest_first(store: Store) -> None:
    found = timeline(store, OUR_SCHEMA)
    dates = [one.issued for one in found]
    assert dates == sorted(dates, reverse=True)
    [row] = store.select(
        """SELECT (COUNT(DISTINCT ?w) AS ?n) { ?w a akb:Work ; dcterms:issued ?d MINUS { ?w owl:deprecated true } }"""
    )
    assert len(found) == len({one.entity.iri for one in found}) == row["n"] > 5


def test_open_questions_come_before_those_that_are_answered_in_part_and_no_other(store: Store) -> None:
    found = open_questions(store, NAMESPACES)
    states = [one.state for one in found]
    assert states == sorted(states, key=["open", "partly-answered"].index)
    assert len(found) >= 3
    assert any(one.bearing for one in found)


@pytest.mark.parametrize(
    ("path", "items", "first"),
    [("/debates", "debates", "claim"), ("/timeline", "works", "id"), ("/open-questions", "questions", "question")],
)
def test_a_page_has_what_its_data_have(path: str, items: str, first: str, client: FlaskClient) -> None:
    whole = client.get(f"{path}.json").json
    ids = [one["id"] for one in whole[items]]
    assert whole["count"] == len(ids) > 1
    rows = list(csv.DictReader(io.StringIO(client.get(f"{path}.csv").text)))
    assert list(dict.fromkeys(row[first] for row in rows)) == ids
    page = client.get(path, headers={"Accept": "text/html"}).text
    places = [page.index(f'href="/{one.replace(":", "/")}"') for one in ids]
    assert len(places) == len(ids)
    assert re.search(rf">{len(ids)}</a>\)</span></h1>", page)
    assert client.get(path, headers={"Accept": "text/turtle"}).status_code == 406
    assert f'href="{path}"' in client.get("/", headers={"Accept": "text/html"}).text
