"""The pages of the gaps: the same numbers as page, CSV, JSON and in `akb stats`, and pages that lead to each other."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from server.cli.main import main
from server.settings import Settings
from tests.made import GAPS

NAMES = [gap.name for gap in GAPS]


def test_the_list_says_what_akb_stats_says(client: FlaskClient, settings: Settings) -> None:
    runner = CliRunner(env={"AKB_ROOT": str(settings.root)})
    counted = json.loads(runner.invoke(main, ["stats", "--format", "json"]).output)["gaps"]
    assert list(counted) == NAMES
    assert {gap["gap"]: gap["count"] for gap in client.get("/gaps.json").json["gaps"]} == counted
    rows = list(csv.DictReader(io.StringIO(client.get("/gaps.csv").text)))
    assert {row["gap"]: int(row["count"]) for row in rows} == counted
    assert sum(counted.values()) > 20
    text = runner.invoke(main, ["stats"]).output
    page = client.get("/gaps", headers={"Accept": "text/html"}).text
    for name, count in counted.items():
        assert any(line.split() == [name, f"{count:,}"] for line in text.splitlines()), name
        assert f'href="/gaps/{name}"' in page


@pytest.mark.parametrize("name", NAMES)
def test_a_gap_is_the_same_in_every_format(name: str, client: FlaskClient) -> None:
    whole = client.get(f"/gaps/{name}.json?size=1000").json
    rows = list(csv.DictReader(io.StringIO(client.get(f"/gaps/{name}.csv?size=1000").text)))
    page = client.get(f"/gaps/{name}.html?size=1000").text
    assert whole["count"] == len(whole["items"]) == len(rows)
    assert [item["focus"] for item in whole["items"]] == [row["focus"] for row in rows]
    assert [f"<code>{row['focus']}</code>" in page for row in rows] == [True] * len(rows)
    assert "What to do:" in page or not rows
    for item, row in zip(whole["items"], rows, strict=True):
        assert (item["edge"] is None) == (row["predicate"] == "") == (not row["focus"].startswith("edge:"))


def test_the_pages_lead_to_each_other(client: FlaskClient) -> None:
    address, seen = "/gaps/claims-without-evidence.json?size=2", []
    total = client.get(address).json["count"]
    while address:
        answer = client.get(address)
        seen += [item["focus"] for item in answer.json["items"]]
        address = answer.json.get("next", "")
        assert not address or f'<{address.replace(".json", "")}>; rel="next"' in answer.headers["Link"]
    assert len(seen) == len(set(seen)) == total > 2
