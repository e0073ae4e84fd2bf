"""The matches that wait, as a release shows them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner
from flask import Flask

from server.build.build import build
from server.cli.main import main
from server.records.candidates import candidate_id
from server.review.matches import Proposal, write_proposals
from server.settings import read_settings

BASE = "https://w3id.org/alignment-kb/"


def proposal(entity: str, number: int, name: str = "An item") -> Proposal:
    iri, item = BASE + entity, f"http://www.wikidata.org/entity/Q{number}"
    return Proposal(candidate_id(iri, item), iri, item, name, "what it is", number / 2, "close", "http://x.test/api")


def test_what_waits_is_shown_and_a_new_proposal_makes_a_build_due(root: Path, make_app: Callable[..., Flask]) -> None:
    settings = read_settings({"AKB_ROOT": str(root), "AKB_EMBEDDING": "none"})
    assert build(settings)[1]
    client = make_app(settings).test_client()
    assert client.get("/review/matches.json").json["total"] == 0
    assert "No match waits" in client.get("/review/matches.html").text
    retired = proposal("method/rlhf", 7)
    found = [proposal("concept/alignment-faking", number, "<b>bold</b>") for number in range(1, 61)]
    write_proposals(settings.state, [*found, retired])
    assert build(settings)[1], "there is something new"
    assert not build(settings)[1]
    first = client.get("/review/matches.json").json
    assert (first["total"], first["pages"], len(first["items"])) == (60, 2, 50), "nobody decides on what is retired"
    second = client.get(first["next"]).json
    scores = [item["score"] for item in (*first["items"], *second["items"])]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 60
    rows = list(csv.DictReader(io.StringIO(client.get("/review/matches.csv").text)))
    assert [row["match"] for row in rows] == [item["match"] for item in first["items"]]
    page = client.get("/review/matches", headers={"Accept": "text/html"}).text
    assert "<b>bold" not in page
    assert f"akb link decide {found[-1].id} close | git apply" in page
    assert client.get("/review/matches?page=3").status_code == 404
    queue = client.get("/review", headers={"Accept": "text/html"}).text
    assert queue.index(f'id="{found[-1].id}"') < queue.index(">Pairs</h2>"), "one queue: the likeliest stand in it too"
    assert [item["match"] for item in client.get("/review.json").json["matches"]] == [one.id for one in found[:-6:-1]]
    assert client.get("/review.json?class=concept").json["matches"] == []
    listed = CliRunner().invoke(main, ["review", "list", "--root", str(root)], env={"AKB_EMBEDDING": "none"})
    assert listed.exit_code == 0
    assert "60 matches with other bases wait; `akb link matches` lists them." in listed.stderr
