"""The queue of proposals: files outside of kb/, bounded, and decided on once."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from server.errors import BusyError, NotFoundError, UnreadableError, UsageError
from server.proposals.deciding import decision_of, message_of
from server.proposals.queue import Landing, Queue
from server.settings import Settings, read_settings


@pytest.fixture
def own(root: Path) -> Settings:
    return replace(read_settings({}, root=root), proposals_waiting=2)


def record(name: str, why: str = "", model: str = "m 1") -> dict[str, Any]:
    parts = [{"kind": "entity", "label": name, "text": "a passage"}]
    proposal = {"who": "A", "model": model, "why": why, "parts": parts}
    found = {"findings": [], "evidence": [], "shown": [], "patch": ""}
    return {"summary": f"1 entity added: {name}.", "proposal": proposal, **found}


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


def test_what_was_rejected_comes_back_only_from_a_person_with_another_reason(own: Settings) -> None:
    queue = Queue(own)
    rejected = record("Reward-hacking generalises to 12 % of cases", "It says so.")
    added, _ = queue.add(rejected)
    queue.decide(added.id, decision_of("rejected", "Ada Lind", "Not so."))
    respelled = "reward hacking Generalizes, to 12 % of cases"
    for label, why, model in (
        (added.record["proposal"]["parts"][0]["label"], "It says so.", "m 1"),
        (respelled, "It says so.", ""),
        (respelled, "it says   so", ""),
        (respelled, "There is a new edition, says another model.", "m 2"),
    ):
        with pytest.raises(UsageError, match="rejected before: Not so"):
            queue.add(record(label, why, model))
    # Another number is another claim. To what a person proposes for another reason the old answer is known.
    assert queue.add(record("Reward hacking generalizes to 21 % of cases", "It says so."))[1]
    again, is_new = queue.add(record("Reward-hacking generalises to 12 % of cases", "There is a new edition.", ""))
    assert is_new
    assert again.earlier == queue.get(again.id).earlier
    assert again.earlier is not None
    assert again.earlier.why == "Not so."
    assert again.id in {one.id for one in queue.waiting()}


def test_the_same_in_another_spelling_waits_once(own: Settings) -> None:
    queue = Queue(own)
    added, _ = queue.add(record("Colour of the sky"))
    assert queue.add(record("Color of the Sky.", "Another reason."))[0] == added
    assert len(queue.waiting()) == 1


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
    added, _ = Queue(own).add(record("one"))
    assert [one.id for one in Queue(own).waiting()] == [added.id], "the others can be decided on"
    [wrong] = Queue(own).damaged()
    assert "0123456789.json cannot be read" in str(wrong)
    with pytest.raises(UnreadableError, match="0123456789"):
        Queue(own).get("0123456789")


def test_a_file_that_was_damaged_by_hand_is_not_written_over(own: Settings) -> None:
    added, _ = Queue(own).add(record("one"))
    path = own.state / "proposals" / f"{added.id}.json"
    whole = path.read_text()
    for part, wrong in (('"1 entity added: one."', "7"), ('"model": "m 1"', '"model": ["m"]'), ('"kind"', '"kin"')):
        path.write_text(damaged := whole.replace(part, wrong))
        assert damaged != whole
        with pytest.raises(UnreadableError, match=added.id):
            Queue(own).add(record("one"))
        assert path.read_text() == damaged


@pytest.mark.parametrize("folder", ["", "accepted", "decided"])
def test_whoever_is_killed_between_two_steps_loses_nothing(own: Settings, folder: str) -> None:
    """A file is at its new place before it leaves the old one: that of the farthest place counts."""
    queue = Queue(own)
    added, _ = queue.add(record("one"))
    waiting = own.state / "proposals" / f"{added.id}.json"
    before = waiting.read_text()
    if folder == "accepted":
        queue.accept(added.id, decision_of("accepted", "Ada Lind"), Landing({}, {}))
    elif folder:
        queue.decide(added.id, decision_of("rejected", "Ada Lind", "Not so."))
    waiting.write_text(before)
    assert [one.id for one in queue.waiting()] == ([] if folder else [added.id])
    assert queue.get(added.id).waits is (folder == "")
    assert [one.id for one in queue.accepted()] == ([added.id] if folder == "accepted" else [])


def test_what_is_left_for_later_waits_at_the_end(own: Settings) -> None:
    queue = Queue(own)
    first, second = (queue.add(record(name))[0] for name in ("one", "two"))
    names = [one.id for one in queue.waiting()]
    queue.decide(names[0], decision_of("later", "Ada Lind"))
    assert [one.id for one in queue.waiting()] == names[::-1]
    queue.decide(names[0], decision_of("rejected", "Ada Lind", "Not so."))
    with pytest.raises(UsageError, match="rejected already, by Ada Lind"):
        queue.decide(names[0], decision_of("later", "Ben Oak"))
    assert queue.reopen(names[0]).waits
    assert {one.id for one in queue.waiting()} == {first.id, second.id}


def test_a_decision_has_a_name_and_a_rejection_a_reason() -> None:
    with pytest.raises(UsageError):
        decision_of("accepted", " ")
    with pytest.raises(UsageError):
        decision_of("rejected", "Ada Lind")


def test_a_commit_says_who_stands_behind_a_change(own: Settings) -> None:
    added, _ = Queue(own).add(record("one"))
    decision = decision_of("accepted", "Ada Lind", "Looked it up.")
    said = message_of([Queue(own).accept(added.id, decision, Landing({}, {}))])
    assert said == "Proposal: 1 entity added: one. Proposed by A, with m 1; accepted by Ada Lind. Looked it up.\n"
