"""The walk through proposals at a real terminal: decided with single keys, edited, left, killed, and gone on with."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from server.proposals.queue import Queue
from server.proposals.submitting import submit
from server.settings import Settings, read_settings
from tests.conftest import copy_base
from tests.faults.corpus import CORPUS
from tests.proposals.test_deciding import ABOUT, CLAIM, EDGE
from tests.terminals import Terminal

pytestmark = pytest.mark.slow

KEYS = "q quit"


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    root = copy_base(tmp_path / "base", CORPUS / "clean" / "kb")
    for command in (
        *(["init", "-q"], ["config", "user.name", "Ada Lind"], ["config", "user.email", "ada@example.org"]),
        *(["add", "."], ["commit", "-qm", "Begin"]),
    ):
        subprocess.run(["git", *command], cwd=root, check=True)
    settings = read_settings({"AKB_STATE": str(tmp_path / "state")}, root=root)
    escape = {**EDGE, "predicate": "extends", "object": "concept:reward-hacking", "note": "Says [bold]nothing[/] more."}
    for parts in ([CLAIM, ABOUT], [EDGE], [escape]):
        found = submit(settings, {"who": "\x1b[31ma program", "model": "rules 1", "parts": parts}, lands=True)
        assert found.queued, found.record["findings"]
    return settings


def sit_down(own: Settings, *options: str, columns: int = 120) -> Terminal:
    return Terminal("review", "--root", str(own.root), *options, cwd=own.root, state=own.state, columns=columns)


def test_proposals_are_decided_with_single_keys_to_a_commit(own: Settings) -> None:
    terminal = sit_down(own, "--commit")
    shown = terminal.expect(KEYS)
    assert "1 of 3 · paper:boats-in-circles" in shown
    assert "The boat turned in circles in nine of ten runs" in " ".join(shown.split())
    # The label is edited: the end of the line is where the cursor is.
    terminal.press("e")
    terminal.expect("ends it.")
    terminal.press("1")
    terminal.expect("1.label: ")
    terminal.type(", says a test\r")
    assert "in nine of ten runs, says a test" in " ".join(terminal.expect("ends it.").split())
    terminal.press(" ")
    assert "label*:" in terminal.expect(KEYS)
    terminal.press("a")
    terminal.expect("Accepted: claim: ")
    terminal.expect(KEYS)
    written = own.root / "kb" / "claim" / "the-boat-circles-in-nine-of-ten-runs-says-a-test.ttl"
    assert written.exists(), "it is in the files at once"
    terminal.press("u")
    terminal.expect("Undone: claim: ")
    terminal.expect(KEYS)
    assert not written.exists()
    terminal.press("a")
    terminal.expect("Accepted: claim: ")
    assert "Says [bold]nothing[/] more." not in terminal.expect(KEYS)
    terminal.press("1")
    terminal.expect("Rejected: edge: ")
    assert "Says [bold]nothing[/] more." in " ".join(terminal.expect(KEYS).split())
    terminal.press("r")
    terminal.expect("Why: ")
    terminal.type("It says too little.\r")
    terminal.expect("Rejected: edge: ")
    terminal.expect("No more proposals wait.")
    assert "2 proposals rejected" in terminal.expect("1 proposal accepted: commit ")
    assert terminal.end() == 0
    status = subprocess.run(["git", "status", "--porcelain", "kb"], cwd=own.root, capture_output=True, check=True)
    assert status.stdout == b""
    log = subprocess.run(["git", "log", "-1", "--format=%B"], cwd=own.root, capture_output=True, check=True)
    assert "accepted with changes by Ada Lind" in log.stdout.decode()
    reasons = {one.decision.why for one in Queue(own).decided() if one.decision}
    assert reasons == {"", "The source does not say so.", "It says too little."}


def test_one_who_is_killed_and_another_at_the_same_time_lose_nothing(own: Settings) -> None:
    first, second = sit_down(own, "--who", "Ada Lind", columns=60), sit_down(own, "--who", "Ben Oak")
    first.expect(KEYS)
    second.expect(KEYS)
    first.press("a")
    first.expect("Accepted: claim: ")
    # The second looks at the same proposal still.
    second.press("a")
    second.expect("was accepted already, by Ada Lind")
    second.expect(KEYS)
    second.press("l")
    second.expect("Later: edge: ")
    second.expect(KEYS)
    first.kill()
    second.press("q")
    second.expect("rejected or left for later")
    assert second.end() == 0
    queue = Queue(own)
    assert [one.decision.who for one in queue.decided() if one.decision] == ["Ada Lind"]
    assert [bool(one.decision) for one in queue.waiting()] == [False, True]
    third = sit_down(own, "--who", "Ada Lind", "--about", "concept:goal-drift")
    assert "1 of 2" in third.expect(KEYS)
    third.press("b")
    third.expect("Accept these 1")
    third.press("n")
    third.expect(KEYS)
    third.press("q")
    assert third.end() == 0
