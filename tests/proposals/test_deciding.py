"""Decisions at the desk: tried after what is accepted, written together, taken back, and safe at any moment."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from server.errors import UsageError
from server.proposals.batches import batches, in_order
from server.proposals.deciding import Desk, decision_of, message_of, patch_of
from server.proposals.editing import edited
from server.proposals.proposing import propose
from server.proposals.queue import Queue, Queued
from server.proposals.submitting import submit
from server.proposals.writing import outcome_record
from server.review.changes import write_files
from server.settings import Settings, read_settings
from server.turtle.files import names_in
from tests.conftest import copy_base
from tests.faults.corpus import CORPUS

ADA = decision_of("accepted", "Ada Lind", "Read it.")
WORDS = "The boat turned in circles in nine of ten runs"
CLAIM: dict[str, Any] = {
    "kind": "claim",
    "label": "The boat circles in nine of ten runs",
    "definition": "That the agent of the race does not finish in nine of ten runs, but circles.",
    "claimKind": "finding",
    "assertedIn": "paper:boats-in-circles",
    "predicate": "asserts",
    "note": "Counted by hand.",
    "quote": WORDS,
    "locator": "Section 2",
    "text": f"We counted by hand. {WORDS}, and it won each time. " + "Nothing else is said here. " * 30,
}
EDGE = {
    "kind": "edge",
    "subject": "concept:goal-drift",
    "predicate": "contributes_to",
    "object": "concept:reward-hacking",
    "note": "What a test says of the two.",
}
ABOUT = {
    "kind": "edge",
    "subject": "claim:the-boat-circles-in-nine-of-ten-runs",
    "predicate": "about",
    "object": "concept:reward-hacking",
    "note": "It is an instance.",
}


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    return read_settings({}, root=copy_base(tmp_path / "base", CORPUS / "clean" / "kb"))


def put(own: Settings, *parts: dict[str, Any], model: str = "rules 1") -> Queued:
    found = submit(own, {"who": "a program", "model": model, "parts": list(parts)}, lands=True)
    assert found.queued, found.record["findings"]
    return found.queued


def texts(own: Settings) -> dict[str, str]:
    return {name: (own.root / name).read_text(encoding="utf-8") for name in names_in(own.root)}


def put_untried(own: Settings, over: dict[str, str], *parts: dict[str, Any]) -> Queued:
    """Put what needs another proposal into the queue, as one that was tried on the base with that."""
    record = outcome_record(propose(own, {"who": "a program", "parts": list(parts)}, over=over))
    assert record["accepted"], record["findings"]
    return Queue(own).add(record)[0]


def test_what_is_accepted_has_its_words_its_place_and_who_decided(own: Settings) -> None:
    before = texts(own)
    first = put(own, CLAIM)
    desk = Desk(own)
    changes = desk.accept(first.id, ADA)
    assert texts(own) == before, "nothing is written yet"
    text = changes.after["kb/paper/boats-in-circles.ttl"]
    added = text.partition("Counted by hand.")[2].partition("\n\n")[0]
    for line in (
        'akb:reviewer "Ada Lind"',
        "akb:agentType akbv:machine-reviewed",
        'akb:locator "Section 2"',
        f'akb:quotedText "{WORDS}"@en',
    ):
        assert line in text.partition('akb:note "Counted by hand."@en')[0][-400:] + added
    [landed] = desk.write()
    assert landed.error is None
    assert texts(own) == before | dict(changes.after)
    assert Queue(own).get(first.id).decision == ADA
    assert desk.write() == ()


def test_a_later_one_is_tried_after_those_that_are_accepted_and_one_patch_has_them_all(own: Settings) -> None:
    first = put(own, CLAIM)
    desk = Desk(own)
    accepted = desk.accept(first.id, ADA)
    second, third = put_untried(own, dict(accepted.after), ABOUT), put(own, EDGE, model="")
    before = texts(own)
    desk.accept(second.id, ADA)
    desk.accept(third.id, ADA)
    patch = patch_of(desk.landed())
    assert patch.startswith("3 proposals\n\n- ")
    assert patch.count("accepted by Ada Lind. Read it.") == 3
    assert texts(own) == before
    subprocess.run(["git", "apply", "-"], cwd=own.root, input=patch.encode(), check=True)
    by_patch = texts(own)
    write_files(own.root, {path: before.get(path) for path in by_patch})
    assert texts(own) == before
    assert [one.error for one in desk.write()] == [None] * 3
    assert texts(own) == by_patch


def test_one_that_needs_another_comes_after_it_and_cannot_be_taken_without(own: Settings) -> None:
    first = put(own, CLAIM)
    over = dict(Desk(own).tried(first.id, "Ada Lind").after)
    needy = put_untried(own, over, ABOUT)
    assert [one.id for one in in_order([needy, first])] == [needy.id, first.id], "they are of two sources"
    together = put_untried(own, over, {**ABOUT, "assertedIn": "paper:boats-in-circles"})
    [batch] = [one for one in batches([together, first]) if one.source == "paper:boats-in-circles"]
    assert [one.id for one in batch.proposals] == [first.id, together.id]
    with pytest.raises(UsageError, match="is not in the base"):
        Desk(own).accept(needy.id, ADA)
    assert Queue(own).get(needy.id).waits
    Desk(own).accept(first.id, ADA)
    Desk(own).accept(needy.id, ADA)
    # What the second stands on is taken back: it stays accepted, and nothing of it is written.
    Desk(own).take_back(first.id)
    [left] = Desk(own).write()
    assert "is not in the base" in str(left.error)
    assert [one.id for one in Queue(own).accepted()] == [needy.id]


def test_what_was_accepted_is_tried_again_where_files_changed_meanwhile(own: Settings) -> None:
    first, second = put(own, EDGE), put(own, CLAIM)
    desk = Desk(own)
    desk.accept(first.id, ADA)
    desk.accept(second.id, ADA)
    path = own.root / "kb" / "concept" / "goal-drift.ttl"
    path.write_text(
        path.read_text(encoding="utf-8").replace("akb:status", 'skos:altLabel "Drift of goals"@en ;\n    akb:status', 1)
    )
    (own.root / "kb" / "claim" / "the-boat-circles-in-nine-of-ten-runs.ttl").write_text(
        (own.root / "kb" / "claim" / "boat-never-finishes.ttl")
        .read_text(encoding="utf-8")
        .replace("boat-never-finishes", "the-boat-circles-in-nine-of-ten-runs")
    )
    [one, other] = sorted(desk.write(), key=lambda one: one.error is not None)
    assert (one.proposal.id, other.proposal.id) == (first.id, second.id)
    text = path.read_text(encoding="utf-8")
    assert "Drift of goals" in text, "what somebody else wrote is still there"
    assert "akb:contributesTo concept:reward-hacking" in text
    assert "is in the base already" in str(other.error)
    assert [left.id for left in Queue(own).accepted()] == [second.id], "nothing is lost"
    Desk(own).take_back(second.id)
    assert [left.id for left in Queue(own).waiting()] == [second.id]


def test_the_same_is_not_accepted_twice(own: Settings) -> None:
    first = put(own, EDGE)
    Desk(own).accept(first.id, ADA)
    with pytest.raises(UsageError, match="accepted already, by Ada Lind"):
        Desk(own).accept(first.id, decision_of("accepted", "Ben Oak"))
    again = submit(own, {"parts": [EDGE]}, lands=True)
    assert again.queued is not None
    assert (again.queued.id, again.is_new) == (first.id, False)
    Desk(own).write()
    assert submit(own, {"parts": [EDGE]}, lands=True).record["reasons"] == ["exists-already"]


def test_whoever_is_killed_while_files_are_written_goes_on(own: Settings) -> None:
    first = put(own, CLAIM)
    desk = Desk(own)
    changes = desk.accept(first.id, ADA)
    assert len(changes.after) == 2
    for count in (1, 2):
        write_files(own.root, dict(list(changes.after.items())[:count]))
        assert Desk(own).pending() == dict(changes.after)
    assert [one.error for one in Desk(own).write()] == [None]
    assert Queue(own).accepted() == ()
    assert {path: texts(own)[path] for path in changes.after} == dict(changes.after)


def test_a_decision_is_taken_back_as_long_as_nobody_built_on_it(own: Settings) -> None:
    before = texts(own)
    first = put(own, CLAIM)
    desk = Desk(own)
    with pytest.raises(UsageError, match="Nobody has decided"):
        desk.take_back(first.id)
    desk.accept(first.id, ADA)
    desk.write()
    desk.take_back(first.id)
    assert texts(own) == before
    desk.accept(first.id, ADA)
    desk.write()
    path = own.root / "kb" / "paper" / "boats-in-circles.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("Counted by hand.", "Counted by machine."))
    with pytest.raises(UsageError, match=r"boats-in-circles\.ttl has changed since"):
        desk.take_back(first.id)
    assert "Counted by machine." in path.read_text(encoding="utf-8")


def test_an_edited_one_is_accepted_as_it_was_edited_and_its_original_stays_away(own: Settings) -> None:
    first = put(own, CLAIM, ABOUT)
    better = {
        "1.label": "Boats circle in most runs",
        "1.definition": "What the agent of the race does most of the time.",
    }
    parts = edited(first.parts, better)
    assert parts is not None
    assert parts[1]["subject"] == "claim:boats-circle-in-most-runs", "its other parts follow its new name"
    with pytest.raises(UsageError, match="The text does not have the quote"):
        Desk(own).accept(first.id, ADA, edited(first.parts, {"1.quote": "The boat never turned in any of its runs"}))
    Desk(own).accept(first.id, ADA, parts)
    Desk(own).write()
    assert (own.root / "kb" / "claim" / "boats-circle-in-most-runs.ttl").exists()
    assert "accepted with changes by Ada Lind" in message_of([Queue(own).get(first.id)])
    with pytest.raises(UsageError, match="accepted with changes before"):
        put(own, {**CLAIM, "label": "The boat circles, in nine of ten runs"}, ABOUT)


def test_a_long_quote_leaves_only_its_place(own: Settings) -> None:
    words = " ".join(f"word{number}" for number in range(90))
    first = put(own, {**CLAIM, "quote": words, "text": f"Before. {words}. After."})
    text = Desk(own).accept(first.id, ADA).after["kb/paper/boats-in-circles.ttl"]
    assert "quotedText" not in text
    assert 'akb:locator "Section 2"' in text


def test_nobody_says_that_a_reviewer_accepted_it(own: Settings) -> None:
    for wrong in ({"reviewer": "Ada Lind"}, {"agentType": "human"}):
        found = submit(own, {"parts": [EDGE | wrong]}, lands=True)
        assert found.record["reasons"] == ["proposal-form"]
