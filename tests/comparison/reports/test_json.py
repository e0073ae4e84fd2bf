"""The difference for programs: every key that docs/reviewing.md names."""

from __future__ import annotations

import json
import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from server.comparison.records import Difference
from server.comparison.reports.json import render


def keys(value: object, path: str = "") -> set[str]:
    if isinstance(value, dict):
        return {f"{path}{key}" for key in value} | {
            inner for key, part in value.items() for inner in keys(part, f"{path}{key}.")
        }
    return {inner for part in value for inner in keys(part, path)} if isinstance(value, list) else set()


def test_the_page_names_every_key_and_no_other(difference: Difference, repository: Path) -> None:
    page = (repository / "docs/reviewing.md").read_text(encoding="utf-8").split("## JSON")[1]
    named = {name for row in re.findall(r"^\| (`.*) \|$", page, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}
    found = {path.rpartition(".")[2] for path in keys(json.loads(render(difference)))}
    # Nothing in the sample is unreadable, and no literal in it has a datatype of that kind.
    assert named == found | {"at", "line", "column", "message", "datatype"}


def test_changes_have_their_values(difference: Difference) -> None:
    document = json.loads(render(difference))
    assert (document["before"], document["after"], document["differs"]) == ("before", "after", True)
    [changed] = [one for one in document["entities"] if one["name"] == "concept:a"]
    assert changed["change"] == "changed"
    assert changed["properties"] == [
        {
            "property": "skos:definition",
            "removed": [{"text": "The first of them.", "language": "en"}],
            "added": [{"text": "The first among them.", "language": "en"}],
            "follows": False,
        }
    ]
    assert document["statements"]["added"] == list(difference.added)


def test_any_difference_is_json(differences: st.SearchStrategy[Difference]) -> None:
    @given(differences)
    def holds(difference: Difference) -> None:
        document = json.loads(render(difference))
        assert len(document["entities"]) == len(difference.entities)
        assert document["differs"] == bool(difference)

    holds()
