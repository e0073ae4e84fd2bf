"""The queue of proposals: files outside of kb/, bounded, and decided on once."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from server.errors import BusyError, NotFoundError, UnreadableError, UsageError
from server.proposals.deciding import decision_of, message_of
from server.proposals.queue import Queue
from server.settings import Settings, read_settings


@pytest.fixture
def own(root: Path) -> Settings:
    return replace(read_settings({}, root=root), proposals_waiting=2)


def record(name: str, why: str = "") -> dict[str, Any]:
    parts = [{"kind": "entity", "label": name, "text": "a passage"}]
    return {"summary": f"1 entity added: {name}.", "proposal": {"who": "A", "model": "m 1", "why": why, "parts": parts}}


def test_a_proposal_waits_in_a_file_outside_of_kb_until_somebody_decides(own: Settings) -> None:
    queue = Queue(own)
    added, is_new = queue.add(record("one"), "192.0.2.7/32")
    assert is_new
    assert [path.name for path in own.state.glob("proposals/*.json")] == [f"{added.id}.json"]
    assert "192.0.2.7" not in (own.state / "proposals" / f"{added.id}.json").read_text()
    again, is_new = queue.add(record("one", "the same, from elsewhere"))
    assert (again.id, is_new) == (added.id, False)
    assert [one.id for one in queue.waiting()] == [added.id]
    decided = queue.decide(added.id, decision_of("rejected", "Ada  Lind", "Not so."))
    assert queue.waiting() == ()
    assert queue.decided() == (decided,)
    assert queue.get(added.id).decision == decided.decision


def test_what_was_rejected_comes_back_only_with_another_reason(own: Settings) -> None:
    queue = Queue(own)
    added, _ = queue.add(record("one"))
    queue.decide(added.id, decision_of("rejected", "Ada Lind", "Not so."))
    with pytest.raises(UsageError, match="Not so"):
        queue.add(record("one"))
    assert queue.add(record("one", "There is a new edition."))[1]


def test_each_caller_may_have_so_many_waiting_and_all_ten_times_as_many(own: Settings) -> None:
    queue = Queue(own)
    for name in ("a", "b"):
        queue.add(record(name), "one")
    with pytest.raises(BusyError):
        queue.add(record("c"), "one")
    for number in range(18):
        queue.add(record(str(number)), f"another {number}")
    for caller in ("yet another", ""):
        with pytest.raises(BusyError):
            queue.add(record("last"), caller)


def test_no_name_leads_out_of_the_folder(own: Settings, tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text("{}")
    for name in ("../../secret", "x", "", "0" * 10, "0" * 9 + "/"):
        with pytest.raises(NotFoundError):
            Queue(own).get(name)


@pytest.mark.parametrize("text", ["", "[]", "{}", json.dumps({"id": "x", "decision": None})])
def test_a_damaged_file_is_named(own: Settings, text: str) -> None:
    folder = own.state / "proposals"
    folder.mkdir(parents=True)
    (folder / "0123456789.json").write_text(text)
    with pytest.raises(UnreadableError, match="0123456789"):
        Queue(own).waiting()


def test_a_decision_has_a_name_and_a_rejection_a_reason() -> None:
    with pytest.raises(UsageError):
        decision_of("accepted", " ")
    with pytest.raises(UsageError):
        decision_of("rejected", "Ada Lind")


def test_a_commit_says_who_stands_behind_a_change(own: Settings) -> None:
    added, _ = Queue(own).add(record("one"))
    said = message_of([(added, decision_of("accepted", "Ada Lind", "Looked it up."))])
    assert said == "Proposal: 1 entity added: one. Proposed by A, with m 1; accepted by Ada Lind. Looked it up.\n"
