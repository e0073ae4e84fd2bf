"""The score of a proposal, what the base has that is nearest to it, and what waits and would say the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from server.cli.main import main as akb
from server.errors import UnreadableError
from server.proposals.likeness import nearest_to, repeated_by, score_of, told_of
from server.proposals.proposing import propose
from server.proposals.queue import Queue, Queued
from server.proposals.records import Near
from server.proposals.writing import outcome_record
from server.settings import Settings, read_settings
from tests.conftest import copy_base
from tests.faults.corpus import CORPUS
from tests.proposals.test_deciding import CLAIM, EDGE


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    return read_settings({}, root=copy_base(tmp_path / "base", CORPUS / "clean" / "kb"))


def put(own: Settings, part: dict[str, Any], *near: Near, **said: Any) -> Queued:
    record = outcome_record(propose(own, {"who": "a program", "parts": [part], **said}, near))
    assert record["accepted"], record["findings"]
    return Queue(own).add(record)[0]


def test_a_reviewer_is_told_the_score_the_nearest_and_what_would_be_said_twice(own: Settings) -> None:
    nearest = min(path.stem for path in (own.root / "kb" / "claim").glob("*.ttl"))
    near = Near(1, f"{own.namespaces.base}claim/{nearest}", 0.412, is_same=False, is_near=False)
    first = put(own, CLAIM, near, score=0.82, why="It is in the abstract.")
    twice = {**CLAIM, "label": "A boat circles in nine of ten runs", "definition": "That a boat goes in circles often."}
    second = put(own, twice)
    edge = put(own, EDGE)
    waiting = Queue(own).waiting()

    assert (score_of(first), score_of(second), score_of(edge)) == ("0.82", "", "")
    [found] = nearest_to(first)
    assert (found.id, found.cosine, found.duplicate) == (f"claim:{nearest}", 0.412, False)
    assert [one.id for one in repeated_by(first, waiting)] == [second.id]
    assert [one.id for one in repeated_by(second, waiting)] == [first.id]
    assert repeated_by(edge, waiting) == ()
    other = {**CLAIM, "kind": "entity", "class": "question", "label": CLAIM["label"]}
    assert repeated_by(first, [Queued("0" * 10, "", "", {"proposal": {"parts": [other]}})]) == (), "another class"
    assert told_of(edge, waiting) == ()

    shown = CliRunner().invoke(akb, ["review", "show", first.id, "--root", str(own.root)])
    assert shown.exit_code == 0, shown.output
    for line in told_of(first, waiting):
        assert line in shown.output.splitlines()
    assert len(told_of(first, waiting)) == 3
    assert "why: It is in the abstract." in shown.output
    listed = CliRunner().invoke(akb, ["review", "proposals", "--root", str(own.root)]).output
    assert [("score 0.82" in line) for line in listed.splitlines()[:2]] == [True, False]


def test_a_file_whose_nearest_was_damaged_by_hand_is_named_and_stops_no_other(own: Settings) -> None:
    one = put(own, CLAIM)
    path = Queue(own).folder / f"{one.id}.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    said["record"]["near"] = [{"id": "claim:x"}]
    path.write_text(json.dumps(said), encoding="utf-8")
    assert Queue(own).waiting() == ()
    [error] = Queue(own).damaged()
    assert isinstance(error, UnreadableError)
    assert path.name in error.message
