"""`akb propose`, and the actions of `akb review` on proposals, from file to commit."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.cli.main import main
from tests.conftest import copy_base
from tests.faults.corpus import CORPUS

EDGE = {
    "kind": "edge",
    "subject": "concept:goal-drift",
    "predicate": "contributes_to",
    "object": "concept:reward-hacking",
    "note": "What a test says of the two.",
}
Run = Callable[..., Result]


@pytest.fixture
def akb(tmp_path: Path) -> Run:
    root = copy_base(tmp_path / "base", CORPUS / "clean" / "kb")
    for command in (
        ["init", "-q"],
        ["config", "user.name", "Ada Lind"],
        ["config", "user.email", "ada@example.org"],
        ["add", "."],
        ["commit", "-qm", "Begin"],
    ):
        subprocess.run(["git", *command], cwd=root, check=True)

    def run(*words: str, given: object = None, code: int = 0) -> Result:
        text = json.dumps(given) if given else None
        environment = {"AKB_ROOT": str(root), "AKB_STATE": str(tmp_path / "state")}
        result = CliRunner(env=environment).invoke(main, words, input=text)
        assert result.exit_code == code, result.output
        return result

    return run


def test_a_proposal_goes_from_a_file_to_a_commit(akb: Run, tmp_path: Path) -> None:
    (tmp_path / "change.json").write_text(json.dumps(EDGE | {"model": "m 1"}))
    assert "Can be accepted: 1 edge added." in akb("propose", str(tmp_path / "change.json")).output
    assert "0 proposals wait" in akb("review", "proposals").output
    akb("propose", str(tmp_path / "change.json"), "--queue")
    listed = akb("review", "proposals").output
    name = listed.split()[0]
    assert "Ada Lind, with m 1" in listed
    assert "+concept:goal-drift akb:contributesTo concept:reward-hacking ." in akb("review", "show", name).output
    accepted = akb("review", "accept", name, "--commit", "--why", "Looked at both.")
    assert "1 proposal accepted, 1 file: commit" in accepted.output
    log = subprocess.run(["git", "log", "-1", "--format=%B"], cwd=tmp_path / "base", capture_output=True, check=True)
    assert log.stdout.decode().startswith(
        "Proposal: 1 edge added. Proposed by Ada Lind, with m 1; accepted by Ada Lind."
    )
    assert "0 proposals wait" in akb("review", "proposals").output
    akb("check")
    assert "exists-already" in akb("propose", "-", given=EDGE, code=1).output


def test_a_rejected_one_leaves_the_queue_and_says_why(akb: Run) -> None:
    akb("propose", "-", "--queue", given=EDGE)
    name = akb("review", "proposals").output.split()[0]
    akb("review", "reject", name, code=2)
    akb("review", "reject", name, "--why", "Not so.")
    assert "rejected by Ada Lind" in akb("review", "show", name).output
    assert "Not so." in akb("propose", "-", "--queue", given=EDGE, code=2).output
    akb("review", "reject", name, "--why", "Again.", code=2)


def test_what_changed_meanwhile_is_refused_when_it_is_accepted(akb: Run, tmp_path: Path) -> None:
    akb("propose", "-", "--queue", given=EDGE)
    name = akb("review", "proposals").output.split()[0]
    (tmp_path / "base" / "kb" / "concept" / "reward-hacking.ttl").unlink()
    assert "reward-hacking" in akb("review", "accept", name, "--patch", "-", code=2).output
    assert "1 proposal waits" in akb("review", "proposals").output


def test_patch_and_json_are_for_programs(akb: Run, tmp_path: Path) -> None:
    patch = akb("propose", "-", "--format", "patch", given=EDGE).stdout
    subprocess.run(["git", "apply", "-"], cwd=tmp_path / "base", input=patch.encode(), check=True)
    found = json.loads(akb("propose", "-", "--format", "json", given=EDGE, code=1).stdout)
    assert (found["accepted"], found["reasons"]) == (False, ["exists-already"])
    akb("propose", str(tmp_path / "missing.json"), code=2)
    akb("propose", "-", given=None, code=2)
